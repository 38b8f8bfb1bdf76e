"""The visitor's choice of a mark, which follows that mark through the next strokes, frames and runs of the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from digitcore import Digit

BoxXYWH = tuple[int, int, int, int]

_MIN_OVERLAP: Final = 0.5
"""The share of the smaller box, of the chosen mark and of a mark of now, that both have in common if they are the same mark."""


@dataclass(frozen=True, slots=True)
class MarkChoice:
    """A chosen mark.

    Attributes:
        picture: identifies the picture of the mark.
        clicked: the box of the mark when it was chosen: left, top, width and height in pixels of the upright original.
        box_xywh: its box in the newest reading.
    """

    picture: str
    clicked: BoxXYWH
    box_xywh: BoxXYWH


def chosen_mark(marks: Sequence[Digit], choice: MarkChoice | None) -> int:
    """Return the index of the chosen mark.

    Args:
        marks: at least one mark.
        choice: what the visitor has chosen.

    Returns:
        The mark that overlaps most with the chosen one; without any, the first accepted mark, or the first of all.
    """
    if choice is not None:
        overlap, index = max((_overlap(mark.box_xywh, choice.box_xywh), -index) for index, mark in enumerate(marks))
        if overlap[0] >= _MIN_OVERLAP:
            return -index
    return next((index for index, mark in enumerate(marks) if mark.accepted), 0)


def follow_choice(marks: Sequence[Digit], key: str, picture: str, state: Any) -> int:
    """Return the index of the chosen mark, and remember where it is now.

    Args:
        marks: at least one mark.
        key: of the choice.
        picture: identifies the picture; the choice is not valid for another one.
        state: what the visitor's browser has sent: as `clicked`, the `picture` and the `box` of the mark that was clicked last.

    Returns:
        The index.
    """
    state_key = f"{key}_choice"
    choice: MarkChoice | None = st.session_state.get(state_key)
    new = _parse(state)
    if new is not None and (choice is None or (new.picture, new.clicked) != (choice.picture, choice.clicked)):
        choice = new
    if choice is None or choice.picture != picture:
        return chosen_mark(marks, None)
    index = chosen_mark(marks, choice)
    if _overlap(marks[index].box_xywh, choice.box_xywh)[0] >= _MIN_OVERLAP:
        st.session_state[state_key] = MarkChoice(picture, choice.clicked, marks[index].box_xywh)
    return index


def _parse(state: Any) -> MarkChoice | None:
    match state:
        case {"clicked": {"picture": str(picture), "box": [int(x), int(y), int(width), int(height)]}}:
            box = (x, y, width, height)
            return MarkChoice(picture, box, box)
    return None


def _overlap(one: BoxXYWH, other: BoxXYWH) -> tuple[float, float]:
    """Return the area that two boxes share, divided by the area of the smaller box and by that of the larger one."""
    width = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    height = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    areas = sorted(max(box[2] * box[3], 1) for box in (one, other))
    shared = max(width, 0) * max(height, 0)
    return shared / areas[0], shared / areas[1]
