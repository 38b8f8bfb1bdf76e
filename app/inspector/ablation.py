"""The ablation tab: read the picture again with one step changed at a time, and show which changes alter the answer."""

from typing import Final

import streamlit as st

from app.inspector.inspection import Inspection
from app.language import N_, _, confidence, localize, number
from app.server.reader_processes import reader_processes
from digitcore.analysis.ablation import Outcome, Run, ablate, variations
from digitcore.errors import RequestError
from digitcore.results import Reading, Status

START_KEY: Final = "inspector_what_matters"

LONG_ABLATION_MS: Final = 500
"""The expected milliseconds from which worker processes read, so that other visitors' readings don't wait."""

_STATUS_TEXTS: Final = {Status.BLANK: N_("(blank)"), Status.NO_DIGIT: N_("(no digit)")}


def show_ablation(inspection: Inspection) -> None:
    """Show a button that starts the ablation, then its table; the inspection keeps the results."""
    st.caption(
        _("Each step is turned off or changed in turn, and the picture is read again. This shows which steps the answer depends on.")
    )
    if not inspection.outcomes:
        count = len(variations(inspection.settings))
        placeholder = st.empty()
        label = _("Try all {count} changes").format(count=count)
        if not placeholder.button(label, icon=":material/science:", type="primary", key=START_KEY):
            return
        placeholder.empty()
        try:
            _run_ablation(inspection, count)
        except RequestError as error:
            st.error(localize(error.message), icon=":material/error:")
            return
    _show_summary(inspection)
    _show_table(inspection)


def _run_ablation(inspection: Inspection, count: int) -> None:
    """Read the picture with each variation and show the progress; keep the results once all are known."""
    bar = st.progress(0.0, _("Reading again…"))
    is_long = inspection.reading.elapsed_ms * count > LONG_ABLATION_MS
    run: Run = reader_processes().run if is_long else lambda job: job()
    outcomes = []
    for outcome in ablate(inspection.open_image.picture, inspection.settings, inspection.reading, run, inspection.profile):
        outcomes.append(outcome)
        bar.progress(len(outcomes) / count, _("Reading again: {step}").format(step=localize(outcome.variation.step)))
    inspection.outcomes[:] = outcomes
    bar.empty()


def _show_summary(inspection: Inspection) -> None:
    count = len(inspection.outcomes)
    changed = sum(outcome.changed for outcome in inspection.outcomes)
    if changed:
        text = _("{changed} of {count} changes would change the answer.").format(changed=changed, count=count)
        st.warning(text, icon=":material/warning:")
    else:
        st.success(_("None of the {count} changes would change the answer.").format(count=count), icon=":material/verified:")


def _show_table(inspection: Inspection) -> None:
    outcomes, reading = inspection.outcomes, inspection.reading
    results: list[Reading | Outcome] = [reading, *outcomes]
    table = {
        _("Step"): [_("Current settings"), *(localize(outcome.variation.step) for outcome in outcomes)],
        _("Changed?"): ["–", *(_change_mark(outcome) for outcome in outcomes)],
        _("Answer"): [answer_text(result) for result in results],
        _("Lowest confidence"): [_confidence_text(result.lowest_confidence) for result in results],
        _("Time in ms"): [number(result.elapsed_ms) for result in results],
    }
    with st.container(key="inspector-what-matters"):
        st.table(table, border="horizontal", alt=_("The answer after each change"))


def _change_mark(outcome: Outcome) -> str:
    return "**▲\u00a0" + _("changed") + "**" if outcome.changed else _("same")


def _confidence_text(lowest: float | None) -> str:
    return "–" if lowest is None else confidence(lowest)


def answer_text(result: Reading | Outcome) -> str:
    """Return the digits that were read, or in a word or two why there are none."""
    return result.text.replace("/", " / ") or _(_STATUS_TEXTS[result.status])
