"""Grey pictures: made, enlarged, evened out, smoothed, reduced. Pure functions, uint8 `(H, W)` in and out."""

from typing import Any, Final, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from digitcore.types import Float32Array, Float64Array, UInt8Array

Sample = TypeVar("Sample", np.uint8, np.bool_)

SMALL_SIDE_PX: Final = 96
"""Pictures with a shorter side are enlarged to it, so that strokes are several pixels wide."""

REDUCED_SIDE_PX: Final = 256
"""Pen and printed lines are looked for on a picture reduced to this long side."""

_COLOUR_STEP: Final = 4
_COLOURED: Final = 99.0
_COLOURFUL: Final = 60
"""Colour is looked at where this percentile of the pixels' spread between their channels lies so far, in grey levels, above the median."""

_BETTER: Final = 1.5
"""The darkest channel is taken where its thinnest, darkest parts lack so many times the light that luma lacks there."""

_AROUND: Final = 0.15
"""What is thin is told by its surroundings within this share of the short side."""

_NARROWEST_PX: Final = 64
"""Long, narrow pictures are reduced to no narrower than this."""

_FAST_MEANS: Final = (3, 5)
"""The means of windows of these sides OpenCV finds everywhere in half the time it takes to find them side by side."""

_REACH: Final = 2.6
"""So many standard deviations from its middle a Gaussian weighs too little to change a grey level."""

_SAMPLE_SIDE_PX: Final = 240
"""What is only counted is counted on every second or third pixel, as long as so many are left along the short side."""

_SPARSE: Final = 2
"""For shares of the whole, every so manieth of those is enough."""


def to_grey(image_rgb: UInt8Array) -> UInt8Array:
    """Luma of an RGB picture, uint8 `(H, W, 3)` to `(H, W)` (ITU-R BT.601)."""
    return cv2.cvtColor(image_rgb, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)


def separating_grey(image_rgb: UInt8Array) -> tuple[UInt8Array, bool]:
    """The grey picture in which the ink stands out most, uint8 `(H, W, 3)` to `(H, W)`, and whether that is not luma.

    Coloured ink, a yellow felt pen's above all, is nearly as bright as paper, but takes all light of some colour: the darkest of the
    three channels shows it. Everything else is seen as well by luma, which is less noisy.
    """
    luma = to_grey(image_rgb)
    sample = image_rgb[:: _COLOUR_STEP * sampling(luma), :: _COLOUR_STEP * sampling(luma)]
    red, green, blue = sample[..., 0], sample[..., 1], sample[..., 2]
    chroma = np.maximum(np.maximum(red, green), blue) - np.minimum(np.minimum(red, green), blue)
    usual, most = shares_up_to(chroma).searchsorted((0.5, _COLOURED / 100))
    if most - usual < _COLOURFUL:
        return luma, False
    darkest = np.asarray(cv2.min(cv2.min(image_rgb[..., 0], image_rgb[..., 1]), image_rgb[..., 2]), np.uint8)
    missing = [_missing_light(reduced(each)) for each in (luma, darkest)]
    thin = missing[1] >= np.percentile(missing[1], _COLOURED)
    better = float(missing[1][thin].mean()) > _BETTER * float(missing[0][thin].mean()) + 1
    return (darkest, True) if better else (luma, False)


def _missing_light(small: UInt8Array) -> Float32Array:
    """How much darker thin things are than what is around them, as a share."""
    around = cv2.morphologyEx(small, cv2.MORPH_CLOSE, square(_AROUND * min(small.shape))).astype(np.float32)
    return np.asarray(100 * (1 - small / np.maximum(around, 1)), np.float32)


def enlarge(grey: UInt8Array) -> UInt8Array:
    """Small pictures by a whole factor to a short side of at least `SMALL_SIDE_PX`; others as they are."""
    factor = -(-SMALL_SIDE_PX // min(grey.shape))
    if factor == 1:
        return grey
    return cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC).astype(np.uint8, copy=False)


