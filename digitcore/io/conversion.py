"""Conversion of pixel arrays of any depth and colour model to 8-bit RGB of a working size."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.types import Float32Array, UInt8Array

WORKING_SIDE_PX: Final = 1_600
"""The longest side of a picture that is read; larger ones are reduced.

A line of writing of a fiftieth of the page's height still has 32 pixels.
"""

_LIGHT_INK_LEVEL: Final = 128
"""Mean grey level of the opaque pixels from which a transparent picture counts as light ink: the middle of the range."""

_OPAQUE_ALPHA: Final = 255
_INTEGER_FULL_SCALES: Final = (255.0, 4_095.0, 65_535.0)
"""The full scales of 8, 12 and 16 bits."""

_FLOAT32_SAFE_RANGE: Final = (2.0**-100, 2.0**100)
"""Absolute levels that float32 can subtract and multiply by 255 without overflow, and with its full precision."""


def check_array(source: object) -> None:
    """Check that a value is an array that can be read as a picture.

    Args:
        source: Any value.

    Raises:
        ValueError: It isn't uint8 of shape `(H, W)`, `(H, W, 3)` or `(H, W, 4)`.
    """
    expected = "expected bytes or uint8 of shape (H, W), (H, W, 3) or (H, W, 4)"
    if not isinstance(source, np.ndarray):
        raise ValueError(f"{expected}, received {type(source).__name__}.")
    channels = source.shape[2] if source.ndim == 3 else 1
    if source.dtype != np.uint8 or source.ndim not in (2, 3) or (source.ndim == 3 and channels not in (3, 4)):
        raise ValueError(f"{expected}, received {source.dtype} of shape {source.shape}.")


def to_eight_bits(deep: npt.NDArray[np.generic]) -> UInt8Array:
    """Scale deeper grey levels to 8 bits.

    Integers are scaled by the smallest of 8, 12 and 16 bits that holds their values: scanners store 12 bits in 16, which would be almost
    black if they were scaled as 16. Floating-point and negative values are scaled by their own range.

    Args:
        deep: Grey levels of any integer or floating-point type; values that are not finite count as 0.

    Returns:
        uint8 of the same shape.

    Examples:
        >>> to_eight_bits(np.array([0, 1024, 4095], np.uint16)).tolist()
        [0, 64, 255]
        >>> to_eight_bits(np.array([-1e300, 0.0, 1e300])).tolist()
        [0, 128, 255]
    """
    values = _to_float32(deep)
    low, high = float(values.min()), float(values.max())
    if low >= 0 and not np.issubdtype(deep.dtype, np.floating):
        full_scale = next((scale for scale in _INTEGER_FULL_SCALES if high <= scale), high)
        return np.round(values * (255.0 / full_scale)).astype(np.uint8)
    span = high - low or 1.0
    return np.round((values - low) * (255.0 / span)).astype(np.uint8)


def _to_float32(deep: npt.NDArray[np.generic]) -> Float32Array:
    """Convert levels to float32: 0 where they aren't finite, and relative to the greatest where that is too large or small to calculate."""
    if not np.issubdtype(deep.dtype, np.floating):
        return deep.astype(np.float32)
    levels = np.where(np.isfinite(deep), deep, 0)
    greatest = max(levels.max(), -levels.min())
    least_safe, most_safe = _FLOAT32_SAFE_RANGE
    is_safe = greatest == 0 or least_safe <= float(greatest) <= most_safe
    return np.asarray(levels if is_safe else levels / greatest, np.float32)


def reduce_to_working_size(pixels: UInt8Array) -> UInt8Array:
    """Reduce a picture to a long side of at most `WORKING_SIDE_PX`, by area averaging.

    Args:
        pixels: uint8 `(H, W)` or `(H, W, channels)`.

    Returns:
        The reduced picture; the array itself where it is small enough.
    """
    height, width = pixels.shape[:2]
    scale = WORKING_SIDE_PX / max(width, height)
    if scale >= 1:
        return pixels
    size_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(pixels, size_wh, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def to_rgb(pixels: UInt8Array) -> UInt8Array:
    """Convert grey or RGBA to RGB.

    Args:
        pixels: uint8 `(H, W)`, `(H, W, 3)` RGB or `(H, W, 4)` RGBA.

    Returns:
        uint8 `(H, W, 3)`; the array itself where it is RGB already.
    """
    if pixels.ndim == 2:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB).astype(np.uint8, copy=False)
    return pixels if pixels.shape[2] == 3 else composite_on_paper(pixels)


def composite_on_paper(image_rgba: UInt8Array) -> UInt8Array:
    """Composite a transparent picture on white paper under dark ink, or on black under light ink.

    Args:
        image_rgba: uint8 `(H, W, 4)`, alpha not premultiplied.

    Returns:
        uint8 `(H, W, 3)` RGB.
    """
    rgb = cv2.cvtColor(image_rgba, cv2.COLOR_RGBA2RGB).astype(np.uint8, copy=False)
    if int(image_rgba[..., 3].min()) == _OPAQUE_ALPHA:
        return rgb
    alpha = image_rgba[..., 3:].astype(np.float32) / _OPAQUE_ALPHA
    weight = float(alpha.sum())
    if weight == 0:
        return np.full_like(rgb, 255)
    brightness = float((rgb * alpha).sum()) / (3 * weight)
    paper = 0 if brightness >= _LIGHT_INK_LEVEL else 255
    return np.round(rgb * alpha + paper * (1 - alpha)).astype(np.uint8)
