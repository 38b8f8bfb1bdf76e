"""The slices of an HEVC bitstream and the kind of its pixels, without decoding them.

References:
    ITU-T H.265, sections 7.3.1 (NAL units), 7.3.2.2 (sequence parameter set), 7.3.3 (profile, tier and level) and 7.3.6 (slices).
"""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from digitcore.io.bits import BitReader
from digitcore.io.file_structure import MAX_READS, unusual_structure_error

_LENGTH_BYTES: Final = 4
"""The bytes of the length before each unit: libheif takes no other number."""

_LAST_SLICE_TYPE: Final = 31
"""The last type of a unit that belongs to a picture; those above are parameters and supplements."""

_SEQUENCE_PARAMETERS: Final = 33
_UNIT_START_BYTES: Final = 96
"""The length of a unit's start, which has everything that is asked for here."""

_CONFIGURATION_HEADER_BYTES: Final = 22
_PROFILE_BITS: Final = 88
"""The profile in the sequence parameters: its space, tier, number, compatibility and constraints."""

_SUBSAMPLED_FORMATS: Final = (0, 1)
"""The numbers of grey pictures, and of those with one colour for four pixels."""


class PixelKind(NamedTuple):
    """How many bits and colours the pixels of a picture have."""

    is_deep: bool
    """Whether a channel has more than eight bits."""

    is_subsampled: bool
    """Whether there is one colour for four pixels, or none."""


class HevcPicture(NamedTuple):
    """A picture in a bitstream."""

    slices: int
    kind: PixelKind


def parse_hevc(configuration: bytes, bitstream: bytes) -> HevcPicture:
    """Count the slices of a picture, and find the kind of its pixels.

    Args:
        configuration: the content of its `hvcC` box.
        bitstream: the data of its item.

    Raises:
        DamagedImageError: the bitstream has more than one picture, or too many units.
        ValueError: it is damaged.
    """
    slices = pictures = 0
    kinds = []
    for index, unit in enumerate(_units(configuration, bitstream)):
        unit_type = unit[0] >> 1 & 0x3F if len(unit) > 2 else None
        if unit_type == _SEQUENCE_PARAMETERS:
            kinds.append(_pixel_kind(unit))
        elif unit_type is not None and unit_type <= _LAST_SLICE_TYPE:
            slices += 1
            pictures += unit[2] >> 7  # whether it is the first slice of a picture
        if pictures > 1 or index >= MAX_READS:
            raise unusual_structure_error()
    return HevcPicture(slices, combined(kinds))


def combined(kinds: Iterable[PixelKind]) -> PixelKind:
    """Return the kind that takes most memory.

    Raises:
        ValueError: there is none.
    """
    each = list(kinds)
    if not each:
        raise ValueError("a bitstream has no parameters")
    return PixelKind(any(kind.is_deep for kind in each), all(kind.is_subsampled for kind in each))


def _units(configuration: bytes, bitstream: bytes) -> Iterator[bytes]:
    """Yield the starts of the units that the decoder gets: those of the configuration, then those of the bitstream."""
    position = _CONFIGURATION_HEADER_BYTES + 1
    for _ in range(configuration[_CONFIGURATION_HEADER_BYTES]):
        count = int.from_bytes(configuration[position + 1 : position + 3])
        position += 3
        for _ in range(count):
            yield configuration[position + 2 : position + 2 + _UNIT_START_BYTES]
            position += 2 + int.from_bytes(configuration[position : position + 2])
    position = 0
    while position + _LENGTH_BYTES < len(bitstream):
        start = position + _LENGTH_BYTES
        yield bitstream[start : start + _UNIT_START_BYTES]
        position = start + int.from_bytes(bitstream[position:start])


def _pixel_kind(sequence_parameters: bytes) -> PixelKind:
    """Read the number of bits and the subsampling of colours."""
    bits = BitReader(sequence_parameters[2:].replace(b"\0\0\3", b"\0\0"))  # without the bytes that prevent start codes
    bits.number(4)
    sub_layers = bits.number(3)
    bits.number(1 + _PROFILE_BITS + 8)
    if sub_layers:
        raise ValueError("a picture has no temporal layers")
    bits.exponential_golomb()
    chroma_format = bits.exponential_golomb()
    if chroma_format == 3:
        bits.number(1)
    bits.exponential_golomb()  # width
    bits.exponential_golomb()  # height
    if bits.number(1):  # what is cut off at the border
        for _ in range(4):
            bits.exponential_golomb()
    is_deep = max(bits.exponential_golomb(), bits.exponential_golomb()) > 0
    return PixelKind(is_deep, chroma_format in _SUBSAMPLED_FORMATS)
