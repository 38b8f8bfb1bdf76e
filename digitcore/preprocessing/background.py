"""The paper: how bright it is beneath its writing, and where it ends."""

from typing import Final

import cv2
import numpy as np

from digitcore.preprocessing.histogram import cumulative_histogram
from digitcore.preprocessing.morphology import square_element
from digitcore.preprocessing.resampling import downscale_local_mean, pad_linear, subsample, subsampling_stride
from digitcore.preprocessing.ruled_lines import ruling_px
from digitcore.types import BoolArray, Float64Array, Int32Array, Int64Array, UInt8Array

FAINT: Final = 12
"""Nothing fainter than this, of 255, is looked at as ink: JPEG's blocks are."""

_FALLS_TO: Final = 0.88
"""Along half a window light falls to no less than this share."""

_NEAR: Final = 0.3
"""Small windows are so large beside those that swallow the writing."""

_PAPER_PENS: Final = 1.5
"""The closing that gives the paper is at least so many pens wide."""

_LEVELS: Final = 14
"""A sheet is looked for at so many grey levels."""

_LARGE: Final = 0.3
_CONVEX: Final = 0.92
_LONG: Final = 2.6
_SURROUNDED: Final = 0.85
_DARKER: Final = 0.8
"""A sheet on a desk fills so much of the picture and of its own convex hull, is at most so much longer than wide, doesn't reach so
much of the picture's edge, and what lies around it has at most this share of its brightness."""

_FOUR_SIDED: Final = 0.85
_WRITTEN_ON: Final = 40
"""A board fills so much of the narrowest rectangle around it, and its writing is so many grey levels brighter."""

_SAME_SHEET: Final = 0.85
_RING_PX: Final = 5
"""Outlines of at least this share of the area are of the same sheet; their edges are compared over two pixels of the reduced picture."""

_INK_CLOSED: Final = 0.06
"""While a sheet is looked for, strokes narrower than this share of the short side are closed."""

_SOFT_EDGE: Final = 0.012
"""The edges of what reaches in are so soft, in short sides."""

_RIM: Final = 0.3
"""A rim lies with so much of itself along what is left out."""

CONTACT: Final = 0.5
"""What touches a side of the picture with more than this share of its own length leans on it."""

_COARSEST: Final = 4
"""What reaches in is looked for on a picture reduced by no more than this."""

_WHOLE_SIDE: Final = 0.9
"""A strip of desk covers so much of one side, and doesn't reach the opposite one."""

_FRAMED: Final = 0.45
"""Where so much of the picture's edge is dark, the sheet lies on something dark."""


def paper_brightness(grey: UInt8Array, window: float) -> UInt8Array:
    """The paper without its dark ink: a closing over windows of this share of the short side."""
    factor = min(subsampling_stride(grey), _COARSEST)
    small = cv2.medianBlur(downscale_local_mean(grey, factor), 3)
    side = square_element(window * min(small.shape))
    closed = np.asarray(cv2.morphologyEx(small, cv2.MORPH_CLOSE, side), np.uint8)
    closed = _falling_on(
        closed, np.asarray(cv2.morphologyEx(small, cv2.MORPH_CLOSE, square_element(len(side) * _NEAR)), np.uint8), len(side) // 2
    )
    return np.asarray(cv2.resize(closed, grey.shape[::-1], interpolation=cv2.INTER_LINEAR) if factor > 1 else closed, np.uint8)


def _falling_on(closed: UInt8Array, near: UInt8Array, reach_px: int) -> UInt8Array:
    """Paper along the picture's edges, where a closing takes it for brighter than it is because no darker paper follows.

    There light goes on as it does further inside, but the paper is no darker than a closing over small windows says.
    """
    if min(closed.shape) <= 4 * reach_px:
        return closed
    onwards = pad_linear(closed[reach_px:-reach_px, reach_px:-reach_px], reach_px)
    falling = np.minimum(closed, np.maximum(onwards, near))
    return np.maximum(falling, cv2.convertScaleAbs(closed, alpha=_FALLS_TO))  # what falls further is ink at the edge


def flatten(grey: UInt8Array, pen_width: float, window: float) -> tuple[UInt8Array, UInt8Array]:
    """The paper's brightness, and how much of its light is missing.

    Where the pen is broad, as in a picture of a single bold digit, the window is widened so that no stroke fills it.

    Args:
        grey: uint8 `(H, W)`, the ink dark.
        pen_width: as `find_pen` found it, a share of the short side.
        window: for pens that aren't broad; see `paper_brightness`.
    """
    paper = paper_brightness(grey, max(window, _PAPER_PENS * pen_width))
    return paper, darkness(grey, paper)


def darkness(grey: UInt8Array, paper: UInt8Array) -> UInt8Array:
    """The share of the paper's light that is missing, 255 for all of it."""
    return cv2.divide(cv2.subtract(paper, grey), paper, scale=255).astype(np.uint8, copy=False)


