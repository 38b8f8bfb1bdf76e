"""Paper, pens, light and camera: ink turned into a photograph of writing."""

from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np

from digitcore.types import Float32Array, UInt8Array
from synthetic.hands import strokes, write

Rgb = tuple[int, int, int]
Ruling = Literal["plain", "squared", "ruled"]

_PEN_SHARE: Final = 0.08
"""A ballpoint's or pencil's width in heights of the digit."""

SKIN_RGB: Final = (205, 150, 120)

_STAMP_HEIGHT: Final = 0.03
"""Height of a camera's date stamp in heights of the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """What is photographed, under what light, by what camera."""

    paper_rgb: Rgb = (244, 242, 235)
    ink_rgb: Rgb = (35, 38, 52)
    pen: float = _PEN_SHARE
    """Width of the pen in heights of the digit."""

    grain: float = 0.0
    """How unevenly a pencil or chalk covers the paper, 0 to 1."""

    ruling: Ruling = "plain"
    ruling_rgb: Rgb = (170, 195, 220)
    ruling_step: float = 0.06
    """Distance of the printed lines in short sides of the picture."""

    show_through: float = 0.0
    """How dark print on the other side of the sheet shows, as a share of full contrast."""

    tilt_deg: float = 0.0
    """How far the camera was turned against the sheet."""

    desk: float = 0.0
    """Share of the picture that a desk takes on each side of the sheet."""

    desk_rgb: Rgb = (98, 70, 48)
    finger: bool = False
    """A thumb holds the sheet at its lower edge."""

    light_rgb: Rgb = (255, 255, 255)
    """The lamp's colour."""

    light_fall: float = 0.0
    """Share of the light that is lost from the upper left to the lower right corner."""

    shadow: float = 0.0
    """Share of the light that a shadow across the picture takes."""

    shadow_edge: float = 0.03
    """How softly the shadow ends, in widths of the picture."""

    blur_px: float = 0.8
    noise: float = 3.0
    """Standard deviation of the sensor's noise, in grey levels."""

    stamp: str = ""
    """The date that a camera prints into the lower right corner."""

    grey: bool = False
    """Taken without colours."""

    jpeg_quality: int = 0
    """Saved as JPEG of this quality, 1 to 100, and read again; 0 leaves that out."""


def photograph(text: str, hand: str, size_wh: tuple[int, int], height_px: float, scene: Scene, seed: int) -> UInt8Array:
    """Photograph a number written in one line across the middle of a sheet.

    Args:
        text: digits.
        hand: one of `factory.hands.HANDS`.
        size_wh: width and height of the picture in pixels.
        height_px: height of the digits.
        scene: paper, pen, light and camera.
        seed: the writer's and the sensor's chance.

    Returns:
        uint8 `(H, W, 3)` RGB.
    """
    rng = np.random.default_rng(seed)
    return photograph_ink(_written(text, hand, size_wh, height_px, scene.pen * height_px, rng), scene, rng)


def photograph_ink(ink: UInt8Array, scene: Scene, rng: np.random.Generator) -> UInt8Array:
    """Photograph given ink on a sheet.

    Args:
        ink: uint8 `(H, W)`, white on black.
        scene: paper, pen, light and camera.
        rng: the paper's and the sensor's chance.

    Returns:
        uint8 `(H, W, 3)` RGB.
    """
    cover = cv2.GaussianBlur(ink, (0, 0), scene.blur_px).astype(np.float32)[..., np.newaxis] / 255
    if scene.grain:
        cover *= (1 - scene.grain * rng.random(ink.shape, np.float32))[..., np.newaxis]
    sheet = _sheet(ink.shape[::-1], scene)
    flat = _tilted(np.asarray(sheet * (1 - cover) + np.array(scene.ink_rgb, np.float32) * cover, np.float32), scene)
    flat = _held(_on_desk(flat, scene, rng), scene, rng)
    light = np.array(scene.light_rgb, np.float32) / 255 * _light(ink.shape[::-1], scene)[..., np.newaxis]
    lit = flat * light + rng.normal(0, scene.noise, (*ink.shape, 1))
    return _developed(np.clip(lit, 0, 255).astype(np.uint8), scene)


def _written(text: str, hand: str, size_wh: tuple[int, int], height_px: float, pen_px: float, rng: np.random.Generator) -> UInt8Array:
    ink = np.zeros((size_wh[1], size_wh[0]), np.uint8)
    pitch_px = 0.95 * height_px
    left = (size_wh[0] - pitch_px * (len(text) - 1) - 0.68 * height_px) / 2
    top = (size_wh[1] - height_px) / 2
    for index, digit in enumerate(text):
        sway_x, sway_y = rng.normal(0, 0.02 * height_px, 2)
        corner_xy = (left + index * pitch_px + sway_x, top + sway_y)
        ink = write(ink, strokes(int(digit), hand), corner_xy, height_px, pen_px)
    return ink


