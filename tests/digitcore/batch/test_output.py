import csv
import json

import pyarrow.parquet as pq
import pytest

from digitcore import read_image
from digitcore.batch import output
from digitcore.batch.output import CSV_FIELDS, SCHEMA, encode_rows, output_suffix, write_output
from digitcore.errors import BatchError
from digitcore.io.records import error_record, reading_record
from testing.batch_runs import rows


@pytest.fixture
def records(drawing):
    return [
        reading_record("a.png", read_image(drawing(3))),
        error_record("b.png", "It is broken."),
        reading_record('=HYPERLINK("http://x")\n.png', read_image(drawing(8))),
    ]


def written(path, chunks):
    write_output(path, [encode_rows(chunk, path.suffix) for chunk in chunks], path.suffix)
    return rows(path)


def test_parquet_round_trips_the_values(folder, records):
    found = written(folder / "a.parquet", [records[:1], records[1:]])
    assert found == [{"error": None, **record} for record in records]
    assert pq.read_schema("a.parquet").equals(SCHEMA)


def test_csv_has_every_field_and_no_cell_is_a_formula(folder, records):
    found = written(folder / "a.csv", [records[:1], records[1:]])
    assert tuple(found[0]) == CSV_FIELDS
    assert set(CSV_FIELDS) > set(SCHEMA.names)
    assert json.loads(found[0]["digits"]) == records[0]["digits"]
    assert json.loads(found[0]["lines"]) == ["3"]
    assert (found[1]["status"], found[1]["error"], found[1]["digits"]) == ("error", "It is broken.", "[]")
    assert found[2]["file"].startswith("'=HYPERLINK")
    with (folder / "a.csv").open(newline="", encoding="utf-8") as file:
        assert not [cell for row in csv.reader(file) for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]


def test_small_chunks_are_joined_to_row_groups(folder, records, monkeypatch):
    monkeypatch.setattr(output, "ROW_GROUP_ROWS", 5)
    assert len(written(folder / "a.parquet", [records] * 5)) == 15
    assert pq.ParquetFile("a.parquet").metadata.num_row_groups <= 5


@pytest.mark.parametrize("name", ["a.xlsx", "a", "parquet", ".csv"])
def test_other_suffixes_are_rejected(folder, name):
    with pytest.raises(BatchError, match="must end in"):
        output_suffix(folder / name)


def test_suffixes_may_be_upper_case(folder):
    assert output_suffix(folder / "A.CSV") == ".csv"


def test_an_output_that_cannot_be_written_is_an_error_and_results_are_kept(folder, records):
    (folder / "a.csv").mkdir()
    with pytest.raises(BatchError, match="kept"):
        write_output(folder / "a.csv", [encode_rows(records, ".csv")], ".csv")
