"""From encoded bytes or arrays to one upright RGB picture of a size worth working on.

Pillow decodes; this module says what is accepted, turns the picture upright, lays it on paper where it is transparent,
and brings every depth and colour model to 8-bit RGB. Sizes are checked in the header, before a pixel is decoded.
"""

import io
from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from digitcore.errors import (
    DamagedImageError,
    EmptyFileError,
    ImageTooLargeError,
    ImageTooSmallError,
    UnsupportedFormatError,
)
from digitcore.messages import Message
from digitcore.types import UInt8Array

FORMATS: Final = ("JPEG", "PNG", "BMP", "WEBP", "TIFF", "GIF")
"""Pillow's names of the formats that are read; of a GIF or a many-page TIFF, the first picture."""

SUFFIXES: Final = ("jpg", "jpeg", "png", "bmp", "webp", "gif", "tif", "tiff")
"""File name endings of those formats."""

MAX_PIXELS: Final = 50_000_000
"""A phone's 48-megapixel photo still passes; decoded as RGB it takes 150 MB."""

MIN_SIDE_PX: Final = 8
"""Digits have been read from 8×8 pixels (scikit-learn's `load_digits`), not from fewer."""

WORKING_SIDE_PX: Final = 1_600
"""Longer pictures are reduced to this long side: a line of writing a fiftieth of the page high still has 32 pixels."""

_FOREIGN_SIGNATURES: Final = ((b"%PDF", "PDF"), (b"<svg", "SVG"), (b"ftypheic", "HEIC"), (b"ftypmif1", "HEIC"), (b"ftypavif", "AVIF"))
_SIGNATURE_REACH_BYTES: Final = 1_024
_ADVICE: Final = Message("Save it as JPEG or PNG and try again.")
_BRIGHT: Final = 128
_OPAQUE: Final = 255


@dataclass(frozen=True, slots=True, eq=False)
class UprightPicture:
    """A picture as a person holds it."""

    pixels: UInt8Array
    """uint8 `(H, W, 3)` RGB, long side at most `WORKING_SIDE_PX`."""

    size_wh: tuple[int, int]
    """Width and height of the upright original in pixels, before any reduction."""

    @property
    def scale(self) -> float:
        """Pixels of `pixels` for one pixel of the original."""
        return float(self.pixels.shape[1] / self.size_wh[0])


def load_picture(source: bytes | UInt8Array | UprightPicture) -> UprightPicture:
    """Read a picture from the bytes of a file or from an array.

    Args:
        source: an encoded picture, or uint8 `(H, W)` grey, `(H, W, 3)` RGB or `(H, W, 4)` RGBA; what was loaded before is given back.

    Raises:
        ImageError: the picture can't be read; the message says why and what to do.
        ValueError: neither bytes nor such an array.
    """
    if isinstance(source, UprightPicture):
        return source
    if isinstance(source, (bytes, bytearray, memoryview)):
        return _decode(bytes(source))
    _check_array(source)
    height, width = source.shape[:2]
    _check_size(width, height)
    return UprightPicture(_to_rgb(_reduced(source)), (width, height))


def _check_array(source: object) -> None:
    expected = "expected bytes or uint8 of shape (H, W), (H, W, 3) or (H, W, 4)"
    if not isinstance(source, np.ndarray):
        raise ValueError(f"{expected}, received {type(source).__name__}.")
    channels = source.shape[2] if source.ndim == 3 else 1
    if source.dtype != np.uint8 or source.ndim not in (2, 3) or (source.ndim == 3 and channels not in (3, 4)):
        raise ValueError(f"{expected}, received {source.dtype} of shape {source.shape}.")


