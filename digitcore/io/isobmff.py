"""The items of a HEIF or AVIF file: which pictures it has, of what kind and size, and where their data is. Nothing is decoded.

References:
    ISO/IEC 14496-12 (ISO base media file format) and ISO/IEC 23008-12 (HEIF).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Self

MAX_BOXES: Final = 5_000
"""The most boxes of a box that are parsed: there is one for each item."""

MAX_ITEMS: Final = 1_000
"""The most items, as in libheif: a picture of 50 megapixels in tiles of 512 pixels has 200."""

_BRANDS: Final = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"mif2", b"avif", b"avis"}
)
"""The main brands of still pictures and of sequences of them; those of videos are not among them."""

_SIZE_IS_64_BITS, _SIZE_IS_THE_REST = 1, 0
_IN_FILE, _IN_ITEM_DATA = 0, 1


class Box(NamedTuple):
    """A box of a file: its type, and where its content is."""

    kind: bytes
    start: int
    end: int


class Extent(NamedTuple):
    """A range of the file's bytes."""

    start: int
    end: int


@dataclass(slots=True)
class Item:
    """A picture, a tile of one, or metadata."""

    kind: bytes
    """`hvc1`, `av01`, `grid`, `Exif` and so on."""

    extents: list[Extent] = field(default_factory=list)
    properties: list[int] = field(default_factory=list)
    """The indices of its properties."""

    sources: list[int] = field(default_factory=list)
    """The ids of the items that it is composed of: a grid's tiles, each as often as it is used."""

    auxiliary_of: list[int] = field(default_factory=list)
    """The ids of the pictures whose alpha, depth or gain map it is."""


@dataclass(slots=True)
class ItemTable:
    """What the `meta` box of a file lists."""

    encoded: bytes
    primary: int = 0
    """The id of the picture to show."""

    items: dict[int, Item] = field(default_factory=dict)
    properties: list[Box] = field(default_factory=list)
    byte_count: int = 0
    """The length of the `meta` box."""

    def size_wh(self, item: Item) -> tuple[int, int]:
        """Return the width and height that an item declares, in pixels before any rotation; raise a ValueError if it declares none."""
        declared = self.property(item, b"ispe")
        if declared is None:
            raise ValueError("a picture has no size")
        reader = _Reader(self.encoded, declared.start + 4, declared.end)
        return reader.number(4), reader.number(4)

    def property(self, item: Item, kind: bytes) -> Box | None:
        """Return an item's property of a kind, None if it has none."""
        boxes = (self.properties[index - 1] for index in item.properties if 0 < index <= len(self.properties))
        return next((box for box in boxes if box.kind == kind), None)

    def data(self, item: Item) -> bytes:
        """Return an item's data."""
        return b"".join(self.encoded[start:end] for start, end in item.extents)

    @classmethod
    def parse(cls, encoded: bytes) -> Self:
        """Parse the items of a file.

        Args:
            encoded: the file's bytes.

        Raises:
            ValueError: the file is damaged, incomplete, or has more items than `MAX_ITEMS`.
        """
        table = cls(encoded)
        meta = next((box for box in _boxes(encoded, 0, len(encoded)) if box.kind == b"meta"), None)
        if meta is None:
            raise ValueError("there are no items")
        table.byte_count = meta.end - meta.start
        children = {box.kind: box for box in _boxes(encoded, meta.start + 4, meta.end)}
        _parse_infos(table, children[b"iinf"])
        reader, version = _full_box(encoded, children[b"pitm"])
        table.primary = reader.number(2 if version == 0 else 4)
        _parse_properties(table, children[b"iprp"])
        _parse_locations(table, children[b"iloc"], children.get(b"idat"))
        if b"iref" in children:
            _parse_references(table, children[b"iref"])
        return table


class _Reader:
    """Big-endian numbers of a part of the file, one after another."""

    def __init__(self, encoded: bytes, start: int, end: int) -> None:
        self._encoded, self._position, self._end = encoded, start, min(end, len(encoded))

    def number(self, size: int) -> int:
        """Read a number of `size` bytes."""
        return int.from_bytes(self.take(size))

    def take(self, size: int) -> bytes:
        """Read `size` bytes."""
        if size > self._end - self._position:
            raise ValueError("a box is too short")
        self._position += size
        return self._encoded[self._position - size : self._position]

    @property
    def position(self) -> int:
        """Return where the next number is."""
        return self._position


