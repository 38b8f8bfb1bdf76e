"""Extract the writing from a darkness image: without ruled lines, print that shows through, and border artifacts."""

from collections.abc import Iterable
from typing import Final, NamedTuple

import cv2
import numpy as np

from digitcore.preprocessing.border_artifacts import find_border_artifacts, remove_border_artifacts
from digitcore.preprocessing.ink_darkness import main_ink_darkness
from digitcore.preprocessing.morphology import square_element
from digitcore.preprocessing.parameters import InkExtractionParams, PreprocessingParams
from digitcore.preprocessing.ruled_lines import remove_ruled_lines
from digitcore.preprocessing.thresholding import Threshold, paper_threshold
from digitcore.types import BoolArray, UInt8Array

_HYSTERESIS_RATIO: Final = 2
"""Ratio of the high threshold of writing to the low one of its faint parts; Canny (1986) recommends 2 to 3."""

_MIN_FAINT_SHARE: Final = 0.005
"""Bound of work: marks are labelled, for their faint parts, where these have more pixels than this share of the dark ones; fewer complete
no stroke."""


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


def find_writing(
    dark: UInt8Array, outside_sheet: BoolArray, params: PreprocessingParams = PreprocessingParams(), *, keep_ruled_lines: bool = False
) -> Writing:
    """Find the ink that is writing.

    Args:
        dark: uint8 `(H, W)`, as `darkness` gives it.
        outside_sheet: bool `(H, W)`, as `mask_outside_sheet` gives it.
        params: those of the threshold and of all later stages.
        keep_ruled_lines: whether ruled lines count as writing.

    Returns:
        The threshold, the writing and its darkness.
    """

    def foreground(border_mask: BoolArray) -> _Foreground:
        threshold = paper_threshold(dark, border_mask, params.thresholding, params.resampling)
        ink = threshold.ink if keep_ruled_lines else remove_ruled_lines(threshold.ink, params)
        return _Foreground(threshold, ink, border_mask)

    border_masks = (find_border_artifacts(dark, outside_sheet, params), outside_sheet)
    found, main_darkness = _first_with_marks(dark, map(foreground, border_masks), params)
    strokes = with_faint_parts(found.ink, dark, main_darkness, params.ink_extraction)
    writing = remove_border_artifacts(strokes, outside_sheet, found.border_mask, params)
    return Writing(found.threshold, writing, main_darkness)


def with_faint_parts(
    ink: BoolArray, dark: UInt8Array, main_darkness: float, params: InkExtractionParams = InkExtractionParams()
) -> BoolArray:
    """Select the ink that is as dark as writing, and the faint parts of marks of which enough is (hysteresis thresholding, Canny 1986).

    Args:
        ink: bool `(H, W)`.
        dark: uint8 `(H, W)`, as `darkness` gives it.
        main_darkness: of the main writing, 0 to 255.
        params: the parameters of the selection.

    Returns:
        bool `(H, W)`.

    Examples:
        >>> dark = np.array([[90, 90, 40, 90, 0, 40]], np.uint8)
        >>> with_faint_parts(dark > 20, dark, 100.0).astype(int).tolist()
        [[1, 1, 1, 1, 0, 0]]
    """
    is_dark = ink & (dark > int(params.min_relative_darkness * main_darkness))
    is_visible = ink & (dark > int(params.min_relative_darkness * main_darkness / _HYSTERESIS_RATIO))
    beyond_edges = is_visible.view(np.uint8) > cv2.dilate(is_dark.view(np.uint8), square_element(3))
    if cv2.countNonZero(beyond_edges.view(np.uint8)) <= _MIN_FAINT_SHARE * cv2.countNonZero(is_dark.view(np.uint8)):
        return is_dark
    count, labels = cv2.connectedComponents(is_visible.view(np.uint8), connectivity=8)
    dark_px, all_px = (np.bincount(labels[mask], minlength=count) for mask in (is_dark, is_visible))
    faint = np.flatnonzero(is_visible & ~is_dark)
    is_dark.flat[faint] = (dark_px >= params.min_dark_share * all_px)[labels.flat[faint]]
    return is_dark


def _first_with_marks(dark: UInt8Array, foregrounds: Iterable[_Foreground], params: PreprocessingParams) -> tuple[_Foreground, float]:
    """Choose the first foreground with marks that could be digits, else the first with any marks, else the last; with its darkness."""
    tried: list[_Foreground] = []
    for foreground in foregrounds:
        darkness = main_ink_darkness(dark, foreground.ink, params, any_size=False)
        if darkness:
            return foreground, darkness
        tried.append(foreground)
    for foreground in tried:
        darkness = main_ink_darkness(dark, foreground.ink, params, any_size=True)
        if darkness:
            return foreground, darkness
    return tried[-1], 0.0
