"""Pack the strokes of a drawing into a short text for an address, and unpack such a text.

The text is base64url without padding of one byte, `VERSION`, and data that are compressed by zlib: the width and the height of the paper,
the number of strokes, the width of each stroke's pen, its number of points, and the steps from each point to the next one, in little-endian
integers. Pens and steps are in quarters of a pixel. The low bytes of all steps come before the high bytes, most of which are the same.

References:
    The Base16, Base32, and Base64 Data Encodings, RFC 4648, section 5
    Douglas, Peucker: Algorithms for the reduction of the number of points required to represent a digitized line or its caricature, 1973
"""

import base64
import binascii
import struct
import zlib
from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from digitcore.errors import DrawingError
from digitcore.io.strokes import MAX_STROKES, Stroke, check_strokes
from digitcore.messages import Message
from digitcore.types import Float64Array

VERSION: Final = 1

MAX_PACKED_CHARACTERS: Final = 60_000
"""The longest text that is made or unpacked."""

MIN_SIDE_PX: Final = 100
MAX_SIDE_PX: Final = 1_000
"""The shortest and the longest side of a paper that is packed or unpacked."""

_UNITS_PER_PX: Final = 4
_TOLERANCES_PX: Final = (0.25, 0.5, 1.0, 2.0)
"""How far a packed line may be from the drawn one, at first; the others are for drawings that are too long."""

_MAX_UNPACKED_BYTES: Final = 1_000_000
_HEADER: Final = struct.Struct("<HHH")
_BYTES_PER_STROKE: Final = 6
_BYTES_PER_POINT: Final = 4
_MAX_PEN_UNITS: Final = 0xFFFF


def pack_strokes(strokes: Sequence[Stroke], size_wh: tuple[int, int], max_characters: int = MAX_PACKED_CHARACTERS) -> str:
    """Pack a drawing.

    Points farther outside the paper than its width or height are moved to that distance.

    Args:
        strokes: the drawing, in pixels.
        size_wh: the width and height of the paper, `MIN_SIDE_PX` to `MAX_SIDE_PX` each.
        max_characters: the longest text; the lines of longer ones are simplified, by up to 2 px.

    Returns:
        Letters, digits, `-` and `_`.

    Raises:
        DrawingError: the drawing doesn't fit in a text of this length.
        ValueError: strokes that can't be drawn, or a paper of another size; the text gives what was expected and received.

    Examples:
        >>> stroke = Stroke(np.array([[20.0, 50.0], [80.0, 50.0]]), pen_px=10.0)
        >>> strokes, size_wh = unpack_strokes(pack_strokes([stroke], (280, 140)))
        >>> strokes[0].points.tolist(), strokes[0].pen_px, size_wh
        ([[20.0, 50.0], [80.0, 50.0]], 10.0, (280, 140))
    """
    check_strokes(strokes)
    if not all(MIN_SIDE_PX <= side <= MAX_SIDE_PX for side in size_wh):
        raise ValueError(f"expected sides of {MIN_SIDE_PX} to {MAX_SIDE_PX:,} px, received {size_wh}.")
    for tolerance_px in _TOLERANCES_PX:
        data = _to_bytes(strokes, size_wh, tolerance_px)
        if len(data) <= _MAX_UNPACKED_BYTES:
            text = base64.urlsafe_b64encode(bytes([VERSION]) + zlib.compress(data, 9)).rstrip(b"=").decode()
            if len(text) <= max_characters:
                return text
    raise DrawingError(Message("This drawing is too long for a link. Download it instead."))


def unpack_strokes(text: str) -> tuple[list[Stroke], tuple[int, int]]:
    """Unpack a drawing that may come from anybody.

    Args:
        text: as `pack_strokes` returns it.

    Returns:
        The strokes, and the width and height of the paper, all in pixels.

    Raises:
        DrawingError: the text is too long, damaged or of another version.
    """
    if len(text) > MAX_PACKED_CHARACTERS:
        raise DrawingError(Message("This drawing can't be opened: it is too long. Write a new one."))
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        if data[0] != VERSION:
            raise DrawingError(Message("This drawing can't be opened: it was made by another version of this app. Write a new one."))
        return _from_bytes(_decompress(data[1:]))
    except (binascii.Error, IndexError, ValueError, struct.error, zlib.error) as error:
        raise DrawingError(Message("This drawing can't be opened: its link is damaged. Write a new one.")) from error


