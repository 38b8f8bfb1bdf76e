"""The Speed section: measure LiteRT against TensorFlow's `predict` on this server, on demand."""

import sys
from collections.abc import Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Final, NamedTuple

import streamlit as st

from app.charts import show_chart, show_table
from app.language import _, localize, number
from digitcore import DigitError
from digitcore.analysis.engine_benchmark import ENGINES, LITERT, TENSORFLOW, Comparison, Speed, litert_command, start_comparison
from digitcore.charts import engine_chart

COMPARISON_KEY: Final = "model_measuring"
"""The running or finished comparison; it is kept while the visitor is on other pages."""

ERROR_KEY: Final = "model_measuring_refused"

_MIN_CHART_WIDTH_PX: Final = 250
_POLL_INTERVAL_S: Final = 0.5
_PROJECT_DIR: Final = Path(__file__).resolve().parents[2]


class _Measure(NamedTuple):
    """One quantity, measured for each engine."""

    title: str
    description: str
    values: Mapping[str, float]
    """By the engine's name; an engine without a value is left out."""


def show_engine_comparison() -> None:
    """Show the purpose, a button that starts a comparison, and the latest result."""
    st.header(_("Speed on this server"), anchor=False)
    st.markdown(
        _(
            "The digits are read by **LiteRT**, a small engine for trained networks. **TensorFlow**, which trained the network, could "
            "read them too, with `predict`. Measuring starts both on this server and has each classify one digit many times."
        )
    )
    comparison: Future[Comparison] | None = st.session_state.get(COMPARISON_KEY)
    if comparison and not comparison.done():
        _show_progress(comparison)
        return
    label = _("Measure again") if comparison else _("Measure")
    st.button(label, icon=":material/timer:", on_click=_start, key="model_measure")
    if error := st.session_state.pop(ERROR_KEY, None):
        st.warning(localize(error), icon=":material/hourglass_top:")
    if comparison:
        _show_result(comparison)


def engine_commands() -> dict[str, list[str]]:
    """Return the command that measures each engine; TensorFlow's is in `model`, as `digitcore` doesn't need it."""
    return {LITERT: litert_command(), TENSORFLOW: [sys.executable, "-m", "model.compare", TENSORFLOW]}


def _start() -> None:
    try:
        st.session_state[COMPARISON_KEY] = start_comparison(engine_commands(), cwd=_PROJECT_DIR)
    except DigitError as error:
        st.session_state[ERROR_KEY] = error.message


@st.fragment(run_every=_POLL_INTERVAL_S)
def _show_progress(comparison: Future[Comparison]) -> None:
    """Show that the comparison is running, and rerun the page once it is finished."""
    if comparison.done():
        st.rerun()
    st.status(_("Measuring LiteRT, then TensorFlow, which takes about ten seconds to start. You can visit other pages meanwhile."))


def _show_result(finished: Future[Comparison]) -> None:
    """Show a summary, a chart of each measure, and a table; or why the comparison failed."""
    try:
        comparison = finished.result()
    except DigitError as error:
        st.error(localize(error.message), icon=":material/error:")
        return
    speeds = {ENGINES[LITERT]: comparison.litert}
    with st.container(key="model-measured"):
        if comparison.tensorflow:
            speeds[ENGINES[TENSORFLOW]] = comparison.tensorflow
            st.success(_summary(comparison, comparison.tensorflow), icon=":material/timer:")
        else:
            st.info(localize(comparison.why_not), icon=":material/info:")
    with st.grid(min_column_width=_MIN_CHART_WIDTH_PX):
        for measure in _measures(speeds):
            if measure.values:
                show_chart(engine_chart(measure.values, measure.title, measure.description, _))
    _show_speed_table(speeds)


def _summary(comparison: Comparison, tensorflow: Speed) -> str:
    text = _(
        "For one digit, TensorFlow's `predict` takes **{ratio} times** as long as LiteRT. "
        "TensorFlow also needs {seconds} s longer to start."
    )
    return text.format(ratio=number(comparison.ratio or 0), seconds=number(tensorflow.startup_s - comparison.litert.startup_s, 1))


def _measures(speeds: Mapping[str, Speed]) -> list[_Measure]:
    return [
        _Measure(
            _("Milliseconds per digit"),
            _("Median time for one digit, by engine."),
            {name: speed.median_ms for name, speed in speeds.items()},
        ),
        _Measure(
            _("Memory, MiB"),
            _("Peak memory of each engine's process."),
            {name: speed.memory_mib for name, speed in speeds.items() if speed.memory_mib is not None},
        ),
        _Measure(
            _("Start-up, seconds"),
            _("Time from the start to the first answer, by engine."),
            {name: speed.startup_s for name, speed in speeds.items()},
        ),
    ]


def _show_speed_table(speeds: Mapping[str, Speed]) -> None:
    unknown = _("unknown")
    show_table(
        {
            _("Engine"): list(speeds),
            _("Milliseconds per digit"): [number(speed.median_ms, 2) for speed in speeds.values()],
            _("Memory, MiB"): [unknown if speed.memory_mib is None else number(speed.memory_mib) for speed in speeds.values()],
            _("Start-up, seconds"): [number(speed.startup_s, 2) for speed in speeds.values()],
        },
        collapsed=False,
    )
    st.caption(_("Medians of many runs on one picture. LiteRT uses one core, TensorFlow all of them; each runs in its own process."))
