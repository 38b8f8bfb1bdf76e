"""Continue the paper beyond the borders of an image whose writing nearly reaches them, as where a digit was cropped tightly.

The sides of the image are then those of the writing, and no measure for windows, ruled lines, or what may be a digit.
"""

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.preprocessing.morphology import odd_size
from digitcore.preprocessing.parameters import PreprocessingParams, SheetParams
from digitcore.preprocessing.polarity import border_polarity
from digitcore.preprocessing.resampling import Pixel, border_pixels, overview_factor
from digitcore.preprocessing.sheet import find_sheet
from digitcore.types import BoolArray, UInt8Array


def missing_margin(overview: UInt8Array, shape: tuple[int, int], params: PreprocessingParams = PreprocessingParams()) -> int:
    """Compute how wide a margin an image lacks whose highest part fills it but for less than that margin.

    Args:
        overview: uint8 `(h, w)`, as `make_overview` gives it, its ink darker or lighter than its paper.
        shape: height and width in pixels of the image itself.
        params: those of the margin, of overviews and of sheets are used.

    Returns:
        The width in pixels of the image itself; 0 where the writing has a margin, where the border isn't plain paper, and where it is the
        surface around a sheet.
    """
    parts = _separate_from_border(overview)
    outlines, _ = cv2.findContours(parts, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    highest = max(outlines, key=lambda outline: cv2.boundingRect(outline)[3], default=None)
    if highest is None:
        return 0
    *_, width, height = cv2.boundingRect(highest)
    margin = params.margin.width * height
    has_margin = max(overview.shape[0] - height, overview.shape[1] - width) >= 2 * margin
    if has_margin or border_pixels(parts).mean() > params.sheet.max_open_edge:  # or where most of the border isn't paper alone
        return 0
    _, sides, _ = cv2.minAreaRect(highest)
    is_stroke = max(sides) >= params.margin.min_elongation * min(sides)
    if not is_stroke and (border_polarity(overview, params) is None or find_sheet(overview, shape, params.sheet) is not None):
        return 0
    return round(margin * overview_factor(shape, params.resampling))


def extend_paper(grey: UInt8Array, margin_px: int, params: PreprocessingParams = PreprocessingParams()) -> UInt8Array:
    """Surround an image with its own paper: its reflection in each border, without the writing.

    Unlike a plain margin, it has the shading and the noise of the paper.

    Args:
        grey: uint8 `(H, W)`, its ink darker or lighter than its paper.
        margin_px: width of the margin in pixels.
        params: those of the margin are used, and of the soft edges of ink.

    Returns:
        uint8 `(H + 2 margin_px, W + 2 margin_px)`.

    Examples:
        >>> page = np.full((5, 4), 200, np.uint8)
        >>> page[1:4, 2] = 30
        >>> np.unique(extend_paper(page, 3)[:3]).tolist()
        [200]
    """
    paper, left_px = _without_writing(grey, params), margin_px
    while left_px > 0:  # a reflection is no wider than the image
        step_px = max(1, min(left_px, min(paper.shape) - 1))
        border = cv2.BORDER_REFLECT_101 if min(paper.shape) > 1 else cv2.BORDER_REPLICATE
        paper = np.asarray(cv2.copyMakeBorder(paper, step_px, step_px, step_px, step_px, border), np.uint8)
        left_px -= step_px
    crop_margin(paper, margin_px)[:] = grey
    return paper


def crop_margin(image: npt.NDArray[Pixel], margin_px: int) -> npt.NDArray[Pixel]:
    """Cut off what `extend_paper` added.

    Args:
        image: an array `(H, W)` with that margin.
        margin_px: its width in pixels.

    Returns:
        A view of the image without it.
    """
    height, width = image.shape
    return image[margin_px : height - margin_px, margin_px : width - margin_px]


def _separate_from_border(grey: UInt8Array) -> UInt8Array:
    """Mark what differs from most of the border, by Otsu's threshold: uint8 `(H, W)`, 0 or 1."""
    _, bright = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return np.asarray(bright, np.uint8) ^ np.uint8(border_pixels(np.asarray(bright, np.uint8)).mean() > 0.5)


def _without_writing(grey: UInt8Array, params: PreprocessingParams) -> UInt8Array:
    """Replace ink and its soft edges by the mean of the paper around them: uint8 `(H, W)`."""
    ink = _with_soft_edges(_separate_from_border(grey), params.sheet)
    if ink.all():
        return np.full_like(grey, np.median(border_pixels(grey)))
    window_px = odd_size(2 * params.margin.width * max(grey.shape))
    paper = (~ink).astype(np.float32)
    total, weight = (np.asarray(cv2.blur(each, (window_px, window_px)), np.float32) for each in (grey * paper, paper))
    mean = np.divide(total, weight, out=np.full_like(total, np.median(grey[~ink])), where=weight > 1 / window_px**2)
    return np.where(ink, np.rint(mean), grey).astype(np.uint8)


def _with_soft_edges(mask: UInt8Array, params: SheetParams) -> BoolArray:
    edge_px = max(params.min_edge_px, round(params.edge_width * min(mask.shape)))
    return np.asarray(cv2.dilate(mask, np.ones((2 * edge_px + 1, 2 * edge_px + 1), np.uint8)), np.bool_)
