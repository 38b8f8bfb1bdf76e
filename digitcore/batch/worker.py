"""What one task does: read a chunk of pictures and give their rows back as bytes, so that whoever drives many such workers only writes."""

import os
import weakref
import zipfile
from collections.abc import Sequence
from contextlib import ExitStack
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from digitcore.batch.journal import Chunk, Part
from digitcore.batch.output import encode_rows
from digitcore.batch.sources import Reference, is_regular
from digitcore.errors import ArchiveError, ClusterError, DigitError
from digitcore.io.archives import open_archive, unpack_one
from digitcore.io.decode import MAX_PIXELS
from digitcore.io.records import ERROR, error_record, failure_record, reading_record
from digitcore.pipeline import read_image
from digitcore.recognition.classifier import default_classifier
from digitcore.settings import Settings
from digitcore.workers.reader import tune_threads_and_malloc

MOST_BYTES: Final = 8 * MAX_PIXELS
"""Of a file: the largest picture that is decoded, with four channels of 16 bits and not compressed."""

_ARCHIVES_OPEN: Final = 2
"""ZIPs kept open: chunks follow one another through one."""


def model_sha256() -> str:
    """The hash of the network that reads here.

    Raises:
        ModelError: it can't be loaded.
    """
    return str(default_classifier().card["model"]["sha256"])


def read_chunk(chunk: Chunk, folder: str, recipe: str, model: str, suffix: str) -> Part:
    """Read some pictures; whatever is wrong with one of them is its own row.

    Args:
        chunk: the pictures.
        folder: what their names may be relative to.
        recipe: the settings, as JSON.
        model: the hash of the network that must read.
        suffix: of the output, which says what the rows look like.

    Raises:
        ClusterError: another network is here.
        ModelError: none can be loaded.
        SettingsError: this is another version of the program, with other settings.
    """
    if model_sha256() != model:
        raise ClusterError("A worker has another network than this program. Start workers and program from the same image.")
    tune_threads_and_malloc()
    settings = Settings.from_json(recipe)
    return part_of(chunk.first, [_record(reference, folder, settings) for reference in chunk.references], suffix)


def part_of(first: int, records: Sequence[dict[str, Any]], suffix: str) -> Part:
    """Some rows as they are stored."""
    return Part(first, encode_rows(records, suffix), len(records), sum(record["status"] == ERROR for record in records))


def _record(reference: Reference, folder: str, settings: Settings) -> dict[str, Any]:
    try:
        return reading_record(reference.name, read_image(_content(reference, folder), settings))
    except (DigitError, OSError) as error:
        return failure_record(reference.name, error)
    except Exception as error:  # a fault of this program on one picture in a million must not end the work on all
        fault = f"{type(error).__name__}: {error}".rstrip(": ")
        return error_record(reference.name, f"This picture met a fault of the program, please report it ({fault}).")


def _content(reference: Reference, folder: str) -> bytes:
    """The bytes of a picture.

    Raises:
        OSError: there are none to be had.
        ArchiveError: it isn't taken out of its ZIP.
    """
    if reference.error:
        raise ArchiveError(reference.error)
    path = os.path.join(folder, reference.path)  # noqa: PTH118
    if not is_regular(path):
        raise ArchiveError("This is no file but a folder, a pipe or a device. Name the files themselves.")
    if reference.member is not None:
        return _member(path, reference.member)
    with Path(path).open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ArchiveError(f"This file has more than {MOST_BYTES // 10**6} MB, which no picture needs that is read. Make it smaller.")
    return content


def _member(path: str, name: str) -> bytes:
    state = os.stat(path)  # noqa: PTH116
    archive = _archive(path, state.st_mtime_ns, state.st_size)
    try:
        unpacked = unpack_one(archive, archive.getinfo(name))
    except KeyError as error:
        raise ArchiveError("This file is no longer in its ZIP. Begin the work anew under another output.") from error
    if unpacked.error is not None:
        raise unpacked.error
    return unpacked.content


@lru_cache(maxsize=_ARCHIVES_OPEN)
def _archive(path: str, _changed_ns: int, _size_bytes: int) -> zipfile.ZipFile:
    """An open ZIP: its directory, which may name a hundred thousand files, isn't read anew for every chunk."""
    with ExitStack() as stack:
        archive = open_archive(stack.enter_context(Path(path).open("rb")))
        weakref.finalize(archive, stack.pop_all().close)
    return archive
