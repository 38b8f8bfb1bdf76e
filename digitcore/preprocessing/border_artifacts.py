"""Find and remove what reaches into an image from its borders: the surface around a sheet, a thumb, the edge of a shadow."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from digitcore.preprocessing.background import MIN_INK_DARKNESS
from digitcore.preprocessing.line_detection import thin_line_window_px
from digitcore.preprocessing.morphology import square_element
from digitcore.preprocessing.parameters import SheetParams
from digitcore.preprocessing.resampling import border_pixels, subsample, subsampling_stride
from digitcore.types import BoolArray, Int32Array, Int64Array, UInt8Array

MAX_BORDER_CONTACT: Final = 0.5
"""Greatest share of its own length with which writing touches a side of the image; what touches it with more lies along it."""

_MIN_STRIP_LENGTH: Final = 0.9
"""Least share of a side of the image that a strip along it covers."""

_MAX_SLIVER_DEPTH: Final = 0.02
"""Greatest thickness of a sheet's edge, or of the surface around it, just within the image, as a share of the short side."""

_MIN_FRAME_LENGTH: Final = 0.45
"""Least share of the image's whole border that is dark where a sheet lies on a dark surface."""

_MIN_RIM_SHARE: Final = 0.3
"""Least share of its pixels that the blurred rim of an artifact has close to the artifact."""

_MIN_EDGE_PX: Final = 5
"""Least side of the structuring element that widens an artifact by its blurred edge, in pixels."""

_MAX_REDUCTION: Final = 4
"""Greatest factor by which a mask is reduced before its components are labelled."""


@dataclass(frozen=True, slots=True)
class _BorderContact:
    """How the components of a mask touch the four sides of the image: arrays of a row for top, bottom, left and right."""

    contact_px: Int64Array
    """`(4, N)`: how many pixels of the side each component covers, the background being component 0."""

    extent_px: Int32Array
    """`(4, N)`: length of each component along the side."""

    depth_px: Int32Array
    """`(4, N)`: how far each component extends at right angles to the side."""

    side_px: Int64Array
    """`(4, 1)`: length of the side."""

    @classmethod
    def measure(cls, labels: Int32Array, stats: Int32Array) -> "_BorderContact":
        """Measure the contact of labelled components; `stats` as `cv2.connectedComponentsWithStats` gives them."""
        height, width = labels.shape
        sides = (labels[0], labels[-1], labels[:, 0], labels[:, -1])
        widths, heights = stats[:, cv2.CC_STAT_WIDTH], stats[:, cv2.CC_STAT_HEIGHT]
        return cls(
            contact_px=np.stack([np.bincount(side, minlength=len(stats)) for side in sides]),
            extent_px=np.stack([widths, widths, heights, heights]),
            depth_px=np.stack([heights, heights, widths, widths]),
            side_px=np.array([width, width, height, height])[:, np.newaxis],
        )