def find_sheet(small: UInt8Array, shape: tuple[int, int]) -> Int32Array | None:
    """The outline of a sheet or board that fills only part of the picture; None where there is none.

    Args:
        small: the picture as `reduced` gives it.
        shape: height and width of the picture itself.

    Returns:
        int32 `(N, 2)`, convex, x and y in pixels of the picture itself.
    """
    outline = _bright_sheet(small)
    if outline is None:
        outline = _bright_sheet(255 - small)
        outline = outline if outline is not None and _is_board(outline, small) else None
    return None if outline is None else np.asarray(np.round((outline + 0.5) * np.array(shape[::-1]) / small.shape[::-1]), np.int32)


def _is_board(outline: Int32Array, small: UInt8Array) -> bool:
    """Whether something dark on something bright is a board and no bold digit: it has four sides, and is written on."""
    _, sides, _ = cv2.minAreaRect(outline)
    inside = cv2.erode(cv2.fillConvexPoly(np.zeros_like(small), outline, 1), square_element(_RING_PX))
    usual, brightest = np.percentile(small[inside > 0], (50, 99)) if inside.any() else (0, 0)
    return cv2.contourArea(outline) > _FOUR_SIDED * sides[0] * sides[1] and brightest - usual > _WRITTEN_ON


def _bright_sheet(small: UInt8Array) -> Int32Array | None:
    """The outline of a sheet on something darker.

    At each of a few grey levels from dark to bright the largest bright part is looked at: the first that is large, convex and
    surrounded is the whole sheet, its lit and its shaded part. Of all outlines about as large, the one with the sharpest edge is taken.
    """
    window = square_element(_INK_CLOSED * min(small.shape))
    margin = len(window)  # else a narrow strip of desk would be closed between the sheet and the picture's edge
    wide = cv2.copyMakeBorder(small, margin, margin, margin, margin, cv2.BORDER_REPLICATE)
    bare = np.asarray(cv2.morphologyEx(wide, cv2.MORPH_CLOSE, window), np.uint8)[margin:-margin, margin:-margin]
    up_to, at_edge = cumulative_histogram(bare), cumulative_histogram(_along_edge(bare))
    if up_to.searchsorted(1 - _LARGE) <= at_edge.searchsorted(_SURROUNDED):
        return None  # no large part is brighter than most of the picture's edge
    found: list[Int32Array] = []
    for level in _levels(up_to):
        if at_edge[level] < _SURROUNDED or 1 - up_to[level] < _CONVEX * _LARGE:
            continue  # too bright along the edge, or too dark elsewhere to fill a large outline
        outline = _sheet_outline((bare > level).view(np.uint8), bare)
        if outline is not None and (not found or cv2.contourArea(outline) > _SAME_SHEET * cv2.contourArea(found[0])):
            found.append(outline)
    if not found:
        return None
    return max(found, key=lambda outline: _edge_contrast(outline, bare))


def _levels(up_to: Float64Array) -> list[int]:
    """A few whole grey levels between the darkest and the brightest parts of a picture, each once."""
    darkest, brightest = up_to.searchsorted((0.02, 0.98)).tolist()
    step = (brightest - darkest) / (_LEVELS + 1)
    return sorted({int(darkest + each * step) for each in range(1, _LEVELS + 1)})


def _along_edge(picture: UInt8Array) -> UInt8Array:
    return np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])


