"""ZIPs made to take memory or time: each ends as one error, with bounded memory."""

import io
import struct
import tracemalloc
import zipfile

import numpy as np
import pytest

from digitcore import ArchiveError
from digitcore.io import archives, zip_decompression
from digitcore.io.archives import MAX_DIRECTORY_BYTES, MAX_FILE_BYTES, open_archive, unpack
from tests.digitcore.io.test_archives import errors_of, packed

MIB = 2**20
ZEROS = bytes(MAX_FILE_BYTES)


def central_entry(name, method, crc, compressed_bytes, unpacked_bytes, offset):
    """Return a directory entry, by the ZIP specification (APPNOTE 4.3.12)."""
    sizes = compressed_bytes, unpacked_bytes, len(name)
    fixed = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, method, 0, 0, crc, *sizes, 0, 0, 0, 0, 0, offset)
    return fixed + name


def with_directory(content, entries):
    """Return a ZIP of other entries over the same files."""
    start = content.index(b"PK\x01\x02")
    directory = b"".join(entries)
    count = min(len(entries), 0xFFFF)
    return content[:start] + directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)


def repeated(content, count):
    """List the one file of a ZIP `count` times."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (file,) = archive.infolist()
    name = file.filename.encode()
    entry = central_entry(name, file.compress_type, file.CRC, file.compress_size, file.file_size, 0)
    return with_directory(content, [entry] * count)


def peak_of(work):
    """Return what the work returns, and the most memory that Python's allocations took meanwhile, in bytes."""
    tracemalloc.start()
    try:
        result = work()
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("count", [2, 30, 500])
def test_a_file_that_is_listed_several_times_is_refused_without_being_unpacked(count):
    bomb = repeated(packed(("0.png", ZEROS)), count)
    assert len(bomb) < 100_000

    def refuse():
        with pytest.raises(ArchiveError, match="damaged"):
            list(unpack(bomb))

    assert peak_of(refuse)[1] < 2 * MIB


def test_files_that_share_bytes_are_refused():
    content = packed(("a.png", b"one"), ("b.png", b"two"), method=zipfile.ZIP_STORED)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first, second = archive.infolist()
    crossing = second.header_offset - first.header_offset - 30 + 1
    entries = [
        central_entry(b"a.png", 0, first.CRC, crossing, crossing, 0),
        central_entry(b"b.png", 0, second.CRC, 3, 3, second.header_offset),
    ]
    with pytest.raises(ArchiveError, match="damaged"):
        list(unpack(with_directory(content, entries)))


def test_a_file_that_reaches_into_the_directory_is_refused():
    content = packed(("a.png", b"one"), method=zipfile.ZIP_STORED)
    with pytest.raises(ArchiveError, match="damaged"):
        list(unpack(with_directory(content, [central_entry(b"a.png", 0, 0, 20, 20, 0)])))


def test_a_directory_of_a_million_files_is_refused_before_it_is_read():
    empty = packed(("a", b""), method=zipfile.ZIP_STORED)
    huge = with_directory(empty, [central_entry(b"a", 0, 0, 0, 0, 0)] * 10**6)

    def refuse():
        with pytest.raises(ArchiveError, match="too many files"):
            list(unpack(huge))

    assert peak_of(refuse)[1] < 4 * MIB


def test_a_zip64_directory_of_any_size_is_refused_before_it_is_read():
    content = packed(("a", b""))
    start = content.index(b"PK\x01\x02")
    end64 = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 2**40, 2**40, 2**45, start)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, start, 1)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    with pytest.raises(ArchiveError):
        list(unpack(content[:start] + bytes(2 * MAX_DIRECTORY_BYTES) + end64 + locator + end))


def test_files_of_a_zip_with_a_longer_directory_are_read_where_it_is_allowed():
    many = io.BytesIO(packed(*((f"{index:060}.png", b"") for index in range(12_000))))
    with pytest.raises(ArchiveError, match="too many files"):
        open_archive(many)
    with open_archive(many, 8 * MAX_DIRECTORY_BYTES) as archive:
        assert len(archive.infolist()) == 12_000


METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("size", [0, 1, 999, 1000, 3005])
def test_each_method_of_compression_is_unpacked_in_pieces(monkeypatch, method, size):
    monkeypatch.setattr(zip_decompression, "CHUNK_BYTES", 1000)
    content = np.random.default_rng(0).integers(0, 9, size, np.uint8).tobytes()
    (file,) = unpack(packed(("a.png", content), method=method))
    assert file.error is None
    assert file.content == content
    assert file.unpacked_bytes == size


@pytest.mark.parametrize("method", METHODS)
def test_no_method_unpacks_more_than_the_limit(monkeypatch, method):
    monkeypatch.setattr(archives, "MAX_FILE_BYTES", MIB)
    bomb = packed(("a.png", bytes(40 * MIB)), ("b.png", b"two"), method=method)
    (first, second), peak_bytes = peak_of(lambda: list(unpack(bomb)))
    assert "more than 1 MB" in str(first.error)
    assert first.unpacked_bytes <= 2 * MIB
    assert second.content == b"two"
    assert peak_bytes < 16 * MIB  # with an LZMA dictionary of 8 MiB


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("damage", ["checksum", "data", "end"])
def test_a_damaged_file_is_one_error_whatever_its_method(method, damage):
    noise = np.random.default_rng(0).integers(0, 256, 50_000, np.uint8).tobytes()
    content = bytearray(packed(("1.png", noise), ("2.png", b"two"), method=method))
    directory = content.index(b"PK\x01\x02")
    if damage == "checksum":
        content[directory + 16] ^= 1
    elif damage == "data":
        content[20_000:20_100] = bytes(100)
    else:
        compressed_bytes = int.from_bytes(content[directory + 20 : directory + 24], "little")
        content[directory + 20 : directory + 24] = (compressed_bytes - 5_000).to_bytes(4, "little")
    first, second = unpack(bytes(content))
    assert "damaged" in str(first.error)
    assert second.content == b"two"


def test_a_dictionary_of_gigabytes_is_not_allocated():
    content = bytearray(packed(("1.png", b"one"), method=zipfile.ZIP_LZMA))
    dictionary = 30 + len("1.png") + 5
    content[dictionary : dictionary + 4] = (2**32 - 1).to_bytes(4, "little")
    assert "damaged" in errors_of(bytes(content))["1.png"]


def test_an_unknown_method_of_compression_is_named():
    content = bytearray(packed(("1.png", b"one")))
    for signature, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        content[content.index(signature) + place] = 98
    assert "compressed in an unsupported way" in errors_of(bytes(content))["1.png"]


def test_bytes_of_files_that_fail_count_as_well(monkeypatch):
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 250)
    content = bytearray(packed(*((f"{index}.png", bytes(100)) for index in range(4))))
    place = -1
    for _ in range(4):
        place = content.index(b"PK\x01\x02", place + 1)
        content[place + 16] ^= 1  # the checksum
    messages = list(errors_of(bytes(content)).values())
    assert ["damaged" in message for message in messages] == [True, True, False, False]
    assert all("unpacks to more than" in message for message in messages[2:])


def test_errors_keep_nothing_of_what_was_unpacked():
    content = bytearray(packed(*((f"{index}.png", bytes(10 * MIB)) for index in range(8))))
    place = -1
    for _ in range(8):
        place = content.index(b"PK\x01\x02", place + 1)
        content[place + 16] ^= 1
    tracemalloc.start()
    try:
        files = list(unpack(bytes(content)))
        kept_bytes, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert all("damaged" in str(file.error) for file in files)
    assert kept_bytes < MIB
    for file in files:
        assert file.error.__traceback__ is file.error.__cause__ is file.error.__context__ is None
