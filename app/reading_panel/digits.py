"""A card for each mark, and one mark in detail."""

from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from app.charts import show_probabilities_chart
from app.corrections import show_correction
from app.image_urls import data_url
from app.language import N_, _, confidence, localize, localize_sentence, percent, probability
from digitcore import Digit, ExplanationError, Reading, explain, overlay
from digitcore.types import UInt8Array

MAX_CARDS: Final = 60
"""Further marks are not shown one by one."""

_MIN_SHOWN_ALTERNATIVE: Final = 0.001
"""The probability of the second most likely digit below which it is shown as "< 0.1%"."""

_ALTERNATIVE_CONFIDENCE: Final = 0.9
"""The confidence that the help text takes as its example."""

CONFIDENCE_HELP: Final = N_("Calibrated: of all answers with {share} confidence, about {share} are right.")
"""Explains the confidence; `share` is a percentage."""


def show_digits(reading: Reading, key: str) -> None:
    """Show all marks as cards, and the details of the mark that the visitor selects.

    Args:
        reading: the reading of one picture.
        key: the prefix of the page's widget keys.
    """
    marks = reading.digits[:MAX_CARDS]
    if not marks:
        return
    with_map = st.toggle(
        _("Show what it looked at"),
        key=f"{key}_with_map",
        help=_("The class activation map over the ink: orange supports the answer, blue contradicts it."),
        persist_state="session",
    )
    _show_cards(marks, with_map=with_map)
    show_digit(choose_digit(marks, key), key)


def show_digit(digit: Digit, key: str) -> None:
    """Show one mark's confidence, its probabilities, and the choice of the right digit.

    Args:
        digit: the mark.
        key: the prefix of the page's widget keys.
    """
    show_probabilities(digit)
    show_correction(digit, key)


def show_probabilities(digit: Digit) -> None:
    """Show one mark's ten probabilities as a chart and a table, and why it is in doubt, if it is.

    Args:
        digit: the mark.
    """
    doubt = localize_sentence(digit.reason)
    if doubt:
        st.warning(doubt, icon=":material/help:")
    st.markdown(_("Confidence"), help=confidence_help())
    chart, table = st.columns([3, 2])
    with chart:
        show_probabilities_chart(digit.probabilities)
    with table:
        labels = [str(label) for label in range(len(digit.probabilities))]
        shares = [probability(float(share)) for share in digit.probabilities]
        st.table({_("Digit"): labels, _("Probability"): shares}, border="horizontal", hide_index=True)


def confidence_help() -> str:
    """Return the explanation of the confidence in the visitor's language."""
    return _(CONFIDENCE_HELP).format(share=percent(_ALTERNATIVE_CONFIDENCE, 0))


def choose_digit(marks: Sequence[Digit], key: str) -> Digit:
    """Show the choice of one of several marks.

    Args:
        marks: at least one mark.
        key: the prefix of the page's widget keys.

    Returns:
        The selected mark, at first the first one.
    """
    if len(marks) == 1:
        return marks[0]
    names = [f"{position}: {digit.label if digit.accepted else '?'}" for position, digit in enumerate(marks, 1)]
    name = st.segmented_control(_("Which digit?"), names, default=names[0], wrap=True, key=f"{key}_digit_of_{'_'.join(names)}")
    return marks[names.index(name)] if name in names else marks[0]


def _show_cards(marks: Sequence[Digit], *, with_map: bool) -> None:
    images = _activation_maps(marks) if with_map else [digit.model_input for digit in marks]
    cards = "".join(_card(digit, image) for digit, image in zip(marks, images, strict=True))
    st.html(f'<ul class="digit-cards">{cards}</ul>')


def _card(digit: Digit, image: UInt8Array) -> str:
    """Return one mark in HTML: its image, the digit, its confidence, and the second most likely digit or the doubt."""
    alt = _("The digit in 28 by 28 pixels, read as {label}").format(label=digit.label)
    if not digit.accepted:
        alt = _("A mark in 28 by 28 pixels, rejected")
    img = f'<img src="{data_url(image)}" alt="{escape(alt)}">'
    label = str(digit.label) if digit.accepted else "?"
    verdict = confidence(digit.confidence) if digit.accepted else _("not a digit")
    return f"<li>{img}<strong>{label}</strong><span>{escape(verdict)}</span><small>{escape(_doubt(digit))}</small></li>"


def _activation_maps(marks: Sequence[Digit]) -> list[UInt8Array]:
    """Return the marks' images with their class activation maps; without them, after a warning, if they can't be computed."""
    try:
        return [overlay(digit.model_input, explain(digit.model_input).class_map(digit.label)) for digit in marks]
    except ExplanationError as error:
        st.warning(localize(error.message), icon=":material/error:")
        return [digit.model_input for digit in marks]


def _doubt(digit: Digit) -> str:
    """Return why a mark is rejected or unsure; for any other mark, the second most likely digit."""
    if digit.reason:
        return localize_sentence(digit.reason)
    second = int(digit.probabilities.argsort()[-2])
    share = float(digit.probabilities[second])
    shown = percent(share) if share >= _MIN_SHOWN_ALTERNATIVE else f"< {percent(_MIN_SHOWN_ALTERNATIVE)}"
    return _("or {digit}: {share}").format(digit=second, share=shown)
