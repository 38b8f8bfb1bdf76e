"""Make HEIF and AVIF files box by box, ordinary ones and hostile ones."""

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pillow_heif
from PIL import ExifTags, Image

from digitcore.io.isobmff import ItemTable
from digitcore.types import UInt8Array

_VISIBLE, _HIDDEN = 0, 1


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a file: the first has the id 1."""

    kind: bytes
    data: bytes = b""
    properties: Sequence[bytes] = ()
    tiles: Sequence[int] = ()
    """The ids of what it is composed of."""

    alpha_of: int = 0
    """The id of the picture whose alpha channel it is."""

    hidden: bool = False
    shares_data_of: int = 0
    """The id of the item whose data it has, instead of data of its own."""


def box(kind: bytes, content: bytes) -> bytes:
    """Make a box."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


def full_box(kind: bytes, content: bytes, version: int = 0, flags: int = 0) -> bytes:
    """Make a box with a version and flags."""
    return box(kind, struct.pack(">I", version << 24 | flags) + content)


def size(width: int, height: int) -> bytes:
    """Make the property of a size."""
    return full_box(b"ispe", struct.pack(">2I", width, height))


def turned(quarters: int) -> bytes:
    """Make the property of a rotation by so many quarters of a turn, counter-clockwise."""
    return box(b"irot", bytes([quarters]))


def heif_file(items: Sequence[Item], primary: int = 1, brand: bytes = b"heic") -> bytes:
    """Make a file."""
    start = box(b"ftyp", brand + bytes(4) + b"mif1" + brand)
    meta = _meta(items, primary, 0)
    return start + _meta(items, primary, len(start) + len(meta) + 8) + box(b"mdat", b"".join(item.data for item in items))


def _meta(items: Sequence[Item], primary: int, data_at: int) -> bytes:
    infos = [
        full_box(b"infe", struct.pack(">2H4s", index, 0, item.kind) + b"\0", 2, _HIDDEN if item.hidden else _VISIBLE)
        for index, item in enumerate(items, 1)
    ]
    properties = sorted({each for item in items for each in item.properties})
    indices = [[1 + properties.index(each) for each in item.properties] for item in items]
    associations = [struct.pack(f">HB{len(each)}H", index, len(each), *each) for index, each in enumerate(indices, 1)]
    references = [
        box(kind, struct.pack(f">2H{len(targets)}H", index, len(targets), *targets))
        for index, item in enumerate(items, 1)
        for kind, targets in ((b"dimg", item.tiles), (b"auxl", [item.alpha_of] if item.alpha_of else []))
        if targets
    ]
    content = (
        full_box(b"hdlr", bytes(4) + b"pict" + bytes(13))
        + full_box(b"pitm", struct.pack(">H", primary))
        + full_box(b"iloc", _locations(items, data_at))
        + full_box(b"iinf", struct.pack(">H", len(items)) + b"".join(infos))
        + box(b"iprp", box(b"ipco", b"".join(properties)) + full_box(b"ipma", _counted(associations), flags=1))
        + (full_box(b"iref", b"".join(references)) if references else b"")
    )
    return full_box(b"meta", content)


def _counted(entries: Sequence[bytes]) -> bytes:
    """Put the number of entries before them."""
    return struct.pack(">I", len(entries)) + b"".join(entries)


def _locations(items: Sequence[Item], data_at: int) -> bytes:
    ends = np.cumsum([len(item.data) for item in items]).tolist()
    extents = [(data_at + end - len(item.data), len(item.data)) for end, item in zip(ends, items, strict=True)]
    shared = [extents[item.shares_data_of - 1] if item.shares_data_of else extent for item, extent in zip(items, extents, strict=True)]
    entries = [struct.pack(">3H2I", index, 0, 1, *extent) for index, extent in enumerate(shared, 1)]
    return struct.pack(">2H", 0x4400, len(items)) + b"".join(entries)


def coded(pixels: UInt8Array, *, hidden: bool = False) -> Item:
    """Encode pixels as an item of HEVC: uint8 `(H, W, 3)` RGB, of 64 pixels a side at least."""
    buffer = io.BytesIO()
    pillow_heif.from_pillow(Image.fromarray(pixels)).save(buffer, quality=90)
    return _primary_item(buffer.getvalue(), hidden=hidden)


