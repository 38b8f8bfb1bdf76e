"""The choice of another digit, and the smallest change that makes the mark that digit."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, NamedTuple

import streamlit as st

from app.corrections import mark_id
from app.handwriting.session import current_profile
from app.image_urls import data_url
from app.language import _, bounded_percent, localize
from app.picture_cards import PictureCard, show_picture_cards
from app.why_not.sentences import answer_sentence
from digitcore import Digit, DigitError, Settings, Stroke, WriterProfile
from digitcore.analysis.counterfactual import (
    Counterfactual,
    MarkStrokes,
    MarkVersion,
    draw_change,
    find_counterfactual,
    mark_of_drawing,
    mark_of_ink,
)
from digitcore.types import UInt8Array

ANSWER_KEY: Final = "ui_why_not"
"""Session state: the latest question and its answer."""


class Question(NamedTuple):
    """What is asked about a mark; the same question has the same answer."""

    mark_id: str
    target: int
    settings: Settings
    profile: WriterProfile | None


class _Answer(NamedTuple):
    question: Question
    found: Counterfactual | None


def show_for_drawing(digit: Digit | None, strokes: Sequence[Stroke], size_wh: tuple[int, int]) -> None:
    """Show the question for a mark of a drawing, closed at first; nothing for a separator of a number.

    Args:
        digit: the chosen mark, if there is any.
        strokes: of the whole drawing, in its pixels.
        size_wh: width and height of the drawing in pixels.
    """
    if digit is not None and digit.separator is None:
        with st.expander(_("Why not another digit?"), icon=":material/alt_route:"):
            _show(digit, lambda: mark_of_drawing(strokes, size_wh, digit), Settings.for_drawing(), "draw")


def show_for_ink(digit: Digit, settings: Settings) -> None:
    """Show the question for a mark of any picture, as a section of the Inspector; nothing for a separator of a number.

    Args:
        digit: the mark.
        settings: with which it was read; what they tell about normalization counts.
    """
    if digit.separator is not None:
        return
    st.header(_("Why not another digit?"), anchor=False)
    normalization = {name: getattr(settings, name) for name in ("minimum_stroke", "aspect_ratio", "centring")}
    _show(digit, lambda: mark_of_ink(digit), replace(Settings.for_drawing(), **normalization), "inspector")


@st.fragment
def _show(digit: Digit, make_mark: Callable[[], MarkStrokes], settings: Settings, key: str) -> None:
    own_label = digit.label if digit.accepted else None
    target = st.pills(
        _("Why not a …?"),
        [label for label in range(len(digit.classes)) if label != own_label],
        format_func=digit.classes.__getitem__,
        wrap=True,
        key=f"{key}_why_not_{mark_id(digit)}",
        help=_("Looks for the smallest change of the strokes that makes it this digit, for two seconds at most."),
    )
    if target is None:
        return
    try:
        found = _answer(Question(mark_id(digit), target, settings, current_profile()), make_mark)
    except DigitError as error:
        st.info(localize(error.message), icon=":material/info:")
        return
    if found is None:
        st.markdown(_("No small change was found with which it would be read as {digit}.").format(digit=digit.classes[target]))
        return
    st.markdown(answer_sentence(found))
    before, after = draw_change(found)
    texts = (
        _("As it is, read as {label}; what would change is orange"),
        _("After the change, read as {label}; what has changed is orange"),
    )
    versions = ((found.before, before, texts[0]), (found.after, after, texts[1]))
    show_picture_cards(_card(version, picture, alt) for version, picture, alt in versions)


def _answer(question: Question, make_mark: Callable[[], MarkStrokes]) -> Counterfactual | None:
    """Answer a question, or return the answer of before if it is the same question."""
    latest: _Answer | None = st.session_state.get(ANSWER_KEY)
    if latest is None or latest.question != question:
        with st.spinner(_("Trying changes…")):
            found = find_counterfactual(make_mark(), question.target, question.settings, question.profile)
        latest = _Answer(question, found)
        st.session_state[ANSWER_KEY] = latest
    return latest.found


def _card(version: MarkVersion, picture: UInt8Array, alt: str) -> PictureCard:
    digit = version.digit
    label = digit.name if digit.accepted else _("not a digit")
    share = bounded_percent(digit.confidence) if digit.accepted else ""
    return PictureCard(data_url(picture), alt.format(label=label), share, digit.name if digit.accepted else "?")
