"""Measure on this machine: LiteRT against TensorFlow's `predict`, on demand."""

from concurrent.futures import Future
from typing import Final

import streamlit as st

from app.charts import show_chart, show_table
from app.language import _, localize, number
from digitcore import DigitError
from digitcore.analysis.engine_benchmark import ENGINES, LITERT, TENSORFLOW, Comparison, Speed, start_comparison
from digitcore.charts import engine_chart

MEASURING_KEY: Final = "model_measuring"
"""What becomes the result, or has become it; it stays while the visitor looks at other pages."""

REFUSED_KEY: Final = "model_measuring_refused"

_CHART_PX: Final = 250
_LOOK_EVERY_S: Final = 0.5


def show_measuring() -> None:
    """Why, a button, and what was measured last."""
    st.header(_("Measure on this machine"), anchor=False)
    st.markdown(
        _(
            "The digits here are read by **LiteRT**, a small engine for trained networks. **TensorFlow** trained the network and could "
            "read them as well, by `predict`. Both are started afresh on this server and classify one digit again and again."
        )
    )
    result: Future[Comparison] | None = st.session_state.get(MEASURING_KEY)
    if result and not result.done():
        _watch(result)
        return
    label = _("Measure again") if result else _("Measure")
    st.button(label, icon=":material/timer:", on_click=_start, key="model_measure")
    if refused := st.session_state.pop(REFUSED_KEY, None):
        st.warning(localize(refused), icon=":material/hourglass_top:")
    if result:
        _show_result(result)


def _start() -> None:
    try:
        st.session_state[MEASURING_KEY] = start_comparison()
    except DigitError as error:
        st.session_state[REFUSED_KEY] = error.message


@st.fragment(run_every=_LOOK_EVERY_S)
def _watch(result: Future[Comparison]) -> None:
    """Say what is going on, and look now and then whether it is over."""
    if result.done():
        st.rerun()
    st.status(_("Measuring LiteRT, then TensorFlow, which takes some ten seconds to start. You may look at other pages meanwhile."))


def _show_result(result: Future[Comparison]) -> None:
    try:
        comparison = result.result()
    except DigitError as error:
        st.error(localize(error.message), icon=":material/error:")
        return
    speeds = {ENGINES[LITERT]: comparison.litert} | ({ENGINES[TENSORFLOW]: comparison.tensorflow} if comparison.tensorflow else {})
    with st.container(key="model-measured"):
        if comparison.tensorflow:
            st.success(_in_words(comparison, comparison.tensorflow), icon=":material/timer:")
        else:
            st.info(localize(comparison.why_not), icon=":material/info:")
    with st.grid(min_column_width=_CHART_PX):
        for title, described, values in _measures(speeds):
            show_chart(engine_chart(values, title, described, _))
    _show_table(speeds)


def _in_words(comparison: Comparison, tensorflow: Speed) -> str:
    text = _("For one digit, TensorFlow's `predict` takes **{ratio} times** as long as LiteRT. It is ready to answer {later} s later.")
    return text.format(ratio=number(comparison.ratio or 0), later=number(tensorflow.startup_s - comparison.litert.startup_s, 1))


def _measures(speeds: dict[str, Speed]) -> list[tuple[str, str, dict[str, float]]]:
    """Title, description and values of each chart."""
    memory = {name: speed.memory_mib for name, speed in speeds.items() if speed.memory_mib is not None}
    measures = [
        (_("Milliseconds a digit"), _("Median time for one digit, by engine."), {name: speed.median_ms for name, speed in speeds.items()}),
        (_("Memory, MiB"), _("The most memory that each engine's process had."), memory),
        (
            _("Start-up, seconds"),
            _("From the start to the first answer, by engine."),
            {name: each.startup_s for name, each in speeds.items()},
        ),
    ]
    return [measure for measure in measures if measure[2]]


def _show_table(speeds: dict[str, Speed]) -> None:
    unknown = _("unknown")
    show_table(
        {
            _("Engine"): list(speeds),
            _("Milliseconds a digit"): [number(speed.median_ms, 2) for speed in speeds.values()],
            _("Memory, MiB"): [unknown if speed.memory_mib is None else number(speed.memory_mib) for speed in speeds.values()],
            _("Start-up, seconds"): [number(speed.startup_s, 2) for speed in speeds.values()],
        },
        collapsed=False,
    )
    st.caption(_("Medians of many runs on one picture. LiteRT uses one core, TensorFlow all of them; each has a process of its own."))
