"""Class activation maps of one mark, and the activations of the network's branches."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import streamlit as st

from app.image_urls import data_url, preview_url
from app.language import N_, _, bounded_percent
from app.picture_cards import PictureCard, show_picture_cards
from digitcore import Digit, Explanation, overlay
from digitcore.recognition.heatmap import mean_activation_image
from digitcore.types import UInt8Array

CLASS_KEY: Final = "inspector_class"

CLASS_MAPS_NOTE: Final = N_(
    "Orange ink counts for the digit, blue ink against it; the stronger the colour, the more. Grey ink has no influence. "
    "All ten share one scale, so they can be compared."
)
BRANCHES_NOTE: Final = N_(
    "The network uses windows of several sizes at once. Bright areas are where a branch responds, in the mean of its channels."
)

_SMALL_SIDE_PX: Final = 168
"""Twice the side of a picture card, for screens with two pixels per CSS pixel."""

_BRANCH_TITLES: Final = {"one": "1×1", "three": "3×3", "five": "5×5", "pool": N_("Pooling")}
_BLOCK_TITLES: Final = {
    "inception_fine_1": N_("First block, fine"),
    "inception_coarse_1": N_("Second block, coarse"),
    "inception_coarse_2": N_("Third block, coarse"),
}


def show_class_maps(digit: Digit, explanation: Explanation) -> None:
    """Show the map of one class large and those of all ten small, all with the same scale of colours."""
    st.header(_("Evidence for each digit"), anchor=False)
    st.caption(_(CLASS_MAPS_NOTE))
    label = _choose_class(digit)
    pictures = class_pictures(digit, explanation)
    large, small = st.columns([2, 3])
    large.image(data_url(pictures[label]), caption=_map_caption(label, digit), alt=_map_alt_text(label, digit), width="stretch")
    with small:
        show_picture_cards(class_map_cards(digit, pictures))


def class_map_cards(digit: Digit, pictures: Sequence[UInt8Array]) -> list[PictureCard]:
    """Return the cards of the maps of all ten classes, from `class_pictures`."""
    return [_map_card(label, picture, digit) for label, picture in enumerate(pictures)]


def _choose_class(digit: Digit) -> int:
    """Let the visitor choose a class; without a choice it is the mark's own."""
    if CLASS_KEY not in st.session_state:
        st.session_state[CLASS_KEY] = None
    names = digit.classes
    chosen: int | None = st.pills(
        _("Digit"), range(len(names)), format_func=names.__getitem__, wrap=True, key=CLASS_KEY, persist_state="session"
    )
    return digit.label if chosen is None else chosen


def class_pictures(digit: Digit, explanation: Explanation) -> list[UInt8Array]:
    """Colour the ink by each class's map, scaled by the strongest value of all."""
    maps = [explanation.class_map(label) for label in range(len(digit.classes))]
    strongest = float(np.abs(maps).max())
    return [overlay(digit.model_input, each, strongest) for each in maps]


def _map_card(label: int, picture: UInt8Array, digit: Digit) -> PictureCard:
    share = bounded_percent(float(digit.probabilities[label]), 1)
    return PictureCard(preview_url(picture, _SMALL_SIDE_PX), _map_alt_text(label, digit), share, digit.classes[label])


def _map_caption(label: int, digit: Digit) -> str:
    return _("{label}: {share}").format(label=digit.classes[label], share=bounded_percent(float(digit.probabilities[label]), 1))


def _map_alt_text(label: int, digit: Digit) -> str:
    text = _("Evidence for a {label} in the ink; its probability: {share}")
    return text.format(label=digit.classes[label], share=bounded_percent(float(digit.probabilities[label]), 1))


def show_branches(explanation: Explanation) -> None:
    """Show the mean activation of each branch, block by block."""
    st.header(_("What each branch responds to"), anchor=False)
    st.caption(_(BRANCHES_NOTE))
    for title, cards in branch_cards(explanation).items():
        st.markdown(f"**{title}**")
        show_picture_cards(cards)


def branch_cards(explanation: Explanation) -> dict[str, list[PictureCard]]:
    """Return the cards of each block's branches, by the block's title."""
    cards: dict[str, list[PictureCard]] = {}
    for block, branches in _branches_by_block(explanation).items():
        title = _(_BLOCK_TITLES.get(block, block))
        cards[title] = [_branch_card(branch, picture, title) for branch, picture in branches.items()]
    return cards


def _branch_card(branch: str, picture: UInt8Array, block: str) -> PictureCard:
    name = _(_BRANCH_TITLES.get(branch, branch))
    alt = _("Where the branch {branch} responds ({block})").format(branch=name, block=block)
    return PictureCard(preview_url(picture, _SMALL_SIDE_PX), alt, name)


def _branches_by_block(explanation: Explanation) -> Mapping[str, Mapping[str, UInt8Array]]:
    """Return each branch's picture by the names of its block and itself."""
    blocks: dict[str, dict[str, UInt8Array]] = {}
    for name, activations in explanation.branches.items():
        block, _slash, branch = name.rpartition("/")
        blocks.setdefault(block, {})[branch] = mean_activation_image(activations)
    return blocks
