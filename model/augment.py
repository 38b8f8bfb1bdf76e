"""Augment MNIST digits during training with variations of handwriting, pens, scanners and cameras.

Every function is pure: it takes a digit, uint8 `(28, 28)`, white ink on black, and a random generator, and returns a new array of the same
shape and type.
"""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from digitcore.recognition.model_input import MODEL_SIDE_PX
from digitcore.recognition.normalization import normalize_digit
from digitcore.types import Float32Array, Float64Array, UInt8Array

ROTATION_SD_DEG: Final = 9.0
"""Standard deviation of the rotation, in degrees."""

SHEAR_SD: Final = 0.12
"""Standard deviation of the horizontal shear, in pixels per pixel of height."""

SCALE_SD: Final = 0.09
"""Standard deviation of the logarithm of the scale along each axis."""

SHIFT_PX: Final = 2.0
"""Largest translation along each axis, in pixels."""

ELASTIC_GRID: Final = 5
"""Control points along each side of the elastic displacement field: one every 7 px, the length of a bend of a stroke."""

ELASTIC_SD_PX: Final = 0.8
"""Standard deviation of the displacement of a control point, in pixels."""

_OUTLINE_SCALE: Final = 3
"""Factor of enlargement before an outline is drawn, since an outline may be thinner than a pixel."""

_CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
_SQUARE = cv2.getStructuringElement(cv2.MORPH_RECT, (2, 2))
_YS, _XS = np.mgrid[0:MODEL_SIDE_PX, 0:MODEL_SIDE_PX].astype(np.float32)
_CENTRE_PX: Final = (MODEL_SIDE_PX - 1) / 2