def _check_size(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        millions = width * height / 1e6
        raise ImageTooLargeError(
            Message(
                "This picture has {millions:,.0f} megapixels; at most {limit} are read. Make it smaller and try again.",
                millions=millions,
                limit=MAX_PIXELS // 1_000_000,
            )
        )
    if min(width, height) < MIN_SIDE_PX:
        raise ImageTooSmallError(
            Message(
                "This picture is {width}×{height} pixels; at least {least} each way are needed to see a digit. Choose a larger one.",
                width=width,
                height=height,
                least=MIN_SIDE_PX,
            )
        )


def _decode(encoded: bytes) -> UprightPicture:
    if not encoded:
        raise EmptyFileError(Message("This file is empty. Choose another one."))
    try:
        with Image.open(io.BytesIO(encoded), formats=FORMATS) as image:
            _check_size(*image.size)
            return _decode_opened(image)
    except UnidentifiedImageError as error:
        raise UnsupportedFormatError(_name_the_stranger(encoded)) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        limit = MAX_PIXELS // 1_000_000
        raise ImageTooLargeError(
            Message("This picture has more than {limit} megapixels. Make it smaller and try again.", limit=limit)
        ) from error
    except (ImageTooLargeError, ImageTooSmallError):
        raise
    except Exception as error:  # Pillow's decoders meet broken bytes with errors of many kinds
        raise DamagedImageError(Message("This picture is damaged and can't be read to its end. {advice}", advice=_ADVICE)) from error


def _decode_opened(image: Image.Image) -> UprightPicture:
    width, height = image.size
    image.draft(None, (WORKING_SIDE_PX, WORKING_SIDE_PX))  # a large JPEG is decoded at 1/2, 1/4 or 1/8 straight away
    image.load()
    lying = image.width > image.height
    ImageOps.exif_transpose(image, in_place=True)
    turned = (image.width > image.height) != lying
    pixels = _to_rgb(_reduced(_to_array(image)))
    return UprightPicture(pixels, (height, width) if turned else (width, height))


def _to_array(image: Image.Image) -> UInt8Array:
    """8-bit grey, RGB or RGBA, whatever the file's own depth and colour model; large ones already reduced."""
    if image.mode.startswith("I") or image.mode == "F":
        return _to_eight_bits(np.asarray(image))
    transparent = image.has_transparency_data
    mode = "RGBA" if transparent else "L" if image.mode in ("1", "L") else "RGB"
    image = image if image.mode == mode else image.convert(mode)
    factor = max(image.size) // WORKING_SIDE_PX
    return np.asarray(image.reduce(factor) if factor > 1 else image)


def _to_eight_bits(deep: npt.NDArray[np.generic]) -> UInt8Array:
    """Deeper grey to 8 bits by the range its values need: 8, 12 or 16 bits for whole numbers, else their own range.

    Scanners store 12 bits in 16; read as 16 they would come out black.
    """
    values = np.nan_to_num(deep.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    if low >= 0 and not np.issubdtype(deep.dtype, np.floating):
        full_scale = next((scale for scale in (255.0, 4_095.0, 65_535.0) if high <= scale), high)
        return np.round(values * (255.0 / full_scale)).astype(np.uint8)
    span = high - low or 1.0
    return np.round((values - low) * (255.0 / span)).astype(np.uint8)


def _reduced(pixels: UInt8Array) -> UInt8Array:
    """With its long side at most `WORKING_SIDE_PX`, by area averaging."""
    height, width = pixels.shape[:2]
    scale = WORKING_SIDE_PX / max(width, height)
    if scale >= 1:
        return pixels
    size_wh = (max(1, round(width * scale)), max(1, round(height * scale)))
    return cv2.resize(pixels, size_wh, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)


def _to_rgb(pixels: UInt8Array) -> UInt8Array:
    if pixels.ndim == 2:
        return cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB).astype(np.uint8, copy=False)
    return pixels if pixels.shape[2] == 3 else composite(pixels)


def composite(image_rgba: UInt8Array) -> UInt8Array:
    """Lay a transparent picture on paper: white under dark ink, black under light ink.

    Args:
        image_rgba: uint8 `(H, W, 4)`, alpha not premultiplied.

    Returns:
        uint8 `(H, W, 3)` RGB.
    """
    rgb = cv2.cvtColor(image_rgba, cv2.COLOR_RGBA2RGB).astype(np.uint8, copy=False)
    if int(image_rgba[..., 3].min()) == _OPAQUE:
        return rgb
    alpha = image_rgba[..., 3:].astype(np.float32) / _OPAQUE
    weight = float(alpha.sum())
    if weight == 0:
        return np.full_like(rgb, 255)
    brightness = float((rgb * alpha).sum()) / (3 * weight)
    paper = 0 if brightness >= _BRIGHT else 255
    return np.round(rgb * alpha + paper * (1 - alpha)).astype(np.uint8)


def encode(image: UInt8Array, kind: Literal["png", "jpeg"]) -> bytes:
    """The bytes of a file that holds uint8 `(H, W)` grey or `(H, W, 3)` RGB; `png` keeps every pixel."""
    stored = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, encoded = cv2.imencode(f".{kind}", stored)
    return encoded.tobytes()


def _name_the_stranger(encoded: bytes) -> Message:
    start = encoded[:_SIGNATURE_REACH_BYTES].lower()
    for signature, name in _FOREIGN_SIGNATURES:
        if signature.lower() in start:
            return Message("{format} files aren't read. {advice}", format=name, advice=_ADVICE)
    try:
        with Image.open(io.BytesIO(encoded)) as image:
            return Message("{format} pictures aren't read. {advice}", format=image.format, advice=_ADVICE)
    except Exception:  # whatever it is, it is no picture
        return Message("This file isn't a picture that can be read. {advice}", advice=_ADVICE)
