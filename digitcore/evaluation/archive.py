"""Evaluate the labelled pictures of a ZIP that is in memory."""

import io
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from digitcore.errors import DigitError
from digitcore.evaluation.advice import RunAll, find_advice, run_here
from digitcore.evaluation.evaluate import Evaluation, evaluate
from digitcore.evaluation.labels import Labels, find_labels, is_table
from digitcore.io.archives import UnpackedFile, files_in, open_archive, unpack
from digitcore.io.formats import PICTURE_SUFFIXES
from digitcore.io.records import failure_record, reading_record
from digitcore.pipeline import read_image
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings


def evaluate_zip(content: bytes, settings: Settings, profile: WriterProfile | None = None, run_all: RunAll = run_here) -> Evaluation:
    """Read the labelled pictures of a ZIP, compare them with their labels, and try which settings would have helped.

    Args:
        content: the bytes of the ZIP, with the limits of `digitcore.io.archives.unpack`.
        settings: those of the reading pipeline.
        profile: as in `read_image`.
        run_all: runs the readings; by default on this thread.

    Returns:
        The evaluation with advice. A picture that can't be read is a misread one.

    Raises:
        ArchiveError: the ZIP can't be opened, or its table of labels can't be unpacked.
        LabelsError: the labels are missing or can't be used.
    """
    labels = _labels_in(content)
    evaluation = evaluate(_records(content, labels, settings, profile, run_all), labels)

    def load(name: str) -> bytes:
        """Unpack one picture again, instead of keeping all in memory."""
        return next(unpack(content, lambda path: path == name)).content

    return replace(evaluation, advice=find_advice(evaluation.comparisons, load, settings, profile, run_all))


def _labels_in(content: bytes) -> Labels:
    """Find the labels of the pictures in a ZIP."""
    with open_archive(io.BytesIO(content)) as archive:
        names = [entry.filename for entry in files_in(archive)]
    tables = list(unpack(content, is_table))
    for table in tables:
        if table.error is not None:
            raise table.error
    suffixes = tuple(f".{suffix}" for suffix in PICTURE_SUFFIXES)
    pictures = [name for name in names if name.lower().endswith(suffixes)]
    return find_labels(pictures, {table.name: table.content for table in tables})


def _records(
    content: bytes, labels: Labels, settings: Settings, profile: WriterProfile | None, run_all: RunAll
) -> Iterator[dict[str, Any]]:
    """Read the labelled pictures, each unpacked when it is to be read, and yield their records."""
    names: list[str] = []

    def jobs() -> Iterator[partial[dict[str, Any]]]:
        for file in unpack(content, labels.by_name.__contains__):
            names.append(file.name)
            yield partial(_read_unpacked, file, settings, profile)

    for index, outcome in enumerate(run_all(jobs())):
        yield failure_record(names[index], outcome) if isinstance(outcome, DigitError) else outcome


def _read_unpacked(file: UnpackedFile, settings: Settings, profile: WriterProfile | None) -> dict[str, Any]:
    """Read an unpacked file, or raise the error for which it was skipped."""
    if file.error is not None:
        raise file.error
    return reading_record(file.name, read_image(file.content, settings, profile=profile))
