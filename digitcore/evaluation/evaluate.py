"""Evaluate what was read from labelled pictures: accuracy, characters, confusion, calibration, and what was misread."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from digitcore.evaluation.advice import Advice
from digitcore.evaluation.comparison import Comparison, compare
from digitcore.evaluation.labels import Labels
from digitcore.evaluation.measures import confusion_matrix, expected_calibration_error, reliability_bins
from digitcore.messages import Message


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The measures of a set of labelled pictures.

    Attributes:
        comparisons: one for each labelled picture, in the order of the pictures.
        notes: what was left out, in sentences with counts.
        confusion: ten rows of ten counts, indexed by what is written and then by what was read, of the aligned pictures.
        reliability_bins: of the same digits, as `digitcore.evaluation.measures.reliability_bins` returns them.
        advice: which settings would have helped; None where that wasn't tried.
    """

    comparisons: tuple[Comparison, ...]
    notes: tuple[Message, ...]
    confusion: list[list[int]]
    reliability_bins: list[dict[str, Any]]
    advice: Advice | None = None

    @property
    def pictures(self) -> int:
        """Return the number of labelled pictures."""
        return len(self.comparisons)

    @property
    def right(self) -> int:
        """Return how many pictures were read as their label, as a whole."""
        return sum(each.is_right for each in self.comparisons)

    @property
    def unreadable(self) -> int:
        """Return how many pictures couldn't be read at all; they count as misread."""
        return sum(each.is_unreadable for each in self.comparisons)

    @property
    def aligned(self) -> int:
        """Return in how many pictures as many digits were read as are written."""
        return sum(each.is_aligned for each in self.comparisons)

    @property
    def misread(self) -> list[Comparison]:
        """Return the pictures that weren't read as their label, those with the most wrong characters first."""
        return sorted((each for each in self.comparisons if not each.is_right), key=lambda each: -each.wrong_characters)

    @property
    def characters(self) -> int:
        """Return the number of digits that are written."""
        return sum(len(each.written) for each in self.comparisons)

    @property
    def wrong_characters(self) -> int:
        """Return the sum of the edit distances of all pictures."""
        return sum(each.wrong_characters for each in self.comparisons)

    @property
    def accuracy(self) -> float:
        """Return the share of pictures that were read correctly as a whole, in [0, 1]."""
        return self.right / self.pictures

    @property
    def character_accuracy(self) -> float | None:
        """Return 1 minus the wrong characters per written one, at least 0; None where nothing is written."""
        return max(0.0, 1 - self.wrong_characters / self.characters) if self.characters else None

    @property
    def calibration_error(self) -> float | None:
        """Return the expected calibration error of the aligned digits, in [0, 1]; None without any."""
        return expected_calibration_error(self.reliability_bins) if self.reliability_bins else None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON answer: all measures, the misread pictures, the advice and the notes."""
        return {
            "pictures": self.pictures,
            "right": self.right,
            "unreadable": self.unreadable,
            "accuracy_pct": _percent(self.accuracy),
            "characters": self.characters,
            "wrong_characters": self.wrong_characters,
            "character_accuracy_pct": _percent(self.character_accuracy),
            "aligned_pictures": self.aligned,
            "confusion": self.confusion,
            "expected_calibration_error_pct": _percent(self.calibration_error),
            "reliability_bins": self.reliability_bins,
            "misread": [each.to_dict() for each in self.misread],
            "advice": None if self.advice is None else self.advice.to_dict(),
            "notes": list(map(str, self.notes)),
        }


def evaluate(records: Iterable[Mapping[str, Any]], labels: Labels) -> Evaluation:
    """Compare the records of files with their labels, and measure.

    Args:
        records: as `digitcore.io.records` makes them; those without a label are skipped.
        labels: of at least one of the files.

    Returns:
        The evaluation, without advice.
    """
    return measure(
        [compare(record, labels.by_name[record["file"]]) for record in records if record["file"] in labels.by_name], labels.notes
    )


def measure(comparisons: Sequence[Comparison], notes: Sequence[Message] = ()) -> Evaluation:
    """Measure compared pictures.

    Args:
        comparisons: at least one.
        notes: what was left out.

    Returns:
        The evaluation, without advice.
    """
    aligned = [each for each in comparisons if each.is_aligned]
    confidence = np.array([value for each in aligned for value in each.confidences], np.float64)
    correct = np.array([one == other for each in aligned for one, other in zip(each.written, each.read, strict=True)], bool)
    confusion = confusion_matrix((each.written, each.read) for each in aligned)
    return Evaluation(tuple(comparisons), tuple(notes), confusion, reliability_bins(confidence, correct))


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)
