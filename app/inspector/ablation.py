"""What matters: a table of what every step does to the answer."""

from typing import Final

import streamlit as st

from app.inspector.inspection import Inspection
from app.language import _, confidence, localize, number
from digitcore.analysis.ablation import Outcome, variations, what_matters
from digitcore.results import Reading

ASK_KEY: Final = "inspector_what_matters"


def show_what_matters(inspection: Inspection) -> None:
    """The table once it is asked for; it is kept as long as the picture and the settings are."""
    st.caption(
        _("Each step is turned off or switched in turn, and the picture is read again. So you see which steps this answer hangs on.")
    )
    if not inspection.outcomes:
        count = len(variations(inspection.settings))
        label = _("Try all {count} changes").format(count=count)
        button = st.empty()
        if not button.button(label, icon=":material/science:", type="primary", key=ASK_KEY):
            return
        button.empty()
        _ask(inspection, count)
    _show_table(inspection)


def _ask(inspection: Inspection, count: int) -> None:
    bar = st.progress(0.0, _("Reading again …"))
    for outcome in what_matters(inspection.shown.picture, inspection.settings, inspection.reading):
        inspection.outcomes.append(outcome)
        bar.progress(len(inspection.outcomes) / count, _("Reading again: {step}").format(step=localize(outcome.variation.step)))
    bar.empty()


def _show_table(inspection: Inspection) -> None:
    outcomes, reading = inspection.outcomes, inspection.reading
    changed = [outcome for outcome in outcomes if outcome.changed]
    if changed:
        said = _("{changed} of {count} changes would change the answer.").format(changed=len(changed), count=len(outcomes))
        st.warning(said, icon=":material/warning:")
    else:
        st.success(_("None of {count} changes would change the answer.").format(count=len(outcomes)), icon=":material/verified:")
    rows = [(_("As it is"), reading.text, reading.status, reading.lowest_confidence, reading.elapsed_ms)]
    rows += [(localize(each.variation.step), each.text, each.status, each.lowest_confidence, each.elapsed_ms) for each in outcomes]
    table = {
        _("Step"): [step for step, *_rest in rows],
        _("Changed?"): ["–", *(_mark(outcome) for outcome in outcomes)],
        _("Answer"): [_answer(text, status) for _step, text, status, *_rest in rows],
        _("Lowest confidence"): ["–" if least is None else confidence(least) for *_rest, least, _time in rows],
        _("Time in ms"): [number(elapsed) for *_rest, elapsed in rows],
    }
    with st.container(key="inspector-what-matters"):
        st.table(table, border="horizontal", alt=_("What each changed step reads"))


def _mark(outcome: Outcome) -> str:
    return "**▲\u00a0" + _("changed") + "**" if outcome.changed else _("same")


def _answer(text: str, status: str) -> str:
    words = {"blank": _("(blank)"), "no_digit": _("(no digit)")}
    return text.replace("/", " / ") or words[status]


def answer_in_words(reading: Reading) -> str:
    """What was read, or why nothing, in a word or two."""
    return reading.text or _answer("", reading.status)
