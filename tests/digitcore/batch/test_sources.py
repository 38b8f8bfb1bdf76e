import io
import os
import shutil
import zipfile

import pytest

from digitcore.batch.sources import Finder, ImageReference, is_regular_file
from digitcore.errors import BatchError


def found(*sources, standard_input=b""):
    finder = Finder(standard_input=io.BytesIO(standard_input))
    references = list(finder.find(list(map(str, sources))))
    return sorted(reference.name for reference in references), finder.skipped


def packed(path, *names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, b"content")
    return path


@pytest.fixture
def tree(folder):
    for name in ("a.png", "b/c.JPG", "b/d/e.tiff", "b/notes.txt", ".hidden/f.png", "b/.g.png", "__MACOSX/._a.png"):
        (folder / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / "tree" / name).write_bytes(b"content")
    return folder / "tree"


def test_a_folder_is_searched_recursively_and_skipped_files_are_counted(tree):
    assert found("tree") == (["tree/a.png", "tree/b/c.JPG", "tree/b/d/e.tiff"], 1)


def test_links_that_form_a_cycle_are_not_followed(tree):
    (tree / "b" / "round").symlink_to(tree)
    assert len(found("tree")[0]) == 3


def test_a_folder_that_cannot_be_read_is_a_row_of_its_own_and_the_rest_is_read(tree):
    finder = Finder()
    walk = finder.find(["tree/b", "tree/a.png"])
    references = [next(walk)]
    shutil.rmtree(tree / "b" / "d")
    references += walk
    bad = [reference for reference in references if reference.error]
    assert [reference.name for reference in bad] == ["tree/b/d"]
    assert "can't be read" in bad[0].error
    assert "tree/a.png" in [reference.name for reference in references]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("tree/*.png", ["tree/a.png"]),
        ("tree/**/*.[Jt]*", ["tree/b/c.JPG", "tree/b/d/e.tiff", "tree/b/notes.txt"]),
        ("tree/b/*.txt", ["tree/b/notes.txt"]),
    ],
)
def test_a_glob_takes_files_of_any_name(tree, pattern, names):
    assert found(pattern) == (names, 0)


def test_a_file_whose_name_looks_like_a_glob_is_that_file(folder):
    (folder / "[1].png").write_bytes(b"content")
    (folder / "1.png").write_bytes(b"content")
    assert found("[1].png")[0] == ["[1].png"]


@pytest.mark.parametrize("source", ["nowhere", "*.png", "@nowhere.txt", "nowhere.zip"])
def test_a_missing_source_is_an_error_before_anything_is_read(folder, source):
    with pytest.raises(BatchError, match=r"nowhere|Nothing matches"):
        found(source)


def test_a_missing_picture_is_a_row_as_for_the_command_read(folder):
    assert found("nowhere.png")[0] == ["nowhere.png"]


def test_a_list_names_files_folders_and_zips_one_per_line(tree, folder):
    packed(folder / "more.zip", "1.png")
    (folder / "list.txt").write_bytes(b"tree/b/notes.txt\r\n\ntree/b/d\nmore.zip\nmissing\n*.png")
    names = ["*.png", "missing", "more.zip/1.png", "tree/b/d/e.tiff", "tree/b/notes.txt"]
    assert found("@list.txt") == (names, 0)
    assert found("@-", standard_input=(folder / "list.txt").read_bytes()) == (names, 0)


def test_a_line_with_a_zero_byte_is_a_row_with_an_error(folder):
    (folder / "list.txt").write_bytes(b"a\0b.png\n")
    reference = next(Finder().find(["@list.txt"]))
    assert "zero byte" in reference.error


def test_a_zip_gives_its_pictures_in_any_folder(folder):
    packed(folder / "a.zip", "holiday/1.png", "readme.txt", "__MACOSX/._1.png", "inner.zip")
    assert found("a.zip") == (["a.zip/holiday/1.png", "a.zip/inner.zip"], 1)
    assert found(".")[0] == ["./a.zip/holiday/1.png", "./a.zip/inner.zip"]


@pytest.mark.parametrize(("content", "sentence"), [(b"no ZIP", "damaged"), (b"PK\x05\x06" + bytes(18), "This ZIP is empty")])
def test_a_zip_without_readable_files_is_a_row_with_the_reason(folder, content, sentence):
    (folder / "bad.zip").write_bytes(content)
    (reference,) = Finder().find(["bad.zip"])
    assert reference.name == "bad.zip"
    assert sentence in reference.error


def test_one_picture_under_many_names_has_one_identity(folder, tree):
    (folder / "link.png").symlink_to("tree/a.png")
    (folder / "linked").symlink_to("tree")
    names = ["tree/a.png", "./tree/b/../a.png", str(tree / "a.png"), "link.png", "linked/a.png"]
    assert len({ImageReference(name).identity for name in names}) == 1


def test_different_files_have_different_identities():
    assert ImageReference("a.zip", "1.png").identity != ImageReference("a.zip", "2.png").identity
    assert ImageReference("a.png").identity != ImageReference("b.png").identity


def test_bytes_of_a_name_that_are_not_utf8_are_escaped(folder):
    raw = b"caf\xe9.png"
    (folder / os.fsdecode(raw)).write_bytes(b"content")
    assert found(".")[0] == ["./caf\\xe9.png"]


def test_a_pipe_is_not_a_regular_file(folder):
    os.mkfifo(folder / "pipe.png")
    assert not is_regular_file("pipe.png")
    assert not is_regular_file(".")
    with pytest.raises(FileNotFoundError):
        is_regular_file("missing.png")
