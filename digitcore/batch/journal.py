"""Store the files of a batch run and the results so far in a SQLite database next to the output, so that a run can be resumed.

Each batch of results is one transaction, so the journal is consistent whenever the program stops. Names, rows and counts are on disk;
memory holds a few pages of them.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from digitcore.batch.journal_errors import translate_database_errors
from digitcore.batch.sources import Finder, ImageReference

SUFFIX: Final = ".journal"
"""The suffix that is appended to the output's name."""

_KEY_BYTES: Final = 16
"""The size of the hash of a file's identity, in bytes: among a million files the probability of a collision is 10⁻²⁶."""

_CACHE_KIB: Final = 8_192
"""The size of SQLite's page cache, in KiB."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS run (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS file (position INTEGER PRIMARY KEY, path BLOB NOT NULL, member BLOB, error TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS part (first INTEGER PRIMARY KEY, rows BLOB NOT NULL, files INTEGER NOT NULL, failed INTEGER NOT NULL);
"""

_FOUND: Final = """
CREATE TABLE found (key BLOB PRIMARY KEY, position INTEGER NOT NULL, path BLOB NOT NULL, member BLOB, error TEXT NOT NULL) WITHOUT ROWID
"""

_IDENTITY: Final = "identity"
_CHUNK_FILES: Final = "chunk_files"
_FILES: Final = "files"
_FOLDER: Final = "folder"
_SKIPPED: Final = "passed_over"
_FAILED: Final = "failed"
_FINISHED: Final = "finished"


class ChunkResult(NamedTuple):
    """The encoded rows of consecutive files.

    Attributes:
        first: the position of the first file among all, from 1.
        rows: as `digitcore.batch.output.encode_rows` encodes them.
        files: the number of rows.
        failed: the number of rows with an error.
    """

    first: int
    rows: bytes
    files: int
    failed: int


class Chunk(NamedTuple):
    """Consecutive files that one task reads.

    Attributes:
        first: the position of the first file among all, from 1.
        references: the files.
    """

    first: int
    references: list[ImageReference]


