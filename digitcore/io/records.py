"""Readings as rows that programs and spreadsheets take: the JSON of the command line, and a CSV that is safe to open."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from digitcore.errors import DigitError
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


def failure_record(name: str, error: DigitError | OSError) -> dict[str, Any]:
    """The same for a file that is bad itself, or can't be reached."""
    return error_record(name, str(error) if isinstance(error, DigitError) else f"This file can't be read or written: {error.strerror}.")


def to_csv(records: Iterable[Mapping[str, Any]], fields: Sequence[str] = CSV_FIELDS, *, header: bool = True) -> str:
    """A table of some fields, a row for each record; lists in it are JSON.

    Cells that a spreadsheet would run stand behind an apostrophe.
    """
    table = io.StringIO()
    writer = csv.writer(table)
    if header:
        writer.writerow(fields)
    for record in records:
        row = {**record, **_summary(record["digits"])}
        writer.writerow([_guarded(row.get(field, "")) for field in fields])
    return table.getvalue()


def _summary(digits: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    accepted = [digit["confidence"] for digit in digits if digit["accepted"]]
    return {"lowest_confidence": min(accepted, default=""), "refused": len(digits) - len(accepted)}


def _guarded(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
