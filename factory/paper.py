"""Paper, pens and light: ink turned into a photograph of writing."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from factory.hands import strokes, write

Photo = npt.NDArray[np.uint8]
Rgb = tuple[int, int, int]

_PEN_SHARE: Final = 0.08
"""A ballpoint's or pencil's width in heights of the digit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is photographed, and under what light."""

    paper_rgb: Rgb = (244, 242, 235)
    ink_rgb: Rgb = (35, 38, 52)
    pen: float = _PEN_SHARE
    """Width of the pen in heights of the digit."""

    light_fall: float = 0.0
    """Share of the light that is lost from the upper left to the lower right corner."""

    shadow: float = 0.0
    """Share of the light that a soft-edged shadow across the picture takes."""

    blur_px: float = 0.8
    noise: float = 3.0
    """Standard deviation of the sensor's noise, in grey levels."""


def photograph(text: str, hand: str, size_wh: tuple[int, int], height_px: float, scene: Scene, seed: int) -> Photo:
    """A number written in one line across the middle of a sheet.

    Args:
        text: digits.
        hand: one of `factory.hands.HANDS`.
        size_wh: width and height of the picture in pixels.
        height_px: height of the digits.
        scene: paper, pen and light.
        seed: the writer's and the sensor's chance.

    Returns:
        uint8 `(H, W, 3)` RGB.
    """
    rng = np.random.default_rng(seed)
    ink = _written(text, hand, size_wh, height_px, scene.pen * height_px, rng)
    coverage = cv2.GaussianBlur(ink, (0, 0), scene.blur_px).astype(np.float32)[..., np.newaxis] / 255
    flat = np.array(scene.paper_rgb) * (1 - coverage) + np.array(scene.ink_rgb) * coverage
    lit = flat * _light(size_wh, scene)[..., np.newaxis] + rng.normal(0, scene.noise, (*ink.shape, 1))
    return np.clip(lit, 0, 255).astype(np.uint8)


def _written(text: str, hand: str, size_wh: tuple[int, int], height_px: float, pen_px: float, rng: np.random.Generator) -> Photo:
    ink = np.zeros((size_wh[1], size_wh[0]), np.uint8)
    pitch_px = 0.95 * height_px
    left = (size_wh[0] - pitch_px * (len(text) - 1) - 0.68 * height_px) / 2
    top = (size_wh[1] - height_px) / 2
    for index, digit in enumerate(text):
        sway_x, sway_y = rng.normal(0, 0.02 * height_px, 2)
        corner_xy = (left + index * pitch_px + sway_x, top + sway_y)
        ink = write(ink, strokes(int(digit), hand), corner_xy, height_px, pen_px)
    return ink


def _light(size_wh: tuple[int, int], scene: Scene) -> npt.NDArray[np.float32]:
    """The share of the light that reaches each pixel, float32 `(H, W)`."""
    width, height = size_wh
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    falling = 1 - scene.light_fall * (x / width + y / height) / 2
    edge = 1 / (1 + np.exp(-(x - 0.55 * width + 0.4 * (y - height / 2)) / (0.03 * width)))
    return np.asarray(falling * (1 - scene.shadow * edge), np.float32)