def coded_av1(pixels: UInt8Array) -> Item:
    """Encode pixels as an item of AV1."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "AVIF", quality=90)
    return _primary_item(buffer.getvalue(), hidden=False)


def _primary_item(encoded: bytes, *, hidden: bool) -> Item:
    """Take the primary item out of a file."""
    table = ItemTable.parse(encoded)
    item = table.items[table.primary]
    boxes = [table.properties[index - 1] for index in item.properties]
    return Item(item.kind, table.data(item), [encoded[each.start - 8 : each.end] for each in boxes], hidden=hidden)


def grid(columns: int, rows: int, size_wh: tuple[int, int], tiles: Sequence[int]) -> Item:
    """Make an item that is composed of tiles."""
    return Item(b"grid", struct.pack(">4B2H", 0, 0, rows - 1, columns - 1, *size_wh), [size(*size_wh)], tiles)


def exif_turned(orientation: int) -> Item:
    """Make an item with an EXIF orientation. It describes no picture, as no reference says so."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return Item(b"Exif", bytes(4) + exif.tobytes())


@lru_cache(maxsize=1)
def _blank() -> Item:
    return coded(np.full((64, 64, 3), 230, np.uint8), hidden=True)


def resized(item: Item, width: int, height: int) -> Item:
    """Return an item that declares another size."""
    others = [each for each in item.properties if each[4:8] != b"ispe"]
    return Item(item.kind, item.data, [size(width, height), *others], item.tiles, item.alpha_of, item.hidden)


def one_tile_many_times() -> bytes:
    """Make a grid that lists one tile of 4 megapixels 65,025 times."""
    return heif_file([grid(255, 255, (7_000, 7_000), [2] * 255 * 255), resized(_blank(), 2_048, 2_048)])


def grids_of_grids() -> bytes:
    """Make a grid of grids of grids of tiles."""
    levels = [grid(64, 64, (7_000, 7_000), [level] * 64 * 64) for level in (2, 3, 4)]
    return heif_file([*levels, _blank()])


def many_slices(count: int = 4_000_000) -> bytes:
    """Make a picture with so many slices."""
    item = resized(_blank(), 7_000, 7_000)
    return heif_file([Item(item.kind, item.data + b"\0\0\0\4\x26\x01\x00\x00" * count, item.properties)])


def many_pictures(count: int = 1_000) -> bytes:
    """Make an item with so many pictures."""
    return heif_file([Item(_blank().kind, _blank().data * count, _blank().properties)])


def shared_metadata(count: int = 900) -> bytes:
    """Make a file with so many items of metadata that share 40 MB."""
    text = Item(b"Exif", bytes(40_000_000))
    return heif_file([_blank(), text, *(Item(b"Exif", shares_data_of=2) for _ in range(count))])


def shared_profile() -> bytes:
    """Make a file with 900 pictures that share a colour profile of 30 MB."""
    profile = box(b"colr", b"prof" + bytes(30_000_000))
    picture = Item(_blank().kind, _blank().data, [*_blank().properties, profile])
    return heif_file([picture] * 900)


def many_frames(count: int = 500_000) -> bytes:
    """Make an AVIF picture with so many frames."""
    item = coded_av1(np.full((64, 64, 3), 230, np.uint8))
    return heif_file([Item(item.kind, item.data + b"\x1a\x01\x80" * count, item.properties)], brand=b"avif")


def larger_than_declared() -> bytes:
    """Make an AVIF picture that declares 8 pixels a side and has 4,096."""
    return heif_file([resized(coded_av1(np.full((4_096, 4_096, 3), 230, np.uint8)), 8, 8)], brand=b"avif")


def fifty_megapixels() -> bytes:
    """Make a picture of 7,071 pixels a side, as a phone does: a grid of tiles of 512 pixels. It shows a 1."""
    paper, ink = (coded(np.full((512, 512, 3), level, np.uint8), hidden=True) for level in (235, 20))
    tiles = [3 if column == 6 and 4 <= row <= 9 else 2 for row in range(14) for column in range(14)]
    return heif_file([grid(14, 14, (7_071, 7_071), tiles), paper, ink])
