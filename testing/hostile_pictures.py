"""Make files of pictures that are small for what decoding them would cost: each would take seconds to minutes, or gigabytes.

Each builder follows its format's specification closely enough for a decoder to accept the file and begin.
"""

import io
import struct
import zlib
from collections.abc import Callable
from typing import Final

import numpy as np
from PIL import Image

from testing import heif_files

MIB: Final = 2**20
SIDE_PX: Final = 7_071
"""The side of a square of 50 megapixels."""


def _jpeg(*, progressive: bool = False) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((16, 16), 200, np.uint8)).save(buffer, "JPEG", progressive=progressive)
    return buffer.getvalue()


def _after_start(jpeg: bytes, segments: bytes) -> bytes:
    return jpeg[:2] + segments + jpeg[2:]


def jpeg_with_scans(count: int, side_px: int = SIDE_PX) -> bytes:
    """Make a progressive JPEG with so many empty refinement scans, each of which goes over the whole picture."""
    jpeg = bytearray(_jpeg(progressive=True))
    frame = jpeg.index(b"\xff\xc2")
    jpeg[frame + 5 : frame + 9] = struct.pack(">2H", side_px, side_px)
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x10"
    return bytes(jpeg[:-2]) + scan * count + b"\xff\xd9"


_ONE_PIXEL_ROW: Final = b"\x01\x00\x00\x00"
"""A run of one pixel and the end of the row, which the decoder fills pixel by pixel."""


def _bmp_rle8(width: int, height: int, runs: bytes) -> bytes:
    """Make a BMP with run-length encoding and a palette of two colours."""
    palette = bytes(4) + b"\xff\xff\xff\x00"
    start = 14 + 40 + len(palette)
    info = struct.pack("<I2i2H6I", 40, width, height, 1, 8, 1, len(runs), 0, 0, 2, 0)
    return struct.pack("<2sI4xI", b"BM", start + len(runs), start) + info + palette + runs


def _png_with(chunks: bytes) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((16, 16), 200, np.uint8)).save(buffer, "PNG")
    png = buffer.getvalue()
    return png[:33] + chunks + png[33:]


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _gif_with(blocks: bytes) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full((16, 16), 200, np.uint8)).save(buffer, "GIF")
    gif = buffer.getvalue()
    start = 13 + 3 * 2 ** ((gif[10] & 7) + 1) * (gif[10] >> 7)
    return gif[:start] + blocks + gif[start:]


def _tiff_with_strips(count: int) -> bytes:
    """Make a TIFF whose one field of strip offsets has so many numbers."""
    fields = [(256, 4, 1, 64), (257, 4, 1, 64), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, count, 8), (279, 4, count, 8)]
    directory = struct.pack("<H", len(fields)) + b"".join(struct.pack("<2H2I", *field) for field in fields) + bytes(4)
    return struct.pack("<2sHI", b"II", 42, 8 + 4 * count) + bytes(4 * count) + directory


def _exif(content_bytes: int) -> bytes:
    return b"\xff\xe1" + struct.pack(">H", content_bytes + 8) + b"Exif\0\0" + bytes(content_bytes)


HOSTILE: Final[dict[str, Callable[[], bytes]]] = {
    "JPEG, 10,000 refinement scans": lambda: jpeg_with_scans(10_000),
    "JPEG, 10 million empty segments": lambda: _after_start(_jpeg(), b"\xff\xec\x00\x02" * 10_000_000),
    "JPEG, 40 MB of fill bytes": lambda: _after_start(_jpeg(), b"\xff" * 40_000_000),
    "JPEG, 4 million tiny Exif segments": lambda: _after_start(_jpeg(), _exif(0) * 4_000_000),
    "JPEG, 760 full Exif segments": lambda: _after_start(_jpeg(), _exif(65_527) * 760),
    "BMP, run-length encoded, 6,250,000×8": lambda: _bmp_rle8(6_250_000, 8, _ONE_PIXEL_ROW * 8),
    "BMP, run-length encoded, 7071×7071": lambda: _bmp_rle8(SIDE_PX, SIDE_PX, _ONE_PIXEL_ROW * SIDE_PX),
    "BMP, run-length encoded, without progress": lambda: _bmp_rle8(SIDE_PX, SIDE_PX, b"\x00\x02\x00\x00" * 6_000_000),
    "PNG, 4 million empty chunks": lambda: _png_with(_png_chunk(b"aaAa", b"") * 4_000_000),
    "PNG, a million texts": lambda: _png_with(_png_chunk(b"tEXt", b"a\0" + bytes(7)) * 1_000_000),
    "GIF, 40 MB of comments": lambda: _gif_with(b"\x21\xfe" + b"\x01a" * 20_000_000 + b"\x00"),
    "GIF, 40 MB of zeros": lambda: _gif_with(bytes(40_000_000)),
    "GIF, 13 million extensions": lambda: _gif_with(b"\x21\x01\x00" * 13_000_000),
    "GIF, 2 million loop counts": lambda: _gif_with(b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00" * 2_000_000),
    "TIFF, 10 million strips": lambda: _tiff_with_strips(10_000_000),
    "HEIC, a tile 65,025 times": heif_files.one_tile_many_times,
    "HEIC, 4 million slices": heif_files.many_slices,
    "HEIC, a thousand pictures in one": heif_files.many_pictures,
    "HEIC, 900 items that share 40 MB": heif_files.shared_metadata,
    "HEIC, 900 pictures that share a profile": heif_files.shared_profile,
    "AVIF, 500,000 frames": heif_files.many_frames,
    "AVIF, larger than it declares": heif_files.larger_than_declared,
    "HEIF, grids of grids": heif_files.grids_of_grids,
    "EPS, 40 MB of comments": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n" + b"%a\n" * 13_000_000,
    "PPM, 40 MB of comments": lambda: b"P6\n" + b"#\n" * 20_000_000,
    "PSD, 40 MB of layers": lambda: b"8BPS\x00\x01" + bytes(6) + struct.pack(">HIIHH", 3, 64, 64, 8, 3) + bytes(40_000_000),
    "XPM, 40 MB of comments": lambda: b"/* XPM */\n" + b"/* a */\n" * 5_000_000,
    "IM, 40 MB of fields": lambda: b"Image type: L\r\n" * 2_700_000,
    "IPTC, 40 MB of fields": lambda: b"\x1c\x03\x3c\x00\x01a" * 6_700_000,
}
"""Files by what they consist of, as functions that make them."""

STRANGERS: Final = ("HEIF", "EPS", "PPM", "PSD", "XPM", "IM", "IPTC")
"""The formats among them that are not supported: the first words of their names. "HEIF" is one that is neither HEIC nor AVIF."""