def is_heif(encoded: bytes) -> bool:
    """Return whether a file is a HEIF or AVIF picture, by its first bytes."""
    return encoded[4:8] == b"ftyp" and encoded[8:12] in _BRANDS


def _boxes(encoded: bytes, start: int, end: int) -> Iterator[Box]:
    """Find the boxes in a part of the file, without those inside them."""
    for _ in range(MAX_BOXES):
        if start + 8 > end:
            return
        size, kind, header = int.from_bytes(encoded[start : start + 4]), encoded[start + 4 : start + 8], 8
        if size == _SIZE_IS_64_BITS:
            size, header = int.from_bytes(encoded[start + 8 : start + 16]), 16
        elif size == _SIZE_IS_THE_REST:
            size = end - start
        if size < header or start + size > end:
            raise ValueError("a box has an impossible size")
        yield Box(kind, start + header, start + size)
        start += size
    raise ValueError("there are too many boxes")


def _full_box(encoded: bytes, box: Box) -> tuple[_Reader, int]:
    """Open a box that begins with a version and flags, and return its version."""
    reader = _Reader(encoded, box.start, box.end)
    version = reader.number(1)
    reader.take(3)
    return reader, version


def _parse_infos(table: ItemTable, iinf: Box) -> None:
    """Add the items with their types."""
    reader, version = _full_box(table.encoded, iinf)
    reader.number(2 if version == 0 else 4)
    for box in _boxes(table.encoded, reader.position, iinf.end):
        info, info_version = _full_box(table.encoded, box)
        item_id = info.number(4 if info_version >= 3 else 2)
        info.take(2)
        table.items[item_id] = Item(info.take(4) if info_version >= 2 else b"")
    if len(table.items) > MAX_ITEMS:
        raise ValueError("there are too many items")


def _parse_properties(table: ItemTable, iprp: Box) -> None:
    """Add the properties, and to each item the indices of its own."""
    for box in _boxes(table.encoded, iprp.start, iprp.end):
        if box.kind == b"ipco":
            table.properties = list(_boxes(table.encoded, box.start, box.end))
        elif box.kind == b"ipma":
            reader, version = _full_box(table.encoded, box)
            has_long_indices = table.encoded[box.start + 3] & 1
            for _ in range(reader.number(4)):
                item = table.items.get(reader.number(2 if version == 0 else 4))
                indices = [reader.number(2) & 0x7FFF if has_long_indices else reader.number(1) & 0x7F for _ in range(reader.number(1))]
                if item is not None:
                    item.properties.extend(indices)


def _parse_locations(table: ItemTable, iloc: Box, idat: Box | None) -> None:
    """Add to each item where its data is."""
    reader, version = _full_box(table.encoded, iloc)
    sizes = reader.number(2)
    offset_size, length_size, base_size, index_size = (sizes >> shift & 15 for shift in (12, 8, 4, 0))
    for _ in range(reader.number(2 if version < 2 else 4)):
        item = table.items.get(reader.number(2 if version < 2 else 4))
        method = reader.number(2) & 15 if version else _IN_FILE
        reader.take(2)
        base = reader.number(base_size) + (idat.start if method == _IN_ITEM_DATA and idat else 0)
        for _ in range(reader.number(2)):
            reader.take(index_size if version else 0)
            start, length = base + reader.number(offset_size), reader.number(length_size)
            if item is not None:
                item.extents.append(_extent(table.encoded, start, length, method))


def _extent(encoded: bytes, start: int, length: int, method: int) -> Extent:
    """Check an extent; a length of 0 is the rest of the file."""
    end = start + length if length else len(encoded)
    if method not in (_IN_FILE, _IN_ITEM_DATA) or end > len(encoded):
        raise ValueError("an item's data is missing")
    return Extent(start, end)


def _parse_references(table: ItemTable, iref: Box) -> None:
    """Add to each item what it is composed of, and whose auxiliary picture it is."""
    reader, version = _full_box(table.encoded, iref)
    id_size = 2 if version == 0 else 4
    for box in _boxes(table.encoded, reader.position, iref.end):
        reference = _Reader(table.encoded, box.start, box.end)
        item = table.items.get(reference.number(id_size))
        targets: Sequence[int] = [reference.number(id_size) for _ in range(reference.number(2))]
        if item is not None and box.kind == b"dimg":
            item.sources.extend(targets)
        elif item is not None and box.kind == b"auxl":
            item.auxiliary_of.extend(targets)
