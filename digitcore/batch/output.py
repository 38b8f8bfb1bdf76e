"""The table of a bulk run, Parquet or CSV by the name's ending: rows made where pictures are read, put together without being held."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from digitcore.errors import BatchError
from digitcore.io.records import to_csv

PARQUET: Final = ".parquet"
CSV: Final = ".csv"
SUFFIXES: Final = (PARQUET, CSV)

GROUP_ROWS: Final = 2_048
"""Rows of a group in Parquet, of which a few are held at once: about 2 MB each for five digits a picture. Larger ones saved little room."""

COMPRESSION: Final = "zstd"

_UNFINISHED: Final = ".unfinished"

DIGIT: Final = pa.struct(
    [
        pa.field("label", pa.int8(), nullable=False),
        pa.field("confidence", pa.float64(), nullable=False),
        pa.field("probabilities", pa.list_(pa.float64()), nullable=False),
        pa.field("digit_score", pa.float64(), nullable=False),
        pa.field("accepted", pa.bool_(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("box_xywh", pa.list_(pa.int32()), nullable=False),
        pa.field("line", pa.int32(), nullable=False),
    ]
)
SCHEMA: Final = pa.schema(
    [
        pa.field("file", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("lines", pa.list_(pa.string()), nullable=False),
        pa.field("digits", pa.list_(DIGIT), nullable=False),
        pa.field("notes", pa.list_(pa.string()), nullable=False),
        pa.field("elapsed_ms", pa.float64(), nullable=False),
        pa.field("error", pa.string()),
    ]
)
"""The fields of `read --json`, with their names and values; `error` is null where there is none."""

CSV_FIELDS: Final = ("file", "status", "text", "lowest_confidence", "refused", "lines", "digits", "notes", "elapsed_ms", "error")
"""The same, with what stands in the Upload page's table besides; `lines`, `digits` and `notes` are JSON."""


def suffix_of(path: Path) -> str:
    """Which of the two the output is to be.

    Raises:
        BatchError: its name says neither.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise BatchError(f"The output's name must end in {' or '.join(SUFFIXES)}, and {path} doesn't.")
    return path.suffix.lower()


def encode_rows(records: Sequence[dict[str, Any]], suffix: str) -> bytes:
    """Some rows as they are kept until the end: an Arrow stream, or lines of CSV."""
    if suffix == CSV:
        return to_csv(records, CSV_FIELDS, header=False).encode()
    stream = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=COMPRESSION)
    with pa.ipc.new_stream(stream, SCHEMA, options=options) as writer:
        writer.write_table(pa.Table.from_pylist(list(records), SCHEMA))
    return stream.getvalue()


def write_output(path: Path, parts: Iterable[bytes], suffix: str) -> None:
    """Put the rows of all chunks together; the file is there once it is whole.

    Raises:
        BatchError: it can't be written; what was read is kept.
    """
    unfinished = path.with_name(path.name + _UNFINISHED)
    try:
        with unfinished.open("wb") as file:
            _WRITERS[suffix](file, parts)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise BatchError(
            f"{path} can't be written: {error.strerror}. All that was read is kept: mend that, and run the same again."
        ) from error


def _write_csv(file: BinaryIO, parts: Iterable[bytes]) -> None:
    file.write(to_csv([], CSV_FIELDS).encode())
    file.writelines(parts)


def _write_parquet(file: BinaryIO, parts: Iterable[bytes]) -> None:
    with pq.ParquetWriter(file, SCHEMA, compression=COMPRESSION) as writer:
        for group in _groups(parts):
            writer.write_table(group, row_group_size=GROUP_ROWS)


def _groups(parts: Iterable[bytes]) -> Iterator[pa.Table]:
    """Chunks joined to tables of about `GROUP_ROWS`."""
    tables: list[pa.Table] = []
    for part in parts:
        tables.append(pa.ipc.open_stream(part).read_all())
        if sum(map(len, tables)) >= GROUP_ROWS:
            yield pa.concat_tables(tables)
            tables = []
    if tables:
        yield pa.concat_tables(tables)


_WRITERS: Final[dict[str, Callable[[BinaryIO, Iterable[bytes]], None]]] = {PARQUET: _write_parquet, CSV: _write_csv}
