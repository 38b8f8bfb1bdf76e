import io
import zipfile

import cv2
import pytest

from digitcore import ArchiveError, Settings
from digitcore.errors import LabelsError
from digitcore.evaluation.archive import evaluate_zip
from digitcore.io import archives


@pytest.fixture
def encoded(drawing):
    """Return a function that encodes the drawing of a digit."""
    return lambda digit: cv2.imencode(".png", drawing(digit))[1].tobytes()


def packed(**files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_the_pictures_of_a_zip_are_compared_with_their_labels(encoded):
    files = {
        "set/7_1.png": encoded(7),
        "set/4_1.png": encoded(1),
        "set/5_1.png": b"damaged",
        "set/photo.png": encoded(2),
        "notes.txt": b"x",
    }
    answer = evaluate_zip(packed(**files), Settings()).to_dict()
    assert (answer["pictures"], answer["right"], answer["unreadable"]) == (3, 1, 1)
    assert [(each["file"], each["text"], bool(each["error"])) for each in answer["misread"]] == [
        ("set/4_1.png", "1", False),
        ("set/5_1.png", "", True),
    ]
    assert answer["notes"] == ["1 picture without a label was left out."]
    assert answer["advice"]["misread_tried"] == 1


def test_the_table_of_a_zip_is_used_and_the_advice_is_for_the_settings(encoded):
    files = {"a.png": encoded(7), "b.png": encoded(4), "labels.csv": "file;label\na.png;7\nb.png;4"}
    answer = evaluate_zip(packed(**files), Settings(polarity="light_ink")).to_dict()
    changes = {each["value"]: each["mended"] for each in answer["advice"]["changes"]}
    assert (answer["right"], changes["dark_ink"]) == (0, 2)


def test_pictures_beyond_the_limit_of_a_zip_are_counted(encoded, monkeypatch):
    monkeypatch.setattr(archives, "MAX_FILES", 1)
    answer = evaluate_zip(packed(**{f"7_{index}.png": encoded(7) for index in range(4)}), Settings()).to_dict()
    assert (answer["pictures"], answer["right"]) == (2, 1)
    assert "3 files" in answer["misread"][0]["error"]


@pytest.mark.parametrize(
    ("content", "error", "sentence"),
    [
        (b"no ZIP", ArchiveError, "damaged"),
        (packed(**{"photo.jpg": b"x"}), LabelsError, "No picture has a label"),
        (packed(**{"7_1.jpg": b"x", "labels.csv": b"a,b"}), LabelsError, "must name the columns"),
        (packed(**{"7_1.jpg": b"x", "../labels.csv": b"file,label"}), ArchiveError, "unsafe path"),
    ],
)
def test_a_zip_that_cannot_be_evaluated_is_one_sentence(content, error, sentence):
    with pytest.raises(error, match=sentence):
        evaluate_zip(content, Settings())
