"""All marks as cards, and one mark in detail."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from app.charts import show_probability_chart, show_table
from app.corrections import show_correction
from app.language import N_, _, localize, localize_sentence, percent, probability
from app.mark_labels import spoken_label
from app.reading_panel.cards import show_cards
from app.reading_panel.refusals import refusal
from app.session import is_phone
from digitcore import Digit, ExplanationError, Reading, Status, explain, overlay
from digitcore.types import UInt8Array

MAX_CARDS: Final = 60
"""Further marks are not shown one by one."""

_EXAMPLE_CONFIDENCE: Final = 0.9
"""The confidence that the help text takes as its example."""

CONFIDENCE_HELP: Final = N_("Calibrated: of all answers with {share} confidence, about {share} are right.")
"""Explains the confidence; `share` is a percentage."""


def show_digits(reading: Reading, key: str, picture: str = "") -> Digit | None:
    """Show all marks as cards, and the details of the mark that the visitor chooses.

    Args:
        reading: the reading of one picture.
        key: the prefix of the page's widget keys.
        picture: identifies the picture, where the page shows one of several: the choice of a mark is only valid for one picture.

    Returns:
        The chosen mark; None where there are no marks.
    """
    marks = reading.digits[:MAX_CARDS]
    if not marks:
        return None
    with_map = st.session_state.get(f"{key}_with_map", False)
    digit = show_cards(marks, _activation_maps(marks) if with_map else [mark.model_input for mark in marks], key, picture)
    st.toggle(
        _("Show what it looked at"),
        key=f"{key}_with_map",
        help=_("The class activation map over the ink: orange supports the answer, blue contradicts it."),
        persist_state="session",
    )
    if digit.separator is not None:
        show_separator(digit)
    elif digit.accepted:
        show_probabilities(digit)
    elif reading.status is Status.OK or len({mark.rejection for mark in marks}) > 1:  # else the reason has been given above
        st.warning(refusal([digit], reading.size_wh), icon=":material/help:")
    show_correction(digit, key)
    return digit


def show_live_digits(digits: Sequence[Digit], key: str) -> None:
    """Show the marks of a video frame as cards, and the probabilities of the mark that the visitor chooses.

    Args:
        digits: all marks of the frame.
        key: the prefix of the page's widget keys.
    """
    marks = digits[:MAX_CARDS]
    if not marks:
        return
    digit = show_cards(marks, [mark.model_input for mark in marks], key)
    if digit.accepted:
        show_probabilities(digit)


def show_separator(mark: Digit) -> None:
    """Show what a mark is that separates the digits of a number.

    Args:
        mark: a separator.
    """
    st.caption(_("Read as a separator of the number: {name}.").format(name=spoken_label(mark)))


def show_probabilities(digit: Digit) -> None:
    """Show the probabilities of an accepted mark as a chart and a table, and why it is in doubt, if it is.

    Args:
        digit: the mark.
    """
    title = "**" + _("Confidence") + "**"
    st.markdown(" · ".join(filter(None, (title, localize_sentence(digit.reason)))), help=confidence_help())
    chart, table = (st.container(), st.container()) if is_phone() else st.columns([3, 2])
    with chart:
        show_probability_chart(digit)
    with table:
        show_table(probability_columns(digit), collapsed=is_phone())


def confidence_help() -> str:
    """Return the explanation of the confidence in the visitor's language."""
    return _(CONFIDENCE_HELP).format(share=percent(_EXAMPLE_CONFIDENCE, 0))


def probability_columns(digit: Digit) -> dict[str, list[str]]:
    """Return the probabilities of a mark as columns of a table.

    Args:
        digit: the mark.

    Returns:
        The cells of each column, by its title.
    """
    return {_("Digit"): list(digit.classes), _("Probability"): [probability(float(share)) for share in digit.probabilities]}


def _activation_maps(marks: Sequence[Digit]) -> list[UInt8Array]:
    """Return the marks' images with their class activation maps; without them, after a warning, if they can't be computed."""
    try:
        return [overlay(mark.model_input, explain(mark.model_input).class_map(mark.label)) for mark in marks]
    except ExplanationError as error:
        st.warning(localize(error.message), icon=":material/error:")
        return [mark.model_input for mark in marks]
