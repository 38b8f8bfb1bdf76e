"""Read one chunk of images in a worker and encode its rows there, so that the driver of many workers only has to store bytes."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from digitcore.batch.files import read_bytes
from digitcore.batch.journal import Chunk, ChunkResult
from digitcore.batch.output import encode_rows
from digitcore.batch.sources import ImageReference
from digitcore.errors import ClusterError, DigitError
from digitcore.io.records import ERROR_STATUS, error_record, failure_record, reading_record
from digitcore.pipeline import read_image
from digitcore.recognition.classifier import default_classifier
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.results import Reading
from digitcore.settings import Settings
from digitcore.workers.deadline import end_process_after
from digitcore.workers.reader import tune_threads_and_malloc


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
            return reading_record(reference.name, read(read_bytes(reference, folder)))
    except (DigitError, OSError) as error:
        return failure_record(reference.name, error)
    except Exception as error:  # a bug that one image in a million triggers must not end the whole run
        fault = f"{type(error).__name__}: {error}".rstrip(": ")
        return error_record(reference.name, f"This picture triggered a bug in the program, please report it ({fault}).")
