"""Reject HEIF and AVIF files that would take long or much memory to decode, by the structure of their items and bitstreams.

The decoders check much themselves: libheif the number of items and the size that an HEVC bitstream declares. They would still decode a tile
as often as a grid lists it, pictures that are never shown, and slices that lie upon each other.

References:
    ITU-T H.265 (HEVC), sections 7.3.1 and 7.3.6; AV1 Bitstream & Decoding Process Specification, sections 5.3 to 5.5.
"""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Final, NamedTuple

from digitcore.errors import UnsupportedFormatError
from digitcore.io.av1 import frame_count, largest_frame_px
from digitcore.io.file_structure import MAX_READS, unusual_structure_error
from digitcore.io.hevc import HevcPicture, PixelKind, combined, parse_hevc
from digitcore.io.isobmff import Item, ItemTable
from digitcore.messages import Message

MAX_CODED_PIXELS: Final = 100_000_000
"""The most pixels of all tiles, with the parts that are cut off at the border, and of the alpha channel: twice the largest picture."""

MAX_SLICE_PIXELS: Final = 1_000_000_000
"""The most pixels times slices of HEVC, each of which may cover the whole picture: 20 slices of 50 megapixels, 80 of 12."""

MAX_METADATA_BYTES: Final = 256 * 2**20
"""The most bytes of metadata times items: a colour profile is copied for each picture of a file."""

MAX_AV1_FRAMES: Final = 4
"""The most frames of an AV1 picture: one for each layer."""

_ALPHA_TYPES: Final = (b"urn:mpeg:hevc:2015:auxid:1\0", b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0")
_DERIVED_KINDS: Final = (b"grid", b"iden")

_SEQUENCE_BRAND: Final = b"avis"
"""The main brand of animations, of which libavif decodes the frames of the video instead of the primary picture."""


class Codec(StrEnum):
    """The codec of a picture, by the type of its items."""

    HEVC = "hvc1"
    AV1 = "av01"


class CodedPicture(NamedTuple):
    """What is known of a picture before it is decoded."""

    codec: Codec
    kind: PixelKind
    """The kind of its pixels; of AV1 that which takes most memory."""


def check_heif(encoded: bytes) -> CodedPicture:
    """Check the structure of a HEIF or AVIF file.

    Args:
        encoded: the file's bytes.

    Returns:
        The codec and the pixels of its primary picture.

    Raises:
        DamagedImageError: decoding it would take too long.
        UnsupportedFormatError: its primary picture has another codec, or is composed in another way than of tiles.
        ValueError: it is damaged or incomplete.
    """
    if encoded[8:12] == _SEQUENCE_BRAND:
        raise _unsupported_kind_error()
    table = ItemTable.parse(encoded)
    data_bytes = sum(end - start for item in table.items.values() for start, end in item.extents)
    if data_bytes > len(encoded) or len(table.items) * table.byte_count > MAX_METADATA_BYTES:
        raise unusual_structure_error()
    coded = list(_coded_items(table))
    kinds = {item.kind for item in coded}
    if len(kinds) != 1 or not kinds <= {codec.value.encode() for codec in Codec}:
        raise _unsupported_kind_error()
    codec = Codec(kinds.pop().decode())
    return CodedPicture(codec, _check_pixels(table, coded, codec))


def _unsupported_kind_error() -> UnsupportedFormatError:
    return UnsupportedFormatError(Message("This kind of HEIF or AVIF file isn't supported. Save it as JPEG or PNG and try again."))


def _coded_items(table: ItemTable) -> Iterator[Item]:
    """Yield what is decoded for the primary picture: the tiles that it and its alpha channel are composed of, as often as they are used."""
    primary = table.items[table.primary]
    alphas = [item for item in table.items.values() if table.primary in item.auxiliary_of and _is_alpha(table, item)]
    for item in (primary, *alphas):
        sources = [table.items[each] for each in item.sources] if item.kind in _DERIVED_KINDS else [item]
        if len(sources) > MAX_READS:
            raise unusual_structure_error()
        yield from sources


def _is_alpha(table: ItemTable, item: Item) -> bool:
    box = table.property(item, b"auxC")
    return box is not None and table.encoded[box.start + 4 : box.end].startswith(_ALPHA_TYPES)


def _check_pixels(table: ItemTable, coded: Iterable[Item], codec: Codec) -> PixelKind:
    """Return the kind of the pixels; raise an error where all tiles together, or their slices, have too many of them."""
    pixels = slice_pixels = 0
    pictures: dict[int, HevcPicture] = {}
    for item in coded:
        width, height = table.size_wh(item)
        if id(item) not in pictures:
            pictures[id(item)] = _hevc_picture(table, item) if codec is Codec.HEVC else _av1_picture(table, item)
        pixels += width * height
        slice_pixels += width * height * pictures[id(item)].slices
        if pixels > MAX_CODED_PIXELS or slice_pixels > MAX_SLICE_PIXELS:
            raise unusual_structure_error()
    return combined(picture.kind for picture in pictures.values())


def _hevc_picture(table: ItemTable, item: Item) -> HevcPicture:
    box = table.property(item, b"hvcC")
    if box is None:
        raise ValueError("a picture has no configuration")
    return parse_hevc(table.encoded[box.start : box.end], table.data(item))


def _av1_picture(table: ItemTable, item: Item) -> HevcPicture:
    """Check the frames of an item, whose size must be the one that the item declares."""
    data = table.data(item)
    width, height = table.size_wh(item)
    if frame_count(data) > MAX_AV1_FRAMES or largest_frame_px(data) > width * height:
        raise unusual_structure_error()
    return HevcPicture(1, PixelKind(is_deep=True, is_subsampled=False))
