"""Extract the writing from a darkness image: without ruled lines, print that shows through, and border artifacts."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from digitcore.preprocessing.border_artifacts import find_border_artifacts, remove_border_artifacts
from digitcore.preprocessing.ink_darkness import main_ink_darkness
from digitcore.preprocessing.ruled_lines import remove_ruled_lines
from digitcore.preprocessing.thresholding import Threshold, paper_threshold
from digitcore.types import BoolArray, UInt8Array

_MIN_RELATIVE_DARKNESS: Final = 0.5
"""Least darkness of the writing's pixels, relative to the main writing: what is fainter is dirt, or print that shows through."""


class Writing(NamedTuple):
    """The writing in an image."""

    threshold: Threshold
    """Ink and paper before anything was removed."""

    mask: BoolArray
    """bool `(H, W)`: the ink that is writing."""

    main_darkness: float
    """Darkness of the main writing, 0 to 255; 0 where there is none."""


class _Foreground(NamedTuple):
    """What is darker than the paper within a border mask."""

    threshold: Threshold
    ink: BoolArray
    border_mask: BoolArray


def find_writing(dark: UInt8Array, outside_sheet: BoolArray, *, keep_ruled_lines: bool = False) -> Writing:
    """Find the ink that is writing.

    Args:
        dark: uint8 `(H, W)`, as `darkness` gives it.
        outside_sheet: bool `(H, W)`, as `mask_outside_sheet` gives it.
        keep_ruled_lines: whether ruled lines count as writing.

    Returns:
        The threshold, the writing and its darkness.
    """

    def foreground(border_mask: BoolArray) -> _Foreground:
        threshold = paper_threshold(dark, border_mask)
        ink = threshold.ink if keep_ruled_lines else remove_ruled_lines(threshold.ink)
        return _Foreground(threshold, ink, border_mask)

    border_masks = (find_border_artifacts(dark, outside_sheet), outside_sheet)
    found, main_darkness = _first_with_marks(dark, map(foreground, border_masks))
    dark_enough = found.ink & (dark > int(_MIN_RELATIVE_DARKNESS * main_darkness))
    return Writing(found.threshold, remove_border_artifacts(dark_enough, outside_sheet, found.border_mask), main_darkness)


def _first_with_marks(dark: UInt8Array, foregrounds: Iterable[_Foreground]) -> tuple[_Foreground, float]:
    """Choose the first foreground with marks that could be digits, else the first with any marks, else the last; with its darkness."""
    tried: list[_Foreground] = []
    for foreground in foregrounds:
        darkness = main_ink_darkness(dark, foreground.ink, any_size=False)
        if darkness:
            return foreground, darkness
        tried.append(foreground)
    for foreground in tried:
        darkness = main_ink_darkness(dark, foreground.ink, any_size=True)
        if darkness:
            return foreground, darkness
    return tried[-1], 0.0
