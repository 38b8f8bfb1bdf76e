"""Crop ink, and put pieces of it together in one picture."""

from collections.abc import Sequence
from typing import Protocol

import cv2
import numpy as np

from digitcore.layout.boxes import union_box
from digitcore.types import Box, UInt8Array


class InkPatch(Protocol):
    """A piece of ink and where it is on the page: a mark or a segment of one."""

    @property
    def ink(self) -> UInt8Array:
        """Return its ink alone, uint8 `(h, w)`, white on black, of its box's size."""

    @property
    def box(self) -> Box:
        """Return its box on the page, in pixels."""


def bounding_box(ink: UInt8Array) -> Box:
    """Find the smallest box around all ink.

    Args:
        ink: uint8 `(H, W)`; every level above 0 is ink.

    Returns:
        The box in pixels.

    Raises:
        ValueError: there is no ink.
    """
    x, y, width, height = cv2.boundingRect(ink)
    if width == 0:
        raise ValueError("expected some ink, received an empty picture.")
    return Box(x, y, width, height)


def crop_to_ink(ink: UInt8Array) -> UInt8Array:
    """Crop an image to the bounding box of its ink.

    Args:
        ink: uint8 `(H, W)`, white on black, with some ink.

    Returns:
        uint8 `(h, w)`, a copy.

    Raises:
        ValueError: there is no ink.
    """
    x, y, width, height = bounding_box(ink)
    return ink[y : y + height, x : x + width].copy()


def merge_ink(patches: Sequence[InkPatch]) -> UInt8Array:
    """Merge the ink of some patches within the smallest box that contains them.

    Args:
        patches: at least one.

    Returns:
        uint8 `(h, w)`; for one patch its own array, not a copy.
    """
    return patches[0].ink if len(patches) == 1 else paste_ink(patches, union_box(patch.box for patch in patches))


def paste_ink(patches: Sequence[InkPatch], box: Box) -> UInt8Array:
    """Paste the ink of some patches into an empty picture; where they overlap, the brighter level is kept.

    Args:
        patches: any number.
        box: the picture's place on the page; contains the boxes of all patches.

    Returns:
        uint8 `(h, w)` of the box's size.
    """
    ink = np.zeros((box.height, box.width), np.uint8)
    for patch in patches:
        x, y, width, height = patch.box
        window = ink[y - box.y : y - box.y + height, x - box.x : x - box.x + width]
        np.maximum(window, patch.ink, out=window)
    return ink
