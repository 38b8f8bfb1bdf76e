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


def errors(content):
    return {each.name: str(each.error or "") for each in unpack(content)}


def test_files_in_folders_come_with_their_folders_in_order():
    content = packed(("holiday/", b""), ("holiday/2.png", b"two"), ("1.png", b"one"))
    assert [(each.name, each.content, each.error) for each in unpack(content)] == [("holiday/2.png", b"two", None), ("1.png", b"one", None)]


def test_what_systems_add_is_passed_over():
    content = packed(("__MACOSX/._1.png", b"x"), (".DS_Store", b"x"), ("a/.hidden", b"x"), ("1.png", b"one"))
    assert [each.name for each in unpack(content)] == ["1.png"]


@pytest.mark.parametrize("name", ["../1.png", "/etc/1.png", "a/../../1.png", "C:\\1.png", "..\\1.png", "\\\\host\\1.png"])
def test_a_name_that_leads_out_is_refused_by_name_and_the_rest_goes_on(name):
    found = errors(packed((name, b"one"), ("2.png", b"two")))
    assert "leads out of its ZIP" in found[name]
    assert found["2.png"] == ""


def test_a_zip_within_a_zip_is_refused():
    assert "ZIP within a ZIP" in errors(packed(("inner.ZIP", packed(("1.png", b"one")))))["inner.ZIP"]


def test_a_locked_file_is_refused():
    content = bytearray(packed(("1.png", b"one"), method=zipfile.ZIP_STORED))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    assert "password" in errors(bytes(content))["1.png"]


def test_a_bomb_is_not_unpacked_past_its_bound():
    bomb = packed(("zeros.png", bytes(archives.MOST_BYTES_A_FILE + 1)), ("1.png", b"one"))
    assert len(bomb) < 2**17
    found = errors(bomb)
    assert "more than 50 MB" in found["zeros.png"]
    assert found["1.png"] == ""


def test_many_files_that_are_too_much_together_are_bounded(monkeypatch):
    monkeypatch.setattr(archives, "MOST_BYTES", 25)
    found = errors(packed(*((f"{place}.png", bytes(10)) for place in range(4))))
    assert [bool(error) for error in found.values()] == [False, False, True, True]
    assert "unpacks to more than" in found["3.png"]


def test_a_header_that_lies_about_its_size_is_damaged():
    content = bytearray(packed(("1.png", bytes(5000))))
    place = content.index(b"PK\x01\x02")
    content[place + 24 : place + 28] = (10).to_bytes(4, "little")
    found = list(unpack(bytes(content)))
    assert all(each.error is not None or len(each.content) <= 5000 for each in found)


def test_a_thousand_entries_are_cut_off_with_their_number():
    found = list(unpack(packed(*((f"{place:04}.png", b"") for place in range(1000)))))
    assert len(found) == archives.MOST_FILES + 1
    assert "500 in all, are left out" in str(found[-1].error)


def test_a_file_with_broken_bytes_is_one_error_and_the_rest_goes_on():
    content = bytearray(packed(("1.png", bytes(range(256)) * 9), ("2.png", b"two")))
    content[60:80] = bytes(20)
    found = errors(bytes(content))
    assert "damaged" in found["1.png"]
    assert found["2.png"] == ""


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not a ZIP", packed(("1.png", b"one"))[:-9]])
def test_what_is_no_zip_at_all_is_one_sentence(content):
    with pytest.raises(ArchiveError, match="can't be opened"):
        list(unpack(content))


def test_a_zip_is_known_by_its_name_or_its_bytes():
    assert is_archive("A.ZIP", b"")
    assert is_archive("upload", packed(("1.png", b"")))
    assert not is_archive("1.png", b"\x89PNG")


@pytest.mark.parametrize("content", [packed(), packed(("folder/", b"")), packed(("__MACOSX/._1.png", b"x"))])
def test_an_empty_zip_says_so(content):
    with pytest.raises(ArchiveError, match="nothing in this ZIP"):
        list(unpack(content))
