"""Light on a picture: lamps, dark rims, shadows and uneven exposure. Each effect maps float32 `(H, W, 3)` from 0 to 255 to the same."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from digitcore.types import Float32Array

PictureEffect = Callable[[Float32Array, float, np.random.Generator], Float32Array]
"""Returns a picture with an effect of a severity from 0 to 1; the one that is passed isn't changed."""

_MAP_PX: Final = 160
"""Longer side of a map of light before it is enlarged."""


def _coordinates(shape: tuple[int, ...]) -> tuple[Float32Array, Float32Array]:
    """Return x and y of a coarse map of the picture, in shares of its shorter side."""
    scale = _MAP_PX / max(shape[:2])
    rows, columns = (max(round(side * scale), 2) for side in shape[:2])
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float32)
    return np.asarray(x / min(rows, columns)), np.asarray(y / min(rows, columns))


def _lit(picture: Float32Array, light: Float32Array, tint: Float32Array | None = None) -> Float32Array:
    """Multiply a picture by a coarse map of light, float32 `(h, w)`, and a tint, float32 `(3,)`."""
    full = cv2.resize(light.astype(np.float32), (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_CUBIC)
    tinted = full[..., np.newaxis] if tint is None else full[..., np.newaxis] * tint
    return np.asarray(picture * tinted, np.float32)


def gentle_light(picture: Float32Array, rng: np.random.Generator) -> Float32Array:
    """Apply the light of every picture: a slight gradient and tint."""
    x, y = _coordinates(picture.shape)
    angle, fall = rng.uniform(0, 2 * np.pi), rng.uniform(0.02, 0.18)
    slope = x * np.cos(angle) + y * np.sin(angle)
    light = 0.98 - fall * (slope - slope.min()) / np.ptp(slope)
    tint = np.array([1.0, rng.uniform(0.96, 1.0), rng.uniform(0.88, 1.0)], np.float32)
    return _lit(picture, np.asarray(light * rng.uniform(0.72, 1.0), np.float32), tint)


def lamp(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Light the picture by a lamp: a bright spot, and less light the further from it."""
    x, y = _coordinates(picture.shape)
    at_x, at_y = rng.uniform(0.2, 0.8) * x.max(), rng.uniform(0.15, 0.85) * y.max()
    angle, stretch = rng.uniform(0, np.pi), rng.uniform(1, 1.8)
    along = (x - at_x) * np.cos(angle) + (y - at_y) * np.sin(angle)
    across = (y - at_y) * np.cos(angle) - (x - at_x) * np.sin(angle)
    distance = (along / stretch) ** 2 + across**2
    spread = rng.uniform(0.22, 0.5)
    floor = 0.75 - 0.5 * severity
    light = floor + (1.08 - floor) / (1 + distance / spread**2) ** 1.3
    tint = np.array([1.0, rng.uniform(0.93, 1.0), rng.uniform(0.78, 1.0)], np.float32)
    return _lit(picture, np.asarray(light, np.float32), tint)


def dark_rim(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Darken the picture towards its corners and edges, as small lenses and a phone's own shadow do."""
    x, y = _coordinates(picture.shape)
    centre_x, centre_y = (rng.uniform(0.4, 0.6) * axis.max() for axis in (x, y))
    radius = np.hypot((x - centre_x) / x.max(), (y - centre_y) / y.max()) * 2
    inner = rng.uniform(0.3, 0.6)
    fall = np.clip((radius - inner) / (1.42 - inner), 0, None)
    return _lit(picture, np.asarray(1 - (0.3 + 0.6 * severity) * np.minimum(fall, 1) ** 1.4, np.float32))


def hand_shadow(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Cast the shadow of a hand or phone: a broad strip from an edge, sometimes two that overlap, with soft edges."""
    x, y = _coordinates(picture.shape)
    light = np.ones_like(x)
    for _ in range(int(rng.integers(1, 3))):
        angle = rng.choice([0, 0.5, 1, 1.5]) * np.pi + rng.normal(0, 0.25)
        across = x * np.cos(angle) + y * np.sin(angle)
        along = y * np.cos(angle) - x * np.sin(angle)
        edge = across.min() + rng.uniform(0.3, 0.7) * np.ptp(across)
        softness = rng.choice([0.004, 0.015, 0.05])
        covered = 1 / (1 + np.exp(np.clip(-(across - edge) / softness, -60, 60)))
        middle, half = along.min() + rng.uniform(0.2, 0.8) * np.ptp(along), rng.uniform(0.15, 0.8)
        covered *= 1 / (1 + np.exp(np.clip((np.abs(along - middle) - half) / (1.5 * softness), -60, 60)))
        light *= 1 - (0.2 + 0.5 * severity) * rng.uniform(0.6, 1.0) * covered
    return _lit(picture, np.asarray(light, np.float32))


def uneven_exposure(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Expose the picture wrongly: one side is burnt out, or all of it is dark with little contrast."""
    x, y = _coordinates(picture.shape)
    angle = rng.uniform(0, 2 * np.pi)
    slope = x * np.cos(angle) + y * np.sin(angle)
    share = (slope - slope.min()) / np.ptp(slope)
    if rng.random() < 0.5:
        brightened = _lit(picture, np.asarray(1 + (0.15 + 0.75 * severity) * share**1.5, np.float32))
        haze = cv2.resize((255 * 0.5 * severity * share**2).astype(np.float32), (picture.shape[1], picture.shape[0]))[..., np.newaxis]
        return np.asarray(np.clip(brightened, 0, 255) * (1 - haze / 255) + haze, np.float32)
    dim = _lit(picture, np.asarray(1 - (0.1 + 0.3 * severity) * share, np.float32))
    return np.asarray(dim * (0.75 - 0.4 * severity) + 8, np.float32)


def reflections(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Add the reflections of lamps on a glossy surface: soft white spots that veil what is below."""
    x, y = _coordinates(picture.shape)
    veil = np.zeros_like(x)
    for _ in range(int(rng.integers(1, 4))):
        at_x, at_y = rng.uniform(0, 1) * x.max(), rng.uniform(0, 1) * y.max()
        width, height = rng.uniform(0.04, 0.22, 2)
        distance = ((x - at_x) / width) ** 2 + ((y - at_y) / height) ** 2
        veil = np.maximum(veil, rng.uniform(0.6, 1.0) * (0.25 + 0.6 * severity) / (1 + distance**1.5))
    full = cv2.resize(veil.astype(np.float32), (picture.shape[1], picture.shape[0]), interpolation=cv2.INTER_CUBIC)[..., np.newaxis]
    return np.asarray(picture * (1 - full) + 255 * full, np.float32)


LIGHTS: Final[dict[str, PictureEffect]] = {
    "lamp": lamp,
    "dark rim": dark_rim,
    "hand shadow": hand_shadow,
    "reflections": reflections,
    "uneven exposure": uneven_exposure,
}
"""Effects on the light, by name, in the order in which they are applied."""
