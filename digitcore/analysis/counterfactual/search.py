"""Search for the smallest change of a mark's strokes that makes it another digit.

All single changes that `edits` proposes are classified; where none of them suffices, the most promising ones are combined with a second
change (beam search). Candidates are classified by the network alone; those that become the wanted digit are then read within the whole
drawing, the smallest first, and the first that is read as the wanted digit there is the answer.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from digitcore.analysis.counterfactual.edits import PEN, Edit, propose_edits
from digitcore.analysis.counterfactual.mark import STROKES_NOT_FOLLOWED, MarkStrokes
from digitcore.analysis.counterfactual.parameters import CounterfactualParams
from digitcore.analysis.counterfactual.paths import Paths, distances, path_length
from digitcore.analysis.counterfactual.result import Change, Counterfactual, MarkVersion, Place
from digitcore.analysis.counterfactual.scoring import Scorer
from digitcore.errors import DrawingError
from digitcore.messages import Message
from digitcore.recognition.classifier import default_classifier
from digitcore.recognition.writer_profile import WriterProfile
from digitcore.results import Digit
from digitcore.settings import Settings

TIME_LIMIT_S: Final = 2.0
"""The default: about as long as a visitor waits."""

_BATCH: Final = 50
"""Candidates between two looks at the clock: about 40 ms."""

_TOO_MANY_STROKES: Final = Message("This mark has too many strokes to tell what would change it.")

_T = TypeVar("_T")

_MIN_BEAM_DISTANCE: Final = 0.2
"""Distance in mark sides of two changes of one kind from which on they are different ideas."""


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A changed mark."""

    edits: tuple[Edit, ...]

    @property
    def paths(self) -> Paths:
        return self.edits[-1].paths

    @property
    def size(self) -> float:
        return sum(edit.size for edit in self.edits)


@dataclass(frozen=True, slots=True, eq=False)
class _Scored:
    """A changed mark as the network classifies it."""

    candidate: _Candidate
    probability: float
    """Of the wanted digit."""

    is_target: bool
    """Whether the mark by itself is accepted as the wanted digit, with enough confidence."""


class _Search:
    """One search: what it may spend, and what it has spent."""

    def __init__(self, scorer: Scorer, target: int, is_over: Callable[[], bool], params: CounterfactualParams) -> None:
        self._scorer = scorer
        self._target = target
        self._is_over = is_over
        self._params = params
        self._left = params.max_candidates

    def run(self, paths: Paths) -> tuple[_Candidate, Digit] | None:
        """Try single changes, then pairs of them."""
        single = self._score([_Candidate((edit,)) for edit in propose_edits(paths, self._params.max_size)])
        if found := self._verify(single):
            return found
        pairs = []
        for first in self._beam(single):
            second = propose_edits(first.paths, self._params.max_size - first.size)
            pairs += self._score([_Candidate((*first.edits, edit)) for edit in _spread(second, self._params.max_pairs)])
        return self._verify(pairs)

    def _score(self, candidates: Sequence[_Candidate]) -> list[_Scored]:
        """Classify candidates in batches, as many as are allowed."""
        candidates, scored = _spread(candidates, self._left), []
        self._left -= len(candidates)
        for start in range(0, len(candidates), _BATCH):
            if self._is_over():
                break
            batch = candidates[start : start + _BATCH]
            for candidate, classified in zip(batch, self._scorer.classify([each.paths for each in batch]), strict=True):
                probability = float(classified.prediction.probabilities[self._target])
                is_target = probability >= self._params.min_confidence and self._scorer.is_digit(classified)
                scored.append(_Scored(candidate, probability, is_target))
        return scored

    def _verify(self, scored: Sequence[_Scored]) -> tuple[_Candidate, Digit] | None:
        """Read the candidates that are the wanted digit by themselves within the whole drawing, and return the smallest that stays."""
        flipped = sorted((each.candidate for each in scored if each.is_target), key=lambda candidate: candidate.size)
        for number, candidate in enumerate(flipped[: self._params.max_verifications]):
            if number > 0 and self._is_over():  # what was found in time is worth one reading
                break
            digit = self._scorer.read(candidate.paths)
            if digit and digit.accepted and digit.label == self._target and digit.confidence >= self._params.min_confidence:
                return candidate, digit
        return None

    def _beam(self, scored: Sequence[_Scored]) -> list[_Candidate]:
        """Choose the single changes to combine with a second one: near to the wanted digit, small, and different from each other."""

        def merit(each: _Scored) -> float:
            return float(np.log(max(each.probability, 1e-9))) - self._params.size_penalty * each.candidate.size

        beam: list[_Candidate] = []
        for each in sorted((each for each in scored if not each.is_target), key=merit, reverse=True):
            if len(beam) == self._params.beam_width:
                break
            if all(_differ(each.candidate.edits[0], other.edits[0]) for other in beam):
                beam.append(each.candidate)
        return beam