class Journal:
    """The database of one run. It can be opened again after the run was stopped in any way.

    Args:
        path: the file; it is created where it doesn't exist.

    Raises:
        BatchError: another run has it open, it is not a journal, or the disk is full.
    """

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        with translate_database_errors(path), ExitStack() as close_on_error:
            self._database: Final = close_on_error.enter_context(closing(sqlite3.connect(path, timeout=0)))
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self._database.execute("BEGIN EXCLUSIVE").connection.commit()
            self._database.executescript(_SCHEMA)
            close_on_error.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        is_empty = self.identity is None
        self._database.close()
        if is_empty:
            self.path.unlink(missing_ok=True)

    @property
    def identity(self) -> dict[str, Any] | None:
        """Return the parameters of the run; None before its files were stored."""
        stored = self._get(_IDENTITY)
        return None if stored is None else dict(json.loads(stored))

    @property
    def finished(self) -> bool:
        """Return whether the output is complete."""
        return self._get(_FINISHED) is not None

    @property
    def files(self) -> int:
        """Return the number of all files of the run."""
        return int(self._get(_FILES) or 0)

    @property
    def folder(self) -> str:
        """Return the working directory of the time when the files were found; their paths may be relative to it."""
        return self._get(_FOLDER) or ""

    @property
    def skipped(self) -> int:
        """Return the number of files that were skipped, as their names don't end like an image's."""
        return int(self._get(_SKIPPED) or 0)

    def progress(self) -> tuple[int, int]:
        """Count the files that have been read.

        Returns:
            The number of files read, failed ones included, and the number of failed ones.
        """
        if self.finished:
            return self.files, int(self._get(_FAILED) or 0)
        read, failed = self._database.execute("SELECT total(files), total(failed) FROM part").fetchone()
        return int(read), int(failed)

    def store_files(
        self, identity: dict[str, Any], found: Iterable[ImageReference], finder: Finder, max_chunk_files: int, min_chunks: int
    ) -> None:
        """Store all files of a new run, each once, in order.

        Nothing is stored unless all have been found. Without any files the journal stays empty.

        Args:
            identity: the parameters of the run.
            found: what `finder` finds.
            finder: has the position of the source that is being searched.
            max_chunk_files: the largest number of files in a chunk.
            min_chunks: the smallest number of chunks, if there are as many files; chunks are smaller where there are few files.

        Raises:
            BatchError: the disk is full, or can't be written.
        """
        with translate_database_errors(self.path), self._database as database:
            for table in ("run", "file", "part"):
                database.execute(f"DELETE FROM {table}")  # noqa: S608  constant names
            database.execute(_FOUND)
            rows = ((_key(each), finder.position, os.fsencode(each.path), _encode_member(each.member), each.error) for each in found)
            database.executemany("INSERT OR IGNORE INTO found VALUES (?, ?, ?, ?, ?)", rows)
            columns = "path, member, error"
            database.execute(f"INSERT INTO file ({columns}) SELECT {columns} FROM found ORDER BY position, path, member")  # noqa: S608
            database.execute("DROP TABLE found")
            files = database.execute("SELECT count(*) FROM file").fetchone()[0]
            if not files:
                return
            self._set(_FILES, files)
            self._set(_FOLDER, Path.cwd())
            self._set(_SKIPPED, finder.skipped)
            self._set(_CHUNK_FILES, max(min(max_chunk_files, files // min_chunks), 1))
            self._set(_IDENTITY, json.dumps(identity))

    def pending_chunks(self) -> Iterator[Chunk]:
        """List what has not been read.

        Yields:
            Chunks in order. The rest of a chunk that was read in part, that is file by file, comes file by file too.
        """
        size = int(self._get(_CHUNK_FILES) or 1)
        for first in range(1, self.files + 1, size):
            bounds = (first, first + size - 1)
            read = {position for (position,) in self._database.execute("SELECT first FROM part WHERE first BETWEEN ? AND ?", bounds)}
            files = self._database.execute("SELECT * FROM file WHERE position BETWEEN ? AND ? ORDER BY position", bounds).fetchall()
            if not read:
                yield Chunk(first, [_decode_reference(*columns) for _, *columns in files])
            elif not self._is_complete(first, len(files)):
                yield from (Chunk(position, [_decode_reference(*columns)]) for position, *columns in files if position not in read)

    def _is_complete(self, first: int, files: int) -> bool:
        return bool(self._database.execute("SELECT files FROM part WHERE first = ?", (first,)).fetchone() == (files,))

    def store_results(self, results: Iterable[ChunkResult]) -> None:
        """Store results durably, in one transaction; those of files that were stored before are ignored.

        Args:
            results: of chunks or of parts of them.

        Raises:
            BatchError: the disk is full, or can't be written any more.
        """
        with translate_database_errors(self.path), self._database as database:
            database.executemany("INSERT OR IGNORE INTO part VALUES (?, ?, ?, ?)", results)

    def encoded_rows(self) -> Generator[bytes, None, None]:
        """List the rows of all files.

        Yields:
            The rows of one result after the other, in order.
        """
        with closing(self._database.execute("SELECT rows FROM part ORDER BY first")) as results:
            for (rows,) in results:
                yield rows

    def finish(self) -> None:
        """Mark the output as complete: keep the parameters and counts only, and shrink the file if the disk has room for the copy.

        Raises:
            BatchError: the disk is full, or can't be written.
        """
        _, failed = self.progress()
        with translate_database_errors(self.path), self._database as database:
            self._set(_FAILED, failed)
            self._set(_FINISHED, 1)
            database.execute("DELETE FROM part")
            database.execute("DELETE FROM file")
        with suppress(sqlite3.OperationalError):
            self._database.execute("VACUUM")

    def _get(self, name: str) -> str | None:
        row = self._database.execute("SELECT value FROM run WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def _set(self, name: str, value: object) -> None:
        self._database.execute("INSERT OR REPLACE INTO run VALUES (?, ?)", (name, str(value)))


def _key(reference: ImageReference) -> bytes:
    return hashlib.blake2b(reference.identity, digest_size=_KEY_BYTES).digest()


def _decode_reference(path: bytes, member: bytes | None, error: str) -> ImageReference:
    return ImageReference(os.fsdecode(path), None if member is None else member.decode("utf-8", "surrogatepass"), error)


def _encode_member(member: str | None) -> bytes | None:
    return None if member is None else member.encode("utf-8", "surrogatepass")
