"""What a run has found and read so far: one SQLite file beside the output, whole at every moment, so that a stop costs nothing.

Each chunk of rows is stored in one transaction. Names, rows and sums are on the disk; memory holds a few pages of them.
"""

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

from digitcore.batch.sources import Finder, Reference
from digitcore.errors import BatchError

SUFFIX: Final = ".journal"
"""What the output's name is followed by."""

_KEY_BYTES: Final = 16
"""Of a file's identity as a hash: among a million files two alike have a chance of 1 in 10²⁶."""

_CACHE_KIB: Final = 8_192
"""Pages that SQLite holds in memory."""

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS run (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS file (position INTEGER PRIMARY KEY, path BLOB NOT NULL, member BLOB, error TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS part (first INTEGER PRIMARY KEY, rows BLOB NOT NULL, files INTEGER NOT NULL, failed INTEGER NOT NULL);
"""

_FOUND: Final = """
CREATE TABLE found (key BLOB PRIMARY KEY, place INTEGER NOT NULL, path BLOB NOT NULL, member BLOB, error TEXT NOT NULL) WITHOUT ROWID
"""

_IDENTITY: Final = "identity"
_CHUNK_FILES: Final = "chunk_files"
_FILES: Final = "files"
_FOLDER: Final = "folder"
_PASSED_OVER: Final = "passed_over"
_FAILED: Final = "failed"
_FINISHED: Final = "finished"


class Part(NamedTuple):
    """The rows of some files that follow one another, as they go into the output."""

    first: int
    """The place of the first of them among all files, from 1."""

    rows: bytes
    files: int
    failed: int


class Chunk(NamedTuple):
    """Some files that follow one another, to be read at once."""

    first: int
    references: list[Reference]


class Journal:
    """The memory of one run; closed, or left by whatever way, it can be opened again.

    Raises:
        BatchError: another run has it open, or it is no such file.
    """

    def __init__(self, path: Path) -> None:
        self.path: Final = path
        try:
            self._database: Final = sqlite3.connect(path, timeout=0)
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
            self._database.execute("BEGIN EXCLUSIVE").connection.commit()
            self._database.executescript(_SCHEMA)
        except sqlite3.OperationalError as error:
            raise BatchError(
                f"{path} can't be opened ({error}): another run may be writing this output, or the folder isn't there."
            ) from error
        except sqlite3.DatabaseError as error:
            raise BatchError(f"{path} isn't a run's journal. Remove it, or name another output.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        nothing = self.identity is None
        self._database.close()
        if nothing:
            self.path.unlink(missing_ok=True)

    @property
    def identity(self) -> dict[str, Any] | None:
        """What was asked of the run; None before it began."""
        kept = self._kept(_IDENTITY)
        return None if kept is None else dict(json.loads(kept))

    @property
    def finished(self) -> bool:
        """Whether the output is complete."""
        return self._kept(_FINISHED) is not None

    @property
    def files(self) -> int:
        """How many there are to read in all."""
        return int(self._kept(_FILES) or 0)

    @property
    def folder(self) -> str:
        """The working directory when the files were found: their names may be relative to it."""
        return self._kept(_FOLDER) or ""

    @property
    def passed_over(self) -> int:
        """How many weren't taken, as their names aren't those of pictures."""
        return int(self._kept(_PASSED_OVER) or 0)

    def done(self) -> tuple[int, int]:
        """How many files have been read, and how many of them failed."""
        if self.finished:
            return self.files, int(self._kept(_FAILED) or 0)
        read, failed = self._database.execute("SELECT total(files), total(failed) FROM part").fetchone()
        return int(read), int(failed)

    def begin(self, identity: dict[str, Any], found: Iterable[Reference], finder: Finder, most_a_chunk: int, least_chunks: int) -> None:
        """Take down all files, each once, in order; chunks are smaller where there are few files for all who work.

        Nothing is kept unless all have been found. Without any, there is nothing to begin, and the journal stays empty.

        Args:
            identity: what is asked of the run.
            found: what `finder` finds.
            finder: says where in the order each belongs.
            most_a_chunk: files in a chunk.
            least_chunks: so many chunks at least, if there are as many files.
        """
        with self._database as database:
            for table in ("run", "file", "part"):
                database.execute(f"DELETE FROM {table}")  # noqa: S608  names of our own
            database.execute(_FOUND)
            rows = ((_key(each), finder.place, os.fsencode(each.path), _encoded(each.member), each.error) for each in found)
            database.executemany("INSERT OR IGNORE INTO found VALUES (?, ?, ?, ?, ?)", rows)
            columns = "path, member, error"
            database.execute(f"INSERT INTO file ({columns}) SELECT {columns} FROM found ORDER BY place, path, member")  # noqa: S608
            database.execute("DROP TABLE found")
            files = database.execute("SELECT count(*) FROM file").fetchone()[0]
            if not files:
                return
            self._keep(_FILES, files)
            self._keep(_FOLDER, Path.cwd())
            self._keep(_PASSED_OVER, finder.passed_over)
            self._keep(_CHUNK_FILES, max(min(most_a_chunk, files // least_chunks), 1))
            self._keep(_IDENTITY, json.dumps(identity))

    def waiting(self) -> Iterator[Chunk]:
        """What hasn't been read. Of a chunk that was read in part, which it is file by file, the rest comes so too."""
        size = int(self._kept(_CHUNK_FILES) or 1)
        for first in range(1, self.files + 1, size):
            bounds = (first, first + size - 1)
            read = {place for (place,) in self._database.execute("SELECT first FROM part WHERE first BETWEEN ? AND ?", bounds)}
            files = self._database.execute("SELECT * FROM file WHERE position BETWEEN ? AND ? ORDER BY position", bounds).fetchall()
            if not read:
                yield Chunk(first, [_reference(*columns) for _, *columns in files])
            elif not self._is_whole(first, len(files)):
                yield from (Chunk(place, [_reference(*columns)]) for place, *columns in files if place not in read)

    def _is_whole(self, first: int, files: int) -> bool:
        return bool(self._database.execute("SELECT files FROM part WHERE first = ?", (first,)).fetchone() == (files,))

    def store(self, parts: Iterable[Part]) -> None:
        """Keep what was read; once this returns it outlives whatever happens.

        Raises:
            BatchError: the disk is full, or can't be written any more.
        """
        try:
            with self._database as database:
                database.executemany("INSERT OR IGNORE INTO part VALUES (?, ?, ?, ?)", parts)
        except sqlite3.OperationalError as error:
            raise BatchError(f"{self.path} can't be written ({error}). Mend that, and run the same again: it goes on.") from error

    def parts(self) -> Iterator[bytes]:
        """The rows of all files, in order."""
        with closing(self._database.execute("SELECT rows FROM part ORDER BY first")) as found:
            for (rows,) in found:
                yield rows

    def finish(self) -> None:
        """The output is complete: keep what was asked and what came of it, and give the room back."""
        _, failed = self.done()
        with self._database as database:
            self._keep(_FAILED, failed)
            self._keep(_FINISHED, 1)
            database.execute("DELETE FROM part")
            database.execute("DELETE FROM file")
        self._database.execute("VACUUM")

    def _kept(self, name: str) -> str | None:
        row = self._database.execute("SELECT value FROM run WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def _keep(self, name: str, value: object) -> None:
        self._database.execute("INSERT OR REPLACE INTO run VALUES (?, ?)", (name, str(value)))


def _key(reference: Reference) -> bytes:
    return hashlib.blake2b(reference.identity, digest_size=_KEY_BYTES).digest()


def _reference(path: bytes, member: bytes | None, error: str) -> Reference:
    return Reference(os.fsdecode(path), None if member is None else member.decode("utf-8", "surrogatepass"), error)


def _encoded(member: str | None) -> bytes | None:
    return None if member is None else member.encode("utf-8", "surrogatepass")
