"""Results of benchmarks are stored with machine and date, and the documentation is written from them."""

import json
import re

from benchmarks.report import RESULTS_DIR, Report, save, write_document
from benchmarks.timing import Row, cells
from testing.browser.server import ROOT

ROWS = [
    Row("one digit", 0.5, "ms", 1, 40, "keras predict", 25),
    Row("readings a second", 90, "/s", 100, at_least=True),
    Row("memory of a visitor", 1.4, "MiB"),
    Row("readings of a day", 21_600_000, ""),
]


def test_a_part_is_stored_with_its_machine_and_day(tmp_path):
    stored = json.loads(save("core", Report(ROWS), 0.2, tmp_path).read_text(encoding="utf-8"))
    assert {"part", "date", "machine", "load_at_start", "rows"} == set(stored)
    assert "cores" in stored["machine"]
    assert [Row(**row) for row in stored["rows"]] == ROWS


def test_the_document_has_a_row_for_each_measure(tmp_path):
    save("core", Report(ROWS), 0.2, tmp_path)
    write_document(tmp_path, tmp_path / "benchmarks.md")
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    assert "## core" in text
    assert "| one digit | 0.5 ms | ≤ 1 ms | 40 ms (keras predict) | 80.0 |" in text
    assert "| readings a second | 90 /s | ≥ 100 /s **missed** |  |  |" in text
    assert "| memory of a visitor | 1.4 MiB |  |  |  |" in text
    assert "| readings of a day | 21,600,000 |  |  |  |" in text


def test_the_figures_in_the_readme_are_the_stored_ones():
    rows = [Row(**row) for path in RESULTS_DIR.glob("*.json") for row in json.loads(path.read_text(encoding="utf-8"))["rows"]]
    stored = {row.what: cells(row)[1] for row in rows}
    figures = re.findall(r"^\| (.+?) \| (.+?) \|$", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    measured = {name: figure for name, figure in figures if name in stored}
    assert len(measured) >= 4
    assert measured == {name: stored[name] for name in measured}
