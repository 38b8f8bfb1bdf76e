"""What every page shows of a reading: the answer, each mark with what the network saw of it, and one of them in full."""

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

MOST_CARDS: Final = 60
"""More marks than these are not shown one by one."""

_LEAST_SAID: Final = 0.001
"""A second guess that is less likely is said to be so."""

CONFIDENCE_HELP: Final = N_("Calibrated: of all answers given with 90 %, about 90 in a hundred are right.")


def show_answer(reading: Reading) -> None:
    """The text that was read, large, each line on one of its own; or why there is none; and what to know besides."""
    if reading.status == "blank":
        st.info(_("There is nothing written here. Write a digit, darker or lighter than its background."), icon=":material/draw:")
    elif reading.status == "no_digit":
        refusal = localize(reading.digits[0].reason)
        st.warning(_("No digit: {reason}. Try again, larger and clearer.").format(reason=refusal), icon=":material/help:")
    else:
        with st.container(key="reading-text"):
            st.markdown("  \n".join(reading.lines))
    for note in reading.notes:
        st.caption(localize(note))


def show_digits(reading: Reading, key: str) -> None:
    """All marks as cards, and the details of one of them, chosen by the user where there are several.

    Args:
        reading: what was read.
        key: the page's prefix of widget keys.
    """
    marks = reading.digits[:MOST_CARDS]
    if not marks:
        return
    with_map = st.toggle(
        _("Show what mattered"),
        key=f"{key}_with_map",
        help=_("The class activation map over the ink: orange spoke for the answer, blue against it."),
        persist_state="session",
    )
    _show_cards(marks, with_map=with_map)
    show_digit(choose_digit(marks, key), key)


def show_digit(digit: Digit, key: str) -> None:
    """One mark: its confidence and any doubt, all ten probabilities, and a place to tell the right digit.

    Args:
        digit: the mark.
        key: the page's prefix of widget keys.
    """
    show_probabilities(digit)
    show_correction(digit, key)


def show_probabilities(digit: Digit) -> None:
    """One mark: its confidence and any doubt, and all ten probabilities as a chart and a table."""
    doubt = localize_sentence(digit.reason)
    if doubt:
        st.warning(doubt, icon=":material/help:")
    st.markdown(_("How sure it is"), help=_(CONFIDENCE_HELP))
    chart, table = st.columns([3, 2])
    with chart:
        show_probabilities_chart(digit.probabilities)
    with table:
        labels, shares = [str(label) for label in range(10)], [probability(float(p)) for p in digit.probabilities]
        st.table({_("Digit"): labels, _("Probability"): shares}, border="horizontal", hide_index=True)


def choose_digit(marks: Sequence[Digit], key: str) -> Digit:
    """The mark that the visitor chooses, of several; at first the first one."""
    if len(marks) == 1:
        return marks[0]
    names = [f"{place}: {digit.label if digit.accepted else '?'}" for place, digit in enumerate(marks, 1)]
    name = st.segmented_control(_("Which digit?"), names, default=names[0], wrap=True, key=f"{key}_digit_of_{'_'.join(names)}")
    return marks[names.index(name)] if name in names else marks[0]


def _show_cards(marks: Sequence[Digit], *, with_map: bool) -> None:
    pictures = _with_maps(marks) if with_map else [digit.model_input for digit in marks]
    cards = "".join(_card(digit, picture) for digit, picture in zip(marks, pictures, strict=True))
    st.html(f'<ul class="digit-cards">{cards}</ul>')


def _card(digit: Digit, picture: UInt8Array) -> str:
    """One mark in HTML: the network's picture of it, the digit, how sure, and what else it might be."""
    alt = _("The digit in 28 by 28 pixels, read as {label}").format(label=digit.label)
    if not digit.accepted:
        alt = _("A mark in 28 by 28 pixels, refused")
    image = f'<img src="{data_url(picture)}" alt="{escape(alt)}">'
    label = str(digit.label) if digit.accepted else "?"
    words = confidence(digit.confidence) if digit.accepted else _("not a digit")
    return f"<li>{image}<strong>{label}</strong><span>{escape(words)}</span><small>{escape(_doubt(digit))}</small></li>"


def _with_maps(marks: Sequence[Digit]) -> list[UInt8Array]:
    """The network's pictures with what spoke for each answer; as they are where that can't be said."""
    try:
        return [overlay(digit.model_input, explain(digit.model_input).class_map(digit.label)) for digit in marks]
    except ExplanationError as error:
        st.warning(localize(error.message), icon=":material/error:")
        return [digit.model_input for digit in marks]


def _doubt(digit: Digit) -> str:
    """Why it is refused or unsure; of all others, the second guess."""
    if digit.reason:
        return localize_sentence(digit.reason)
    second = int(digit.probabilities.argsort()[-2])
    share = float(digit.probabilities[second])
    said = percent(share) if share >= _LEAST_SAID else f"< {percent(_LEAST_SAID)}"
    return _("or {digit}: {share}").format(digit=second, share=said)
