"""Reject files that are small but take long to decode, by a look at their structure before anything is decoded.

The limits on bytes and pixels don't bound the time: a JPEG of 100 KB may go over its 50 megapixels ten thousand times, and Pillow parses
what precedes the pixels, and run-length encoded BMP files, in Python. Each check takes milliseconds, on hostile files too. Whatever is
parsed piece by piece is bounded by `BoundedSource`, which counts the pieces.
"""

import io
import re
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from digitcore.errors import DamagedImageError
from digitcore.messages import Message

MAX_READS: Final = 100_000
"""The most times that a decoder may read from a file: a PNG of 50 MB with chunks of 4 KB takes half of them."""

MAX_JPEG_SCANS: Final = 100
"""The most scans of a JPEG: encoders write at most ten; each takes as long as a whole picture."""

MAX_JPEG_SEGMENTS: Final = 2_000
"""The most segments of a JPEG: a photograph has about twenty, a large colour profile 255 more."""

MAX_EXIF_BYTES: Final = 2**20
"""The most bytes of Exif in a JPEG, which Pillow joins segment by segment: cameras write one segment, of 64 KB at most."""

MAX_RLE_PIXELS: Final = 2_000_000
MAX_RLE_BYTES: Final = 2**20
"""The largest BMP with run-length encoding, which Pillow decodes in Python: about half a second."""

MAX_TIFF_VALUES: Final = 200_000
"""The most numbers of one field of a TIFF, the offsets of its strips, for example: one for each row of the tallest picture would do."""

_JPEG_MARKER: Final = re.compile(rb"\xff([\x02-\xcf\xd8-\xfe])")
"""A marker, but for restarts and padding. Between them is compressed data, in which no other byte than 0 follows a byte of 255."""

_START_OF_IMAGE, _END_OF_IMAGE, _START_OF_SCAN, _APP1 = 0xD8, 0xD9, 0xDA, 0xE1
_STARTS_OF_FRAME: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_SEQUENTIAL_FRAMES: Final = (0xC0, 0xC1)
_FRAME_COMPONENTS_AT: Final = 7
"""Where a start of frame has the number of its components, after the length, precision, height and width."""

_EXIF_SIGNATURE: Final = b"Exif\0\0"

_BMP_HEADER: Final = struct.Struct("<I2i2xHI")
"""Of a BMP from byte 14 on: the header's size, width, height, bits per pixel, compression."""

_BMP_HEADER_AT: Final = 14
_OS2_HEADER_BYTES: Final = 12
_BMP_RLE: Final = (1, 2)

_TIFF_ORDERS: Final = {b"II": "<", b"MM": ">"}
_BIG_TIFF: Final = 43
_TIFF_NUMBER_TYPES: Final = frozenset({3, 4, 5, 8, 9, 10, 11, 12, 13, 16, 17, 18})
"""The types of fields that Pillow converts number by number: not bytes and text."""


class BoundedSource(io.BytesIO):
    """A file in memory that may be read so many times, since decoders read what they parse in Python piece by piece."""

    def __init__(self, encoded: bytes, max_reads: int = MAX_READS) -> None:
        """Open a file.

        Args:
            encoded: The file's bytes.
            max_reads: How many times it may be read.
        """
        super().__init__(encoded)
        self._remaining_reads = max_reads

    def read(self, size: int | None = -1, /) -> bytes:
        """Read bytes, as `io.BytesIO` does.

        Raises:
            DamagedImageError: the file has been read too often.
        """
        self._remaining_reads -= 1
        if self._remaining_reads < 0:
            raise unusual_structure_error()
        return super().read(size)


def check_structure(encoded: bytes) -> BoundedSource:
    """Check the structure of a picture's file, and open it.

    Args:
        encoded: The file's bytes.

    Returns:
        The file for Pillow.

    Raises:
        DamagedImageError: Decoding it would take too long.
    """
    if encoded.startswith(b"\xff\xd8"):
        _check_jpeg(encoded)
    elif encoded.startswith(b"BM"):
        return _check_bmp(encoded)
    elif encoded[:2] in _TIFF_ORDERS:
        _check_tiff(encoded)
    return BoundedSource(encoded)


