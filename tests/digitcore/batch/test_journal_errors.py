"""Errors that SQLite raises itself, and a disk that is full."""

import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from digitcore.batch.journal import ChunkResult, Journal
from digitcore.batch.journal_errors import translate_database_errors
from digitcore.batch.output import write_output
from digitcore.batch.sources import Finder, ImageReference
from digitcore.cli import main
from digitcore.errors import BatchError

DISK_BYTES = 256 * 1024


@pytest.fixture
def disk(tmp_path):
    """A file system of its own that is nearly full, with a function that leaves so many bytes free."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["/bin/mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", folder]
    if os.name != "posix" or os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a small file system")
    yield folder
    subprocess.run(["/bin/umount", folder], check=True)


def leave_free(disk, free_bytes):
    (disk / "other").write_bytes(bytes(DISK_BYTES - free_bytes))


def run_until_finished(output):
    """Do what a run does with its journal and output."""
    references = [ImageReference(f"{number:05}-{'x' * 40}.png") for number in range(200)]
    with Journal(output.with_name(output.name + ".journal")) as journal:
        journal.store_files({"sources": ["a"]}, references, Finder(), 10, 1)
        for chunk in list(journal.pending_chunks()):
            journal.store_results([ChunkResult(chunk.first, bytes(2_000), len(chunk.references), 0)])
        with closing(journal.encoded_rows()) as rows:
            write_output(output, rows, ".csv")
        journal.finish()


@pytest.mark.parametrize("free_bytes", range(0, DISK_BYTES // 2, 8192))
def test_wherever_the_disk_is_full_the_error_says_so(disk, free_bytes):
    leave_free(disk, free_bytes)
    with pytest.raises(BatchError, match=r"the disk is full|No space left on device") as caught:
        run_until_finished(disk / "out.csv")
    assert "another run" not in str(caught.value)
    assert not list(disk.glob("*.unfinished"))


def test_a_disk_with_room_is_no_error(disk):
    run_until_finished(disk / "out.csv")
    assert (disk / "out.csv").stat().st_size > 20 * 2_000


def test_the_command_ends_with_the_sentence(disk, pictures, capsys):
    leave_free(disk, 0)
    assert main(["batch", str(pictures), "--output", str(disk / "out.csv")]) == 2
    sentence = f"digitcore: {disk}/out.csv.journal can't be written: the disk is full. Free some space, then run the same command again.\n"
    assert capsys.readouterr().err == sentence


def described(path, action):
    with pytest.raises(BatchError) as caught, translate_database_errors(path):
        action()
    assert isinstance(caught.value.__cause__, sqlite3.DatabaseError)
    return str(caught.value)


def test_a_database_without_room_is_a_full_disk(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a")) as database:
        database.execute("PRAGMA max_page_count = 1")
        assert "the disk is full" in described(Path("a"), lambda: database.execute("CREATE TABLE x (y)"))


def test_a_locked_database_is_another_run(tmp_path):
    with closing(sqlite3.connect(tmp_path / "a", timeout=0)) as first, closing(sqlite3.connect(tmp_path / "a", timeout=0)) as second:
        first.execute("BEGIN EXCLUSIVE")
        assert "another run may be writing" in described(Path("a"), lambda: second.execute("BEGIN EXCLUSIVE"))


def test_any_other_error_is_quoted(tmp_path):
    with closing(sqlite3.connect(f"file:{tmp_path / 'a'}?mode=rwc", uri=True)) as database:
        database.execute("PRAGMA query_only = 1")
        sentence = described(Path("a"), lambda: database.execute("CREATE TABLE x (y)"))
    assert sentence == "a can't be written (attempt to write a readonly database). Fix this, then run the same command again to resume."
