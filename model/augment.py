"""Other hands, pens and cameras, made from MNIST's digits while the network trains.

Every function is pure: uint8 `(28, 28)` white on black in, a new one out; chance comes from the generator passed in.
"""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from digitcore.recognition.model_input import MODEL_SIDE_PX
from digitcore.recognition.normalization import normalize_digit
from digitcore.types import Float32Array, Float64Array, UInt8Array

ROTATION_SD_DEG: Final = 9.0
SHEAR_SD: Final = 0.12
SCALE_SD: Final = 0.09
SHIFT_PX: Final = 2.0
ELASTIC_GRID: Final = 5
"""Control points a side of the elastic field: about one each 7 px, the length of a stroke's bend."""
ELASTIC_SD_PX: Final = 0.8

_OUTLINE_SCALE: Final = 3
"""Times larger: an outline is finer than a pixel."""

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_SQUARE = cv2.getStructuringElement(cv2.MORPH_RECT, (2, 2))
_YS, _XS = np.mgrid[0:MODEL_SIDE_PX, 0:MODEL_SIDE_PX].astype(np.float32)
_CENTRE_PX: Final = (MODEL_SIDE_PX - 1) / 2


def warp(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Another slant, size, place and wobble: affine and elastic (Simard et al. 2003) in one resampling."""
    turn = np.deg2rad(rng.normal(0, ROTATION_SD_DEG))
    shear = rng.normal(0, SHEAR_SD)
    scale_x, scale_y = np.exp(rng.normal(0, SCALE_SD, 2))
    shift_x, shift_y = rng.uniform(-SHIFT_PX, SHIFT_PX, 2)
    field = rng.normal(0, ELASTIC_SD_PX, (ELASTIC_GRID, ELASTIC_GRID, 2)).astype(np.float32)
    bend = cv2.resize(field, (MODEL_SIDE_PX, MODEL_SIDE_PX), interpolation=cv2.INTER_CUBIC)
    cos, sin = np.cos(turn), np.sin(turn)
    x, y = _XS - _CENTRE_PX - np.float32(shift_x), _YS - _CENTRE_PX - np.float32(shift_y)
    source_x = np.float32(cos / scale_x) * x + np.float32((sin + shear * cos) / scale_x) * y
    source_y = np.float32(-sin / scale_y) * x + np.float32((cos - shear * sin) / scale_y) * y
    return _remap(image, source_x + bend[..., 0], source_y + bend[..., 1])


def _remap(image: UInt8Array, source_x: Float32Array, source_y: Float32Array) -> UInt8Array:
    return cv2.remap(image, source_x + _CENTRE_PX, source_y + _CENTRE_PX, cv2.INTER_CUBIC).astype(np.uint8, copy=False)


def change_stroke(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Make the pen thicker or thinner: grey dilation or erosion, blended by a random share."""
    thinner = rng.random() < 0.35
    changed = cv2.erode(image, _SQUARE) if thinner else cv2.dilate(image, _CROSS if rng.random() < 0.5 else _SQUARE)
    share = rng.uniform(0.3, 0.9) if thinner else rng.uniform(0.3, 1.0)
    return cv2.addWeighted(changed, share, image, 1 - share, 0).astype(np.uint8, copy=False)


def lose_resolution(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Seen by few pixels (down to about 8 across) and enlarged again."""
    side_px = int(rng.integers(9, 21))
    small = cv2.resize(image, (side_px, side_px), interpolation=cv2.INTER_AREA)
    back = cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR
    return cv2.resize(small, (MODEL_SIDE_PX, MODEL_SIDE_PX), interpolation=back).astype(np.uint8, copy=False)


def blur(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Out of focus by a Gaussian of 0.4 to 1.1 px."""
    return cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.1)).astype(np.uint8, copy=False)


