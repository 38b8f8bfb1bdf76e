"""Estimate how bright the paper is beneath its writing, and how much darker the ink is."""

import cv2
import numpy as np

from digitcore.preprocessing.morphology import square_element
from digitcore.preprocessing.parameters import BackgroundParams, ResamplingParams
from digitcore.preprocessing.resampling import downscale_local_mean, pad_linear, subsampling_stride
from digitcore.types import UInt8Array


def paper_brightness(
    grey: UInt8Array, window: float, params: BackgroundParams = BackgroundParams(), resampling: ResamplingParams = ResamplingParams()
) -> UInt8Array:
    """Estimate the brightness of the paper by a morphological closing, which removes dark strokes.

    Args:
        grey: uint8 `(H, W)`, the ink dark.
        window: side of the closing's window as a share of the short side, wider than any stroke.
        params: the parameters of the estimate.
        resampling: they tell how far the image may be reduced.

    Returns:
        uint8 `(H, W)`: the paper without its ink, its shadows kept.
    """
    factor = min(subsampling_stride(grey, resampling), resampling.max_reduction)
    small = cv2.medianBlur(downscale_local_mean(grey, factor), 3)
    element = square_element(window * min(small.shape))
    closed = np.asarray(cv2.morphologyEx(small, cv2.MORPH_CLOSE, element), np.uint8)
    small_element = square_element(len(element) * params.min_stroke_widths / params.max_stroke_widths)
    finely_closed = np.asarray(cv2.morphologyEx(small, cv2.MORPH_CLOSE, small_element), np.uint8)
    paper = extrapolate_background(closed, finely_closed, len(element) // 2)
    return np.asarray(cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR) if factor > 1 else paper, np.uint8)


def extrapolate_background(closed: UInt8Array, finely_closed: UInt8Array, reach_px: int) -> UInt8Array:
    """Correct a closing along the image's borders, where it is too bright since no darker paper follows.

    There the brightness is extrapolated linearly from further inside: with the closing c, the finer one f and the extrapolation e, the
    paper is min(c, max(e, f)).

    Args:
        closed: uint8 `(H, W)`, the closing.
        finely_closed: uint8 `(H, W)`, a closing by a smaller window.
        reach_px: half the side of the closing's window in pixels: so far from the borders it is corrected.

    Returns:
        uint8 `(H, W)`, nowhere brighter than `closed`.
    """
    if reach_px == 0 or min(closed.shape) <= 4 * reach_px:
        return closed
    extrapolated = pad_linear(closed[reach_px:-reach_px, reach_px:-reach_px], reach_px)
    return np.minimum(closed, np.maximum(extrapolated, finely_closed))


def flatten(
    grey: UInt8Array,
    stroke_width: float,
    window: float,
    params: BackgroundParams = BackgroundParams(),
    resampling: ResamplingParams = ResamplingParams(),
) -> tuple[UInt8Array, UInt8Array]:
    """Separate the brightness of the paper from the darkness of the ink.

    Args:
        grey: uint8 `(H, W)`, the ink dark.
        stroke_width: as a share of the short side. Where strokes are broad, as in an image of a single bold digit, the window is wider
            than `window`; where they are thin, it is narrower.
        window: side of the window as a share of the short side, for strokes of medium width.
        params: the parameters of the estimate.
        resampling: they tell how far the image may be reduced.

    Returns:
        The paper's brightness and the ink's darkness, both uint8 `(H, W)`; see `paper_brightness` and `darkness`.
    """
    window = min(max(window, params.min_stroke_widths * stroke_width), params.max_stroke_widths * stroke_width)
    paper = paper_brightness(grey, window, params, resampling)
    return paper, darkness(grey, paper)


def darkness(grey: UInt8Array, paper: UInt8Array) -> UInt8Array:
    """Compute how much darker than the paper each pixel is, relative to the paper: 255 (paper − grey) / paper.

    Args:
        grey: uint8 `(H, W)`, the ink dark.
        paper: uint8 `(H, W)`, the paper's brightness.

    Returns:
        uint8 `(H, W)`: 0 for paper, 255 for ink that reflects no light.

    Examples:
        >>> darkness(np.array([[200, 100, 0]], np.uint8), np.full((1, 3), 200, np.uint8)).tolist()
        [[0, 128, 255]]
    """
    return cv2.divide(cv2.subtract(paper, grey), paper, scale=255).astype(np.uint8, copy=False)