def _sheet_outline(bright: UInt8Array, bare: UInt8Array) -> Int32Array | None:
    outlines, _ = cv2.findContours(bright, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    hull = cv2.convexHull(max(outlines, key=cv2.contourArea)) if outlines else None
    if hull is None or cv2.contourArea(hull) < _LARGE * bright.size:
        return None
    if cv2.countNonZero(bright) < _CONVEX * cv2.contourArea(hull):
        return None  # through the middles of its outermost pixels, a hull's area is less than that of all its pixels
    _, sides, _ = cv2.minAreaRect(hull)
    inside = np.asarray(cv2.fillConvexPoly(np.zeros_like(bright), hull, 1), np.uint8)
    filled = cv2.countNonZero(bright & inside) >= _CONVEX * cv2.countNonZero(inside)
    if not filled or max(sides) > _LONG * min(sides):
        return None
    around = np.median(bare[inside == 0]) if not inside.all() else 255
    return np.asarray(hull.reshape(-1, 2), np.int32) if around < _DARKER * np.median(bare[inside > 0]) else None


def _edge_contrast(outline: Int32Array, bare: UInt8Array) -> float:
    """How much brighter it is just inside of an outline than just outside, in grey levels."""
    inside = cv2.fillConvexPoly(np.zeros_like(bare), outline, 1)
    larger, smaller = cv2.dilate(inside, square_element(_RING_PX)), cv2.erode(inside, square_element(_RING_PX))
    return cv2.mean(bare, inside - smaller)[0] - cv2.mean(bare, larger - inside)[0]


def around_sheet(outline: Int32Array | None, shape: tuple[int, int]) -> BoolArray:
    """What lies outside of a sheet, its soft edge included: bool `(H, W)`, nothing where there is no sheet."""
    if outline is None:
        return np.zeros(shape, np.bool_)
    inside = cv2.fillConvexPoly(np.zeros(shape, np.uint8), outline, 1)
    edge_px = max(5, 2 * _SOFT_EDGE * min(shape))
    return np.asarray(cv2.polylines(inside, [outline], True, 0, round(edge_px)) == 0)


def surroundings(dark: UInt8Array, desk: BoolArray) -> BoolArray:
    """What reaches in from outside, dark as ink: the desk, a thumb, a shadow's edge.

    Args:
        dark: uint8 `(H, W)`, as `darkness` gives it.
        desk: bool `(H, W)`, what lies around the sheet.
    """
    level = cv2.threshold(subsample(dark), 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
    if level < FAINT or not (desk.any() or (_along_edge(dark) > int(level)).any()):
        return desk
    broad = cv2.morphologyEx((dark > int(level)).view(np.uint8), cv2.MORPH_OPEN, square_element(ruling_px(dark)))
    outside = _reaching_in(broad | desk.view(np.uint8), desk)
    return (
        np.asarray(cv2.dilate(outside.view(np.uint8), square_element(max(5, _SOFT_EDGE * min(dark.shape)))) > 0)
        if outside.any()
        else outside
    )


def without_surroundings(ink: BoolArray, desk: BoolArray, outside: BoolArray) -> BoolArray:
    """The ink without what reaches in from outside, touches the desk, or is the rim of what was left out; all where nothing else is.

    Args:
        ink: bool `(H, W)`.
        desk: bool `(H, W)`, what lies around the sheet.
        outside: bool `(H, W)`, as `surroundings` found it.
    """
    wrong = _reaching_in((ink | desk | outside).view(np.uint8) if desk.any() else ink.view(np.uint8), desk)
    if outside.any() and not desk.any():
        wrong = wrong | _rims(ink, outside)
    if not wrong.any():
        return ink
    left = ink & ~wrong
    return left if left.any() else ink & ~desk


def _rims(ink: BoolArray, outside: BoolArray) -> BoolArray:
    """Components that lie along what is outside with a large part of themselves: its soft edge."""
    near = cv2.dilate(outside.view(np.uint8), square_element(max(5, 2 * _SOFT_EDGE * min(ink.shape))))
    count, labels = cv2.connectedComponents(ink.view(np.uint8), connectivity=8)
    along, whole = np.bincount(labels[near > 0], minlength=count), np.bincount(labels.ravel(), minlength=count)
    rims = along > _RIM * whole
    rims[0] = False
    return np.asarray(rims[labels])


def _reaching_in(ink: UInt8Array, desk: BoolArray) -> BoolArray:
    """Components that lie along the picture's sides: thumbs, strips, and whatever frames the sheet. Writing may touch the sides, too."""
    if not (desk.any() or _along_edge(ink).any()):
        return desk
    step = min(subsampling_stride(ink), _COARSEST)
    small = np.ascontiguousarray(cv2.dilate(ink, np.ones((step, step), np.uint8))[::step, ::step])
    height, width = small.shape
    count, *found = cv2.connectedComponentsWithStats(small, connectivity=8)
    labels, stats = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)
    along = _along_sides(labels, count)
    lengths = np.array([width, width, height, height])[:, np.newaxis]
    lean = _leaning(labels, stats)
    thumbs = lean & ((along > 0).sum(axis=0) == 1)
    strips = ((along > _WHOLE_SIDE * lengths) & (along[[1, 0, 3, 2]] == 0)).any(axis=0)
    frames = lean & (along[:, 1:].sum() > _FRAMED * lengths.sum())
    outside = thumbs | strips | frames
    outside[np.unique(labels[desk[::step, ::step]])] = True
    outside[0] = False
    reaching = outside[labels].view(np.uint8)
    return np.asarray((cv2.resize(reaching, ink.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0) & (ink > 0) | desk)


def _leaning(labels: Int32Array, stats: Int32Array) -> BoolArray:
    """Which components touch a side of the picture with a large part of their own length."""
    width, height = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
    return np.asarray((_along_sides(labels, len(stats)) > CONTACT * np.stack([width, width, height, height])).any(axis=0))


def _along_sides(labels: Int32Array, count: int) -> Int64Array:
    """How many pixels of each side of the picture each component takes: int64 `(4, count)`; top, bottom, left, right."""
    return np.stack([np.bincount(side, minlength=count) for side in (labels[0], labels[-1], labels[:, 0], labels[:, -1])])
