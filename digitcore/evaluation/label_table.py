"""Parse a table of labels, `labels.csv`, as spreadsheets of any language write it."""

import codecs
import csv
import io
from typing import Final, NamedTuple

from digitcore.errors import LabelsError
from digitcore.messages import Message

MAX_TABLE_BYTES: Final = 16 * 2**20
"""The largest table: that of some 500,000 pictures."""

FILE_COLUMN: Final = "file"
LABEL_COLUMN: Final = "label"

_DELIMITERS: Final = ",;\t"
"""Spreadsheets write a semicolon where the decimal separator is a comma, as in Spanish."""

_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SEPARATOR_LINE: Final = "sep="
"""The start of a line that some spreadsheets put before the header."""

_MAX_SHOWN_HEADER: Final = 60


class LabelRow(NamedTuple):
    """A row of a table of labels."""

    file: str
    label: str


def parse_table(content: bytes) -> list[LabelRow]:
    r"""Parse a table of labels.

    Args:
        content: the bytes of a CSV file, separated by commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252. Its first row names
            the columns, among them `file` and `label`.

    Returns:
        The rows that aren't blank.

    Raises:
        LabelsError: it is too large, lacks one of both columns, or is no CSV.

    Examples:
        >>> parse_table("file;label\n1.png;0407\n".encode("utf-8-sig"))
        [LabelRow(file='1.png', label='0407')]
    """
    if len(content) > MAX_TABLE_BYTES:
        raise LabelsError(
            Message("labels.csv has more than {limit} MB. Split the pictures into several sets.", limit=MAX_TABLE_BYTES // 2**20)
        )
    text = _decode(content)
    if text.lower().startswith(_SEPARATOR_LINE):
        text = text.partition("\n")[2]
    header = text.partition("\n")[0]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=header.count)))
    except csv.Error as error:
        raise LabelsError(Message("labels.csv is damaged. Save it again as CSV.")) from error
    return _rows_of_columns(rows)


def _decode(content: bytes) -> str:
    """Decode the table; any bytes are valid, as those that aren't UTF-8 are taken for Windows-1252."""
    if content.startswith(_UTF16_MARKS):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _rows_of_columns(rows: list[list[str]]) -> list[LabelRow]:
    """Return both columns of the rows below the header."""
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    if FILE_COLUMN not in header or LABEL_COLUMN not in header:
        found = ", ".join(header)[:_MAX_SHOWN_HEADER]
        text = "The first row of labels.csv must name the columns {file} and {label}. It has: {found}."
        raise LabelsError(Message(text, file=FILE_COLUMN, label=LABEL_COLUMN, found=found or "–"))
    columns = header.index(FILE_COLUMN), header.index(LABEL_COLUMN)
    padded = ([*row, *[""] * (max(columns) + 1 - len(row))] for row in rows[1:] if any(row))
    return [LabelRow(*(row[column] for column in columns)) for row in padded]
