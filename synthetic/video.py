"""Synthetic video of a page in front of a hand-held camera, with shake, blur and varying light, and files of it for Chromium's camera."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from digitcore.types import UInt8Array
from synthetic.paper import Scene, photograph

SIZE_WH: Final = (640, 480)
HEIGHT_PX: Final = 95.0
"""Height of the digits in a frame, unless the number is too long for it."""

FRAMES_PER_SECOND: Final = 20

_LIGHT_PERIOD_S: Final = 7.0
"""Period of the variation of the light."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shake:
    """Motion and noise of a camera, and the variation of the light."""

    jitter_px: float = 6.0
    """Greatest translation of a frame along each axis."""

    turn_deg: float = 1.0
    """Greatest rotation of a frame to either side."""

    noise: float = 5.0
    """Standard deviation of the sensor's noise, in grey levels."""

    drift: float = 0.2
    """Share of the light that is lost at its minimum."""

    blur_px: float = 1.6
    """Greatest standard deviation of the Gaussian blur of a frame."""


STILL: Final = Shake(jitter_px=0.0, turn_deg=0.0, noise=2.0, drift=0.0, blur_px=0.4)


def shaken(photo: UInt8Array, seconds: float, shake: Shake, seed: int) -> Iterator[UInt8Array]:
    """Generate frames of a page, `FRAMES_PER_SECOND` of them per second.

    Args:
        photo: the page, uint8 `(H, W, 3)` RGB.
        seconds: duration of the video.
        shake: motion and noise of the camera.
        seed: random seed.

    Yields:
        Frames of the size of the page, uint8 `(H, W, 3)` RGB.
    """
    rng = np.random.default_rng(seed)
    height, width = photo.shape[:2]
    for index in range(round(seconds * FRAMES_PER_SECOND)):
        rotation = cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-shake.turn_deg, shake.turn_deg), 1.0)
        translation = np.column_stack([np.zeros((2, 2)), rng.uniform(-shake.jitter_px, shake.jitter_px, 2)])
        frame = cv2.warpAffine(photo, rotation + translation, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        frame = cv2.GaussianBlur(frame, (0, 0), rng.uniform(0.3, max(shake.blur_px, 0.31)))
        light = 1 - shake.drift / 2 * (1 - np.cos(2 * np.pi * index / FRAMES_PER_SECOND / _LIGHT_PERIOD_S))
        noise = rng.normal(0, shake.noise, (height, width, 1)).astype(np.float32)
        yield np.clip(frame * np.float32(light) + noise, 0, 255).astype(np.uint8)


def number_page(text: str, hand: str = "round", scene: Scene | None = None, seed: int = 0) -> UInt8Array:
    """Render a photograph of one number, as large as fits into a frame, uint8 `(480, 640, 3)` RGB."""
    height_px = min(HEIGHT_PX, 0.8 * SIZE_WH[0] / max(len(text), 1))
    return photograph(text, hand, SIZE_WH, height_px, scene or Scene(), seed)


def numbers_in_turn(texts: Iterable[str], seconds: float, shake: Shake | None = None) -> Iterator[UInt8Array]:
    """Generate frames that show one number after another, each for `seconds`."""
    return chain.from_iterable(
        shaken(number_page(text, seed=index), seconds, shake or Shake(), seed=index) for index, text in enumerate(texts)
    )


def write_y4m(path: Path, frames: Iterable[UInt8Array], frames_per_second: int = FRAMES_PER_SECOND) -> None:
    """Write frames to a YUV4MPEG2 file with 4:2:0 chroma subsampling, which Chromium accepts as a camera.

    Args:
        path: the file to write.
        frames: uint8 `(H, W, 3)` RGB, all of the same size; width and height are even.
        frames_per_second: frame rate of the video.

    Raises:
        ValueError: there is no frame.
    """
    remaining = iter(frames)
    first = next(remaining, None)
    if first is None:
        raise ValueError("expected one frame or more, received none.")
    height, width = first.shape[:2]
    with path.open("wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{frames_per_second}:1 Ip A1:1 C420mpeg2\n".encode())
        for frame in chain([first], remaining):
            file.write(b"FRAME\n" + cv2.cvtColor(frame, cv2.COLOR_RGB2YUV_I420).tobytes())
