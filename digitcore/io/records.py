"""Readings as records: the JSON objects of the command line, and rows of a CSV that is safe to open in a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import numpy as np

from digitcore.class_names import DIGITS
from digitcore.errors import DigitError
from digitcore.numbers import Number, Separator, join_numbers
from digitcore.results import Digit, Reading, Status, lines_of

ERROR_STATUS: Final = "error"
"""The status of a file that couldn't be read, in addition to those of `digitcore.Status`."""

CSV_FIELDS: Final = ("file", "status", "text", "as_written", "lowest_confidence", "refused", "elapsed_ms", "error")
"""The columns of the CSV."""

_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""The first characters by which a spreadsheet takes a cell for a formula: it would run a file's name (OWASP, "CSV Injection")."""


def reading_record(name: str, reading: Reading) -> dict[str, Any]:
    """Make the record of a file that was read.

    Args:
        name: The file's name.
        reading: Its reading.

    Returns:
        The fields of the JSON answer, and the name.
    """
    return {"file": name, **reading.to_dict()}


def restored_reading(record: Mapping[str, Any], size_wh: tuple[int, int], classes: str = DIGITS) -> Reading:
    """Restore the marks and the numbers of a reading from its record, for `digitcore.annotate`.

    Args:
        record: of a file that was read.
        size_wh: width and height of the upright original in pixels.
        classes: the names of the network's classes, a character each.

    Returns:
        The reading without alternatives and pictures: it has no stages, and each `model_input` is empty.
    """
    digits = [_restored_digit(fields, classes) for fields in record["digits"]]
    numbers = [[_restored_number(fields) for fields in line] for line in record["numbers"]]
    return Reading(Status(record["status"]), lines_of(digits), digits, [], size_wh, record.get("elapsed_ms", 0.0), (), numbers)


def error_record(name: str, error: str) -> dict[str, Any]:
    """Make the record of a file that couldn't be read.

    Args:
        name: The file's name.
        error: The reason, to be shown.

    Returns:
        The same fields as those of a reading, and `error`.
    """
    empty = {"text": "", "lines": [], "numbers": [], "alternatives": [], "digits": [], "notes": [], "elapsed_ms": 0.0}
    return {"file": name, "status": ERROR_STATUS, **empty, "error": error}


def failure_record(name: str, error: DigitError | OSError) -> dict[str, Any]:
    """Make the record of a file whose reading raised an error.

    Args:
        name: The file's name.
        error: An error of the reading, or of the file system.

    Returns:
        The record with the error's message.
    """
    return error_record(name, failure_message(error))


def failure_message(error: DigitError | OSError) -> str:
    """Describe why a file couldn't be used, without its name.

    Args:
        error: An error of the reading, or of the file system.

    Returns:
        One or two sentences.
    """
    return str(error) if isinstance(error, DigitError) else f"This file can't be read or written: {error.strerror}."


def to_csv(records: Iterable[Mapping[str, Any]], fields: Sequence[str] = CSV_FIELDS, *, header: bool = True) -> str:
    """Write records as CSV.

    Args:
        records: Records with their digits.
        fields: The columns; unknown ones are empty, lists are written as JSON.
        header: Whether to begin with a row of the columns' names.

    Returns:
        The table as text; an apostrophe precedes the text of cells that a spreadsheet would run as a formula.

    Examples:
        >>> to_csv([error_record("=1+1", "Empty.")], ("file", "error")).splitlines()
        ['file,error', "'=1+1,Empty."]
    """
    table = io.StringIO()
    writer = csv.writer(table)
    if header:
        writer.writerow(fields)
    for record in records:
        row = {**record, **_summary(record["digits"]), "as_written": as_written(record)}
        writer.writerow([_safe_cell(row.get(field, "")) for field in fields])
    return table.getvalue()


def as_written(record: Mapping[str, Any]) -> str:
    """Join a record's numbers as they are written, separators included.

    Args:
        record: of a file.

    Returns:
        The numbers, lines joined by " / "; empty where nothing was read.
    """
    return join_numbers([number["text"] for number in line] for line in record["numbers"])


def _restored_digit(fields: Mapping[str, Any], classes: str) -> Digit:
    values = {
        "probabilities": np.array(fields["probabilities"], np.float32),
        "box_xywh": tuple(fields["box_xywh"]),
        "separator": fields["separator"] and Separator(fields["separator"]),
    }
    return Digit(**{**fields, **values}, model_input=np.empty((0, 0), np.uint8), classes=classes)


def _restored_number(fields: Mapping[str, Any]) -> Number:
    values = {"value": fields["value"] and Decimal(fields["value"]), "box_xywh": tuple(fields["box_xywh"])}
    return Number(**{**fields, **values})


def _summary(digits: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Summarise a record's digits in two columns."""
    accepted = [digit["confidence"] for digit in digits if digit["accepted"]]
    refused = [digit for digit in digits if not digit["accepted"] and digit["separator"] is None]
    return {"lowest_confidence": min(accepted, default=""), "refused": len(refused)}


def _safe_cell(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA_STARTS) else value
