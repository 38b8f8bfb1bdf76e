"""Find and remove what reaches into an image from its borders: the surface around a sheet, a thumb, the edge of a shadow."""

from dataclasses import dataclass

import cv2
import numpy as np

from digitcore.preprocessing.component_labels import label_components
from digitcore.preprocessing.line_detection import thin_line_window_px
from digitcore.preprocessing.morphology import square_element
from digitcore.preprocessing.parameters import BorderArtifactsParams, LineDetectionParams, PreprocessingParams
from digitcore.preprocessing.resampling import border_pixels, subsample, subsampling_stride
from digitcore.types import BoolArray, Int32Array, Int64Array, UInt8Array


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


def find_border_artifacts(dark: UInt8Array, outside_sheet: BoolArray, params: PreprocessingParams = PreprocessingParams()) -> BoolArray:
    """Find what is as dark as ink, broader than a line and reaches into the image from its borders.

    Args:
        dark: uint8 `(H, W)`, as `darkness` gives it.
        outside_sheet: bool `(H, W)`, as `mask_outside_sheet` gives it.
        params: those of border artifacts, sheet, threshold, line detection and resampling are used.

    Returns:
        bool `(H, W)`, `outside_sheet` included.
    """
    level = cv2.threshold(subsample(dark, params.resampling), 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[0]
    if level < params.thresholding.min_ink_darkness or not (outside_sheet.any() or (border_pixels(dark) > int(level)).any()):
        return outside_sheet
    thin_element = square_element(thin_line_window_px(dark.shape, params.line_detection))
    broad = cv2.morphologyEx((dark > int(level)).view(np.uint8), cv2.MORPH_OPEN, thin_element)
    artifacts = border_components(broad | outside_sheet.view(np.uint8), outside_sheet, params)
    if not artifacts.any():
        return artifacts
    edge = square_element(max(params.sheet.min_edge_px, params.sheet.edge_width * min(dark.shape)))
    return np.asarray(cv2.dilate(artifacts.view(np.uint8), edge) > 0)


def remove_border_artifacts(
    ink: BoolArray, outside_sheet: BoolArray, artifacts: BoolArray, params: PreprocessingParams = PreprocessingParams()
) -> BoolArray:
    """Remove ink that reaches in from the borders, touches what is outside of the sheet, or is the rim of an artifact.

    Args:
        ink: bool `(H, W)`.
        outside_sheet: bool `(H, W)`, as `mask_outside_sheet` gives it.
        artifacts: bool `(H, W)`, as `find_border_artifacts` gives it.
        params: those of border artifacts, sheet and resampling are used.

    Returns:
        bool `(H, W)`; where nothing would be left, all ink of the sheet: it then is a digit that touches the borders.
    """
    has_sheet = outside_sheet.any()
    mask = ink | outside_sheet | artifacts if has_sheet else ink
    removed = border_components(mask.view(np.uint8), outside_sheet, params)
    if artifacts.any() and not has_sheet:
        removed = removed | _rims(ink, artifacts, params)
    if not removed.any():
        return ink
    kept = ink & ~removed
    return kept if kept.any() else ink & ~outside_sheet


def border_components(mask: UInt8Array, outside_sheet: BoolArray, params: PreprocessingParams = PreprocessingParams()) -> BoolArray:
    """Select the connected components of a mask that are border artifacts: thumbs, strips, frames. Writing may touch the borders, too.

    Args:
        mask: uint8 `(H, W)`, 0 or 1.
        outside_sheet: bool `(H, W)`, as `mask_outside_sheet` gives it: components that touch it are selected.
        params: those of border artifacts, sheet, line detection and resampling are used.

    Returns:
        bool `(H, W)`, `outside_sheet` included.
    """
    if not (outside_sheet.any() or border_pixels(mask).any()):
        return outside_sheet
    stride = min(subsampling_stride(mask, params.resampling), params.resampling.max_reduction)
    # this anchor makes each pixel that is kept the union of its block of `stride` × `stride` pixels
    small = np.ascontiguousarray(cv2.dilate(mask, np.ones((stride, stride), np.uint8), anchor=(0, 0))[::stride, ::stride], np.uint8)
    labels, stats = label_components(small)
    contact = _BorderContact.measure(labels, stats)
    selected = _are_thumbs(contact, params.border_artifacts) | _are_frames(contact, params.border_artifacts)
    selected |= _are_slivers(contact, params) | _are_strips(contact, params.line_detection)
    selected[labels[outside_sheet[::stride, ::stride]]] = True
    selected[0] = False
    if not selected.any():
        return outside_sheet
    enlarged = selected[labels].repeat(stride, axis=1).repeat(stride, axis=0)[: mask.shape[0], : mask.shape[1]]
    return np.asarray(enlarged & mask.view(np.bool_) | outside_sheet)


def _lie_along_border(contact: _BorderContact, params: BorderArtifactsParams) -> BoolArray:
    """Check which components touch a side of the image with a large part of their own length: bool `(N,)`."""
    return np.asarray((contact.contact_px > params.max_border_contact * contact.extent_px).any(axis=0))


def _are_thumbs(contact: _BorderContact, params: BorderArtifactsParams) -> BoolArray:
    """Check which components lie along one side of the image and touch no other: bool `(N,)`."""
    return np.asarray(_lie_along_border(contact, params) & ((contact.contact_px > 0).sum(axis=0) == 1))


def _are_slivers(contact: _BorderContact, params: PreprocessingParams) -> BoolArray:
    """Check which components lie along a side of the image and are as thin as a blurred edge, even if they end in a corner: bool `(N,)`."""
    is_thin = contact.depth_px <= params.sheet.edge_width * contact.side_px.min()
    lies_along = contact.contact_px > np.maximum(params.border_artifacts.max_border_contact * contact.extent_px, contact.depth_px)
    return np.asarray((is_thin & lies_along).any(axis=0))


def _are_strips(contact: _BorderContact, params: LineDetectionParams) -> BoolArray:
    """Check which components cover nearly a whole side of the image and don't reach the opposite one: bool `(N,)`."""
    opposite_px = contact.contact_px[[1, 0, 3, 2]]
    return np.asarray(((contact.contact_px > params.min_crossing_length * contact.side_px) & (opposite_px == 0)).any(axis=0))


def _are_frames(contact: _BorderContact, params: BorderArtifactsParams) -> BoolArray:
    """Check which components lie along a border that is dark in large part, as around a sheet on a dark surface: bool `(N,)`."""
    is_dark_border = contact.contact_px[:, 1:].sum() > params.max_border_contact * contact.side_px.sum()
    return np.asarray(_lie_along_border(contact, params) & is_dark_border)


def _rims(ink: BoolArray, artifacts: BoolArray, params: PreprocessingParams) -> BoolArray:
    """Select the components of ink that lie with a large part of their pixels close to an artifact: its blurred edge."""
    edge = square_element(max(params.sheet.min_edge_px, 2 * params.sheet.edge_width * min(ink.shape)))
    near = cv2.dilate(artifacts.view(np.uint8), edge)
    count, labels = cv2.connectedComponents(ink.view(np.uint8), connectivity=8)
    near_px, all_px = np.bincount(labels[near > 0], minlength=count), np.bincount(labels.ravel(), minlength=count)
    are_rims = near_px > params.border_artifacts.max_border_contact * all_px
    are_rims[0] = False
    return np.asarray(are_rims[labels])
