import csv

import pytest

from digitcore.errors import LabelsError
from digitcore.evaluation import label_table
from digitcore.evaluation.label_table import parse_table

ROWS = [("1.png", "0407"), ("año.png", "5")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_the_tables_of_spreadsheets_are_read(encoding, delimiter, line_end):
    lines = ["file" + delimiter + "label", *(delimiter.join(row) for row in ROWS), delimiter, ""]
    assert parse_table(line_end.join(lines).encode(encoding)) == ROWS


def test_columns_are_found_by_their_names_whatever_their_order_case_and_neighbours():
    table = b"sep=,\n said , Label ,FILE\n9,7,a.png\n8,1,b.png,more\n5\n"
    assert parse_table(table) == [("a.png", "7"), ("b.png", "1"), ("", "")]


def test_a_quoted_label_may_have_lines():
    assert parse_table(b'file,label\n"a, b.png","12\n34"\n') == [("a, b.png", "12\n34")]


@pytest.mark.parametrize(
    ("content", "found"), [(b"", "–"), (b"name,text\n1.png,7\n", "name, text"), (b"\x00\xff\xfe", "."), (b"file\n", "file")]
)
def test_a_table_without_its_columns_is_one_sentence(content, found):
    with pytest.raises(LabelsError, match="must name the columns file and label") as raised:
        parse_table(content)
    assert found in str(raised.value)


def test_a_cell_without_an_end_is_one_sentence():
    with pytest.raises(LabelsError, match="Save it again as CSV"):
        parse_table(b'file,label\n"' + b"1" * (csv.field_size_limit() + 1))


def test_a_hundred_thousand_rows_are_read():
    table = "file,label\n" + "".join(f"{index}.png,{index % 10}\n" for index in range(100_000))
    assert len(parse_table(table.encode())) == 100_000


def test_a_table_that_is_too_large_is_one_sentence(monkeypatch):
    monkeypatch.setattr(label_table, "MAX_TABLE_BYTES", 2**20)
    with pytest.raises(LabelsError, match="more than 1 MB"):
        parse_table(bytes(2**20 + 1))
