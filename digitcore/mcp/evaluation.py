"""Evaluate the labelled pictures of a folder or a ZIP file in the worker processes of the server."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from digitcore.batch.evaluate import LabelledPictures
from digitcore.errors import DigitError
from digitcore.evaluation.advice import RunAll, find_advice
from digitcore.evaluation.evaluate import Evaluation, evaluate
from digitcore.io.records import failure_record, reading_record
from digitcore.pipeline import read_image
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.settings import Settings


def evaluate_path(path: Path, settings: Settings, profile: WriterProfile | None, run_all: RunAll) -> Evaluation:
    """Read labelled pictures, compare them with their labels, and try which settings would have helped.

    Args:
        path: a folder or a ZIP file with pictures and their labels.
        settings: those of the reading pipeline.
        profile: as in `read_image`.
        run_all: runs the readings.

    Returns:
        The evaluation with advice. A picture that can't be read is a misread one.

    Raises:
        BatchError: there is no such path.
        ArchiveError: the ZIP file can't be opened.
        LabelsError: the labels are missing or can't be used.
        RequestError: the server is too busy.
    """
    pictures = LabelledPictures(path)
    evaluation = evaluate(_records(pictures, settings, profile, run_all), pictures.labels)
    return replace(evaluation, advice=find_advice(evaluation.comparisons, pictures.load, settings, profile, run_all))


def _records(pictures: LabelledPictures, settings: Settings, profile: WriterProfile | None, run_all: RunAll) -> Iterator[dict[str, Any]]:
    """Read the labelled pictures, each loaded when it is to be read, and yield their records."""
    names = list(pictures.labels.by_name)
    jobs = (partial(_read, name, pictures.load(name), settings, profile) for name in names)
    for name, outcome in zip(names, run_all(jobs), strict=True):
        yield failure_record(name, outcome) if isinstance(outcome, DigitError) else outcome


def _read(name: str, picture: bytes, settings: Settings, profile: WriterProfile | None) -> dict[str, Any]:
    return reading_record(name, read_image(picture, settings, profile=profile))
