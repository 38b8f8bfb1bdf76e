"""Corrupt digits in fifteen ways, after MNIST-C, to measure robustness.

Implemented from the descriptions in Mu and Gilmer (2019), "MNIST-C: A Robustness Benchmark for Computer Vision". Each corruption takes a
digit, uint8 `(28, 28)`, white ink on black, and a seeded random generator, and returns a new array of the same shape and type. The
strengths are the paper's middle to high severities, at which people still read nearly every digit. `HELD_OUT` lists the corruptions that no
step of the training augmentation resembles.
"""

from collections.abc import Callable
from typing import Final

import cv2
import numpy as np

from digitcore.types import Float64Array, UInt8Array

PHOTONS: Final = 5.0
"""Shot noise: expected photon count of a white pixel."""

IMPULSE_SHARE: Final = 0.17
"""Impulse noise: share of the pixels that are replaced."""

GLASS_SIGMA_PX: Final = 0.7
"""Glass blur: standard deviation of both Gaussians."""

MOTION_LENGTH_PX: Final = 10
"""Motion blur: length of the path."""

MOTION_SIGMA_PX: Final = 3.0
"""Motion blur: standard deviation of the weights along the path."""

SHEAR: Final = 0.4
"""Horizontal shear in pixels per pixel of height."""

SCALE: Final = 0.65
"""Factor of reduction."""

ROTATION_RAD: Final = 0.4
"""Angle of rotation."""

BRIGHTNESS: Final = 0.5
"""Added brightness as a share of white."""

TRANSLATION_PX: Final = 4
"""Largest translation along each axis."""

STRIPE_PX: Final = 7
"""Mean width of each inverted stripe."""

FOG_SHARE: Final = 0.6
"""Greatest opacity of the fog."""

SPATTER_SIGMA_PX: Final = 1.5
"""Spatter: standard deviation of the Gaussian that smooths the noise."""

SPATTER_LEVEL: Final = 0.66
"""Spatter: level of the smoothed noise above which it is a drop."""

ZIGZAG_STEP_PX: Final = 4
"""Vertical distance of the corners of the zigzag line."""


