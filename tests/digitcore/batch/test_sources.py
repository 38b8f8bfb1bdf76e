import io
import os
import shutil
import zipfile

import pytest

from digitcore.batch.sources import Finder, Reference, is_regular
from digitcore.errors import BatchError


def found(*sources, standard_input=b""):
    finder = Finder(standard_input=io.BytesIO(standard_input))
    references = list(finder.find(list(map(str, sources))))
    return sorted(reference.name for reference in references), finder.passed_over


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


def test_a_folder_is_walked_to_its_bottom_and_others_than_pictures_are_counted(tree):
    assert found("tree") == (["tree/a.png", "tree/b/c.JPG", "tree/b/d/e.tiff"], 1)


def test_links_that_lead_round_in_a_circle_come_to_an_end(tree):
    (tree / "b" / "round").symlink_to(tree)
    assert len(found("tree")[0]) == 3


def test_a_folder_that_cannot_be_read_is_a_row_of_its_own_and_the_rest_goes_on(tree):
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
def test_a_source_that_is_not_there_is_told_before_anything_is_read(folder, source):
    with pytest.raises(BatchError, match=r"nowhere|Nothing matches"):
        found(source)


def test_a_picture_that_is_not_there_is_a_row_as_on_the_command_line(folder):
    assert found("nowhere.png")[0] == ["nowhere.png"]


def test_a_list_names_files_folders_and_zips_a_line_each(tree, folder):
    packed(folder / "more.zip", "1.png")
    (folder / "list.txt").write_bytes(b"tree/b/notes.txt\r\n\ntree/b/d\nmore.zip\nmissing\n*.png")
    names = ["*.png", "missing", "more.zip/1.png", "tree/b/d/e.tiff", "tree/b/notes.txt"]
    assert found("@list.txt") == (names, 0)
    assert found("@-", standard_input=(folder / "list.txt").read_bytes()) == (names, 0)


def test_a_line_with_a_zero_byte_is_a_row_that_says_so(folder):
    (folder / "list.txt").write_bytes(b"a\0b.png\n")
    reference = next(Finder().find(["@list.txt"]))
    assert "zero byte" in reference.error


def test_a_zip_gives_its_pictures_wherever_it_lies(folder):
    packed(folder / "a.zip", "holiday/1.png", "readme.txt", "__MACOSX/._1.png", "inner.zip")
    assert found("a.zip") == (["a.zip/holiday/1.png", "a.zip/inner.zip"], 1)
    assert found(".")[0] == ["./a.zip/holiday/1.png", "./a.zip/inner.zip"]


@pytest.mark.parametrize(("content", "sentence"), [(b"no ZIP", "damaged"), (b"PK\x05\x06" + bytes(18), "nothing in this ZIP")])
def test_a_zip_that_gives_nothing_is_a_row_that_says_why(folder, content, sentence):
    (folder / "bad.zip").write_bytes(content)
    (reference,) = Finder().find(["bad.zip"])
    assert reference.name == "bad.zip"
    assert sentence in reference.error


def test_one_picture_under_many_names_is_one(folder, tree):
    (folder / "link.png").symlink_to("tree/a.png")
    (folder / "linked").symlink_to("tree")
    names = ["tree/a.png", "./tree/b/../a.png", str(tree / "a.png"), "link.png", "linked/a.png"]
    assert len({Reference(name).identity for name in names}) == 1


def test_pictures_with_the_same_bytes_are_two():
    assert Reference("a.zip", "1.png").identity != Reference("a.zip", "2.png").identity
    assert Reference("a.png").identity != Reference("b.png").identity


def test_a_name_that_is_no_text_is_written_out(folder):
    raw = b"caf\xe9.png"
    (folder / os.fsdecode(raw)).write_bytes(b"content")
    assert found(".")[0] == ["./caf\\xe9.png"]


def test_a_pipe_is_no_regular_file(folder):
    os.mkfifo(folder / "pipe.png")
    assert not is_regular("pipe.png")
    assert not is_regular(".")
    with pytest.raises(FileNotFoundError):
        is_regular("missing.png")
