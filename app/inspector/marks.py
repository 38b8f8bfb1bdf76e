"""One mark from close by: its 28×28 pixels, what speaks for each digit, and what the network's branches see."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import streamlit as st

from app.charts import show_chart
from app.image_urls import data_url, preview_url
from app.language import N_, _, confidence, localize, localize_sentence, percent
from app.reading_panels import CONFIDENCE_HELP
from digitcore import Digit, Explanation, ExplanationError, Reading, explain, overlay
from digitcore.charts import model_input_chart, probability_chart
from digitcore.recognition.explanation import branch_picture
from digitcore.recognition.model_input import CLASS_COUNT

MARK_KEY: Final = "inspector_mark"
CLASS_KEY: Final = "inspector_class"

_HEAT_PX: Final = 400
_SMALL_PX: Final = 96
_LEAST_MAP_PX: Final = 58
_BRANCH_PX: Final = 72
"""Four abreast on a phone."""

_BRANCHES: Final = {"one": "1×1", "three": "3×3", "five": "5×5", "pool": N_("Pooled")}
_BLOCKS: Final = {
    "inception_fine_1": N_("First block, fine"),
    "inception_fine_2": N_("Second block, fine"),
    "inception_coarse_1": N_("Third block, coarse"),
    "inception_coarse_2": N_("Fourth block, coarse"),
}


def show_marks(reading: Reading) -> None:
    """One of all marks, chosen by the visitor, the refused ones too."""
    if not reading.digits:
        st.info(_("There is no mark to look at in this picture."), icon=":material/search_off:")
        return
    digit = _choose(reading.digits)
    _show_answer(digit)
    _show_pixels(digit)
    try:
        explanation = explain(digit.model_input)
    except ExplanationError as error:
        st.warning(localize(error.message), icon=":material/info:")
        return
    _show_class_maps(digit, explanation)
    _show_branches(explanation)


def _choose(digits: list[Digit]) -> Digit:
    places = range(len(digits))
    if st.session_state.get(MARK_KEY) not in places:
        st.session_state[MARK_KEY] = next((place for place in places if digits[place].accepted), 0)
    place: int = st.selectbox(
        _("Which mark?"), places, format_func=lambda place: _name(place, digits[place]), key=MARK_KEY, persist_state="session"
    )
    return digits[place]


def _name(place: int, digit: Digit) -> str:
    text = _("{place}: {label}, {confidence}") if digit.accepted else _("{place}: refused, {reason}")
    return text.format(place=place + 1, label=digit.label, confidence=confidence(digit.confidence), reason=localize(digit.reason))


def _show_answer(digit: Digit) -> None:
    x, y, width, height = digit.box_xywh
    with st.container(horizontal=True, gap="medium"):
        st.metric(_("Likeliest digit"), digit.label, width="content")
        st.metric(_("Confidence"), confidence(digit.confidence), width="content", help=_(CONFIDENCE_HELP))
        likeness = _("How much the mark looks like any digit at all.")
        st.metric(_("Looks like a digit"), percent(digit.digit_score), width="content", help=likeness)
    if digit.reason:
        st.warning(localize_sentence(digit.reason), icon=":material/help:")
    where = _("In line {line}, {x} px from the left and {y} px from the top, {width} × {height} px large.")
    st.caption(where.format(line=digit.line + 1, x=x, y=y, width=width, height=height))


def _show_pixels(digit: Digit) -> None:
    pixels, answers = st.columns(2)
    with pixels, st.container(width=_HEAT_PX):
        st.markdown("**" + _("What the network sees") + "**")
        show_chart(model_input_chart(digit.model_input, _))
    with answers:
        st.markdown("**" + _("What it says") + "**")
        show_chart(probability_chart(digit.probabilities, _))
    with st.expander(_("All these values as tables")):
        digits = [str(label) for label in range(CLASS_COUNT)]
        st.table({_("Digit"): digits, _("Probability"): [percent(p, 2) for p in digit.probabilities]}, border="horizontal")
        columns = {str(column): digit.model_input[:, column] for column in range(digit.model_input.shape[1])}
        st.dataframe(columns, height=300)


def _show_class_maps(digit: Digit, explanation: Explanation) -> None:
    """One class large, all ten small, in one scale of colours."""
    st.header(_("What speaks for each digit"), anchor=False)
    legend = _(
        "Orange ink speaks for the digit, blue ink against it; the stronger the colour, the more. Grey ink says nothing. "
        "All ten share one scale, so they can be compared."
    )
    st.caption(legend)
    if CLASS_KEY not in st.session_state:
        st.session_state[CLASS_KEY] = None
    chosen = st.pills(_("Digit"), range(CLASS_COUNT), format_func=str, wrap=True, key=CLASS_KEY, persist_state="session")
    label = digit.label if chosen is None else chosen
    maps = [explanation.class_map(each) for each in range(CLASS_COUNT)]
    strongest = float(np.abs(maps).max())
    pictures = [overlay(digit.model_input, each, strongest) for each in maps]
    large, small = st.columns([2, 3])
    large.image(data_url(pictures[label]), caption=_map_caption(label, digit), alt=_map_alt(label, digit), width="stretch")
    with small, st.grid(min_column_width=_LEAST_MAP_PX, gap="xsmall"):
        for each, picture in enumerate(pictures):
            st.image(preview_url(picture, _SMALL_PX), caption=_map_caption(each, digit), alt=_map_alt(each, digit), width="stretch")


def _map_caption(label: int, digit: Digit) -> str:
    return _("{label}: {share}").format(label=label, share=confidence(digit.probabilities[label]))


def _map_alt(label: int, digit: Digit) -> str:
    return _("What of the ink speaks for a {label}, which has {share}").format(label=label, share=confidence(digit.probabilities[label]))


def _show_branches(explanation: Explanation) -> None:
    st.header(_("What each branch sees"), anchor=False)
    st.caption(
        _(
            "The network looks through windows of several sizes at once. "
            "Bright is where a branch finds what it looks for, in the mean of its channels."
        )
    )
    for block, pictures in _by_block(explanation):
        st.markdown(f"**{_(_BLOCKS.get(block, block))}**")
        with st.container(horizontal=True, gap="xsmall", key=f"inspector-branches-{block}"):
            for branch, picture in pictures:
                name = _(_BRANCHES.get(branch, branch))
                alt = _("Where the branch {branch} of the block {block} is active").format(branch=name, block=_(_BLOCKS.get(block, block)))
                st.image(preview_url(picture, _SMALL_PX), caption=name, alt=alt, width=_BRANCH_PX)


def _by_block(explanation: Explanation) -> Iterator[tuple[str, list[tuple[str, np.ndarray]]]]:
    blocks: dict[str, list[tuple[str, np.ndarray]]] = {}
    for name, maps in explanation.branches.items():
        block, _slash, branch = name.rpartition("/")
        blocks.setdefault(block, []).append((branch, branch_picture(maps)))
    yield from blocks.items()
