"""Read one chunk of images in a worker and encode its rows there, so that the driver of many workers only has to store bytes."""

import os
import weakref
import zipfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, Final

from digitcore.batch.journal import Chunk, ChunkResult
from digitcore.batch.output import encode_rows
from digitcore.batch.sources import MAX_DIRECTORY_BYTES, ImageReference, is_regular_file
from digitcore.errors import ArchiveError, ClusterError, DigitError
from digitcore.io.archives import open_archive, unpack_file
from digitcore.io.decode import MAX_PIXELS
from digitcore.io.records import ERROR_STATUS, error_record, failure_record, reading_record
from digitcore.pipeline import read_image
from digitcore.recognition.classifier import default_classifier
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.results import Reading
from digitcore.settings import Settings
from digitcore.workers.deadline import end_process_after
from digitcore.workers.reader import tune_threads_and_malloc

MAX_FILE_BYTES: Final = 8 * MAX_PIXELS
"""The largest file that is read, in bytes: the largest image that is decoded, uncompressed with four channels of 16 bits."""

_MAX_OPEN_ARCHIVES: Final = 2
"""How many ZIP files are kept open: consecutive chunks read from the same one."""


def model_sha256() -> str:
    """Return the hash of the network that reads in this process.

    Raises:
        ModelError: the network can't be loaded.
    """
    return str(default_classifier().card["model"]["sha256"])


def read_chunk(
    chunk: Chunk, folder: str, recipe: str, model: str, suffix: str, timeout_s: float, profile: WriterProfile | None = None
) -> ChunkResult:
    """Read the images of a chunk; an image that can't be read becomes a row with its error, and one that takes too long ends the worker.

    Args:
        chunk: the images.
        folder: the folder that relative paths start from.
        recipe: the settings of the reading pipeline, as JSON.
        model: the hash of the network that must read.
        suffix: `.parquet` or `.csv`, which decides the encoding of the rows.
        timeout_s: the most seconds that reading one image may take.
        profile: the writer's own digits; the same object for all chunks, as it keeps their features.

    Returns:
        The encoded rows and their counts.

    Raises:
        ClusterError: this worker has another network.
        ModelError: the network can't be loaded.
        SettingsError: this worker runs another version of the program, with other settings.
    """
    if model_sha256() != model:
        raise ClusterError("A worker has a different network. Start the workers and this program from the same image.")
    tune_threads_and_malloc()
    settings = Settings.from_json(recipe)
    if profile:
        profile.features(default_classifier())  # not within the time of the first image
    read = partial(read_image, settings=settings, profile=profile)
    records = [_read_record(reference, folder, read, timeout_s) for reference in chunk.references]
    return encode_chunk(chunk.first, records, suffix)


def encode_chunk(first: int, records: Sequence[dict[str, Any]], suffix: str) -> ChunkResult:
    """Encode the rows of a chunk for the journal.

    Args:
        first: the position of the chunk's first file.
        records: one for each file, as `digitcore.io.records` makes them.
        suffix: `.parquet` or `.csv`.

    Returns:
        The encoded rows and their counts.
    """
    return ChunkResult(first, encode_rows(records, suffix), len(records), sum(record["status"] == ERROR_STATUS for record in records))


def _read_record(reference: ImageReference, folder: str, read: Callable[[bytes], Reading], timeout_s: float) -> dict[str, Any]:
    try:
        with end_process_after(timeout_s):
            return reading_record(reference.name, read(_read_bytes(reference, folder)))
    except (DigitError, OSError) as error:
        return failure_record(reference.name, error)
    except Exception as error:  # a bug that one image in a million triggers must not end the whole run
        fault = f"{type(error).__name__}: {error}".rstrip(": ")
        return error_record(reference.name, f"This picture triggered a bug in the program, please report it ({fault}).")


def _read_bytes(reference: ImageReference, folder: str) -> bytes:
    """Read the encoded image.

    Raises:
        OSError: the file can't be read.
        ArchiveError: it is not a regular file, is too large, or can't be unpacked.
    """
    if reference.error:
        raise ArchiveError(reference.error)
    path = os.path.join(folder, reference.path)  # noqa: PTH118
    if not is_regular_file(path):
        raise ArchiveError("This is a folder, a pipe or a device, not a file. Name the files themselves.")
    if reference.member is not None:
        return _read_member(path, reference.member)
    with Path(path).open("rb") as file:
        content = file.read(MAX_FILE_BYTES + 1)
    if len(content) > MAX_FILE_BYTES:
        raise ArchiveError(
            f"This file is larger than {MAX_FILE_BYTES // 10**6} MB, more than any supported picture needs. Make it smaller."
        )
    return content


def _read_member(path: str, name: str) -> bytes:
    state = os.stat(path)  # noqa: PTH116
    archive = _open_cached(path, state.st_mtime_ns, state.st_size)
    try:
        unpacked = unpack_file(archive, archive.getinfo(name))
    except KeyError as error:
        raise ArchiveError("This file is no longer in its ZIP. Start a new run with another output.") from error
    if unpacked.error is not None:
        raise unpacked.error
    return unpacked.content


@lru_cache(maxsize=_MAX_OPEN_ARCHIVES)
def _open_cached(path: str, _changed_ns: int, _size_bytes: int) -> zipfile.ZipFile:
    """Open a ZIP file, or return it if it is open: its directory may list a hundred thousand files and is not read for every chunk."""
    with ExitStack() as stack:
        archive = open_archive(stack.enter_context(Path(path).open("rb")), MAX_DIRECTORY_BYTES)
        weakref.finalize(archive, stack.pop_all().close)
    return archive
