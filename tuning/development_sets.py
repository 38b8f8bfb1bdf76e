"""Samples of real handwriting, in a folder that the environment variable `DIGITS_DEV_DATA` names; it is no part of the project.

The folder may hold `photos`, `strings` and `drawn`, each with pictures and a `labels.csv` (columns `file` and `label`: digits, lines
joined by "/"), and `strokes`, with `digits.jsonl.gz` and `signs.jsonl.gz` (one JSON object a line: `writer`, `label`, and `strokes`, lists
of x and y in pixels of a canvas of 560×370 pixels). Their names may end in `-dev`. The files are read where they are.
"""

import csv
import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import numpy as np

from digitcore.io.strokes import Stroke
from tuning.samples import Sample

ENVIRONMENT_VARIABLE: Final = "DIGITS_DEV_DATA"
_CANVAS_WH: Final = (560, 370)
_PEN_PX: Final = 16


class MissingSetError(Exception):
    """A set of samples isn't there; the text gives the reason."""


def development_samples(set_name: str, folder: str | None) -> list[Sample]:
    """Load a set of real handwriting.

    Args:
        set_name: one of `SETS`.
        folder: value of `DIGITS_DEV_DATA`; None or empty where it isn't set.

    Returns:
        The samples, in the order of their files.

    Raises:
        MissingSetError: the folder or the set isn't there.
    """
    if not folder:
        raise MissingSetError(f"{set_name}: {ENVIRONMENT_VARIABLE} names no folder.")
    part, load = SETS[set_name]
    for name in (part, f"{part}-dev"):
        if (Path(folder) / name).is_dir():
            return list(load(set_name, Path(folder) / name))
    raise MissingSetError(f"{set_name}: {ENVIRONMENT_VARIABLE} has no folder {part}.")


def _pictures(set_name: str, folder: Path) -> Iterator[Sample]:
    """Load the pictures that `labels.csv` lists, as far as they exist."""
    with (folder / "labels.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            path = folder / row["file"]
            if path.exists():
                yield Sample(set_name, path.name, source_of(path.name), row["label"], path=str(path))


def _photographed_pages(set_name: str, folder: Path) -> Iterator[Sample]:
    return (sample for sample in _pictures(set_name, folder) if len(sample.expected) != 1)


def _photographed_digits(set_name: str, folder: Path) -> Iterator[Sample]:
    return (sample for sample in _pictures(set_name, folder) if len(sample.expected) == 1)


def source_of(file_name: str) -> str:
    """Return the writer or origin of a picture: its name up to the last underscore.

    Examples:
        >>> source_of("p_anna_01.jpg"), source_of("one.png")
        ('p_anna', 'one')
    """
    stem = Path(file_name).stem
    return stem.rpartition("_")[0] or stem


def _stroke_digits(set_name: str, folder: Path) -> Iterator[Sample]:
    return _strokes(set_name, folder / "digits.jsonl.gz", has_digits=True)


def _stroke_signs(set_name: str, folder: Path) -> Iterator[Sample]:
    return _strokes(set_name, folder / "signs.jsonl.gz", has_digits=False)


def _strokes(set_name: str, path: Path, *, has_digits: bool) -> Iterator[Sample]:
    """Load drawings of single digits, or of signs, of which nothing should be read."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, row in enumerate(map(json.loads, lines)):
            strokes = tuple(Stroke(np.array(points, np.float64), pen_px=_PEN_PX) for points in row["strokes"])
            expected = row["label"] if has_digits else ""
            yield Sample(set_name, str(number), row["writer"], expected, strokes=strokes, size_wh=_CANVAS_WH)


SETS: Final[dict[str, tuple[str, Callable[[str, Path], Iterator[Sample]]]]] = {
    "photographed pages": ("photos", _photographed_pages),
    "photographed digits": ("photos", _photographed_digits),
    "strings": ("strings", _pictures),
    "drawn digits": ("drawn", _pictures),
    "strokes": ("strokes", _stroke_digits),
    "strokes of signs": ("strokes", _stroke_signs),
}
"""Folder and loader of each set."""