def simplify(points: Float64Array, tolerance_px: float) -> Float64Array:
    """Leave out the points that are not needed for a line that is no farther than a tolerance from the drawn one.

    Args:
        points: float64 `(N, 2)`, N at least 1, in pixels.
        tolerance_px: the tolerance.

    Returns:
        float64 `(M, 2)`, some of the points, M from 1 to N.
    """
    simplified = cv2.approxPolyDP(points.astype(np.float32)[:, np.newaxis], tolerance_px, False)
    return np.asarray(simplified[:, 0], np.float64)


def _to_bytes(strokes: Sequence[Stroke], size_wh: tuple[int, int], tolerance_px: float) -> bytes:
    size = np.array(size_wh)
    paths = [_to_units(simplify(np.clip(stroke.points, -size, 2 * size), tolerance_px)) for stroke in strokes]
    header = _HEADER.pack(*size_wh, len(paths))
    if not paths:
        return header
    pens = np.clip([round(stroke.pen_px * _UNITS_PER_PX) for stroke in strokes], 1, _MAX_PEN_UNITS).astype("<u2")
    counts = np.array([len(path) for path in paths], "<u4")
    steps = np.diff(np.concatenate(paths), axis=0, prepend=0).T.astype("<i2").tobytes()
    return header + pens.tobytes() + counts.tobytes() + steps[::2] + steps[1::2]


def _to_units(points: Float64Array) -> Float64Array:
    """Round points to units, and leave out those that are where the one before is."""
    units = np.rint(points * _UNITS_PER_PX)
    return np.asarray(units[np.r_[True, (np.diff(units, axis=0) != 0).any(axis=1)]])


def _decompress(data: bytes) -> bytes:
    """Decompress data, or raise an error where there are too many of them, too few, or others after them."""
    decompressor = zlib.decompressobj()
    unpacked = decompressor.decompress(data, _MAX_UNPACKED_BYTES)
    if not decompressor.eof or decompressor.unused_data:
        raise ValueError("expected one complete stream of limited length.")
    return unpacked


def _from_bytes(data: bytes) -> tuple[list[Stroke], tuple[int, int]]:
    """Parse unpacked data, or raise an error where they describe no drawing that fits their paper."""
    width, height, stroke_count = _HEADER.unpack_from(data)
    arrays = data[_HEADER.size :]
    pens_px = np.frombuffer(arrays, "<u2", stroke_count) / _UNITS_PER_PX
    counts = np.frombuffer(arrays, "<u4", stroke_count, 2 * stroke_count).astype(np.int64)
    point_count = int(counts.sum())
    if len(arrays) != _BYTES_PER_STROKE * stroke_count + _BYTES_PER_POINT * point_count or not counts.all() or stroke_count > MAX_STROKES:
        raise ValueError(f"expected {stroke_count} strokes and {point_count} points, received {len(arrays)} bytes.")
    steps = np.frombuffer(arrays, np.uint8, offset=_BYTES_PER_STROKE * stroke_count).reshape(2, -1).T.tobytes()
    units = np.frombuffer(steps, "<i2").reshape(2, -1).T.cumsum(axis=0, dtype=np.int64)
    points, size = units / _UNITS_PER_PX, np.array([width, height])
    if not (MIN_SIDE_PX <= size.min() <= size.max() <= MAX_SIDE_PX) or (points < -size).any() or (points > 2 * size).any():
        raise ValueError("expected points on the paper or near it.")
    paths = np.split(points, counts.cumsum()[:-1]) if stroke_count else []
    return [Stroke(path, float(pen_px)) for path, pen_px in zip(paths, pens_px, strict=True)], (width, height)
