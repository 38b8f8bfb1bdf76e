"""Estimate polarity and stroke width by granulometry.

Closings by growing squares remove dark strokes, openings light ones, each as soon as the square is wider than the stroke. How much each
size removes is the size distribution of the image (Matheron 1975), the cumulative form of its pattern spectrum (Maragos 1989). Paper
without its strokes, shadows included, has no thin parts: the polarity whose thin parts weigh more is that of the ink.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import cv2
import numpy as np

from digitcore.preprocessing.histogram import cumulative_histogram, quantile
from digitcore.preprocessing.morphology import square_element
from digitcore.preprocessing.parameters import PreprocessingParams
from digitcore.preprocessing.polarity import InkPolarity, border_polarity
from digitcore.preprocessing.resampling import pad_linear
from digitcore.types import BoolArray, Float64Array, UInt8Array

_MAX_FINE_WIDTH_PX: Final = 6
"""Bound of work: from this width on, in pixels of the overview, strokes are measured at half the resolution, at three pixels or more."""


class StrokeEstimate(NamedTuple):
    """Polarity and stroke width of the writing in an image."""

    polarity: InkPolarity
    width: float
    """Stroke width as a share of the image's short side."""


@dataclass(frozen=True, slots=True)
class _PaddedImage:
    """An image whose ink, if it has any, is dark, with a margin for closings; at full and at half resolution."""

    full: UInt8Array
    half: UInt8Array
    margin_px: int
    short_side_px: int
    """Short side without the margin, at full resolution."""

    @classmethod
    def from_padded(cls, padded: UInt8Array, margin_px: int) -> "_PaddedImage":
        """Reduce a padded image to half its size, too."""
        half = np.asarray(cv2.resize(padded, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
        return cls(padded, half, margin_px, min(padded.shape) - 2 * margin_px)

    def residue(self, width: float, params: PreprocessingParams) -> float:
        """Measure how much a closing by this width removes, at the resolution that suffices for it."""
        if width * self.short_side_px < _MAX_FINE_WIDTH_PX:
            return closing_residue(self.full, width, self.margin_px, params)
        return closing_residue(self.half, width, self.margin_px // 2, params)

    def pattern_spectrum(self, widths: Sequence[float], params: PreprocessingParams) -> Float64Array:
        """Measure the closing residue of each width: float64 `(N,)`, the pattern spectrum in its cumulative form (Maragos 1989)."""
        return np.array([self.residue(width, params) for width in widths])


def estimate_polarity_and_stroke_width(
    overview: UInt8Array,
    outside_sheet: BoolArray | None = None,
    params: PreprocessingParams = PreprocessingParams(),
) -> StrokeEstimate:
    """Estimate whether ink is darker or lighter than the paper, and how wide its strokes are.

    Where the border of the image is plainly paper, as around a single bold digit, it decides the polarity; else the pattern spectra do.

    Args:
        overview: uint8 `(H, W)`, as `make_overview` gives it.
        outside_sheet: bool, of the size of the image itself, as `mask_outside_sheet` gives it: these pixels are left out.
        params: those of the estimate, of polarity, sheets and the threshold are used.

    Returns:
        Polarity, and stroke width as a share of the short side.
    """
    border: InkPolarity | None = None
    if outside_sheet is not None and outside_sheet.any():
        overview = _extend_sheet(overview, outside_sheet)
    else:
        border = border_polarity(overview, params)
    widths = [width for width in params.stroke_width.candidate_widths if width * min(overview.shape) >= 1]
    images = _pad_for_closings(overview, tuple(InkPolarity) if border is None else (border,), params)
    spectra = {polarity: image.pattern_spectrum(widths, params) for polarity, image in images.items()}
    polarity = _polarity_of_thin_strokes(spectra, widths, params) if border is None else border
    spectrum = spectra[polarity]
    sides_px = [len(square_element(width * min(overview.shape) + 1)) for width in widths]
    index = _index_of_stroke_width(spectrum, sides_px, params)
    has_thin_strokes = spectrum[index] < params.stroke_width.min_residue_share * spectrum.max()
    if border is not None and not has_thin_strokes and _has_broad_strokes(images[polarity], spectrum, params):
        return StrokeEstimate(polarity, params.stroke_width.broad_width)
    return StrokeEstimate(polarity, widths[index])


def _has_broad_strokes(image: _PaddedImage, spectrum: Float64Array, params: PreprocessingParams) -> bool:
    """Check whether a closing by the broad width removes plainly more than those of the pattern spectrum do."""
    return bool(image.residue(params.stroke_width.broad_width, params) > params.stroke_width.min_excess * spectrum.max())


def _index_of_stroke_width(spectrum: Float64Array, sides_px: Sequence[int], params: PreprocessingParams) -> int:
    """Choose the stroke width: the first that removes most of what any width does, or an earlier one after which hardly more is removed.

    A soft shadow is removed by the broadest closings alone; the spectrum then has a plateau between the strokes' width and the shadow's.

    Args:
        spectrum: the closing residue of each width, ascending.
        sides_px: the sides of the structuring elements, in pixels.
        params: the parameters of the estimate.

    Returns:
        The index of the width.
    """
    main = int(np.argmax(spectrum >= params.stroke_width.min_residue_share * spectrum.max()))
    for index in range(main):
        hardly_grows = spectrum[index + 1] <= params.stroke_width.min_excess * spectrum[index] and sides_px[index] < sides_px[index + 1]
        if hardly_grows and spectrum[index] >= params.stroke_width.min_plateau * spectrum.max():
            return index
    return main


def closing_residue(padded: UInt8Array, width: float, margin_px: int, params: PreprocessingParams = PreprocessingParams()) -> float:
    """Measure how much darkness a closing removes: the mean of (closing − image) above the noise.

    Args:
        padded: uint8 `(H + 2 margin_px, W + 2 margin_px)`, its ink dark.
        width: side of the structuring element, as a share of the short side without the margin.
        margin_px: width of the margin in pixels.
        params: they tell the border that is left out, and the noise.

    Returns:
        Grey levels a pixel, at least 0, of the image without its border.
    """
    short_side_px = min(padded.shape) - 2 * margin_px
    border_px = margin_px + round(params.stroke_width.ignored_border * short_side_px)
    element = square_element(width * short_side_px + 1)
    reach_px = min(len(element) - 1, border_px)  # a closing depends on pixels as far away as this
    image = padded[border_px - reach_px : reach_px - border_px or None, border_px - reach_px : reach_px - border_px or None]
    inside = (slice(reach_px, -reach_px or None),) * 2
    closed = np.asarray(cv2.morphologyEx(image, cv2.MORPH_CLOSE, element)[inside], np.uint8)
    residue = np.asarray(cv2.subtract(closed, image[inside]), np.uint8)
    noise = _noise_level(residue, params)
    noise_floor = np.full(residue.shape, noise, np.uint8)  # OpenCV subtracts an array faster than a number
    return cv2.mean(cv2.subtract(residue, noise_floor))[0]


def _noise_level(residue: UInt8Array, params: PreprocessingParams) -> int:
    """Estimate the grey level up to which a closing residue is noise: a multiple of its (lower) median."""
    median = quantile(cumulative_histogram(residue), 0.5)
    return min(max(params.stroke_width.noise_medians * median, params.thresholding.min_ink_darkness // 2), 255)


def _pad_for_closings(
    overview: UInt8Array, polarities: Sequence[InkPolarity], params: PreprocessingParams
) -> dict[InkPolarity, _PaddedImage]:
    """Pad an image for its widest closing, once for each polarity: inverted for light ink."""
    margin_px = round(params.stroke_width.max_width * min(overview.shape) / 2) + 1
    padded = pad_linear(overview, margin_px)
    return {
        polarity: _PaddedImage.from_padded(255 - padded if polarity is InkPolarity.LIGHT else padded, margin_px) for polarity in polarities
    }


def _polarity_of_thin_strokes(
    spectra: Mapping[InkPolarity, Float64Array], widths: Sequence[float], params: PreprocessingParams
) -> InkPolarity:
    """Compare what closings and openings remove, Σ residue(w) / w, so that thin strokes weigh more than broad ones."""
    weights = {polarity: float((spectrum / widths).sum()) for polarity, spectrum in spectra.items()}
    is_light = weights[InkPolarity.LIGHT] > params.stroke_width.min_excess * weights[InkPolarity.DARK]
    return InkPolarity.LIGHT if is_light else InkPolarity.DARK


def _extend_sheet(overview: UInt8Array, outside_sheet: BoolArray) -> UInt8Array:
    """Give each pixel outside of a sheet the brightness of the nearest one of the sheet."""
    outside = cv2.resize(outside_sheet.view(np.uint8), overview.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0
    _, nearest = cv2.distanceTransformWithLabels(outside.view(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL)
    brightness = np.zeros(int(nearest.max()) + 1, np.uint8)
    brightness[nearest[~outside]] = overview[~outside]
    return np.asarray(brightness[nearest])
