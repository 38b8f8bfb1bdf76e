"""From a grey picture to ink on nothing: what is writing, what is paper, and how dark each stroke is.

One pure function a step, uint8 `(H, W)` in and out. CLAHE and smoothing help to find the ink; how dark it is is then
measured on the grey picture itself, against the paper around it.
"""

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]

SMALL_SIDE_PX: Final = 96
"""Pictures with a shorter side are enlarged to it, so that strokes are several pixels wide."""

UNEVEN_LIGHT: Final = 0.35
"""Light that changes across the paper by more than this share of the ink's contrast needs an adaptive threshold."""

NOISE_FACTOR: Final = 3.5
"""Ink stands out of the paper's noise by this many standard deviations: splitting pure Gaussian noise in two by Otsu's
method puts its halves 2.6 apart, the faintest pencil in a phone's photo about 5."""

_MEDIAN_SIDE_PX: Final = 96
"""The background is a slow thing: its median is taken on a picture reduced to this long side."""

_EDGE_SHARE: Final = 0.02
"""Width of the rim that is looked at for paper, as a share of the short side."""

_LITTLE_PAPER: Final = 0.02
"""Where less of the picture than this is away from all ink, paper close to ink has to do."""

_MAD_TO_SD: Final = 1.4826
"""Median absolute deviation to standard deviation, for a normal distribution."""


@dataclass(frozen=True, slots=True, eq=False)
class Threshold:
    """A picture in two: what is bright and what isn't."""

    bright: Mask
    method: Literal["otsu", "adaptive"]
    level: float
    """Otsu: the grey level. Adaptive: how far above the neighbourhood's grey, in grey levels (negative: below)."""


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """What was written."""

    levels: Grey
    """uint8 `(H, W)`: white ink on black, 255 for ink as dark as the median stroke."""

    contrast: float
    """Median difference between ink and the paper around it, as a share of the full grey range."""

    noise: float
    """Standard deviation of the bare paper, as a share of the full grey range."""

    def visible(self, minimum_contrast: float) -> bool:
        """Whether this is ink at all: enough contrast, and well above the paper's noise."""
        return self.contrast >= minimum_contrast and self.contrast >= NOISE_FACTOR * self.noise


def to_grey(image_rgb: Grey) -> Grey:
    """Luma of an RGB picture, uint8 `(H, W, 3)` to `(H, W)` (ITU-R BT.601)."""
    return cv2.cvtColor(image_rgb, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


def enlarge(grey: Grey) -> Grey:
    """Small pictures by a whole factor to a short side of at least `SMALL_SIDE_PX`; others as they are."""
    factor = -(-SMALL_SIDE_PX // min(grey.shape))
    if factor == 1:
        return grey
    return cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)


def clahe(grey: Grey, clip: float, tiles: int) -> Grey:
    """Contrast-limited adaptive histogram equalisation (Zuiderveld 1994) over `tiles` × `tiles` tiles."""
    return cv2.createCLAHE(clip, (tiles, tiles)).apply(grey).astype(np.uint8, copy=False)


def smooth(grey: Grey, sigma_px: float) -> Grey:
    """Gaussian smoothing with this standard deviation."""
    return cv2.GaussianBlur(grey, (0, 0), sigma_px).astype(np.uint8, copy=False)


def otsu_threshold(grey: Grey) -> Threshold:
    """One grey level for the whole picture, by Otsu's method (1979)."""
    level, bright = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    return Threshold(bright > 0, "otsu", float(level))


def adaptive_threshold(grey: Grey, window: float) -> Threshold:
    """One grey level for each neighbourhood: its median, and one offset for all, found by Otsu's method.

    Args:
        grey: uint8 `(H, W)`.
        window: side of the neighbourhood as a share of the short side.
    """
    return _split_against(grey, background(grey, window))


def _split_against(grey: Grey, paper: Grey) -> Threshold:
    """Bright and dark told apart by how far each pixel lies from the paper's grey."""
    difference = grey.astype(np.int16) - paper
    flattened = np.clip(difference + 128, 0, 255).astype(np.uint8)
    split = otsu_threshold(flattened)
    return Threshold(split.bright, "adaptive", split.level - 128)


def background(grey: Grey, window: float) -> Grey:
    """The paper without its writing: the median over windows of this share of the short side."""
    height, width = grey.shape
    scale = min(1.0, _MEDIAN_SIDE_PX / max(height, width))
    size_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(grey, size_wh, interpolation=cv2.INTER_AREA)
    window_px = 2 * max(1, round(window * min(size_wh) / 2)) + 1
    slow = cv2.blur(cv2.medianBlur(small, window_px), (3, 3))
    return cv2.resize(slow, (width, height), interpolation=cv2.INTER_LINEAR).astype(np.uint8, copy=False)


def choose_threshold(grey: Grey, window: float) -> Threshold:
    """Otsu's, unless the light across the paper changes too much for a single level."""
    split = otsu_threshold(grey)
    if split.bright.all() or not split.bright.any():
        return split
    contrast = float(grey[split.bright].mean() - grey[~split.bright].mean())
    paper = background(grey, window)
    low, high = np.percentile(paper[::4, ::4], (5, 95))
    return _split_against(grey, paper) if high - low > UNEVEN_LIGHT * contrast else split


def estimate_polarity(bright: Mask) -> Literal["dark_ink", "light_ink"]:
    """Paper is what fills more of the picture and more of its rim; ink is the other.

    Args:
        bright: bool `(H, W)`, a thresholded picture.
    """
    rim_px = max(1, round(_EDGE_SHARE * min(bright.shape)))
    rim = (bright[:rim_px], bright[-rim_px:], bright[:, :rim_px], bright[:, -rim_px:])
    rim_share = np.concatenate([side.ravel() for side in rim]).mean()
    return "dark_ink" if rim_share + bright.mean() >= 1 else "light_ink"


def measure_ink(grey: Grey, ink: Mask) -> Ink:
    """How dark each stroke is against the paper around it.

    Args:
        grey: uint8 `(H, W)`, before any equalisation.
        ink: bool `(H, W)`, where the ink was found.
    """
    if not ink.any() or ink.all():
        return Ink(np.zeros_like(grey), 0.0, 0.0)
    bare = ~_grown(ink, 2)
    if bare.mean() < _LITTLE_PAPER:
        bare = ~ink
    difference = np.abs(grey.astype(np.int16) - _paper(grey, bare)).astype(np.float32)
    contrast = max(float(np.median(difference[ink])), 1.0)
    noise = _MAD_TO_SD * float(np.median(difference[bare]))
    levels = np.where(_grown(ink, 1), np.clip(difference * (255 / contrast), 0, 255), 0)
    return Ink(levels.astype(np.uint8), contrast / 255, noise / 255)


def _grown(mask: Mask, by_px: int) -> Mask:
    kernel = np.ones((2 * by_px + 1, 2 * by_px + 1), np.uint8)
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0


def _paper(grey: Grey, bare: Mask) -> Grey:
    """The grey of the bare paper, carried across the strokes: a mean over windows that leaves the ink out."""
    side_px = 2 * (max(8, min(grey.shape) // 8) // 2) + 1
    weight = bare.astype(np.float32)
    total = cv2.blur(grey * weight, (side_px, side_px))
    count = cv2.blur(weight, (side_px, side_px))
    fallback = float(np.median(grey[bare]))
    return np.where(count > 1e-3, total / np.maximum(count, 1e-3), fallback).astype(np.uint8)
