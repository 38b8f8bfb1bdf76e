import csv
import io
import json
from pathlib import Path

import numpy as np
import pytest

from digitcore import annotate, read_image
from digitcore.io.decode import load_picture
from digitcore.io.records import CSV_FIELDS, error_record, reading_record, restored_reading, to_csv


def rows(records):
    return list(csv.DictReader(io.StringIO(to_csv(records))))


def test_a_reading_and_an_error_have_the_same_fields(drawing):
    reading = reading_record("a.png", read_image(drawing(3)))
    error = error_record("b.png", "It is broken.")
    assert set(error) == {*reading, "error"}
    assert (reading["file"], reading["text"], error["status"], error["error"]) == ("a.png", "3", "error", "It is broken.")


def test_the_table_has_a_row_for_each_file(drawing):
    reading = read_image(drawing(3))
    found = rows([reading_record("a.png", reading), error_record("b.png", "It is broken.")])
    assert tuple(found[0]) == CSV_FIELDS
    assert found[0]["text"] == "3"
    assert float(found[0]["lowest_confidence"]) == pytest.approx(reading.digits[0].confidence, abs=1e-5)
    assert found[0]["refused"] == "0"
    assert found[1]["error"] == "It is broken."
    assert found[1]["lowest_confidence"] == ""


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@cmd", "\t=1", "\r=1", '=HYPERLINK("http://x","y")'])
def test_no_name_is_a_formula_in_a_spreadsheet(name):
    assert rows([error_record(name, "")])[0]["file"] == f"'{name}"


@pytest.mark.parametrize("name", ["a,b.png", 'say "hi".png', "two\nlines.png", "emoji 😀.png", "x" * 300])
def test_unusual_names_are_unchanged(name):
    assert rows([error_record(name, "")])[0]["file"] == name


def test_numbers_are_written_with_their_separators():
    record = error_record("a.png", "")
    record["numbers"] = [[{"text": "14/02"}, {"text": "99.22"}], [{"text": "7"}]]
    assert rows([record])[0]["as_written"] == "14/02 99.22 / 7"
    record["numbers"] = [[{"text": "-3"}]]
    assert rows([record])[0]["as_written"] == "'-3"


@pytest.mark.parametrize("name", ["page", "pen"])
def test_a_restored_reading_is_annotated_as_the_reading_itself(name):
    picture = load_picture(Path(f"samples/{name}.jpg").read_bytes())
    reading = read_image(picture)
    record = json.loads(json.dumps(reading_record("a.jpg", reading)))
    restored = restored_reading(record, picture.size_wh)
    assert np.array_equal(annotate(picture.pixels, restored), annotate(picture.pixels, reading))
    assert {**restored.to_dict(), "alternatives": record["alternatives"], "notes": record["notes"]} == {
        name: value for name, value in record.items() if name != "file"
    }