def change_contrast(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Fainter ink (gain 0.55 to 1) with another tone curve (gamma 0.5 to 1.8)."""
    tones = np.linspace(0, 1, 256) ** rng.uniform(0.5, 1.8) * rng.uniform(0.55, 1.0) * 255
    return cv2.LUT(image, tones.astype(np.uint8)).astype(np.uint8, copy=False)


def add_haze(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Light over everything: uneven, or the same all over; the ink keeps what is left of the range."""
    cells = int(rng.integers(1, 6))
    haze = cv2.resize(rng.uniform(0, rng.uniform(0.2, 0.75), (cells, cells)), image.shape, interpolation=cv2.INTER_CUBIC)
    lit: Float64Array = np.clip(image * (1 - haze) + 255 * haze, 0, 255)
    return lit.astype(np.uint8)


def add_line(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Add a stray straight stroke, or erase along one."""
    ends = rng.integers(-4, MODEL_SIDE_PX + 4, (2, 2))
    colour = 0 if rng.random() < 0.4 else int(rng.integers(120, 256))
    crossed = image.copy()
    cv2.line(crossed, tuple(map(int, ends[0])), tuple(map(int, ends[1])), colour, 1, cv2.LINE_AA)
    return crossed


def add_impulses(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Dead and hot pixels, up to a tenth of all."""
    struck = rng.random(image.shape) < rng.uniform(0.01, 0.1)
    return np.where(struck, rng.choice(np.array([0, 255], np.uint8), image.shape), image).astype(np.uint8)


def outline(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Keep only the edges of the strokes, drawn by a pen of 0.5 to 2 px."""
    large = cv2.resize(image, None, fx=_OUTLINE_SCALE, fy=_OUTLINE_SCALE, interpolation=cv2.INTER_CUBIC)
    solid = cv2.threshold(large, rng.uniform(50, 170), 255, cv2.THRESH_BINARY)[1]
    pen_px = int(rng.integers(2, 2 * _OUTLINE_SCALE + 1))
    edge = cv2.morphologyEx(solid, cv2.MORPH_GRADIENT, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (pen_px, pen_px)))
    drawn = cv2.resize(edge, image.shape[::-1], interpolation=cv2.INTER_AREA)
    return cv2.convertScaleAbs(drawn, alpha=rng.uniform(1.0, 2.0)).astype(np.uint8, copy=False)


def invert_edges(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Ink and paper exchanged along one edge or two opposite ones, up to a third of the way in: a border, a table's cell."""
    inverted = image.copy()
    across = inverted if rng.random() < 0.5 else inverted.T
    first, last = rng.integers(2, MODEL_SIDE_PX // 3 + 1, 2)
    sides = rng.integers(3)
    if sides != 0:
        across[:first] ^= 255
    if sides != 1:
        across[-last:] ^= 255
    return inverted


def scan_coarsely(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Scan at 8 to 16 pixels of height, grey or binary, a little wider or narrower, and normalize as in serving."""
    if not image.any():
        return image
    x, y, width, height = cv2.boundingRect(image)
    tall_px = int(rng.integers(8, 17))
    wide_px = max(round(tall_px * width / height * float(np.exp(rng.normal(0, 0.15)))), 2)
    coarse = cv2.resize(image[y : y + height, x : x + width], (wide_px, tall_px), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.3:
        coarse = cv2.threshold(coarse, min(rng.uniform(60, 150), float(coarse.max()) - 1), 255, cv2.THRESH_BINARY)[1]
    return normalize_digit(np.asarray(coarse, np.uint8)).model_input


WARPED_SHARE: Final = 0.95
STROKE_CHANGED_SHARE: Final = 0.35
DEGRADED_SHARE: Final = 0.5
"""How many are spoilt besides: by one of the steps below, or two."""

DEGRADED_SHARE_AT_END: Final = 0.2
EASED_FROM: Final = 0.7
"""From this part of a training on, fewer and fewer are spoilt, so that it ends nearer to what is read (He et al. 2019)."""

DEGRADATIONS: Final[dict[Callable[[UInt8Array, np.random.Generator], UInt8Array], float]] = {
    scan_coarsely: 4,
    lose_resolution: 2,
    blur: 2,
    change_contrast: 3,
    add_haze: 2,
    add_line: 2,
    add_impulses: 1.5,
    outline: 1.5,
    invert_edges: 1,
}
"""What spoils a digit, and how often compared to the others."""

_STEPS: Final = tuple(DEGRADATIONS)
_CHANCES: Final = np.cumsum(list(DEGRADATIONS.values())) / sum(DEGRADATIONS.values())


def degraded_share_at(progress: float) -> float:
    """Compute the share of degraded pictures when `progress` of a training, 0 to 1, is done."""
    return float(np.interp(progress, (EASED_FROM, 1.0), (DEGRADED_SHARE, DEGRADED_SHARE_AT_END)))


def augment(image: UInt8Array, rng: np.random.Generator, degraded_share: float = DEGRADED_SHARE) -> UInt8Array:
    """Vary one digit as another person might have written and photographed it; degrade `degraded_share` of them."""
    if rng.random() < WARPED_SHARE:
        image = warp(image, rng)
    if rng.random() < STROKE_CHANGED_SHARE:
        image = change_stroke(image, rng)
    if rng.random() < degraded_share:
        for chance in rng.random(rng.integers(1, 3)):
            image = _STEPS[np.searchsorted(_CHANCES, chance)](image, rng)
    return image
