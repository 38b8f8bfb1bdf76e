"""Sheets as they lie flat in even light: their colour, folds and printed lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from digitcore.types import Float32Array, UInt8Array
from synthetic.hard_pages.writing import PlacedMark
from synthetic.paper import Rgb


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Surface:
    """A sheet without its handwriting; arrays have the size of the sheet."""

    rgb: Float32Array
    """Colour, float32 `(H, W, 3)` from 0 to 255."""

    shading: Float32Array
    """Share of the light that folds leave, float32 `(H, W)`, about 1."""

    ruling_mask: UInt8Array
    """uint8 `(H, W)`, 255 on ruled lines."""

    marks: Sequence[PlacedMark] = ()
    is_board: bool = False
    """Whether the ink is chalk: opaque, and lighter than the surface."""

    @property
    def size_wh(self) -> tuple[int, int]:
        """Return width and height in pixels."""
        return self.rgb.shape[1], self.rgb.shape[0]


SurfaceEffect = Callable[[Surface, float, np.random.Generator], Surface]
"""Returns a surface with an effect of a severity from 0 to 1; the one that is passed isn't changed."""


def plain_surface(size_wh: tuple[int, int], marks: Sequence[PlacedMark], rng: np.random.Generator) -> Surface:
    """Make a sheet of white to grey paper."""
    level = rng.uniform(215, 250)
    tint = np.array([0, rng.uniform(-3, 0), rng.uniform(-10, 0)])
    blank = np.zeros((size_wh[1], size_wh[0]), np.uint8)
    rgb = np.broadcast_to((level + tint).astype(np.float32), (*blank.shape, 3)) + fibres(blank.shape, 1.2, rng)[..., np.newaxis]
    return Surface(rgb=np.asarray(rgb, np.float32), shading=np.ones(blank.shape, np.float32), ruling_mask=blank, marks=marks)


