"""Readings as rows that programs and spreadsheets take: the JSON of the command line, and a CSV that is safe to open."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from digitcore.results import Reading

ERROR: Final = "error"
"""The status of a file that couldn't be read."""

CSV_FIELDS: Final = ("file", "status", "text", "lowest_confidence", "refused", "elapsed_ms", "error")

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A spreadsheet takes a cell that starts so for a formula, and would run what a file's name says (OWASP, "CSV Injection")."""


def reading_record(name: str, reading: Reading) -> dict[str, Any]:
    """What a file says."""
    return {"file": name, **reading.to_dict()}


def error_record(name: str, error: str) -> dict[str, Any]:
    """Why a file says nothing, in the same fields."""
    return {"file": name, "status": ERROR, "text": "", "lines": [], "digits": [], "notes": [], "elapsed_ms": 0.0, "error": error}


def to_csv(records: Iterable[Mapping[str, Any]]) -> str:
    """A table of `CSV_FIELDS`, a row for each record; cells that a spreadsheet would run stand behind an apostrophe."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(CSV_FIELDS)
    for record in records:
        row = {**record, **_summary(record["digits"])}
        writer.writerow([_guarded(row.get(field, "")) for field in CSV_FIELDS])
    return table.getvalue()


def _summary(digits: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    accepted = [digit["confidence"] for digit in digits if digit["accepted"]]
    return {"lowest_confidence": min(accepted, default=""), "refused": len(digits) - len(accepted)}


def _guarded(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
