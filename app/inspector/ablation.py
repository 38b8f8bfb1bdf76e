"""The ablation tab: read the picture again with one step changed at a time, and show which changes alter the answer."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from app.charts import show_table
from app.inspector.inspection import Inspection, OpenImage, apply_settings
from app.language import N_, _, confidence, localize, number
from app.server.reader_processes import reader_processes
from app.untrusted_text import shorten
from digitcore import WriterProfile
from digitcore.analysis.ablation import Outcome, Run, Variation, ablate, variations
from digitcore.errors import RequestError
from digitcore.messages import Message
from digitcore.results import Reading, Status

START_KEY: Final = "inspector_what_matters"
APPLY_KEY: Final = "inspector_apply_{place}"
ABLATION_KEY: Final = "inspector_ablation"
"""Session state: the latest `Ablation`."""

LONG_ABLATION_MS: Final = 500
"""The expected milliseconds from which worker processes read, so that other visitors' readings don't wait."""

_STATUS_TEXTS: Final = {Status.BLANK: N_("(blank)"), Status.NO_DIGIT: N_("(no digit)")}
_UNCHANGED: Final = Message("Without any change")
_MAX_ANSWER_LENGTH: Final = 24


@dataclass(frozen=True, slots=True, eq=False)
class Ablation:
    """What was read with each change of the settings of an inspection, that without any change first."""

    open_image: OpenImage
    profile: WriterProfile | None
    outcomes: tuple[Outcome, ...]

    def covers(self, inspection: Inspection) -> bool:
        """Return whether the inspection is of the same picture and handwriting, with settings that were tried."""
        same = self.open_image is inspection.open_image and self.profile is inspection.profile
        return same and any(outcome.variation.settings == inspection.settings for outcome in self.outcomes)


def show_ablation(inspection: Inspection) -> None:
    """Show a button that starts the ablation, then its outcomes; they are kept while the visitor tries them one by one."""
    st.caption(
        _("Each step is turned off or changed in turn, and the picture is read again. This shows which steps the answer depends on.")
    )
    ablation: Ablation | None = st.session_state.get(ABLATION_KEY)
    if ablation is None or not ablation.covers(inspection):
        st.session_state.pop(ABLATION_KEY, None)
        ablation = _run_on_request(inspection)
    if ablation is not None:
        _show_summary(ablation)
        with st.container(key="inspector-what-matters"):
            _show_bars(ablation, inspection)
            _show_table(ablation)


def _run_on_request(inspection: Inspection) -> Ablation | None:
    """Show the button; once it is clicked, run the ablation and keep it. None before that, or if the server is too busy."""
    count = len(variations(inspection.settings))
    placeholder = st.empty()
    label = _("Try all {count} changes").format(count=count)
    if not placeholder.button(label, icon=":material/science:", type="primary", key=START_KEY):
        return None
    placeholder.empty()
    try:
        outcomes = _outcomes(inspection, count)
    except RequestError as error:
        st.error(localize(error.message), icon=":material/error:")
        return None
    ablation = Ablation(inspection.open_image, inspection.profile, (_unchanged(inspection), *outcomes))
    st.session_state[ABLATION_KEY] = ablation
    return ablation


def _outcomes(inspection: Inspection, count: int) -> list[Outcome]:
    """Read the picture with each variation and show the progress."""
    bar = st.progress(0.0, _("Reading again…"))
    is_long = inspection.reading.elapsed_ms * count > LONG_ABLATION_MS
    run: Run = reader_processes().run if is_long else lambda job: job()
    outcomes = []
    for outcome in ablate(inspection.open_image.picture, inspection.settings, inspection.reading, run, inspection.profile):
        outcomes.append(outcome)
        bar.progress(len(outcomes) / count, _("Reading again: {step}").format(step=localize(outcome.variation.step)))
    bar.empty()
    return outcomes


def _unchanged(inspection: Inspection) -> Outcome:
    reading = inspection.reading
    variation = Variation(_UNCHANGED, "", inspection.settings)
    return Outcome(variation, reading.status, reading.text, False, reading.lowest_confidence, reading.elapsed_ms)


def _show_summary(ablation: Ablation) -> None:
    count = len(ablation.outcomes) - 1
    changed = sum(outcome.changed for outcome in ablation.outcomes)
    if changed:
        text = _("{changed} of {count} changes would change the answer.").format(changed=changed, count=count)
        st.warning(text, icon=":material/warning:")
    else:
        st.success(_("None of the {count} changes would change the answer.").format(count=count), icon=":material/verified:")


def _show_bars(ablation: Ablation, inspection: Inspection) -> None:
    """Show each outcome as a button with its confidence as a bar behind the text, those that change the answer first and in orange."""
    st.caption(_("The bars show the lowest confidence, in orange where the answer changes. Click a bar to apply its change."))
    ordered = sorted(ablation.outcomes, key=lambda outcome: not outcome.changed)
    st.html("<style>" + "".join(_bar_rule(place, outcome) for place, outcome in enumerate(ordered)) + "</style>")
    for place, outcome in enumerate(ordered):
        settings = outcome.variation.settings
        applied = settings == inspection.settings
        st.button(
            _bar_label(outcome),
            icon=":material/radio_button_checked:" if applied else ":material/radio_button_unchecked:",
            help=_("These settings are applied.") if applied else None,
            width="stretch",
            on_click=apply_settings,
            args=(settings,),
            key=APPLY_KEY.format(place=place),
        )


def _bar_rule(place: int, outcome: Outcome) -> str:
    """Return the CSS of a bar: its length and its colour; `style.css` draws it."""
    colour = "var(--changed)" if outcome.changed else "var(--same)"
    return f".st-key-{APPLY_KEY.format(place=place)} {{ --bar: {colour}; --share: {outcome.lowest_confidence or 0:.1%}; }}\n"


def _bar_label(outcome: Outcome) -> str:
    answer = f"**{shorten(answer_text(outcome), _MAX_ANSWER_LENGTH)}**" if outcome.changed else ""
    share = "" if outcome.lowest_confidence is None else confidence(outcome.lowest_confidence)
    return " · ".join(filter(None, (localize(outcome.variation.step), answer, share)))


def _show_table(ablation: Ablation) -> None:
    outcomes = ablation.outcomes
    show_table(
        {
            _("Step"): [localize(outcome.variation.step) for outcome in outcomes],
            _("Changed?"): ["–", *(_change_mark(outcome) for outcome in outcomes[1:])],
            _("Answer"): [answer_text(outcome) for outcome in outcomes],
            _("Lowest confidence"): [_confidence_text(outcome.lowest_confidence) for outcome in outcomes],
            _("Time in ms"): [number(outcome.elapsed_ms) for outcome in outcomes],
        }
    )


def _change_mark(outcome: Outcome) -> str:
    return "**▲\u00a0" + _("changed") + "**" if outcome.changed else _("same")


def _confidence_text(lowest: float | None) -> str:
    return "–" if lowest is None else confidence(lowest)


def answer_text(result: Reading | Outcome) -> str:
    """Return the digits that were read, or in a word or two why there are none."""
    return result.text.replace("/", " / ") or _(_STATUS_TEXTS[result.status])
