"""Raise the local contrast of an image and smooth its noise. Pure functions, uint8 `(H, W)` in and out."""

import cv2
import numpy as np

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


def smooth(grey: UInt8Array, sigma_px: float) -> UInt8Array:
    """Convolve an image with a Gaussian, cut off at three standard deviations.

    Args:
        grey: uint8 `(H, W)`.
        sigma_px: standard deviation of the Gaussian in pixels, greater than 0.

    Returns:
        uint8 `(H, W)`.
    """
    return cv2.GaussianBlur(grey, (0, 0), sigma_px).astype(np.uint8, copy=False)
