"""Find what is written in pictures: in a table `labels.csv` in the same folder, or in their names, such as `407_1.jpg`.

A label has the digits of a picture; "/" or a line break separates the lines, as in `Reading.text`. Spaces don't count. The label `none` is
that of a picture without digits, as in the downloads of corrections.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from digitcore.errors import LabelsError
from digitcore.evaluation.label_table import LabelRow, parse_table
from digitcore.io.archives import is_system_file
from digitcore.io.exports import LABELS_FILE_NAME, NO_DIGIT_LABEL
from digitcore.messages import Message

MAX_LABEL_DIGITS: Final = 1_000
"""The most digits of a label: more than a page has, and few enough to compare quickly."""

_LABEL: Final = re.compile(rf"[0-9/]{{1,{MAX_LABEL_DIGITS}}}")
_NAMED_LABEL: Final = re.compile(rf"([0-9]{{1,{MAX_LABEL_DIGITS}}})_")
_CAMERA_NAME: Final = re.compile(r"(19|20)[0-9]{6}_[0-9]{6}")
"""The names that cameras give, of date and time: these digits aren't what the picture shows."""

_MAX_EXAMPLE_CHARACTERS: Final = 20


@dataclass(frozen=True, slots=True)
class Labels:
    """What is written in pictures.

    Attributes:
        by_name: the label of each labelled picture, lines joined by "/"; empty where it has no digits.
        notes: what was left out, in sentences with counts.
    """

    by_name: Mapping[str, str]
    notes: tuple[Message, ...] = ()


def is_table(name: str) -> bool:
    """Return whether a file is a table of labels, by its name."""
    return PurePosixPath(_normalized(name)).name.lower() == LABELS_FILE_NAME and not is_system_file(name)


def parse_label(text: str) -> str | None:
    """Parse the label of a picture.

    Args:
        text: as it is in a table.

    Returns:
        The digits of each line, joined by "/"; empty for a picture without digits; None if the text is no label.

    Examples:
        >>> parse_label(" 12 34/5 "), parse_label("none"), parse_label("3.5")
        ('1234/5', '', None)
    """
    if text.strip().lower() == NO_DIGIT_LABEL:
        return ""
    lines = ["".join(line.split()) for line in re.split(r"[/\r\n]", text)]
    label = "/".join(filter(None, lines))
    return label if _LABEL.fullmatch(label) else None


def label_in_name(name: str) -> str | None:
    """Return the label before the first underscore of a picture's name; None without one.

    Examples:
        >>> label_in_name("set/407_1.jpg"), label_in_name("407.jpg"), label_in_name("20260131_174502.jpg")
        ('407', None, None)
    """
    stem = PurePosixPath(_normalized(name)).name
    found = None if _CAMERA_NAME.match(stem) else _NAMED_LABEL.match(stem)
    return found and found[1]


def find_labels(names: Sequence[str], tables: Mapping[str, bytes]) -> Labels:
    """Find the labels of pictures: those in the table if there is one, otherwise those in their names.

    Args:
        names: the paths of the pictures, relative to what was chosen.
        tables: the content of each `labels.csv` by its path; its rows name pictures relative to its folder, or by their mere file name.

    Returns:
        The labels of the pictures that have one.

    Raises:
        LabelsError: there are several tables, the table can't be used, or no picture has a label.
    """
    if len(tables) > 1:
        raise LabelsError(Message("There are {count} files labels.csv. Keep one with the labels of all pictures.", count=len(tables)))
    if tables:
        ((table_name, content),) = tables.items()
        by_name, notes = _labels_in_table(names, table_name, parse_table(content))
    else:
        found = {name: label_in_name(name) for name in names}
        by_name, notes = {name: label for name, label in found.items() if label is not None}, []
    if not by_name:
        advice = Message(
            "No picture has a label. Add a labels.csv with the columns file and label, or use names like {example}.", example="407_1.jpg"
        )
        raise LabelsError(advice)
    unlabelled = len(names) - len(by_name)
    if unlabelled:
        notes.append(
            Message.plural(
                "{count:,} picture without a label was left out.", "{count:,} pictures without a label were left out.", count=unlabelled
            )
        )
    return Labels(by_name, tuple(notes))


def _labels_in_table(names: Sequence[str], table_name: str, rows: Sequence[LabelRow]) -> tuple[dict[str, str], list[Message]]:
    """Match the rows of a table with the pictures, and note the rows that can't be used."""
    find_name = _NameFinder(names, table_name)
    labels: dict[str, set[str]] = defaultdict(set)
    without_picture, bad_labels = 0, []
    for row in rows:
        label, name = parse_label(row.label), find_name(row.file)
        if name is None:
            without_picture += 1
        elif label is None:
            bad_labels.append(row.label)
        else:
            labels[name].add(label)
    by_name = {name: next(iter(labels[name])) for name in names if len(labels.get(name, ())) == 1}
    contradictions = sum(len(each) > 1 for each in labels.values())
    return by_name, _table_notes(without_picture, bad_labels, contradictions)


def _table_notes(without_picture: int, bad_labels: Sequence[str], contradictions: int) -> list[Message]:
    """Describe the rows of a table that can't be used."""
    notes = []
    if without_picture:
        notes.append(
            Message.plural(
                "{count:,} row of labels.csv names no picture here.",
                "{count:,} rows of labels.csv name no picture here.",
                count=without_picture,
            )
        )
    if bad_labels:
        notes.append(
            Message.plural(
                "{count:,} label has other characters than digits: “{example}”.",
                "{count:,} labels have other characters than digits, such as “{example}”.",
                count=len(bad_labels),
                example=" ".join(bad_labels[0].split())[:_MAX_EXAMPLE_CHARACTERS],
            )
        )
    if contradictions:
        notes.append(
            Message.plural(
                "{count:,} picture has several different labels.", "{count:,} pictures have several different labels.", count=contradictions
            )
        )
    return notes


class _NameFinder:
    """Finds the picture that a row of a table names: by its path from the table's folder, or by its file name where only one has it."""

    def __init__(self, names: Sequence[str], table_name: str) -> None:
        self._folder = PurePosixPath(_normalized(table_name)).parent
        self._by_path = {_normalized(name): name for name in names}
        counts = Counter(PurePosixPath(path).name for path in self._by_path)
        self._by_file_name = {file_name: name for path, name in self._by_path.items() if counts[file_name := PurePosixPath(path).name] == 1}

    def __call__(self, file: str) -> str | None:
        path = PurePosixPath(_normalized(file.strip()))
        return self._by_path.get(str(self._folder / path)) or self._by_file_name.get(path.name)


def _normalized(name: str) -> str:
    """Return a path with forward slashes and composed letters: macOS stores file names decomposed, spreadsheets don't."""
    return unicodedata.normalize("NFC", name.replace("\\", "/"))
