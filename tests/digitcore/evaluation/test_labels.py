import unicodedata

import pytest

from digitcore.errors import LabelsError
from digitcore.evaluation.labels import find_labels, is_table, label_in_name, parse_label
from digitcore.io.archives import unpack
from digitcore.io.exports import LABELS_FILE_NAME, Correction, labelled_zip


def table(*rows, folder=""):
    return {f"{folder}labels.csv": "\n".join(["file,label", *rows]).encode()}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("407", "407"),
        (" 0 12 ", "012"),
        ("12/34", "12/34"),
        ("12\r\n34\n", "12/34"),
        ("none", ""),
        *((bad, None) for bad in ("", " ", "3.5", "1,2", "-3", "seven", "٣", "/", "1" * 1_001)),
    ],
)
def test_a_label_has_digits_in_lines(text, label):
    assert parse_label(text) == label


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("7_1.png", "7"),
        ("set/2026_page.jpg", "2026"),
        ("set\\007_x_y.jpg", "007"),
        ("7.png", None),
        ("7-1_2.png", None),
        ("IMG_7.jpg", None),
        ("7_set/photo.jpg", None),
        ("20260131_174502.jpg", None),
        ("20260131_1.jpg", "20260131"),
    ],
)
def test_a_name_has_a_label_before_its_first_underscore_unless_a_camera_gave_it(name, label):
    assert label_in_name(name) == label


def test_names_without_a_label_are_counted():
    labels = find_labels(["7_1.png", "photo.jpg", "12_2.png", "other.jpg"], {})
    assert labels.by_name == {"7_1.png": "7", "12_2.png": "12"}
    assert [str(note) for note in labels.notes] == ["2 pictures without a label were left out."]


def test_a_table_comes_before_the_names():
    labels = find_labels(["7_1.png", "8_1.png"], table("7_1.png,1"))
    assert labels.by_name == {"7_1.png": "1"}
    assert [str(note) for note in labels.notes] == ["1 picture without a label was left out."]


def test_rows_name_pictures_from_the_folder_of_the_table_or_by_their_file_name():
    names = ["set/a/1.png", "set/b/1.png", "set/b/2.png"]
    assert find_labels(names, table("a/1.png,1", r"b\1.png,2", "2.png,3", folder="set/")).by_name == dict(zip(names, "123", strict=True))
    ambiguous = find_labels(names, table("1.png,1", "./b/2.png,3", folder="set/"))
    assert ambiguous.by_name == {"set/b/2.png": "3"}
    assert "1 row of labels.csv names no picture here." in map(str, ambiguous.notes)


def test_letters_are_the_same_however_they_are_composed():
    (name,) = find_labels([unicodedata.normalize("NFD", "año.png")], table("año.png,7")).by_name
    assert unicodedata.is_normalized("NFD", name)


def test_rows_that_cannot_be_used_are_counted_and_the_others_are_used():
    rows = ["a.png,1", "a.png,1", "b.png,2", "b.png,3", "c.png,three", "c.png,", "gone.png,4", "d.png,none"]
    labels = find_labels(["a.png", "b.png", "c.png", "d.png"], table(*rows))
    assert labels.by_name == {"a.png": "1", "d.png": ""}
    assert [str(note) for note in labels.notes] == [
        "1 row of labels.csv names no picture here.",
        "2 labels have other characters than digits, such as “three”.",
        "1 picture has several different labels.",
        "2 pictures without a label were left out.",
    ]


@pytest.mark.parametrize(
    ("names", "tables", "sentence"),
    [
        ([], {}, "No picture has a label"),
        (["a.png"], {}, "No picture has a label"),
        (["a.png"], table("b.png,1"), "No picture has a label"),
        (["a.png"], {**table("a.png,1"), **table("a.png,1", folder="b/")}, "There are 2 files labels.csv"),
    ],
)
def test_pictures_without_labels_are_one_sentence(names, tables, sentence):
    with pytest.raises(LabelsError, match=sentence):
        find_labels(names, tables)


def test_a_table_is_known_by_its_name():
    assert [is_table(name) for name in ("labels.csv", "set/Labels.CSV", "a\\labels.csv")] == [True] * 3
    assert [is_table(name) for name in ("mylabels.csv", "labels.csv/1.png", "__MACOSX/labels.csv")] == [False] * 3


def test_the_downloads_of_corrections_are_labelled_pictures(shaded):
    corrections = [Correction(shaded[:28, :28], 7, 1, 0.9), Correction(shaded[:28, :28], None, 3, 0.5)]
    files = {each.name: each.content for each in unpack(labelled_zip(corrections))}
    tables = {LABELS_FILE_NAME: files.pop(LABELS_FILE_NAME)}
    assert find_labels(list(files), tables).by_name == {"7/0001.png": "7", "none/0002.png": ""}
