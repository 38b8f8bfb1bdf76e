"""Decompression of the files in a ZIP in pieces of bounded size.

`zipfile` bounds the pieces of stored and deflated files only: of bzip2 and LZMA it decompresses 4 KB at once, which may be gigabytes.
"""

import bz2
import copy
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Final, Protocol

CHUNK_BYTES: Final = 2**20
"""The most bytes that are decompressed at once."""

METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
"""The methods of compression that are supported."""

_BOUNDED_BY_ZIPFILE: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_COMPRESSED_CHUNK_BYTES: Final = 2**16

_LZMA_HEADER: Final = struct.Struct("<2xHBI")
"""Precedes LZMA data in a ZIP: version, size of the properties, which follow: lc, lp and pb in one byte, and the dictionary's size."""

_LZMA_PROPERTIES_BYTES: Final = 5

_MAX_LZMA_DICTIONARY_BYTES: Final = 2**26
"""The largest dictionary, which is allocated at once: that of 7-Zip's highest level."""


class _Decompressor(Protocol):
    """What the decompressors of `bz2` and `lzma` have in common."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


def decompress_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Decompress one file of an open ZIP.

    Args:
        archive: The open ZIP.
        entry: The file's entry; its method must be one of `METHODS`.

    Yields:
        At most `CHUNK_BYTES` at a time.

    Raises:
        zipfile.BadZipFile: The file is damaged; the decompressors raise errors of other types, too.
    """
    crc = 0
    with archive.open(_without_checksum(entry)) as file:
        for chunk in _pieces(file, entry.compress_type):
            crc = zlib.crc32(chunk, crc)
            yield chunk
    if crc != entry.CRC:
        raise zipfile.BadZipFile("wrong checksum")


def _without_checksum(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """Return an entry by which `zipfile` compares no checksum, and doesn't decompress what it would decompress without a bound."""
    unchecked = copy.copy(entry)
    unchecked.CRC = None  # type: ignore[assignment]  # `zipfile` then compares none
    if entry.compress_type not in _BOUNDED_BY_ZIPFILE:
        unchecked.compress_type, unchecked.file_size = zipfile.ZIP_STORED, entry.compress_size
    return unchecked


def _pieces(file: IO[bytes], method: int) -> Iterator[bytes]:
    """Read a file in pieces, and decompress those that `zipfile` doesn't."""
    if method in _BOUNDED_BY_ZIPFILE:
        return iter(lambda: file.read(CHUNK_BYTES), b"")
    return _decompress(file, bz2.BZ2Decompressor() if method == zipfile.ZIP_BZIP2 else _lzma_decompressor(file))


def _lzma_decompressor(file: IO[bytes]) -> _Decompressor:
    """Read the header of LZMA data; return a decompressor for what follows."""
    properties_bytes, packed, dictionary_bytes = _LZMA_HEADER.unpack(file.read(_LZMA_HEADER.size))
    if properties_bytes != _LZMA_PROPERTIES_BYTES or dictionary_bytes > _MAX_LZMA_DICTIONARY_BYTES:
        raise zipfile.BadZipFile("unsupported LZMA properties")
    rest, lc = divmod(packed, 9)
    pb, lp = divmod(rest, 5)
    chain = [{"id": lzma.FILTER_LZMA1, "dict_size": dictionary_bytes, "lc": lc, "lp": lp, "pb": pb}]
    return lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=chain)


def _decompress(file: IO[bytes], decompressor: _Decompressor) -> Iterator[bytes]:
    """Decompress a file to the end of its data or of the file, whichever comes first."""
    while not decompressor.eof:
        compressed = file.read(_COMPRESSED_CHUNK_BYTES) if decompressor.needs_input else b""
        chunk = decompressor.decompress(compressed, CHUNK_BYTES)
        if not chunk and not compressed and decompressor.needs_input:
            return  # incomplete, which the checksum tells
        if chunk:
            yield chunk
