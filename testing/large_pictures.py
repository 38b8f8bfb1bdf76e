"""Make honest pictures of the largest accepted size, in each format and kind that decoders treat differently."""

import io
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from PIL import ExifTags, Image

from digitcore.types import UInt8Array
from testing import heif_files

SIDE_PX: Final = 7_071
"""The side of a square of 50 megapixels."""

_TURNED: Final = 6
"""The EXIF orientation of a phone that is held upright."""


def _grey(side_px: int = SIDE_PX) -> UInt8Array:
    """Draw a 1 on light paper."""
    image = np.full((side_px, side_px), 235, np.uint8)
    image[side_px * 2 // 7 : side_px * 5 // 7, side_px * 33 // 70 : side_px // 2] = 20
    return image


def _file(image: Image.Image, kind: str, **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def _rgb(side_px: int = SIDE_PX) -> Image.Image:
    return Image.fromarray(_grey(side_px)).convert("RGB")


def _turned_png() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = _TURNED
    return _file(_rgb(), "PNG", exif=exif, compress_level=1)


LARGE: Final[dict[str, Callable[[], bytes]]] = {
    "JPEG": lambda: _file(_rgb(), "JPEG", quality=92),
    "JPEG, progressive, colours in full": lambda: _file(_rgb(), "JPEG", quality=92, progressive=True, subsampling=0),
    "JPEG, CMYK": lambda: _file(_rgb().convert("CMYK"), "JPEG", quality=92),
    "PNG, transparent": lambda: _file(_rgb().convert("RGBA"), "PNG", compress_level=1),
    "PNG, 16 bits": lambda: _file(Image.fromarray(_grey().astype(np.uint16) * 257), "PNG", compress_level=1),
    "PNG, turned": _turned_png,
    "TIFF, transparent": lambda: _file(_rgb().convert("RGBA"), "TIFF", compression="tiff_lzw"),
    "TIFF, 32 bits": lambda: _file(Image.fromarray(_grey().astype(np.int32)), "TIFF", compression="tiff_lzw"),
    "TIFF, floating point": lambda: _file(Image.fromarray(_grey().astype(np.float32)), "TIFF", compression="tiff_lzw"),
    "GIF": lambda: _file(Image.fromarray(_grey()), "GIF"),
    "HEIC": heif_files.fifty_megapixels,
    "AVIF, 20 megapixels": lambda: _file(_rgb(4_472), "AVIF", quality=30, speed=10),
    "WebP, 20 megapixels": lambda: _file(_rgb(4_472), "WEBP", lossless=True, quality=0, method=0),
}
"""Files by format and kind, as functions that make them."""
