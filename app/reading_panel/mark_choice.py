"""The visitor's choice of a mark, which follows that mark through the next strokes, frames and runs of the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
        index: its index in the newest reading, -1 before it was found in one.
        count: the number of marks in that reading.
    """

    picture: str
    clicked: BoxXYWH
    box_xywh: BoxXYWH
    index: int = -1
    count: int = 0


def find_mark(marks: Sequence[Digit], choice: MarkChoice) -> int | None:
    """Find the chosen mark.

    Args:
        marks: at least one mark.
        choice: what the visitor has chosen.

    Returns:
        The index of the mark that overlaps most with the chosen one; without any, for example after a jerk of the camera, the index of the
        chosen one if there are as many marks as before; else None.
    """
    overlap, index = max((_overlap(mark.box_xywh, choice.box_xywh), -index) for index, mark in enumerate(marks))
    if overlap[0] >= _MIN_OVERLAP:
        return -index
    return choice.index if choice.index >= 0 and choice.count == len(marks) else None


def follow_choice(marks: Sequence[Digit], key: str, picture: str, state: Any) -> int:
    """Return the index of the chosen mark, and remember where it is now.

    Args:
        marks: at least one mark.
        key: of the choice.
        picture: identifies the picture; the choice is not valid for another one.
        state: what the visitor's browser has sent: as `clicked`, the `picture` and the `box` of the mark that was clicked last.

    Returns:
        The index; without a choice, that of the first accepted mark, or of the first of all.
    """
    state_key = f"{key}_choice"
    choice: MarkChoice | None = st.session_state.get(state_key)
    new = _parse(state)
    if new is not None and (choice is None or (new.picture, new.clicked) != (choice.picture, choice.clicked)):
        choice = new
    index = find_mark(marks, choice) if choice is not None and choice.picture == picture else None
    if choice is None or index is None:
        return next((index for index, mark in enumerate(marks) if mark.accepted), 0)
    st.session_state[state_key] = replace(choice, box_xywh=marks[index].box_xywh, index=index, count=len(marks))
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