def shot_noise(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Simulate few photons: replace each pixel by a Poisson count."""
    return _as_image(rng.poisson(_unit(image) * PHOTONS) / PHOTONS)


def impulse_noise(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Add salt-and-pepper noise."""
    is_noise = rng.random(image.shape) < IMPULSE_SHARE
    return np.where(is_noise, rng.choice(np.array([0, 255], np.uint8), image.shape), image).astype(np.uint8)


def glass_blur(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Blur, swap neighbouring pixels at random, and blur again, like frosted glass."""
    frosted = cv2.GaussianBlur(image, (0, 0), GLASS_SIGMA_PX)
    height, width = image.shape
    for y in range(height - 2, 0, -1):
        for x in range(width - 2, 0, -1):
            dx, dy = rng.integers(-1, 2, 2)
            frosted[y, x], frosted[y + dy, x + dx] = frosted[y + dy, x + dx], frosted[y, x]
    return cv2.GaussianBlur(frosted, (0, 0), GLASS_SIGMA_PX).astype(np.uint8, copy=False)


def motion_blur(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Blur along a random direction, like camera motion during the exposure."""
    side_px = 2 * MOTION_LENGTH_PX + 1
    weights = np.exp(-(np.arange(side_px) ** 2) / (2 * MOTION_SIGMA_PX**2))
    kernel = np.zeros((side_px, side_px))
    kernel[MOTION_LENGTH_PX, MOTION_LENGTH_PX:] = weights[: MOTION_LENGTH_PX + 1]
    centre = (MOTION_LENGTH_PX, MOTION_LENGTH_PX)
    rotated = cv2.warpAffine(kernel, cv2.getRotationMatrix2D(centre, rng.uniform(-45, 45), 1), (side_px, side_px))
    return cv2.filter2D(image, -1, rotated / rotated.sum(), borderType=cv2.BORDER_CONSTANT).astype(np.uint8, copy=False)


def shear(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Shear horizontally to either side."""
    return _affine(image, np.array([[1, rng.choice([-SHEAR, SHEAR])], [0, 1]]))


def scale(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Reduce the size, with a slightly different factor along each axis."""
    return _affine(image, np.diag(SCALE * rng.uniform(0.95, 1.05, 2)))


def rotate(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Rotate by 23° to either side."""
    angle = rng.choice([-ROTATION_RAD, ROTATION_RAD])
    return _affine(image, np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]))


def brightness(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Overexpose: add a constant and clip at white."""
    return _as_image(_unit(image) + BRIGHTNESS * rng.uniform(0.9, 1.1))


def translate(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Shift by up to four pixels each way, at least two along one axis."""
    shift = rng.integers(-TRANSLATION_PX, TRANSLATION_PX + 1, 2)
    shift[rng.integers(2)] = rng.choice([-1, 1]) * rng.integers(2, TRANSLATION_PX + 1)
    return _affine(image, np.eye(2), shift_xy=(float(shift[0]), float(shift[1])))


def stripe(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Invert a stripe along the left and one along the right edge."""
    striped = image.copy()
    width = STRIPE_PX + int(rng.integers(-1, 2))
    striped[:, :width] = 255 - striped[:, :width]
    striped[:, -width:] = 255 - striped[:, -width:]
    return striped


def fog(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Blend with clouds from spectral synthesis, whose amplitudes fall as a power of the frequency."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(image.shape[0]), np.fft.fftfreq(image.shape[1]), indexing="ij"))
    amplitude = 1 / np.maximum(frequency, frequency[0, 1]) ** 1.7
    clouds = np.fft.ifft2(amplitude * np.exp(2j * np.pi * rng.random(image.shape))).real
    clouds = (clouds - clouds.min()) / np.ptp(clouds)
    return _as_image(_unit(image) * (1 - FOG_SHARE * clouds) + FOG_SHARE * clouds)


def spatter(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Blend with drops: smoothed noise above a level, of one random grey."""
    drops = cv2.GaussianBlur(rng.normal(0.65, 0.3, image.shape), (0, 0), SPATTER_SIGMA_PX)
    opacity = np.clip(10 * (drops - SPATTER_LEVEL), 0, 1) * 0.8
    return _as_image(_unit(image) * (1 - opacity) + opacity * rng.uniform(0.4, 1.0))


def dotted_line(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Draw a straight dotted line from one side to the other."""
    start, end = _line_ends(image, rng)
    dotted = image.copy()
    for position in np.linspace(0, 1, 10):
        x, y = np.round(start + position * (end - start)).astype(int)
        dotted[max(y, 0) : y + 1, max(x, 0) : x + 2] = 255
    return dotted


def zigzag(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Draw a zigzag line from one side to the other."""
    start, end = _line_ends(image, rng)
    count = 8
    points = np.linspace(start, end, count)
    points[1::2, 1] += ZIGZAG_STEP_PX
    crossed = image.copy()
    cv2.polylines(crossed, [np.round(points).astype(np.int32)], False, 255, 1, cv2.LINE_AA)
    return crossed


def canny_edges(image: UInt8Array, rng: np.random.Generator) -> UInt8Array:
    """Replace the digit by its edges (Canny 1986)."""
    lower = float(rng.uniform(80, 120))
    return cv2.Canny(image, lower, 2 * lower).astype(np.uint8, copy=False)


CORRUPTIONS: Final[dict[str, Callable[[UInt8Array, np.random.Generator], UInt8Array]]] = {
    function.__name__: function
    for function in (
        shot_noise,
        impulse_noise,
        glass_blur,
        motion_blur,
        shear,
        scale,
        rotate,
        brightness,
        translate,
        stripe,
        fog,
        spatter,
        dotted_line,
        zigzag,
        canny_edges,
    )
}
"""The corruptions by name."""

HELD_OUT: Final = ("shot_noise", "glass_blur", "motion_blur", "spatter", "zigzag")
"""Corruptions held out of training: the augmentation has impulse noise, Gaussian blur and straight lines, but none of these."""


def corrupt(images: UInt8Array, name: str, seed: int) -> UInt8Array:
    """Apply one corruption to each of several images.

    Args:
        images: uint8 `(N, 28, 28)`, white ink on black.
        name: one of `CORRUPTIONS`.
        seed: seed of the random generator; name and seed determine the result.

    Returns:
        uint8 `(N, 28, 28)`.

    Raises:
        KeyError: `name` is not among `CORRUPTIONS`.
    """
    if name not in CORRUPTIONS:
        raise KeyError(f"There is no corruption '{name}'. Known: {', '.join(CORRUPTIONS)}.")
    rng = np.random.default_rng((seed, list(CORRUPTIONS).index(name)))
    return np.stack([CORRUPTIONS[name](image, rng) for image in images])


def _unit(image: UInt8Array) -> Float64Array:
    """Convert grey levels to float64 in [0, 1]."""
    return image.astype(np.float64) / 255


def _as_image(values: Float64Array) -> UInt8Array:
    """Clip values to [0, 1] and convert them to grey levels."""
    return np.round(255 * np.clip(values, 0, 1)).astype(np.uint8)


def _affine(image: UInt8Array, linear: Float64Array, shift_xy: tuple[float, float] = (0.0, 0.0)) -> UInt8Array:
    """Apply a linear map, float64 `(2, 2)`, about the centre of the image, then a shift in pixels."""
    centre = (np.array(image.shape[::-1]) - 1) / 2
    offset = centre - linear @ centre + shift_xy
    return cv2.warpAffine(image, np.column_stack([linear, offset]), image.shape[::-1]).astype(np.uint8, copy=False)


def _line_ends(image: UInt8Array, rng: np.random.Generator) -> tuple[Float64Array, Float64Array]:
    """Choose a random point (x, y) on the left edge and one on the right edge, in pixels."""
    height, width = image.shape
    left, right = rng.uniform(0.1 * height, 0.85 * height, 2)
    return np.array([0.0, left]), np.array([width - 2.0, right])
