"""Synthetic photographs of handwriting: ink rendered with a paper, a pen, light and a camera."""

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np

from digitcore.types import Float32Array, UInt8Array
from synthetic.hands import strokes, write

Rgb = tuple[int, int, int]
Ruling = Literal["plain", "squared", "ruled"]

_PEN_WIDTH: Final = 0.08
"""Width of a ballpoint or pencil, in heights of the digit."""

SKIN_RGB: Final = (205, 150, 120)

_STAMP_HEIGHT: Final = 0.03
"""Height of the camera's date stamp, in heights of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Paper, ink, light and camera of a photograph."""

    paper_rgb: Rgb = (244, 242, 235)
    ink_rgb: Rgb = (35, 38, 52)
    pen: float = _PEN_WIDTH
    """Width of the pen, in heights of the digit."""

    grain: float = 0.0
    """Unevenness of the coverage by a pencil or chalk, 0 (uniform) to 1."""

    ruling: Ruling = "plain"
    ruling_rgb: Rgb = (170, 195, 220)
    ruling_step: float = 0.06
    """Distance between ruled lines, in short sides of the picture."""

    show_through: float = 0.0
    """Contrast of print that shows through from the other side of the sheet, 0 to 1."""

    tilt_deg: float = 0.0
    """Rotation of the sheet in the picture, counter-clockwise."""

    background_share: float = 0.0
    """Width of the table that is visible on each side of the sheet, as a share of that side of the picture."""

    background_rgb: Rgb = (98, 70, 48)
    finger: bool = False
    """Whether a thumb holds the sheet at its lower edge."""

    light_rgb: Rgb = (255, 255, 255)
    """Colour of the light."""

    light_fall: float = 0.0
    """Share of the light that is lost from the upper left to the lower right corner."""

    shadow: float = 0.0
    """Share of the light that a shadow across the picture blocks."""

    shadow_edge: float = 0.03
    """Softness of the shadow's edge, in widths of the picture."""

    blur_px: float = 0.8
    noise: float = 3.0
    """Standard deviation of the sensor's noise, in grey levels."""

    stamp: str = ""
    """Text of the date stamp in the lower right corner; empty for none."""

    grey: bool = False
    """Whether the photograph is greyscale."""

    jpeg_quality: int = 0
    """Quality of the JPEG compression that is applied, 1 to 100; 0 for none."""


def photograph(text: str, hand: str, size_wh: tuple[int, int], height_px: float, scene: Scene, seed: int) -> UInt8Array:
    """Render a photograph of a number, written in one line across the middle of a sheet.

    Args:
        text: digits.
        hand: the handwriting style, a key of `synthetic.hands.HANDS`.
        size_wh: width and height of the picture in pixels.
        height_px: height of the digits in pixels.
        scene: paper, pen, light and camera.
        seed: random seed of the writing, the paper and the sensor's noise.

    Returns:
        uint8 `(H, W, 3)` RGB.
    """
    rng = np.random.default_rng(seed)
    return photograph_ink(_write_line(text, hand, size_wh, height_px, scene.pen * height_px, rng), scene, rng)


def photograph_ink(ink: UInt8Array, scene: Scene, rng: np.random.Generator) -> UInt8Array:
    """Render a photograph of given ink on a sheet.

    Args:
        ink: uint8 `(H, W)`, white ink on black.
        scene: paper, ink, light and camera.
        rng: random generator of the paper and the sensor's noise.

    Returns:
        uint8 `(H, W, 3)` RGB.
    """
    coverage = cv2.GaussianBlur(ink, (0, 0), scene.blur_px).astype(np.float32)[..., np.newaxis] / 255
    if scene.grain:
        coverage *= (1 - scene.grain * rng.random(ink.shape, np.float32))[..., np.newaxis]
    blank = _render_blank_sheet(ink.shape[::-1], scene)
    sheet = _rotate(np.asarray(blank * (1 - coverage) + np.array(scene.ink_rgb, np.float32) * coverage, np.float32), scene)
    surface = _add_thumb(_add_background(sheet, scene, rng), scene, rng)
    light = np.array(scene.light_rgb, np.float32) / 255 * _illumination(ink.shape[::-1], scene)[..., np.newaxis]
    lit = surface * light + rng.normal(0, scene.noise, (*ink.shape, 1))
    return _process_in_camera(np.clip(lit, 0, 255).astype(np.uint8), scene)


def _write_line(text: str, hand: str, size_wh: tuple[int, int], height_px: float, pen_px: float, rng: np.random.Generator) -> UInt8Array:
    """Write digits in one line, slightly displaced at random: uint8 `(H, W)`, white ink on black."""
    ink = np.zeros((size_wh[1], size_wh[0]), np.uint8)
    pitch_px = 0.95 * height_px
    left = (size_wh[0] - pitch_px * (len(text) - 1) - 0.68 * height_px) / 2
    top = (size_wh[1] - height_px) / 2
    for index, digit in enumerate(text):
        jitter_x, jitter_y = rng.normal(0, 0.02 * height_px, 2)
        corner_xy = (left + index * pitch_px + jitter_x, top + jitter_y)
        ink = write(ink, strokes(int(digit), hand), corner_xy, height_px, pen_px)
    return ink