def _sheet(size_wh: tuple[int, int], scene: Scene) -> Float32Array:
    """Draw the bare sheet under white light, float32 `(H, W, 3)`: colour, ruled lines, show-through."""
    width, height = size_wh
    sheet = np.full((height, width, 3), scene.paper_rgb, np.float32)
    if scene.show_through:
        back = np.zeros((height, width), np.uint8)
        for line, y in enumerate(range(height // 12, height, height // 12)):
            print_through = "Lorem ipsum 40 dolor sit amet 17"[line % 7 :]
            cv2.putText(back, print_through, (width // 20, y), cv2.FONT_HERSHEY_COMPLEX, height / 700, 255, 2, cv2.LINE_AA)
        sheet *= 1 - scene.show_through * cv2.GaussianBlur(back[:, ::-1], (0, 0), 2)[..., np.newaxis].astype(np.float32) / 255
    step_px = max(round(scene.ruling_step * min(size_wh)), 8)
    thin_px = max(round(min(size_wh) / 500), 1)
    if scene.ruling != "plain":
        for y in range(step_px // 2, height, step_px):
            sheet[y : y + thin_px] = scene.ruling_rgb
    if scene.ruling == "squared":
        for x in range(step_px // 2, width, step_px):
            sheet[:, x : x + thin_px] = scene.ruling_rgb
    return sheet


def _tilted(flat: Float32Array, scene: Scene) -> Float32Array:
    if not scene.tilt_deg:
        return flat
    height, width = flat.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), scene.tilt_deg, 1)
    return np.asarray(cv2.warpAffine(flat, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _held(flat: Float32Array, scene: Scene, rng: np.random.Generator) -> Float32Array:
    """Put a thumb on the sheet that reaches in from below."""
    if not scene.finger:
        return flat
    height, width = flat.shape[:2]
    centre = (int(rng.uniform(0.1, 0.9) * width), height)
    thumb = np.zeros((height, width), np.uint8)
    cv2.ellipse(thumb, centre, (round(0.05 * width), round(0.09 * height)), rng.uniform(-20, 20), 0, 360, 255, -1, cv2.LINE_AA)
    share = cv2.GaussianBlur(thumb, (0, 0), max(width / 400, 0.5))[..., np.newaxis].astype(np.float32) / 255
    return np.asarray(flat * (1 - share) + np.array(SKIN_RGB, np.float32) * share, np.float32)


def _on_desk(flat: Float32Array, scene: Scene, rng: np.random.Generator) -> Float32Array:
    """Put the sheet on a table: its edges are nearly straight, its corners nearly square."""
    if not scene.desk:
        return flat
    height, width = flat.shape[:2]
    margin_x, margin_y = scene.desk * width, scene.desk * height
    corners = np.array(
        [(margin_x, margin_y), (width - margin_x, margin_y), (width - margin_x, height - margin_y), (margin_x, height - margin_y)]
    )
    corners += rng.uniform(-0.35, 0.35, (4, 2)) * (margin_x, margin_y)
    sheet = np.zeros((height, width), np.uint8)
    cv2.fillConvexPoly(sheet, np.round(corners).astype(np.int32), 255, cv2.LINE_AA)
    streaks = cv2.resize(rng.normal(0, 8, (height // 6 + 1, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    desk = np.array(scene.desk_rgb, np.float32) + streaks[..., np.newaxis]
    share = sheet[..., np.newaxis].astype(np.float32) / 255
    return np.asarray(flat * share + desk * (1 - share), np.float32)


def _light(size_wh: tuple[int, int], scene: Scene) -> Float32Array:
    """Compute the share of the light that reaches each pixel, float32 `(H, W)`."""
    width, height = size_wh
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    falling = 1 - scene.light_fall * (x / width + y / height) / 2
    along = (x - 0.55 * width + 0.4 * (y - height / 2)) / (scene.shadow_edge * width)
    return np.asarray(falling * (1 - scene.shadow / (1 + np.exp(np.clip(-along, -60, 60)))), np.float32)


def _developed(photo: UInt8Array, scene: Scene) -> UInt8Array:
    """Add the camera's date stamp and its compression."""
    if scene.stamp:
        height, width = photo.shape[:2]
        scale = _STAMP_HEIGHT * height / 22  # Hershey's capitals are 22 px high at scale 1
        corner = (int(width - 20 * scale * len(scene.stamp)), int(height - 30 * scale))
        photo = photo.copy()
        cv2.putText(photo, scene.stamp, corner, cv2.FONT_HERSHEY_SIMPLEX, scale, (255, 140, 40), max(round(2 * scale), 1), cv2.LINE_AA)
    if scene.grey:
        photo = np.repeat(cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)[..., np.newaxis], 3, axis=2)
    if scene.jpeg_quality:
        _, encoded = cv2.imencode(".jpg", photo, [cv2.IMWRITE_JPEG_QUALITY, scene.jpeg_quality])
        photo = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
    return photo
