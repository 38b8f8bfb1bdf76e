"""Evaluate the labelled pictures of a folder or a ZIP file: read them as a batch job, and compare them with their labels."""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import pyarrow.parquet as pq

from digitcore.batch.files import read_bytes
from digitcore.batch.run import BatchJob, PrintStatus, RaiseIfStopped, run
from digitcore.batch.sources import MAX_DIRECTORY_BYTES, Finder
from digitcore.errors import DigitError
from digitcore.evaluation.advice import find_advice, run_in_threads
from digitcore.evaluation.evaluate import Evaluation, evaluate
from digitcore.evaluation.label_table import MAX_TABLE_BYTES
from digitcore.evaluation.labels import find_labels, is_table
from digitcore.evaluation.report import THUMBNAIL_SIDE_PX, shown_pictures
from digitcore.io.archives import ARCHIVE_SUFFIX, files_in, open_archive, unpack_file
from digitcore.io.decode import load_picture
from digitcore.io.records import restored_reading
from digitcore.io.thumbnails import marked_thumbnail
from digitcore.recognition.classifier import default_classifier
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings

_COLUMNS: Final = ("file", "status", "text", "numbers", "digits", "error")
"""The columns of the table of readings that are compared, and drawn into small copies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationJob:
    """What to evaluate, and how to read it.

    Attributes:
        path: a folder or a ZIP file with pictures and their labels.
        settings: those of the reading pipeline.
        profile: the writer's own digits.
        advice: whether to try which settings would have helped.
        worker_options: further fields of a `BatchJob`.
    """

    path: Path
    settings: Settings
    profile: WriterProfile | None = None
    advice: bool = True
    worker_options: Mapping[str, Any] = field(default_factory=dict)


class EvaluationRun(NamedTuple):
    """What came of an evaluation.

    Attributes:
        evaluation: the measures.
        pictures: all pictures.
        shown: the records of the misread pictures of which a report shows a copy.
    """

    evaluation: Evaluation
    pictures: "LabelledPictures"
    shown: list[dict[str, Any]]


class LabelledPictures:
    """The pictures of a folder or a ZIP file with their labels, by their names within it.

    Args:
        path: the folder or the ZIP file.

    Raises:
        BatchError: there is no such path.
        ArchiveError: the ZIP file can't be opened.
        LabelsError: the labels are missing or can't be used.
    """

    def __init__(self, path: Path) -> None:
        self._prefix: Final = f"{path.absolute()}/"
        found = {self._name(each.name): each for each in Finder().find([str(path.absolute())])}
        self._references: Final = dict(sorted(found.items()))
        self.labels: Final = find_labels(list(self._references), _read_tables(path))

    def _name(self, path: str) -> str:
        return path.removeprefix(self._prefix)

    def load(self, name: str) -> bytes:
        """Read an encoded picture.

        Args:
            name: of one of the pictures.

        Returns:
            The bytes of its file; none if it is gone.
        """
        with suppress(DigitError, OSError):
            return read_bytes(self._references[name], "")
        return b""

    def read(self, job: EvaluationJob, print_status: PrintStatus, raise_if_stopped: RaiseIfStopped) -> list[dict[str, Any]]:
        """Read the labelled pictures as a batch job, whose table is temporary.

        Returns:
            The records of the files.
        """
        paths = dict.fromkeys(os.fsencode(self._references[name].path) for name in self.labels.by_name)
        with TemporaryDirectory() as folder:
            sources, table = Path(folder) / "sources.txt", Path(folder) / "readings.parquet"
            sources.write_bytes(b"\n".join(paths))
            batch = BatchJob(sources=[f"@{sources}"], output=table, settings=job.settings, profile=job.profile, **job.worker_options)
            run(batch, print_status, raise_if_stopped)
            rows = pq.read_table(table, columns=list(_COLUMNS)).to_pylist()
        return [{**row, "file": self._name(row["file"])} for row in rows]


def run_evaluation(job: EvaluationJob, print_status: PrintStatus, raise_if_stopped: RaiseIfStopped) -> EvaluationRun:
    """Read labelled pictures, compare them with their labels, and try which settings would have helped.

    Args:
        job: what to do.
        print_status: shows status messages.
        raise_if_stopped: is called from time to time.

    Returns:
        The evaluation, the pictures, and what was read from those that a report shows.

    Raises:
        BatchError: the pictures can't be read.
        ArchiveError: the ZIP file can't be opened.
        LabelsError: the labels are missing or can't be used.
        KeyboardInterrupt: the run was stopped.
    """
    pictures = LabelledPictures(job.path)
    records = pictures.read(job, print_status, raise_if_stopped)
    evaluation = evaluate(records, pictures.labels)
    names = {each.name for each in shown_pictures(evaluation)}
    shown = [each for each in records if each["file"] in names]
    raise_if_stopped()
    if job.advice and evaluation.right < evaluation.pictures:
        print_status("Reading some pictures again, to see which settings would have helped.")
        advice = find_advice(evaluation.comparisons, pictures.load, job.settings, job.profile, run_in_threads)
        evaluation = replace(evaluation, advice=advice)
    return EvaluationRun(evaluation, pictures, shown)


def make_thumbnails(done: EvaluationRun) -> dict[str, bytes]:
    """Make the small copies of misread pictures that a report shows, without reading the pictures again.

    Args:
        done: the evaluation.

    Returns:
        JPEG files by the pictures' names.
    """
    made = run_in_threads(partial(_thumbnail, done.pictures, record) for record in done.shown)
    return {record["file"]: picture for record, picture in zip(done.shown, made, strict=True) if not isinstance(picture, DigitError)}


def _thumbnail(pictures: LabelledPictures, record: Mapping[str, Any]) -> bytes:
    picture = load_picture(pictures.load(record["file"]))
    reading = restored_reading(record, picture.size_wh, default_classifier().classes)
    return marked_thumbnail(picture.pixels, reading, THUMBNAIL_SIDE_PX)


def _read_tables(path: Path) -> dict[str, bytes]:
    """Read the tables of labels in a folder or a ZIP file, by their names within it."""
    if path.is_dir():
        return {str(each.relative_to(path)): _read_table(each) for each in path.rglob("*") if is_table(each.name) and each.is_file()}
    if path.suffix.lower() != f".{ARCHIVE_SUFFIX}":
        return {}
    with path.open("rb") as file, open_archive(file, MAX_DIRECTORY_BYTES) as archive:
        unpacked = [unpack_file(archive, entry) for entry in files_in(archive) if is_table(entry.filename)]
    for table in unpacked:
        if table.error is not None:
            raise table.error
    return {table.name: table.content for table in unpacked}


def _read_table(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_TABLE_BYTES + 1)