def noise(shape: tuple[int, int], cell_px: float, rng: np.random.Generator) -> Float32Array:
    """Return smooth noise of about unit deviation that varies over `cell_px` pixels, float32 `(H, W)`."""
    rows, columns = (max(round(side / cell_px), 2) for side in shape)
    coarse = rng.standard_normal((rows, columns), np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def fibres(shape: tuple[int, int], strength: float, rng: np.random.Generator) -> Float32Array:
    """Return the uneven grey levels of paper, float32 `(H, W)` around 0."""
    return np.asarray(strength * (noise(shape, 1.6, rng) + noise(shape, 5, rng) + 0.7 * noise(shape, 60, rng)), np.float32)


def coloured(surface: Surface, rgb: Rgb, strength: float, rng: np.random.Generator) -> Surface:
    """Return the surface in another colour, with fibres of another strength."""
    shape = surface.shading.shape
    paper = np.array(rgb, np.float32) + fibres(shape, strength, rng)[..., np.newaxis]
    return replace(surface, rgb=np.asarray(paper, np.float32))


def brown_paper(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Take wrapping paper: brown, with fibres; the darker, the more severe."""
    base = np.array((214, 184, 150)) * (1 - 0.3 * severity) + rng.normal(0, 5, 3)
    return coloured(surface, (int(base[0]), int(base[1]), int(base[2])), 1.5 + 4 * severity, rng)


def yellow_note(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Take a yellow note; the more severe, the stronger its colour."""
    return coloured(surface, (250 - int(20 * severity), 240 - int(14 * severity), int(180 - 130 * severity)), 1.2, rng)


def whiteboard(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Take a whiteboard with traces of what was wiped off, and lamps that it reflects."""
    board = coloured(surface, (226, 230, 232), 0.8, rng)
    width, height = surface.size_wh
    strokes = cv2.resize(rng.standard_normal((max(height // 12, 2), 6), np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    wiped = np.clip(noise((height, width), width / 4, rng), 0, 2) * (0.6 + 0.4 * strokes)
    rgb = board.rgb - (3 + 9 * severity) * wiped[..., np.newaxis]
    glare = np.zeros((height, width), np.float32)
    for _ in range(1 + round(2 * severity)):
        corner = rng.uniform((0, 0), (0.8 * width, 0.7 * height))
        sides = rng.uniform((0.06, 0.06), (0.3, 0.3)) * (width, height)
        window = corner + sides * np.array([(0, 0), (1, 0.1), (1, 1), (-0.1, 1)])
        cv2.fillConvexPoly(glare, np.round(window).astype(np.int32), float(rng.uniform(40, 70 + 90 * severity)))
    glare = np.asarray(cv2.blur(cv2.blur(glare, (width // 30, width // 30)), (width // 30, width // 30)), np.float32)
    return replace(board, rgb=np.asarray(rgb, np.float32), shading=np.asarray(surface.shading + glare / 400, np.float32))


def blackboard(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Take a blackboard with smears of chalk."""
    board = coloured(surface, [(40, 62, 52), (48, 50, 52), (30, 34, 40)][rng.integers(3)], 1.5, rng)
    smear = np.clip(noise(surface.shading.shape, surface.size_wh[0] / 8, rng) + 0.5, 0, 2)
    rgb = board.rgb + (4 + 18 * severity) * (smear + 0.15 * noise(smear.shape, 2, rng) * smear)[..., np.newaxis]
    return replace(board, rgb=np.asarray(rgb, np.float32), is_board=True)


def _crease(shape: tuple[int, int], start_xy: tuple[float, float], angle: float, decay: float, length: float) -> Float32Array:
    """Return the shade of a crease: 1 next to it on one side and -1 on the other, falling off with the distance; lengths in short sides."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32) / min(shape)
    x, y = x - start_xy[0], y - start_xy[1]
    across, along = x * np.sin(angle) - y * np.cos(angle), x * np.cos(angle) + y * np.sin(angle)
    return np.asarray(np.sign(across) * np.exp(-np.abs(across) / decay - (along / length) ** 2), np.float32)


def crumpled(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Crumple the sheet: many short creases in all directions, each bright on one side and dark on the other."""
    height, width = surface.shading.shape
    small = (max(height // 4, 2), max(width // 4, 2))
    aspect = np.array([small[1], small[0]]) / min(small)
    relief = np.zeros(small, np.float32)
    for _ in range(round(14 + 26 * severity)):
        start = rng.uniform((0, 0), aspect)
        crease = _crease(small, (start[0], start[1]), rng.uniform(0, np.pi), rng.uniform(0.02, 0.12), rng.uniform(0.08, 0.35))
        relief += rng.uniform(0.3, 1) * crease
    depth = 0.03 + 0.1 * severity
    shade = cv2.GaussianBlur(cv2.resize(relief, (width, height), interpolation=cv2.INTER_CUBIC), (0, 0), 1.5)
    return replace(surface, shading=np.asarray(surface.shading * np.clip(1 + depth * shade, 0.45, 1.3), np.float32))


def folded(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Fold the sheet once or twice, and open it again: straight creases across all of it, with a thin dark line."""
    height, width = surface.shading.shape
    shading = surface.shading.copy()
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    for is_level in (True, False) if rng.random() < 0.5 else (bool(rng.random() < 0.5),):
        side, position, other = (height, y, x) if is_level else (width, x, y)
        at = rng.choice([1 / 3, 0.5, 2 / 3]) * side + rng.normal(0, 0.02) * side + rng.normal(0, 0.01) * other
        distance = (position - at) / min(height, width)
        panel = 0.02 + 0.1 * severity
        shading *= 1 + panel * np.sign(distance) * (0.4 + 0.6 * np.exp(-np.abs(distance) / 0.08))
        shading *= 1 - (0.06 + 0.3 * severity) * np.exp(-((distance / (0.0015 + 0.001 * severity)) ** 2))
    return replace(surface, shading=np.asarray(shading, np.float32))


def gutter(surface: Surface, severity: float, rng: np.random.Generator) -> Surface:
    """Bind the sheet into a book: a shadow that grows darker towards the binding, and a strip of the opposite page beyond it."""
    width = surface.size_wh[0]
    at, is_left = rng.uniform(0.06, 0.1), rng.random() < 0.5
    x = np.linspace(0, 1, width, dtype=np.float32)
    distance = (x if is_left else 1 - x) - np.float32(at)
    reach = np.where(distance > 0, 0.03 + 0.12 * severity, 0.04)
    shade = 1 - (0.3 + 0.55 * severity) * np.exp(-np.abs(distance) / reach) - 0.5 * np.exp(-((distance / 0.003) ** 2))
    return replace(surface, shading=np.asarray(surface.shading * np.maximum(shade, 0.06), np.float32))


PAPERS: Final[dict[str, SurfaceEffect]] = {
    "brown paper": brown_paper,
    "yellow note": yellow_note,
    "whiteboard": whiteboard,
    "blackboard": blackboard,
}
"""Other surfaces than white paper, by name."""

FOLDS: Final[dict[str, SurfaceEffect]] = {"crumpled": crumpled, "folded": folded, "gutter": gutter}
"""Effects on the shape of a sheet, by name."""
