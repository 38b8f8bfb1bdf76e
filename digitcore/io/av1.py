"""The frames of an AV1 bitstream and their size, without decoding them.

References:
    AV1 Bitstream & Decoding Process Specification, sections 5.3 (OBU header) and 5.5 (sequence header).
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from digitcore.io.bits import BitReader
from digitcore.io.file_structure import MAX_READS, unusual_structure_error

_SEQUENCE_HEADER, _FRAME_HEADER, _FRAME = 1, 3, 6
_LEB128_BYTES: Final = 8
_TIERED_LEVEL: Final = 7
"""The level above which a sequence header has a bit for the tier."""


class Obu(NamedTuple):
    """An open bitstream unit: its type and content."""

    kind: int
    content: bytes


def frame_count(bitstream: bytes) -> int:
    """Count the frames of a bitstream, shown or not.

    Args:
        bitstream: the data of an AVIF item.
    """
    return sum(unit.kind in (_FRAME_HEADER, _FRAME) for unit in _units(bitstream))


def largest_frame_px(bitstream: bytes) -> int:
    """Return the most pixels of a frame that the sequence headers of a bitstream allow.

    Args:
        bitstream: the data of an AVIF item.
    """
    return max((_largest_frame_px(unit.content) for unit in _units(bitstream) if unit.kind == _SEQUENCE_HEADER), default=0)


def _units(bitstream: bytes) -> Iterator[Obu]:
    """Yield the units of a bitstream, of each the first bytes; raise an error after `MAX_READS`."""
    position = 0
    for _ in range(MAX_READS):
        if position >= len(bitstream):
            return
        header = bitstream[position]
        position += 2 if header & 4 else 1  # an extension follows
        size = len(bitstream) - position
        if header & 2:
            size, position = _leb128(bitstream, position)
        yield Obu(header >> 3 & 15, bitstream[position : position + min(size, 64)])
        position += size
    raise unusual_structure_error()


def _leb128(bitstream: bytes, position: int) -> tuple[int, int]:
    """Read a number of seven bits a byte; return it and where it ends."""
    value = 0
    for index in range(_LEB128_BYTES):
        byte = bitstream[position + index]
        value |= (byte & 0x7F) << 7 * index
        if byte < 0x80:
            return value, position + index + 1
    raise ValueError("a number is too long")


def _largest_frame_px(sequence_header: bytes) -> int:
    bits = BitReader(sequence_header)
    bits.number(4)  # the profile, and whether it is a still picture
    if bits.number(1):  # the short header of still pictures
        bits.number(5)
    else:
        _skip_operating_points(bits)
    width_bits, height_bits = bits.number(4) + 1, bits.number(4) + 1
    return (bits.number(width_bits) + 1) * (bits.number(height_bits) + 1)


def _skip_operating_points(bits: BitReader) -> None:
    if bits.number(1):  # times, which pictures have no use for
        raise unusual_structure_error()
    has_delay = bits.number(1)
    for _ in range(bits.number(5) + 1):
        bits.number(12)
        if bits.number(5) > _TIERED_LEVEL:
            bits.number(1)
        if has_delay and bits.number(1):
            bits.number(4)