def find_counterfactual(
    mark: MarkStrokes,
    target: int,
    settings: Settings | None = None,
    profile: WriterProfile | None = None,
    *,
    time_limit_s: float = TIME_LIMIT_S,
    clock: Callable[[], float] = time.monotonic,
    params: CounterfactualParams = CounterfactualParams(),
) -> Counterfactual | None:
    """Find the smallest change of a mark's strokes that makes it another digit.

    Args:
        mark: the mark, from `mark_of_drawing` or `mark_of_ink`.
        target: the wanted digit, 0 to 9.
        settings: with which the drawing is read; by default those for drawings.
        profile: the writer's own digits, as in `read_strokes`.
        time_limit_s: the search ends after this many seconds.
        clock: returns the time in seconds.
        params: the parameters of the search.

    Returns:
        The change, verified by reading the changed drawing; None where none was found within the limits.

    Raises:
        DrawingError: the mark has too many strokes, or isn't read as before when its strokes are drawn again.
        ValueError: `target` is no digit, or the one as which the mark is read.

    Examples:
        >>> from digitcore import Stroke, read_strokes
        >>> from digitcore.analysis.counterfactual import mark_of_drawing
        >>> strokes = [Stroke(np.array([[140.0, 50.0], [140.0, 220.0]]), pen_px=16)]
        >>> digit = read_strokes(strokes, (280, 280)).digits[0]
        >>> found = find_counterfactual(mark_of_drawing(strokes, (280, 280), digit), 7, time_limit_s=60)
        >>> digit.label, found.after.digit.label
        (1, 7)
    """
    if target not in range(len(default_classifier().classes)) or target == mark.label:
        raise ValueError(f"expected a digit other than {mark.label}, received {target!r}.")
    if len(mark.strokes) > params.max_strokes:
        raise DrawingError(_TOO_MANY_STROKES)
    end_s = clock() + time_limit_s
    scorer = Scorer(mark, settings or Settings.for_drawing(), profile)
    paths = scorer.frame.paths(mark.strokes)
    before = _read_before(mark, paths, scorer, params)
    found = _Search(scorer, target, lambda: clock() >= end_s, params).run(paths)
    if found is None:
        return None
    candidate, digit = found
    changes = tuple(Change(edit.kind, _place(edit, paths)) for edit in candidate.edits)
    return Counterfactual(
        target, changes, candidate.size, _version(paths, candidate.paths, before, scorer), _version(candidate.paths, paths, digit, scorer)
    )


def _read_before(mark: MarkStrokes, paths: Paths, scorer: Scorer, params: CounterfactualParams) -> Digit:
    """Read the unchanged mark from its strokes, or raise an error if that isn't possible as before."""
    if sum(map(path_length, paths)) > params.max_length:
        raise DrawingError(_TOO_MANY_STROKES)
    digit = scorer.read(paths)
    if digit is None or (digit.label if digit.accepted else None) != mark.label:
        raise DrawingError(STROKES_NOT_FOLLOWED)
    return digit


def _version(paths: Paths, others: Paths, digit: Digit, scorer: Scorer) -> MarkVersion:
    """Describe a version of a mark: its points that are further than a third of the pen from the other version have changed."""
    changed = tuple(distances(path, others) > PEN / 3 for path in paths)
    return MarkVersion(scorer.frame.strokes(paths), changed, digit)


def _place(edit: Edit, paths: Paths) -> Place:
    """Return the third of the mark in which a change is."""
    height = max(float(path[:, 1].max()) for path in paths)
    return list(Place)[min(max(int(3 * edit.centre[1] / max(height, 1e-9)), 0), 2)]


def _differ(one: Edit, other: Edit) -> bool:
    return one.kind is not other.kind or float(np.linalg.norm(one.centre - other.centre)) > _MIN_BEAM_DISTANCE


def _spread(items: Sequence[_T], count: int) -> list[_T]:
    """Return at most so many items, at equal distances."""
    if len(items) <= count:
        return list(items)
    return [items[index] for index in np.linspace(0, len(items) - 1, count).astype(int)]
