import io
import zipfile

import pytest

from digitcore import ArchiveError
from digitcore.io import archives
from digitcore.io.archives import is_archive, unpack


def packed(*files, method=zipfile.ZIP_DEFLATED):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name) if name.endswith("/") else name, content)
    return buffer.getvalue()


def errors_of(content):
    return {each.name: str(each.error or "") for each in unpack(content)}


def test_files_in_folders_keep_their_paths_and_order():
    content = packed(("holiday/", b""), ("holiday/2.png", b"two"), ("1.png", b"one"))
    assert [(each.name, each.content, each.error) for each in unpack(content)] == [("holiday/2.png", b"two", None), ("1.png", b"one", None)]


def test_system_files_and_hidden_files_are_skipped():
    content = packed(("__MACOSX/._1.png", b"x"), (".DS_Store", b"x"), ("a/.hidden", b"x"), ("1.png", b"one"))
    assert [each.name for each in unpack(content)] == ["1.png"]


@pytest.mark.parametrize("name", ["../1.png", "/etc/1.png", "a/../../1.png", "C:\\1.png", "..\\1.png", "\\\\host\\1.png"])
def test_a_file_with_an_unsafe_path_is_skipped_and_the_others_are_unpacked(name):
    found = errors_of(packed((name, b"one"), ("2.png", b"two")))
    assert "unsafe path" in found[name]
    assert found["2.png"] == ""


def test_a_zip_inside_a_zip_is_not_opened():
    assert "ZIP files inside a ZIP" in errors_of(packed(("inner.ZIP", packed(("1.png", b"one")))))["inner.ZIP"]


def test_an_encrypted_file_is_skipped():
    content = bytearray(packed(("1.png", b"one"), method=zipfile.ZIP_STORED))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    assert "password" in errors_of(bytes(content))["1.png"]


def test_a_zip_bomb_is_not_unpacked_beyond_the_limit():
    bomb = packed(("zeros.png", bytes(archives.MAX_FILE_BYTES + 1)), ("1.png", b"one"))
    assert len(bomb) < 2**17
    found = errors_of(bomb)
    assert "more than 50 MB" in found["zeros.png"]
    assert found["1.png"] == ""


def test_the_files_of_a_zip_have_a_limit_together(monkeypatch):
    monkeypatch.setattr(archives, "MAX_TOTAL_BYTES", 25)
    found = errors_of(packed(*((f"{place}.png", bytes(10)) for place in range(4))))
    assert [bool(error) for error in found.values()] == [False, False, True, True]
    assert "unpacks to more than" in found["3.png"]


def test_a_header_with_a_wrong_size_is_not_believed():
    content = bytearray(packed(("1.png", bytes(5000))))
    place = content.index(b"PK\x01\x02")
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    found = list(unpack(bytes(content)))
    assert all(each.error is not None or len(each.content) <= 5000 for each in found)


def test_files_beyond_the_most_are_skipped_and_counted():
    found = list(unpack(packed(*((f"{place:04}.png", b"") for place in range(1000)))))
    assert len(found) == archives.MAX_FILES + 1
    assert "500 files. Split" in str(found[-1].error)


def test_a_single_file_beyond_the_most_is_skipped_without_a_count():
    *_, last = unpack(packed(*((f"{place:04}.png", b"") for place in range(archives.MAX_FILES + 1))))
    assert str(last.error) == "A ZIP may hold 500 files, so this one was skipped. Split the ZIP."


def test_a_damaged_file_is_one_error_and_the_others_are_unpacked():
    content = bytearray(packed(("1.png", bytes(range(256)) * 9), ("2.png", b"two")))
    content[60:80] = bytes(20)
    found = errors_of(bytes(content))
    assert "damaged" in found["1.png"]
    assert found["2.png"] == ""


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a ZIP", packed(("1.png", b"one"))[:-9]])
def test_a_file_that_is_no_zip_is_one_error(content):
    with pytest.raises(ArchiveError, match="can't be opened"):
        list(unpack(content))


def test_a_zip_is_recognised_by_its_name_or_its_bytes():
    assert is_archive("A.ZIP", b"")
    assert is_archive("upload", packed(("1.png", b"")))
    assert not is_archive("1.png", b"\x89PNG")


@pytest.mark.parametrize("content", [packed(), packed(("folder/", b"")), packed(("__MACOSX/._1.png", b"x"))])
def test_a_zip_without_files_is_an_error(content):
    with pytest.raises(ArchiveError, match="This ZIP is empty"):
        list(unpack(content))
