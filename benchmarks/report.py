"""Store the results of benchmarks with machine and date, and write `docs/benchmarks.md` from all stored results."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import psutil

from benchmarks.timing import Row, cells, table

ROOT: Final = Path(__file__).resolve().parent.parent
RESULTS_DIR: Final = ROOT / "benchmarks" / "results"
DOCUMENT: Final = ROOT / "docs" / "benchmarks.md"

_HEADER: Final = """# Benchmarks

Written by `make bench` from `benchmarks/results/*.json`; don't edit it by hand. Each table names the machine and the day on which it was
measured. *Peer* is another way to do the same, measured in the same run; *ratio* is how many times as much it takes, so that a noisy
machine matters less. Times and memory are medians unless the row says otherwise. A row marked **missed** didn't reach its target.
"""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one part of the benchmarks.

    Attributes:
        rows: the measured values.
        details: further lines to print; they are not stored.
    """

    rows: Sequence[Row]
    details: str = ""

    def __str__(self) -> str:
        """Format the table, then the details."""
        return "\n\n".join(filter(None, [table(self.rows), self.details]))


def describe_machine() -> str:
    """Describe the processor, cores, memory and versions of this machine in one line."""
    memory_gib = psutil.virtual_memory().total / 2**30
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory_gib:.0f} GiB; {platform.system()} {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}"
    )


def save(part: str, report: Report, load: float, folder: Path = RESULTS_DIR) -> Path:
    """Write a part's rows as JSON.

    Args:
        part: the part's name.
        report: the result.
        load: load average of the system when the part began; above the number of cores, other processes disturbed the measurement.
        folder: where to write `<part>.json`.

    Returns:
        The path of the file.
    """
    folder.mkdir(exist_ok=True)
    path = folder / f"{part}.json"
    result = {
        "part": part,
        "date": datetime.now(UTC).date().isoformat(),
        "machine": describe_machine(),
        "load_at_start": round(load, 1),
        "rows": [asdict(row) for row in report.rows],
    }
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def write_document(results: Path = RESULTS_DIR, document: Path = DOCUMENT) -> None:
    """Write the page of the documentation from all stored results, replacing the file.

    Args:
        results: folder of the JSON files.
        document: the Markdown file to write.
    """
    stored = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(results.glob("*.json"))]
    document.write_text("\n".join([_HEADER, *map(_section, stored)]), encoding="utf-8")


def _section(result: dict[str, Any]) -> str:
    """Format the stored result of one part as a section in Markdown."""
    head = ["| measured | result | target | peer | ratio |", "|---|---|---|---|---|"]
    lines = [_table_line(Row(**row)) for row in result["rows"]]
    measured = f"{result['date']}, {result['machine']}; load average at the start {result['load_at_start']}."
    return "\n".join([f"## {result['part']}", "", f"`python -m benchmarks {result['part']}`: {measured}", "", *head, *lines, ""])


def _table_line(row: Row) -> str:
    """Format a row as a line of a table in Markdown."""
    name, result, target, peer, ratio, missed = cells(row)
    return f"| {name} | {result} | {target}{' **missed**' if missed else ''} | {peer} | {ratio} |"


def _processor() -> str:
    """Return the model of the processor (Linux), or its architecture if that is unknown."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())
