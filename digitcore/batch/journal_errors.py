"""Translate the errors of a journal's database to what happened and what to do."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from digitcore.errors import BatchError

_PRIMARY_CODE: Final = 0xFF
"""The bits of SQLite's extended error codes that are the primary code, https://www.sqlite.org/rescode.html."""

_SENTENCES: Final = {
    sqlite3.SQLITE_BUSY: "{path} is in use: another run may be writing this output. Wait until it has ended, or choose another output.",
    sqlite3.SQLITE_CANTOPEN: "{path} can't be opened: its folder doesn't exist or isn't writable. Choose another output.",
    sqlite3.SQLITE_FULL: "{path} can't be written: the disk is full. Free some space, then run the same command again.",
}
_OTHER: Final = "{path} can't be written ({error}). Fix this, then run the same command again to resume."


@contextmanager
def translate_database_errors(path: Path) -> Iterator[None]:
    """Translate SQLite's errors in the block.

    Args:
        path: the journal.

    Raises:
        BatchError: another run has the journal open, it isn't a journal, or it can't be written, for example since the disk is full.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        sentence = _SENTENCES.get(error.sqlite_errorcode & _PRIMARY_CODE, _OTHER)
        raise BatchError(sentence.format(path=path, error=error)) from error
    except sqlite3.DatabaseError as error:
        raise BatchError(f"{path} isn't the journal of a run. Remove it, or choose another output.") from error