def _render_blank_sheet(size_wh: tuple[int, int], scene: Scene) -> Float32Array:
    """Render the sheet without ink in even white light, float32 `(H, W, 3)` RGB from 0 to 255: colour, ruled lines, show-through."""
    width, height = size_wh
    sheet = np.full((height, width, 3), scene.paper_rgb, np.float32)
    if scene.show_through:
        back = np.zeros((height, width), np.uint8)
        for line, y in enumerate(range(height // 12, height, height // 12)):
            print_through = "Lorem ipsum 40 dolor sit amet 17"[line % 7 :]
            cv2.putText(back, print_through, (width // 20, y), cv2.FONT_HERSHEY_COMPLEX, height / 700, 255, 2, cv2.LINE_AA)
        sheet *= 1 - scene.show_through * cv2.GaussianBlur(back[:, ::-1], (0, 0), 2)[..., np.newaxis].astype(np.float32) / 255
    step_px = max(round(scene.ruling_step * min(size_wh)), 8)
    line_px = max(round(min(size_wh) / 500), 1)
    if scene.ruling != "plain":
        for y in range(step_px // 2, height, step_px):
            sheet[y : y + line_px] = scene.ruling_rgb
    if scene.ruling == "squared":
        for x in range(step_px // 2, width, step_px):
            sheet[:, x : x + line_px] = scene.ruling_rgb
    return sheet


def _rotate(sheet: Float32Array, scene: Scene) -> Float32Array:
    """Rotate the sheet about its centre; new area repeats the edge pixels."""
    if not scene.tilt_deg:
        return sheet
    height, width = sheet.shape[:2]
    rotation = cv2.getRotationMatrix2D((width / 2, height / 2), scene.tilt_deg, 1)
    return np.asarray(cv2.warpAffine(sheet, rotation, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _add_thumb(picture: Float32Array, scene: Scene, rng: np.random.Generator) -> Float32Array:
    """Draw a thumb that covers a part of the lower edge of the picture."""
    if not scene.finger:
        return picture
    height, width = picture.shape[:2]
    centre = (int(rng.uniform(0.1, 0.9) * width), height)
    thumb = np.zeros((height, width), np.uint8)
    cv2.ellipse(thumb, centre, (round(0.05 * width), round(0.09 * height)), rng.uniform(-20, 20), 0, 360, 255, -1, cv2.LINE_AA)
    coverage = cv2.GaussianBlur(thumb, (0, 0), max(width / 400, 0.5))[..., np.newaxis].astype(np.float32) / 255
    return np.asarray(picture * (1 - coverage) + np.array(SKIN_RGB, np.float32) * coverage, np.float32)


def _add_background(sheet: Float32Array, scene: Scene, rng: np.random.Generator) -> Float32Array:
    """Draw a table with a wood grain around the sheet, which becomes a quadrilateral that is nearly a rectangle."""
    if not scene.background_share:
        return sheet
    height, width = sheet.shape[:2]
    margin_x, margin_y = scene.background_share * width, scene.background_share * height
    corners = np.array(
        [(margin_x, margin_y), (width - margin_x, margin_y), (width - margin_x, height - margin_y), (margin_x, height - margin_y)]
    )
    corners += rng.uniform(-0.35, 0.35, (4, 2)) * (margin_x, margin_y)
    mask = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(mask, np.round(corners).astype(np.int32), 255, cv2.LINE_AA)
    grain = cv2.resize(rng.normal(0, 8, (height // 6 + 1, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    background = np.array(scene.background_rgb, np.float32) + grain[..., np.newaxis]
    coverage = mask[..., np.newaxis].astype(np.float32) / 255
    return np.asarray(sheet * coverage + background * (1 - coverage), np.float32)


def _illumination(size_wh: tuple[int, int], scene: Scene) -> Float32Array:
    """Compute the share of the light that reaches each pixel, float32 `(H, W)` from 0 to 1."""
    width, height = size_wh
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    gradient = 1 - scene.light_fall * (x / width + y / height) / 2
    distance = (x - 0.55 * width + 0.4 * (y - height / 2)) / (scene.shadow_edge * width)
    return np.asarray(gradient * (1 - scene.shadow / (1 + np.exp(np.clip(-distance, -60, 60)))), np.float32)


def _process_in_camera(photo: UInt8Array, scene: Scene) -> UInt8Array:
    """Apply the camera's date stamp, greyscale mode and JPEG compression, as far as the scene has them."""
    if scene.stamp:
        height, width = photo.shape[:2]
        scale = _STAMP_HEIGHT * height / 22  # capitals of OpenCV's Hershey fonts are 22 px high at scale 1
        corner = (int(width - 20 * scale * len(scene.stamp)), int(height - 30 * scale))
        photo = photo.copy()
        cv2.putText(photo, scene.stamp, corner, cv2.FONT_HERSHEY_SIMPLEX, scale, (255, 140, 40), max(round(2 * scale), 1), cv2.LINE_AA)
    if scene.grey:
        photo = np.repeat(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)[..., np.newaxis], 3, axis=2)
    if scene.jpeg_quality:
        _, encoded = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, scene.jpeg_quality])
        photo = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
    return photo
