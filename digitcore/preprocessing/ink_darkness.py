"""Measure how dark the ink is, and scale its greys by it."""

from typing import Final

import cv2
import numpy as np

from digitcore.preprocessing.component_limit import limit_components
from digitcore.preprocessing.histogram import median
from digitcore.preprocessing.morphology import square_element
from digitcore.preprocessing.parameters import BorderArtifactsParams, PreprocessingParams
from digitcore.types import BoolArray, Box, UInt8Array

_MAX_MEASURED_COMPONENTS: Final = 400
"""Bound of work: how many connected components are measured, the longest first; more take longer and change nothing."""


def main_ink_darkness(
    dark: UInt8Array,
    ink: BoolArray,
    params: PreprocessingParams = PreprocessingParams(),
    *,
    any_size: bool,
) -> float:
    """Measure the darkness of the main writing: the weighted median of the marks' mean darkness.

    A mark of area a, length l and mean darkness d has the weight a · l · d³: large and dark marks weigh most.

    Args:
        dark: uint8 `(H, W)`, as `darkness` gives it.
        ink: bool `(H, W)`.
        params: those of border artifacts, the finest stroke, and the length of a line that crosses the image are used.
        any_size: whether all marks count where none could be a digit by its size and position.

    Returns:
        The darkness, 0 to 255; 0 where there are no such marks.
    """
    mask = ink.view(np.uint8)
    boxes = _longest_boxes(mask)
    likely = [
        box for box in boxes if _has_size_of_digit(box, mask.shape, params) and not _lies_along_border(box, mask, params.border_artifacts)
    ]
    measured = likely or (boxes if any_size else [])
    if not measured:
        return 0.0
    windows = [(slice(box.y, box.y + box.height), slice(box.x, box.x + box.width)) for box in measured]
    means = np.array([cv2.mean(dark[window], mask[window])[0] for window in windows])
    areas_px = np.array([cv2.countNonZero(mask[window]) for window in windows], np.float64)
    lengths_px = np.array([box.side for box in measured])
    darkest_first = np.argsort(-means)
    weights = np.cumsum((areas_px * lengths_px * means**3)[darkest_first])
    return float(means[darkest_first[np.searchsorted(weights, weights[-1] / 2)]])


def scale_to_main_ink(dark: UInt8Array, ink: BoolArray, main_darkness: float) -> UInt8Array:
    """Keep the ink with its greys, soft edges included, scaled so that ink as dark as the main writing is white.

    Args:
        dark: uint8 `(H, W)`, as `darkness` gives it.
        ink: bool `(H, W)`: the writing.
        main_darkness: as `main_ink_darkness` gives it.

    Returns:
        uint8 `(H, W)`: white (255) ink on black (0).
    """
    scaled = np.zeros(dark.shape, np.uint8)
    x, y, width, height = cv2.boundingRect(ink.view(np.uint8))
    window = slice(max(y - 1, 0), y + height + 1), slice(max(x - 1, 0), x + width + 1)
    with_edges = cv2.dilate(ink[window].view(np.uint8), square_element(3))
    levels = cv2.convertScaleAbs(dark[window], alpha=255 / max(main_darkness, 1.0))
    cv2.copyTo(levels, with_edges, scaled[window])
    return scaled


def contrast(paper: UInt8Array, main_darkness: float, *, inverted: bool) -> float:
    """Measure the contrast of ink and paper: their difference as a share of the brighter one's brightness.

    Args:
        paper: uint8 `(H, W)`, as `paper_brightness` gives it.
        main_darkness: as `main_ink_darkness` gives it.
        inverted: whether the image was inverted since its ink is light; a difference that is ink on a dark board is noise on a bright
            sheet. With the paper's median p and the difference s = p · darkness / 255, the contrast is s / (255 − p + s).

    Returns:
        The contrast in [0, 1].
    """
    relative_darkness = main_darkness / 255
    if not inverted:
        return relative_darkness
    paper_level = median(paper)
    difference = relative_darkness * paper_level
    return difference / (255 - paper_level + difference) if difference else 0.0


def _longest_boxes(mask: UInt8Array) -> list[Box]:
    """Find the bounding boxes of the longest connected components, those inside of others left out, in order of length."""
    outlines, _ = cv2.findContours(limit_components(mask), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = (Box(*cv2.boundingRect(outline)) for outline in outlines)
    return sorted(boxes, key=lambda box: -box.side)[:_MAX_MEASURED_COMPONENTS]


def _has_size_of_digit(box: Box, shape: tuple[int, ...], params: PreprocessingParams) -> bool:
    """Check whether a component has the size of a digit."""
    height, width = shape
    is_small, max_length = box.side < params.stroke_width.min_width * min(shape), params.line_detection.min_crossing_length
    return not (is_small or box.height > max_length * height or box.width > max_length * width)


def _lies_along_border(box: Box, mask: UInt8Array, params: BorderArtifactsParams) -> bool:
    """Check whether a component touches a border of the image with a large part of its own length."""
    last_row, last_column = mask.shape[0] - 1, mask.shape[1] - 1
    right, bottom = box.x + box.width, box.y + box.height
    touched_rows = [row for row in (0, last_row) if row in (box.y, bottom - 1)]
    touched_columns = [column for column in (0, last_column) if column in (box.x, right - 1)]
    horizontal_px = max((int(mask[row, box.x : right].sum()) for row in touched_rows), default=0)
    vertical_px = max((int(mask[box.y : bottom, column].sum()) for column in touched_columns), default=0)
    return horizontal_px > params.max_border_contact * box.width or vertical_px > params.max_border_contact * box.height
