"""Write the table of a batch run as Parquet or CSV: workers encode the rows, and chunks are joined one after another in bounded memory."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from digitcore.errors import BatchError
from digitcore.io.records import to_csv

PARQUET: Final = ".parquet"
CSV: Final = ".csv"
SUFFIXES: Final = (PARQUET, CSV)
"""The supported file formats, by the suffix of the output."""

ROW_GROUP_ROWS: Final = 2_048
"""Rows of a row group in Parquet: about 2 MB for five digits an image, of which a few are in memory at once. Larger groups compress hardly
better."""

COMPRESSION: Final = "zstd"
"""The compression of Parquet and of the rows in the journal."""

_TEMPORARY_SUFFIX: Final = ".unfinished"

DIGIT_TYPE: Final = pa.struct(
    [
        pa.field("label", pa.int8(), nullable=False),
        pa.field("confidence", pa.float64(), nullable=False),
        pa.field("probabilities", pa.list_(pa.float64()), nullable=False),
        pa.field("digit_score", pa.float64(), nullable=False),
        pa.field("accepted", pa.bool_(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("box_xywh", pa.list_(pa.int32()), nullable=False),
        pa.field("line", pa.int32(), nullable=False),
        pa.field("separator", pa.string()),
    ]
)
NUMBER_TYPE: Final = pa.struct(
    [
        pa.field("text", pa.string(), nullable=False),
        pa.field("value", pa.string()),
        pa.field("confidence", pa.float64(), nullable=False),
        pa.field("box_xywh", pa.list_(pa.int32()), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
ALTERNATIVE_TYPE: Final = pa.struct(
    [
        pa.field("text", pa.string(), nullable=False),
        pa.field("probability", pa.float64(), nullable=False),
    ]
)
SCHEMA: Final = pa.schema(
    [
        pa.field("file", pa.string(), nullable=False),
        pa.field("status", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
        pa.field("lines", pa.list_(pa.string()), nullable=False),
        pa.field("numbers", pa.list_(pa.list_(NUMBER_TYPE)), nullable=False),
        pa.field("alternatives", pa.list_(pa.list_(ALTERNATIVE_TYPE)), nullable=False),
        pa.field("digits", pa.list_(DIGIT_TYPE), nullable=False),
        pa.field("notes", pa.list_(pa.string()), nullable=False),
        pa.field("elapsed_ms", pa.float64(), nullable=False),
        pa.field("error", pa.string()),
    ]
)
"""The columns of Parquet: the fields of `read --json`; `error` is null where there is none."""

CSV_FIELDS: Final = (
    *("file", "status", "text", "as_written", "lowest_confidence", "refused"),
    *("lines", "numbers", "alternatives", "digits", "notes", "elapsed_ms", "error"),
)
"""The columns of CSV: the same and those of the Upload page's table; `lines`, `numbers`, `alternatives`, `digits` and `notes` are JSON."""


def output_suffix(path: Path) -> str:
    """Determine the format of the output from its name.

    Args:
        path: the output.

    Returns:
        `.parquet` or `.csv`.

    Raises:
        BatchError: the name has another suffix.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise BatchError(f"The output's name must end in {' or '.join(SUFFIXES)}, not {path}.")
    return path.suffix.lower()


def encode_rows(records: Sequence[dict[str, Any]], suffix: str) -> bytes:
    """Encode rows for the journal.

    Args:
        records: one for each file, as `digitcore.io.records` makes them.
        suffix: `.parquet` or `.csv`.

    Returns:
        An Arrow stream for Parquet, lines without a header for CSV.
    """
    if suffix == CSV:
        return to_csv(records, CSV_FIELDS, header=False).encode()
    stream = io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression=COMPRESSION)
    with pa.ipc.new_stream(stream, SCHEMA, options=options) as writer:
        writer.write_table(pa.Table.from_pylist(list(records), SCHEMA))
    return stream.getvalue()


def write_output(path: Path, chunks: Iterable[bytes], suffix: str) -> None:
    """Join the rows of all chunks to one file, which appears once it is complete.

    Args:
        path: the output.
        chunks: rows as `encode_rows` encodes them, in order.
        suffix: `.parquet` or `.csv`.

    Raises:
        BatchError: the file can't be written; the results are kept in the journal.
    """
    temporary = path.with_name(path.name + _TEMPORARY_SUFFIX)
    try:
        with temporary.open("wb") as file:
            _WRITERS[suffix](file, chunks)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise BatchError(
            f"{path} can't be written: {error.strerror or error}. All results are kept: fix this, then run the same command again."
        ) from error


def _write_csv(file: BinaryIO, chunks: Iterable[bytes]) -> None:
    file.write(to_csv([], CSV_FIELDS).encode())
    file.writelines(chunks)


def _write_parquet(file: BinaryIO, chunks: Iterable[bytes]) -> None:
    with pq.ParquetWriter(file, SCHEMA, compression=COMPRESSION) as writer:
        for group in _row_groups(chunks):
            writer.write_table(group, row_group_size=ROW_GROUP_ROWS)


def _row_groups(chunks: Iterable[bytes]) -> Iterator[pa.Table]:
    """Join chunks to tables of about `ROW_GROUP_ROWS`."""
    tables: list[pa.Table] = []
    for chunk in chunks:
        tables.append(pa.ipc.open_stream(chunk).read_all())
        if sum(map(len, tables)) >= ROW_GROUP_ROWS:
            yield pa.concat_tables(tables)
            tables = []
    if tables:
        yield pa.concat_tables(tables)


_WRITERS: Final[dict[str, Callable[[BinaryIO, Iterable[bytes]], None]]] = {PARQUET: _write_parquet, CSV: _write_csv}