def unusual_structure_error() -> DamagedImageError:
    """Return the error for a file that would take too long to decode, to be raised."""
    return DamagedImageError(
        Message("This picture's file has an unusual structure that would take too long to read. Save it as JPEG or PNG and try again.")
    )


class _Segment(NamedTuple):
    marker: int
    start: int
    """Where its length is, which is followed by its content."""


def _jpeg_segments(encoded: bytes) -> Iterator[_Segment]:
    """Find the segments of a JPEG's first picture; raise an error after `MAX_JPEG_SEGMENTS`."""
    position = 0
    for _ in range(MAX_JPEG_SEGMENTS):
        found = _JPEG_MARKER.search(encoded, position)
        if found is None or found[1][0] == _END_OF_IMAGE:
            return
        yield _Segment(found[1][0], found.end())
        has_length = found[1][0] != _START_OF_IMAGE
        position = found.end() + (int.from_bytes(encoded[found.end() : found.end() + 2]) if has_length else 0)
    raise unusual_structure_error()


def _check_jpeg(encoded: bytes) -> None:
    """Raise an error where a JPEG has too many scans, segments, or bytes of Exif."""
    scans, exif_bytes = 0, 0
    sequential_components = 0
    for marker, start in _jpeg_segments(encoded):
        if marker in _SEQUENTIAL_FRAMES:
            sequential_components = encoded[start + _FRAME_COMPONENTS_AT] if start + _FRAME_COMPONENTS_AT < len(encoded) else 0
        elif marker == _APP1 and encoded.startswith(_EXIF_SIGNATURE, start + 2):
            exif_bytes += int.from_bytes(encoded[start : start + 2])
        elif marker == _START_OF_SCAN:
            scans += 1
            if sequential_components and encoded[start + 2 : start + 3] == bytes([sequential_components]):
                return  # a single scan with all components: the decoder ends with it
        if scans > MAX_JPEG_SCANS or exif_bytes > MAX_EXIF_BYTES:
            raise unusual_structure_error()


def _check_bmp(encoded: bytes) -> BoundedSource:
    """Raise an error where a BMP has run-length encoding and is large; allow its decoder to read it run by run."""
    if len(encoded) < _BMP_HEADER_AT + _BMP_HEADER.size:
        return BoundedSource(encoded)
    header_bytes, width, height, _, compression = _BMP_HEADER.unpack_from(encoded, _BMP_HEADER_AT)
    if header_bytes == _OS2_HEADER_BYTES or compression not in _BMP_RLE:
        return BoundedSource(encoded)
    if abs(width * height) > MAX_RLE_PIXELS or len(encoded) > MAX_RLE_BYTES:
        raise unusual_structure_error()
    return BoundedSource(encoded, MAX_READS + len(encoded))


def _check_tiff(encoded: bytes) -> None:
    """Raise an error where a field of a TIFF's first directory has too many numbers."""
    order = _TIFF_ORDERS[encoded[:2]]
    is_big = int.from_bytes(encoded[2:4], "little" if order == "<" else "big") == _BIG_TIFF
    pointer, count, field = [struct.Struct(order + code) for code in (("8xQ", "Q", "HHQ8x") if is_big else ("4xI", "H", "HHI4x"))]
    try:
        (start,) = pointer.unpack_from(encoded)
        (fields,) = count.unpack_from(encoded, start)
        if fields > MAX_READS:
            raise unusual_structure_error()
        for index in range(fields):
            _, kind, values = field.unpack_from(encoded, start + count.size + index * field.size)
            if kind in _TIFF_NUMBER_TYPES and values > MAX_TIFF_VALUES:
                raise unusual_structure_error()
    except (struct.error, OverflowError):
        return  # incomplete, as the decoder will report
