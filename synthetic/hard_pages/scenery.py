"""What is in the picture besides the sheet: the surface that it lies on, of several materials, keyboards, and fingers."""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from digitcore.types import Float32Array, UInt8Array
from synthetic.hard_pages.surfaces import noise

Background = Callable[[tuple[int, int], np.random.Generator], Float32Array]
"""Returns a surface without light, float32 `(H, W, 3)` RGB from 0 to 255, for a shape `(H, W)`."""

_SKINS_RGB: Final = ((228, 180, 152), (214, 160, 130), (186, 130, 100), (140, 92, 68), (96, 62, 46))


def wood(shape: tuple[int, int], rng: np.random.Generator) -> Float32Array:
    """Render a wooden surface: a fine grain along one side, in broad boards."""
    tall, wide = (shape[0], shape[1]) if rng.random() < 0.5 else (shape[1], shape[0])
    fine, broad = (
        cv2.resize(rng.standard_normal((max(tall // step_px, 2), 4), np.float32), (wide, tall), interpolation=cv2.INTER_CUBIC)
        for step_px in (3, 25)
    )
    grain = np.asarray(fine + 1.5 * broad, np.float32)
    oriented = grain if (tall, wide) == shape else grain.T
    base = np.array([(128, 88, 56), (92, 58, 38), (176, 134, 92), (70, 46, 36)][rng.integers(4)], np.float32)
    return np.asarray(base * (1 + 0.05 * oriented[..., np.newaxis]), np.float32)


def leather(shape: tuple[int, int], rng: np.random.Generator) -> Float32Array:
    """Render dark leather or plastic with a fine relief."""
    level = rng.uniform(14, 50)
    grey = level * (1 + 0.25 * np.abs(noise(shape, 3, rng)) + 0.2 * noise(shape, 200, rng))
    return np.asarray(grey[..., np.newaxis] * np.array((1.0, 1.0, 1.05)), np.float32)


def cloth(shape: tuple[int, int], rng: np.random.Generator) -> Float32Array:
    """Render a woven cloth: fine threads both ways, with soft folds."""
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float32)
    step = rng.uniform(3, 7)
    weave = np.sin(2 * np.pi * x / step) + np.sin(2 * np.pi * y / step)
    base = rng.uniform(50, 190, 3).astype(np.float32)
    shade = 1 + 0.05 * weave + 0.12 * noise(shape, min(shape) / 5, rng)
    return np.asarray(base * shade[..., np.newaxis], np.float32)


def light_surface(shape: tuple[int, int], rng: np.random.Generator) -> Float32Array:
    """Render a light surface, nearly as bright as paper."""
    base = rng.uniform(165, 225) + np.array((0, rng.uniform(-8, 0), rng.uniform(-20, 0)))
    return np.asarray(base + (2 * noise(shape, 2, rng) + 5 * noise(shape, 120, rng))[..., np.newaxis], np.float32)


def keyboard(shape: tuple[int, int], rng: np.random.Generator) -> Float32Array:
    """Render a keyboard: rows of keys that are displaced against one another, dark with light letters or light with dark ones."""
    height, width = shape
    is_dark = rng.random() < 0.75
    base, key, letter = (24.0, 46.0, 190.0) if is_dark else (150.0, 222.0, 70.0)
    grey = np.full(shape, base, np.uint8)
    pitch = min(shape) * rng.uniform(0.07, 0.13)
    corner = max(round(0.1 * pitch), 1)
    for row in range(int(height / pitch) + 1):
        x = -pitch * rng.uniform(0, 1)
        while x < width:
            key_width = pitch * (rng.choice([1, 1, 1, 1, 1, 1, 1.5, 2]) if row % 6 else 1)
            left, top, right, bottom = (round(value) for value in (x + 2, row * pitch + 2, x + key_width - 2, (row + 1) * pitch - 2))
            shade = key + float(rng.normal(0, 2))
            cv2.rectangle(grey, (left + corner, top), (right - corner, bottom), shade, -1)
            cv2.rectangle(grey, (left, top + corner), (right, bottom - corner), shade, -1)
            character = "QWERTUIPADFHJKLXCVNM"[rng.integers(20)]
            baseline = (left + round(0.15 * pitch), top + round(0.5 * pitch))
            cv2.putText(grey, character, baseline, cv2.FONT_HERSHEY_SIMPLEX, pitch / 75, letter, max(round(pitch / 40), 1), cv2.LINE_AA)
            x += key_width
    return np.repeat(grey[..., np.newaxis].astype(np.float32), 3, axis=2)


BACKGROUNDS: Final[dict[str, Background]] = {"wood": wood, "leather": leather, "cloth": cloth, "light surface": light_surface}
"""The surfaces around a sheet, by material."""


def fingers(picture: Float32Array, ink_mask: UInt8Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Hold the sheet by one to three fingers, which come from an edge and cover no writing.

    Args:
        picture: float32 `(H, W, 3)`.
        ink_mask: uint8 `(H, W)`, what must stay visible.
        severity: 0 for the tip of a finger to 1 for long and broad ones.
        rng: random generator.

    Returns:
        The picture with the fingers, float32 `(H, W, 3)`.
    """
    height, width = picture.shape[:2]
    skin = np.array(_SKINS_RGB[rng.integers(len(_SKINS_RGB))], np.float32)
    thickness = min(height, width) * (0.05 + 0.05 * severity)
    side, place = int(rng.integers(4)), rng.uniform(0.1, 0.9)
    held = picture
    for index in range(int(rng.integers(1, 4))):
        along, length = place + index * 2.3 * thickness / (width if side % 2 else height), (0.05 + 0.16 * severity) * rng.uniform(0.8, 1.1)
        root = {0: (0, along), 1: (along, 0), 2: (1, along), 3: (along, 1)}[side]
        inwards = {0: (1.0, 0.0), 1: (0.0, 1.0), 2: (-1.0, 0.0), 3: (0.0, -1.0)}[side]
        start = np.array(root) * (width, height)
        direction = np.array(inwards) + rng.normal(0, 0.15, 2)
        held = _with_finger(held, ink_mask, skin, start, direction * length * max(height, width), thickness)
    return held


def _with_finger(
    picture: Float32Array, ink_mask: UInt8Array, skin: Float32Array, start: Float32Array, reach: Float32Array, thickness: float
) -> Float32Array:
    """Draw one finger with its nail and the shadow that it casts; shorten it while it covers ink."""
    shape = picture.shape[:2]
    for _ in range(6):
        tip = start + reach
        shape_mask = np.zeros(shape, np.uint8)
        ends = [(round(float(x)), round(float(y))) for x, y in (start - reach, tip)]
        cv2.line(shape_mask, ends[0], ends[1], 255, max(round(thickness), 3), cv2.LINE_AA)
        if not (ink_mask[shape_mask > 0]).any():
            break
        reach = reach * 0.6
    else:
        return picture
    inner = cv2.distanceTransform((shape_mask > 127).astype(np.uint8), cv2.DIST_L2, 3) / (thickness / 2)
    shade = (0.55 + 0.5 * np.sqrt(np.clip(inner, 0, 1)))[..., np.newaxis]
    colour = skin * shade
    nail = np.zeros(shape, np.uint8)
    at = tip + reach / (np.linalg.norm(reach) + 1e-6) * 0.1 * thickness
    angle = float(np.degrees(np.arctan2(reach[1], reach[0])))
    cv2.ellipse(
        nail,
        (round(at[0]), round(at[1])),
        (max(round(0.3 * thickness), 1), max(round(0.25 * thickness), 1)),
        angle,
        0,
        360,
        255,
        -1,
        cv2.LINE_AA,
    )
    nailed = _mix(colour, np.asarray(0.55 * skin + 0.45 * np.array((250, 225, 215)), np.float32), nail, 1.5)
    shadow = cv2.GaussianBlur(shape_mask, (0, 0), thickness / 5).astype(np.float32)[..., np.newaxis] / 255
    return _mix(np.asarray(picture * (1 - 0.45 * shadow), np.float32), nailed, shape_mask, 1.2)


def _mix(below: Float32Array, above: Float32Array, mask: UInt8Array, blur_px: float) -> Float32Array:
    coverage = cv2.GaussianBlur(mask, (0, 0), blur_px).astype(np.float32)[..., np.newaxis] / 255
    return np.asarray(below * (1 - coverage) + above * coverage, np.float32)