def find_border_artifacts(dark: UInt8Array, outside_sheet: BoolArray) -> BoolArray:
    """Find what is as dark as ink, broader than a line and reaches into the image from its borders.

    Args:
        dark: uint8 `(H, W)`, as `darkness` gives it.
        outside_sheet: bool `(H, W)`, as `mask_outside_sheet` gives it.

    Returns:
        bool `(H, W)`, `outside_sheet` included.
    """
    level = cv2.threshold(subsample(dark), 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
    if level < MIN_INK_DARKNESS or not (outside_sheet.any() or (border_pixels(dark) > int(level)).any()):
        return outside_sheet
    broad = cv2.morphologyEx((dark > int(level)).view(np.uint8), cv2.MORPH_OPEN, square_element(thin_line_window_px(dark.shape)))
    artifacts = border_components(broad | outside_sheet.view(np.uint8), outside_sheet)
    if not artifacts.any():
        return artifacts
    edge = square_element(max(_MIN_EDGE_PX, SheetParams().edge_width * min(dark.shape)))
    return np.asarray(cv2.dilate(artifacts.view(np.uint8), edge) > 0)


def remove_border_artifacts(ink: BoolArray, outside_sheet: BoolArray, artifacts: BoolArray) -> BoolArray:
    """Remove ink that reaches in from the borders, touches what is outside of the sheet, or is the rim of an artifact.

    Args:
        ink: bool `(H, W)`.
        outside_sheet: bool `(H, W)`, as `mask_outside_sheet` gives it.
        artifacts: bool `(H, W)`, as `find_border_artifacts` gives it.

    Returns:
        bool `(H, W)`; where nothing would be left, all ink of the sheet: it then is a digit that touches the borders.
    """
    has_sheet = outside_sheet.any()
    removed = border_components((ink | outside_sheet | artifacts).view(np.uint8) if has_sheet else ink.view(np.uint8), outside_sheet)
    if artifacts.any() and not has_sheet:
        removed = removed | _rims(ink, artifacts)
    if not removed.any():
        return ink
    kept = ink & ~removed
    return kept if kept.any() else ink & ~outside_sheet


def border_components(mask: UInt8Array, outside_sheet: BoolArray) -> BoolArray:
    """Select the connected components of a mask that are border artifacts: thumbs, strips, frames. Writing may touch the borders, too.

    Args:
        mask: uint8 `(H, W)`, 0 or 1.
        outside_sheet: bool `(H, W)`, as `mask_outside_sheet` gives it: components that touch it are selected.

    Returns:
        bool `(H, W)`, `outside_sheet` included.
    """
    if not (outside_sheet.any() or border_pixels(mask).any()):
        return outside_sheet
    stride = min(subsampling_stride(mask), _MAX_REDUCTION)
    # this anchor makes each pixel that is kept the union of its block of `stride` × `stride` pixels
    small = np.ascontiguousarray(cv2.dilate(mask, np.ones((stride, stride), np.uint8), anchor=(0, 0))[::stride, ::stride])
    _, *found = cv2.connectedComponentsWithStats(small, connectivity=8)
    labels, stats = np.asarray(found[0], np.int32), np.asarray(found[1], np.int32)
    contact = _BorderContact.measure(labels, stats)
    selected = _are_thumbs(contact) | _are_slivers(contact) | _are_strips(contact) | _are_frames(contact)
    selected[np.unique(labels[outside_sheet[::stride, ::stride]])] = True
    selected[0] = False
    enlarged = selected[labels].repeat(stride, axis=1).repeat(stride, axis=0)[: mask.shape[0], : mask.shape[1]]
    return np.asarray(enlarged & (mask > 0) | outside_sheet)


def _lie_along_border(contact: _BorderContact) -> BoolArray:
    """Check which components touch a side of the image with a large part of their own length: bool `(N,)`."""
    return np.asarray((contact.contact_px > MAX_BORDER_CONTACT * contact.extent_px).any(axis=0))


def _are_thumbs(contact: _BorderContact) -> BoolArray:
    """Check which components lie along one side of the image and touch no other: bool `(N,)`."""
    return np.asarray(_lie_along_border(contact) & ((contact.contact_px > 0).sum(axis=0) == 1))


def _are_slivers(contact: _BorderContact) -> BoolArray:
    """Check which components lie along a side of the image and are thinner than writing, even if they end in a corner: bool `(N,)`."""
    is_thin = contact.depth_px <= _MAX_SLIVER_DEPTH * contact.side_px.min()
    lies_along = contact.contact_px > np.maximum(MAX_BORDER_CONTACT * contact.extent_px, contact.depth_px)
    return np.asarray((is_thin & lies_along).any(axis=0))


def _are_strips(contact: _BorderContact) -> BoolArray:
    """Check which components cover nearly a whole side of the image and don't reach the opposite one: bool `(N,)`."""
    opposite_px = contact.contact_px[[1, 0, 3, 2]]
    return np.asarray(((contact.contact_px > _MIN_STRIP_LENGTH * contact.side_px) & (opposite_px == 0)).any(axis=0))


def _are_frames(contact: _BorderContact) -> BoolArray:
    """Check which components lie along a border that is dark in large part, as around a sheet on a dark surface: bool `(N,)`."""
    is_dark_border = contact.contact_px[:, 1:].sum() > _MIN_FRAME_LENGTH * contact.side_px.sum()
    return np.asarray(_lie_along_border(contact) & is_dark_border)


def _rims(ink: BoolArray, artifacts: BoolArray) -> BoolArray:
    """Select the components of ink that lie with a large part of their pixels close to an artifact: its blurred edge."""
    near = cv2.dilate(artifacts.view(np.uint8), square_element(max(_MIN_EDGE_PX, 2 * SheetParams().edge_width * min(ink.shape))))
    count, labels = cv2.connectedComponents(ink.view(np.uint8), connectivity=8)
    near_px, all_px = np.bincount(labels[near > 0], minlength=count), np.bincount(labels.ravel(), minlength=count)
    are_rims = near_px > _MIN_RIM_SHARE * all_px
    are_rims[0] = False
    return np.asarray(are_rims[labels])
