"""Where a camera sees a sheet: the place of its corners in the picture, its bend, and the surface around it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.types import Float32Array, Float64Array
from synthetic.hard_pages.scenery import BACKGROUNDS

_MIN_INK_MARGIN: Final = 0.015
"""Least distance of the writing from the picture's border, as a share of its sides."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class View:
    """A camera's view of a sheet; sheet and picture have the same size in pixels."""

    size_wh: tuple[int, int]
    corners: Float64Array
    """Corners of the sheet in the picture, float64 `(4, 2)`, clockwise from the upper left one, as shares of its sides."""

    bend: float = 0.0
    """Height of the curve into which a level line bends, as a share of the height of the sheet."""

    background: str = "leather"
    """A key of `BACKGROUNDS`, or "keyboard"."""

    @property
    def homography(self) -> Float64Array:
        """Return the matrix that maps pixels of the sheet to those of the picture, float64 `(3, 3)`."""
        sheet = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * self.size_wh
        matrix = cv2.getPerspectiveTransform(sheet.astype(np.float32), (self.corners * self.size_wh).astype(np.float32))
        return np.asarray(matrix, np.float64)

    def project(self, points: Float64Array) -> Float64Array:
        """Map points of the sheet, float64 `(N, 2)` in pixels, into the picture."""
        bent = points + np.stack([np.zeros(len(points)), self._shift(points[:, 0])], axis=1)
        return np.asarray(cv2.perspectiveTransform(bent[np.newaxis].astype(np.float64), self.homography)[0], np.float64)

    def warp(self, image: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Take the picture of a sheet, uint8 or float32 `(H, W)` or `(H, W, 3)`, without a background: what is around the sheet is 0."""
        width, height = self.size_wh
        if not self.bend:
            return np.asarray(cv2.warpPerspective(image, self.homography, (width, height), flags=cv2.INTER_LINEAR), image.dtype)
        y, x = np.mgrid[0:height, 0:width].astype(np.float32)
        inverse = np.linalg.inv(self.homography).astype(np.float32)
        depth = inverse[2, 0] * x + inverse[2, 1] * y + inverse[2, 2]
        at_x = (inverse[0, 0] * x + inverse[0, 1] * y + inverse[0, 2]) / depth
        at_y = (inverse[1, 0] * x + inverse[1, 1] * y + inverse[1, 2]) / depth
        at_y -= self._shift(at_x).astype(np.float32)
        return np.asarray(cv2.remap(image, at_x, at_y, cv2.INTER_LINEAR), image.dtype)

    def _shift(self, x: Float64Array | Float32Array) -> Float64Array:
        """Return how far a point of the sheet lies above its place on a flat one."""
        share = x / self.size_wh[0]
        return np.asarray(-4 * self.bend * self.size_wh[1] * share * (1 - share), np.float64)


ViewEffect = Callable[[View, float, np.random.Generator], View]
"""Returns a view with an effect of a severity from 0 to 1."""


def filling_view(size_wh: tuple[int, int], rng: np.random.Generator) -> View:
    """Make a view that the sheet fills: its corners lie a little outside."""
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], np.float64)
    outwards = np.sign(corners - 0.5)
    return View(
        size_wh=size_wh, corners=corners + outwards * rng.uniform(0.04, 0.09, (4, 2)), background=str(rng.choice(list(BACKGROUNDS)))
    )


def sheet_on_background(view: View, severity: float, rng: np.random.Generator) -> View:
    """Move the camera away until the whole sheet is visible; the more severe, the smaller it is."""
    share = 0.94 - 0.4 * severity
    offset = rng.uniform(0.25, 0.75, 2) * (1 - share)
    corners = offset + share * np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) + rng.uniform(-0.02, 0.02, (4, 2))
    return replace(view, corners=np.asarray(corners, np.float64))


def background_strip(view: View, severity: float, rng: np.random.Generator) -> View:
    """Show a strip of the surface along one edge of the picture."""
    corners = view.corners.copy()
    side, width = int(rng.integers(4)), 0.02 + 0.14 * severity
    axis, limit = ((1, 0.0), (0, 1.0), (1, 1.0), (0, 0.0))[side]
    for index in (side, (side + 1) % 4):
        corners[index, axis] = abs(limit - width * rng.uniform(0.7, 1.3))
    return replace(view, corners=corners)


def keyboard_strip(view: View, severity: float, rng: np.random.Generator) -> View:
    """Show a keyboard along one edge of the picture."""
    return replace(background_strip(view, 0.4 + 0.6 * severity, rng), background="keyboard")


def turned(view: View, severity: float, rng: np.random.Generator) -> View:
    """Turn the sheet by up to 12 degrees."""
    angle = np.deg2rad(2 + 10 * severity) * rng.choice([-1, 1])
    aspect = np.array([1.0, view.size_wh[1] / view.size_wh[0]])
    rotation = np.array([(np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))])
    centre = view.corners.mean(axis=0)
    return replace(view, corners=np.asarray(((view.corners - centre) * aspect) @ rotation / aspect + centre, np.float64))


def perspective(view: View, severity: float, rng: np.random.Generator) -> View:
    """Look at the sheet from one side: the opposite edge is shorter and nearer."""
    shrink = 0.04 + 0.18 * severity
    far, corners, centre = int(rng.integers(4)), view.corners.copy(), view.corners.mean(axis=0)
    for index in (far, (far + 1) % 4):
        corners[index] += shrink * (centre - corners[index])
    for index in ((far + 2) % 4, (far + 3) % 4):
        corners[index] -= 0.6 * shrink * (centre - corners[index])
    return replace(view, corners=corners + rng.uniform(-0.02, 0.02, (4, 2)))


def bent(view: View, severity: float, rng: np.random.Generator) -> View:
    """Bend the sheet, as pages of an open book are."""
    return replace(view, bend=float((0.01 + 0.04 * severity) * rng.choice([-1, 1])))


def containing(view: View, points: Float64Array) -> View:
    """Return the view, moved and shrunk as far as needed to keep points of the sheet, float64 `(N, 2)`, inside of the picture."""
    projected = view.project(points) / view.size_wh
    low, high = projected.min(axis=0), projected.max(axis=0)
    free = 1 - 2 * _MIN_INK_MARGIN
    scale = float(min(1.0, (free / (high - low)).min()))
    corners, low, high = view.corners * scale, low * scale, high * scale
    shift = np.maximum(_MIN_INK_MARGIN - low, 0) - np.maximum(high - (1 - _MIN_INK_MARGIN), 0)
    return replace(view, corners=np.asarray(corners + shift, np.float64))


VIEWS: Final[dict[str, ViewEffect]] = {
    "sheet on background": sheet_on_background,
    "background strip": background_strip,
    "keyboard strip": keyboard_strip,
    "perspective": perspective,
    "turned": turned,
    "bent": bent,
}
"""Effects on the view, by name, in the order in which they are applied."""
