"""Raise the local contrast of an image and smooth its noise. Pure functions, uint8 `(H, W)` in and out."""

import cv2
import numpy as np

from digitcore.preprocessing.parameters import EnhancementParams
from digitcore.types import UInt8Array


def clahe(grey: UInt8Array, clip_limit: float, tiles: int) -> UInt8Array:
    """Equalise the contrast locally: contrast-limited adaptive histogram equalisation (Zuiderveld 1994).

    Args:
        grey: uint8 `(H, W)`.
        clip_limit: how many times the mean count of a bin a bin of a tile's histogram keeps; the higher, the more contrast.
        tiles: number of tiles along each side.

    Returns:
        uint8 `(H, W)`.
    """
    return cv2.createCLAHE(clip_limit, (tiles, tiles)).apply(grey).astype(np.uint8, copy=False)


def smooth(grey: UInt8Array, sigma_px: float, params: EnhancementParams = EnhancementParams()) -> UInt8Array:
    """Convolve an image with a Gaussian.

    Args:
        grey: uint8 `(H, W)`.
        sigma_px: standard deviation of the Gaussian in pixels, greater than 0.
        params: they tell the size of the kernel.

    Returns:
        uint8 `(H, W)`.
    """
    side_px = 2 * round(params.kernel_radius * sigma_px) + 1
    return cv2.GaussianBlur(grey, (side_px, side_px), sigma_px).astype(np.uint8, copy=False)