def clahe(grey: UInt8Array, clip: float, tiles: int) -> UInt8Array:
    """Contrast-limited adaptive histogram equalisation (Zuiderveld 1994) over `tiles` × `tiles` tiles."""
    return cv2.createCLAHE(clip, (tiles, tiles)).apply(grey).astype(np.uint8, copy=False)


def smooth(grey: UInt8Array, sigma_px: float) -> UInt8Array:
    """Gaussian smoothing with this standard deviation."""
    side_px = 2 * round(_REACH * sigma_px) + 1
    return cv2.GaussianBlur(grey, (side_px, side_px), sigma_px).astype(np.uint8, copy=False)


def reduced(grey: UInt8Array) -> UInt8Array:
    """A large picture small enough for what is told by the picture as a whole, its noise smoothed."""
    return cv2.medianBlur(shrunk(grey, reduction(grey.shape)), 3).astype(np.uint8, copy=False)


def reduction(shape: tuple[int, ...]) -> int:
    """By which whole factor a picture is reduced for that."""
    return min(-(-max(shape) // REDUCED_SIDE_PX), max(min(shape) // _NARROWEST_PX, 1))


def shrunk(grey: UInt8Array, factor: int) -> UInt8Array:
    """A picture reduced by a whole factor, which is several times as fast as by a broken one; what is left over at its end goes."""
    if factor == 1:
        return grey
    size_wh = (grey.shape[1] // factor, grey.shape[0] // factor)
    whole = grey[: size_wh[1] * factor, : size_wh[0] * factor]
    if factor in _FAST_MEANS:
        middle = slice(factor // 2, None, factor)
        return np.ascontiguousarray(cv2.blur(whole, (factor, factor))[middle, middle], np.uint8)
    return cv2.resize(whole, size_wh, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def shares_up_to(picture: UInt8Array) -> Float64Array:
    """Which share of the pixels is no brighter than each of the 256 grey levels."""
    return _counts_up_to(picture) / picture.size


def median(picture: UInt8Array) -> float:
    """The grey level in the middle, as `np.median` finds it: where two are, their mean."""
    middles = (picture.size - 1) // 2, picture.size // 2
    return float(_counts_up_to(picture).searchsorted(middles, side="right").mean())


def _counts_up_to(picture: UInt8Array) -> Float64Array:
    return np.asarray(cv2.calcHist([picture], [0], None, [256], [0, 256]).ravel().astype(np.float64).cumsum())


def continued(grey: UInt8Array, margin_px: int) -> UInt8Array:
    """A picture with a margin around it in which its light goes on as it does inside: what falls goes on falling."""
    wide = grey.astype(np.int16)
    for margins in ((margin_px, margin_px, 0, 0), (0, 0, margin_px, margin_px)):
        mirrored = cv2.copyMakeBorder(wide, *margins, cv2.BORDER_REFLECT_101)
        wide = np.asarray(cv2.copyMakeBorder(wide, *margins, cv2.BORDER_REPLICATE), np.int16)
        wide *= 2
        wide -= np.asarray(mirrored, np.int16)
    return wide.clip(0, 255).astype(np.uint8)


def sampling(picture: npt.NDArray[Any]) -> int:
    """Every how manieth pixel is enough for counting."""
    return max(1, int(min(picture.shape)) // _SAMPLE_SIDE_PX)


def sampled(picture: npt.NDArray[Sample]) -> npt.NDArray[Sample]:
    """Every few pixels of a picture, where the share of each brightness is all that counts."""
    step = _SPARSE * sampling(picture)
    return np.ascontiguousarray(picture[::step, ::step])


def odd(length: float) -> int:
    """The odd whole number at or below a length, at least 1."""
    return 2 * (max(1, int(length)) // 2) + 1


def square(side_px: float) -> UInt8Array:
    """A window of about this side, for morphology."""
    side = odd(side_px)
    return np.ones((side, side), np.uint8)
