"""What cameras do to a picture: blur, noise, sharpening, video and JPEG. Effects map float32 `(H, W, 3)` from 0 to 255 to the same.

Those of `SMALL_PICTURES` return a smaller picture.
"""

from typing import Final

import cv2
import numpy as np

from digitcore.types import Float32Array, UInt8Array
from synthetic.hard_pages.lights import PictureEffect

_VIDEO_HEIGHTS_PX: Final = (360, 480, 576)


def defocused(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Blur the picture by a disc, as a lens does that is focused elsewhere."""
    radius = min(picture.shape[:2]) * (0.0015 + 0.0045 * severity) * rng.uniform(0.8, 1.2)
    side = 2 * int(np.ceil(radius)) + 1
    y, x = np.mgrid[0:side, 0:side] - side // 2
    kernel = np.clip(radius + 0.5 - np.hypot(x, y), 0, 1)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.float32)


def motion_blur(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Blur the picture along a line, as a moving camera does."""
    length = min(picture.shape[:2]) * (0.005 + 0.014 * severity)
    side = 2 * int(np.ceil(length / 2)) + 3
    kernel = np.zeros((side, side), np.float32)
    angle = rng.uniform(0, np.pi)
    half = length / 2 * np.array([np.cos(angle), np.sin(angle)])
    ends = [tuple(round(16 * float(value)) for value in (side // 2 + sign * half)) for sign in (-1, 1)]
    cv2.line(kernel, ends[0], ends[1], 1.0, 1, cv2.LINE_AA, 4)
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.float32)


def sensor_noise(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Add the noise of a sensor in little light: stronger where the picture is brighter, and with patches of colour."""
    height, width = picture.shape[:2]
    fine = rng.standard_normal((height, width, 1), np.float32)
    patches = cv2.resize(rng.standard_normal((height // 3 + 1, width // 3 + 1, 3), np.float32), (width, height))
    strength = (2 + 14 * severity) * np.sqrt(np.clip(picture, 20, 255) / 200)
    return np.asarray(picture + strength * (0.8 * fine + 0.6 * patches), np.float32)


def smoothed(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Remove noise as phones do: flat areas turn into patches, and faint strokes with them."""
    noisy = np.clip(picture + rng.normal(0, 4 + 5 * severity, (*picture.shape[:2], 1)), 0, 255).astype(np.uint8)
    filtered = cv2.bilateralFilter(cv2.medianBlur(noisy, 3), 5, 12 + 30 * severity, 3)
    return np.asarray(filtered, np.float32)


def sharpened(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Sharpen the picture too much: bright halos around dark strokes."""
    blurred = cv2.GaussianBlur(picture, (0, 0), min(picture.shape[:2]) * rng.uniform(0.0015, 0.004))
    return np.asarray(np.clip(picture + (0.6 + 2.4 * severity) * (picture - blurred), 0, 255), np.float32)


def video_still(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Take a frame of a video: few pixels, motion between its two fields that leaves combs, noise, and little contrast."""
    height_px = int(rng.choice(_VIDEO_HEIGHTS_PX))
    scale = min(1.0, height_px / min(picture.shape[:2]))
    small = np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)
    moved = motion_blur(small, 0.5 * severity, rng)
    shift = round(3 * severity * rng.choice([-1, 1]))
    frame = moved.copy()
    frame[1::2] = np.roll(moved[1::2], shift, axis=1)
    if shift:  # what was rolled around is the border's continuation
        edge = slice(0, shift) if shift > 0 else slice(shift, None)
        frame[1::2, edge] = moved[1::2, edge]
    levelled = 24 + frame * (0.9 - 0.25 * severity)
    return sensor_noise(np.asarray(levelled, np.float32), 0.5 * severity, rng)


def low_resolution(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Shrink the picture, as messengers and web pages do, to between two thirds and a quarter of its sides."""
    scale = (0.68 - 0.38 * severity) * rng.uniform(0.9, 1.0)
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.float32)


def jpeg(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Compress the picture as JPEG, with the colour at half or at full resolution: quality 85 down to 12."""
    quality = round(85 - 73 * severity)
    sampling = cv2.IMWRITE_JPEG_SAMPLING_FACTOR_420 if rng.random() < 0.8 else cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444
    options = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, sampling]
    bgr = np.clip(picture[..., ::-1], 0, 255).astype(np.uint8)
    decoded = np.asarray(cv2.imdecode(cv2.imencode(".jpg", bgr, options)[1], cv2.IMREAD_COLOR), np.float32)
    return decoded[..., ::-1]


def without_colours(picture: Float32Array, severity: float, rng: np.random.Generator) -> Float32Array:
    """Take the picture in grey, with a contrast that is raised by up to a half around its mean."""
    del rng
    grey = picture @ np.array((0.299, 0.587, 0.114), np.float32)
    raised = (grey - grey.mean()) * (1 + 0.5 * severity) + grey.mean()
    return np.repeat(np.clip(raised, 0, 255).astype(np.float32)[..., np.newaxis], 3, axis=2)


def develop(picture: Float32Array, rng: np.random.Generator) -> UInt8Array:
    """Finish a picture: a slight noise, rounded to uint8 `(H, W, 3)`."""
    noisy = picture + rng.uniform(0.5, 2.0) * rng.standard_normal((*picture.shape[:2], 1), np.float32)
    return np.clip(noisy + 0.5, 0, 255).astype(np.uint8)


SMALL_PICTURES: Final = ("video still", "low resolution")
"""Names of effects that change the size."""

CAMERAS: Final[dict[str, PictureEffect]] = {
    "defocused": defocused,
    "motion blur": motion_blur,
    "sensor noise": sensor_noise,
    "video still": video_still,
    "low resolution": low_resolution,
    "smoothed": smoothed,
    "sharpened": sharpened,
    "without colours": without_colours,
    "jpeg": jpeg,
}
"""Effects of cameras, by name, in the order in which they are applied."""