def warp(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Apply a random affine and elastic deformation (Simard et al. 2003) in one resampling."""
    angle = np.deg2rad(rng.normal(0, ROTATION_SD_DEG))
    shear = rng.normal(0, SHEAR_SD)
    scale_x, scale_y = np.exp(rng.normal(0, SCALE_SD, 2))
    shift_x, shift_y = rng.uniform(-SHIFT_PX, SHIFT_PX, 2)
    field = rng.normal(0, ELASTIC_SD_PX, (ELASTIC_GRID, ELASTIC_GRID, 2)).astype(np.float32)
    displacement = cv2.resize(field, (MODEL_SIDE_PX, MODEL_SIDE_PX), interpolation=cv2.INTER_CUBIC)
    cos, sin = np.cos(angle), np.sin(angle)
    x, y = _XS - _CENTRE_PX - np.float32(shift_x), _YS - _CENTRE_PX - np.float32(shift_y)
    source_x = np.float32(cos / scale_x) * x + np.float32((sin + shear * cos) / scale_x) * y
    source_y = np.float32(-sin / scale_y) * x + np.float32((cos - shear * sin) / scale_y) * y
    return _remap(image, source_x + displacement[..., 0], source_y + displacement[..., 1])


def _remap(image: UInt8Array, source_x: Float32Array, source_y: Float32Array) -> UInt8Array:
    """Resample an image at the given source coordinates, which are relative to its centre."""
    return cv2.remap(image, source_x + _CENTRE_PX, source_y + _CENTRE_PX, cv2.INTER_CUBIC).astype(np.uint8, copy=False)


def change_stroke(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Thicken or thin the strokes by greyscale dilation or erosion, blended with the original by a random weight."""
    thinner = rng.random() < 0.35
    changed = cv2.erode(image, _SQUARE) if thinner else cv2.dilate(image, _CROSS if rng.random() < 0.5 else _SQUARE)
    weight = rng.uniform(0.3, 0.9) if thinner else rng.uniform(0.3, 1.0)
    return cv2.addWeighted(changed, weight, image, 1 - weight, 0).astype(np.uint8, copy=False)


def lose_resolution(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Downsample to a side of 9 to 20 pixels and enlarge again."""
    side_px = int(rng.integers(9, 21))
    small = cv2.resize(image, (side_px, side_px), interpolation=cv2.INTER_AREA)
    interpolation = cv2.INTER_CUBIC if rng.random() < 0.5 else cv2.INTER_LINEAR
    return cv2.resize(small, (MODEL_SIDE_PX, MODEL_SIDE_PX), interpolation=interpolation).astype(np.uint8, copy=False)


def blur(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Blur by a Gaussian with a standard deviation of 0.4 to 1.1 px."""
    return cv2.GaussianBlur(image, (0, 0), rng.uniform(0.4, 1.1)).astype(np.uint8, copy=False)


def change_contrast(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Change the tone curve of the ink: gamma 0.5 to 1.8, gain 0.55 to 1."""
    tone_curve = np.linspace(0, 1, 256) ** rng.uniform(0.5, 1.8) * rng.uniform(0.55, 1.0) * 255
    return cv2.LUT(image, tone_curve.astype(np.uint8)).astype(np.uint8, copy=False)


def add_haze(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Blend the image with smooth or uniform white haze, which compresses the contrast of the ink."""
    cells = int(rng.integers(1, 6))
    haze = cv2.resize(rng.uniform(0, rng.uniform(0.2, 0.75), (cells, cells)), image.shape, interpolation=cv2.INTER_CUBIC)
    hazy: Float64Array = np.clip(image * (1 - haze) + 255 * haze, 0, 255)
    return hazy.astype(np.uint8)


def add_line(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Draw a random straight line, or erase along it."""
    ends = rng.integers(-4, MODEL_SIDE_PX + 4, (2, 2))
    grey = 0 if rng.random() < 0.4 else int(rng.integers(120, 256))
    lined = image.copy()
    cv2.line(lined, tuple(map(int, ends[0])), tuple(map(int, ends[1])), grey, 1, cv2.LINE_AA)
    return lined


def add_impulses(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Add salt-and-pepper noise to 1 to 10 % of the pixels."""
    is_noise = rng.random(image.shape) < rng.uniform(0.01, 0.1)
    return np.where(is_noise, rng.choice(np.array([0, 255], np.uint8), image.shape), image).astype(np.uint8)


def outline(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Replace the strokes by their outlines, 2/3 to 2 px wide, by a morphological gradient."""
    large = cv2.resize(image, None, fx=_OUTLINE_SCALE, fy=_OUTLINE_SCALE, interpolation=cv2.INTER_CUBIC)
    binary = cv2.threshold(large, rng.uniform(50, 170), 255, cv2.THRESH_BINARY)[1]
    pen_px = int(rng.integers(2, 2 * _OUTLINE_SCALE + 1))
    edge = cv2.morphologyEx(binary, cv2.MORPH_GRADIENT, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (pen_px, pen_px)))
    small = cv2.resize(edge, image.shape[::-1], interpolation=cv2.INTER_AREA)
    return cv2.convertScaleAbs(small, alpha=rng.uniform(1.0, 2.0)).astype(np.uint8, copy=False)


def invert_edges(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Invert a strip along one edge or along two opposite edges, like a border or a table cell; each up to a third of the side."""
    inverted = image.copy()
    view = inverted if rng.random() < 0.5 else inverted.T
    first, last = rng.integers(2, MODEL_SIDE_PX // 3 + 1, 2)
    sides = rng.integers(3)
    if sides != 0:
        view[:first] ^= 255
    if sides != 1:
        view[-last:] ^= 255
    return inverted


def scan_coarsely(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Downsample the ink to a height of 8 to 16 px with a random aspect ratio, grey or binary, and normalize it as for serving."""
    if not image.any():
        return image
    x, y, width, height = cv2.boundingRect(image)
    height_px = int(rng.integers(8, 17))
    width_px = max(round(height_px * width / height * float(np.exp(rng.normal(0, 0.15)))), 2)
    coarse = cv2.resize(image[y : y + height, x : x + width], (width_px, height_px), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.3:
        coarse = cv2.threshold(coarse, min(rng.uniform(60, 150), float(coarse.max()) - 1), 255, cv2.THRESH_BINARY)[1]
    return normalize_digit(np.asarray(coarse, np.uint8)).model_input


WARPED_SHARE: Final = 0.95
"""Share of the images that are deformed by `warp`."""

STROKE_CHANGED_SHARE: Final = 0.35
"""Share of the images whose strokes are thickened or thinned."""

DEGRADED_SHARE: Final = 0.5
"""Share of the images that are also degraded by one or two of `DEGRADATIONS`, until `ANNEALING_START`."""

DEGRADED_SHARE_AT_END: Final = 0.2
"""Share of the images that are degraded at the end of a training."""

ANNEALING_START: Final = 0.7
"""Progress of a training from which the share of degraded images falls linearly, so that the last epochs are closer to the real data (He
et al. 2019)."""

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
"""The degradations, with their relative frequencies."""

_STEPS: Final = tuple(DEGRADATIONS)
_CUMULATIVE_PROBABILITIES: Final = np.cumsum(list(DEGRADATIONS.values())) / sum(DEGRADATIONS.values())


def degraded_share_at(progress: float) -> float:
    """Compute the share of degraded images at a progress of the training, 0 to 1."""
    return float(np.interp(progress, (ANNEALING_START, 1.0), (DEGRADED_SHARE, DEGRADED_SHARE_AT_END)))


def augment(image: UInt8Array, rng: np.random.Generator, degraded_share: float = DEGRADED_SHARE) -> UInt8Array:
    """Apply random deformations and, with the probability `degraded_share`, one or two degradations to a digit."""
    if rng.random() < WARPED_SHARE:
        image = warp(image, rng)
    if rng.random() < STROKE_CHANGED_SHARE:
        image = change_stroke(image, rng)
    if rng.random() < degraded_share:
        for quantile in rng.random(rng.integers(1, 3)):
            image = _STEPS[np.searchsorted(_CUMULATIVE_PROBABILITIES, quantile)](image, rng)
    return image
