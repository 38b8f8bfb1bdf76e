"""From the strokes of a line to its digits: which belong together, and where digits that touch are cut.

Over-segmentation and dynamic programming (Casey and Lecolinet 1996): more cuts are proposed than needed, every run of neighbouring
pieces that may be a digit is shown to the network, and the reading of the whole line that it finds likeliest is taken. Strokes that
stand alone and are read at once aren't cut at all.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from digitcore.layout.components import Mark, columns
from digitcore.layout.over_segmentation import Piece, around, cut, slant_of, together
from digitcore.recognition.normalization import DigitShape
from digitcore.recognition.prediction import Prediction
from digitcore.results import RejectionReason
from digitcore.types import Box, UInt8Array

CUT_COST: Final = 1.0
FIRST_CUT_COST: Final = 2.5
"""What a cut through a stroke costs, in natural logarithms of probability; and how much more the first, where there is one stroke alone."""

SKIP_COST: Final = 4.0
"""What it costs to leave out a piece as high as the writing; smaller ones cost less."""

NO_NUMBER_COST: Final = 1.5
AMONG_DIGITS_COST: Final = 3.0
"""Strokes are left uncut, as no number at all, if their best reading costs more than this for each height of their width, and one; in
a line with other digits, more."""

WORDY: Final = 8
FEW_DIGITS: Final = 0.5
"""A line of so many strokes or more, of which less than this share are digits by themselves, is words: it isn't cut."""

MOST_LEFT_OVER: Final = 0.25
"""Nor are they a number, away from other digits, if more than this share of their ink is left over."""

LONGEST_RUN: Final = 5
"""A digit is made of at most so many neighbouring pieces."""

LONGEST_NUMBER: Final = 15.0
"""What hangs together over more heights of the writing than this isn't cut: no number is written in one go for so long."""

WIDEST: Final = 1.6
"""A digit is at most so much wider than the writing is high."""

WIDE: Final = 1.0
"""A stroke wider than this may be two digits, however sure the network is."""

LOW: Final = 0.7
LOW_COST: Final = 10.0
"""Digits are seldom lower than this beside the writing, and ever less likely the lower they are."""

BROAD: Final = 1.15
BROAD_COST: Final = 6.0
"""Nor broader than this."""

SURE: Final = 0.7
"""A stroke alone that is read with this confidence is not cut."""

_BESIDE: Final = 0.05
"""Strokes nearer to each other than this may be one digit; in heights of the writing, as all lengths here."""

_NEVER: Final = 1e-6

_DOUBTFUL: Final = 0.35
_DOUBT_SLOPE: Final = 3.0
"""Cut digits and their neighbours' ends have lower digit scores than whole ones. As many of them as of wrong cuts have this one; odds
of being a digit rise with this power of the score's."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Some ink and what the network says of it."""

    shape: DigitShape
    prediction: Prediction
    digit_score: float

    @property
    def likelihood(self) -> float:
        """Logarithm of the probability that this is a digit and the likeliest one."""
        return math.log(self.prediction.confidence) - float(
            np.logaddexp(0, _DOUBT_SLOPE * (log_odds(_DOUBTFUL) - log_odds(self.digit_score)))
        )


def log_odds(probability: float) -> float:
    """Natural logarithm of the odds; of what is certain, a large number."""
    certain = min(max(probability, _NEVER), 1 - _NEVER)
    return math.log(certain / (1 - certain))


Look = Callable[[Sequence[UInt8Array]], list[Seen]]
"""Shows ink, uint8 `(h, w)` each, to the network."""


def segment(
    strokes: Sequence[Mark], height: float, look: Look, accept_from: float, *, keep_strokes: bool = False
) -> list[tuple[Mark, Seen]]:
    """The digits of one line, and what is left of it, from left to right.

    Args:
        strokes: its strokes, uncut.
        height: of the writing, in pixels.
        look: the network.
        accept_from: the digit score from which on it takes a mark for a digit.
        keep_strokes: whether every stroke stays as it is, neither cut nor joined.
    """
    groups = [[strokes[index] for index in group] for group in columns([stroke.box for stroke in strokes], _BESIDE * height)]
    single = [stroke for stroke in strokes if keep_strokes or stroke.rejection or stroke.box.width <= WIDE * height]
    seen = {id(stroke.ink): sight for stroke, sight in zip(single, look([stroke.ink for stroke in single]), strict=True)}

    def settled(stroke: Mark) -> bool:
        sight = seen.get(id(stroke.ink))
        return bool(sight and sight.prediction.confidence >= SURE and sight.digit_score >= accept_from)

    tested = [settled(stroke) for stroke in strokes if not stroke.rejection]
    if keep_strokes or (len(tested) >= WORDY and sum(tested) < FEW_DIGITS * len(tested)):
        return _uncut(strokes, height, look, seen)
    most = AMONG_DIGITS_COST if any(tested) else NO_NUMBER_COST
    found: list[tuple[Mark, Seen]] = []
    slant = None
    for group in groups:
        dust = all(stroke.rejection for stroke in group)
        if dust or all(settled(stroke) and (len(group) == 1 or stroke.box.height >= LOW * height) for stroke in group):
            found += [(stroke, seen[id(stroke.ink)]) for stroke in group]
        else:
            slant = slant_of(strokes) if slant is None else slant
            found += _likeliest(group, height, slant, most, look, seen)
    return found


def _likeliest(
    strokes: Sequence[Mark], height: float, slant: float, most: float, look: Look, seen: dict[int, Seen]
) -> list[tuple[Mark, Seen]]:
    """The likeliest reading of strokes that may be cut and joined.

    Args:
        strokes: which stand close to each other.
        height: of the writing, in pixels.
        slant: of the writing.
        most: what a number may cost; see `NO_NUMBER_COST`.
        look: the network.
        seen: what it said before, by the identity of the ink.
    """
    if around(strokes).width > LONGEST_NUMBER * height:
        return _uncut(strokes, height, look, seen)
    pieces = [piece for stroke in strokes for piece in cut(stroke, height, slant)]
    pieces.sort(key=lambda piece: piece.box.x + piece.box.width / 2 + slant * (piece.box.y + piece.box.height / 2))
    runs = {
        (first, last): together(pieces[first : last + 1])
        for first in range(len(pieces))
        for last in range(first, min(first + LONGEST_RUN, len(pieces)))
        if last == first or around(pieces[first : last + 1]).width <= WIDEST * height
    }
    new = [run for run, ink in runs.items() if id(ink) not in seen]
    sights = {run: seen[id(ink)] for run, ink in runs.items() if id(ink) in seen}
    sights |= zip(new, look([runs[run] for run in new]), strict=True)
    ends, cost = _best_path(pieces, sights, height)
    if len(strokes) == 1 and most == NO_NUMBER_COST and (0, len(pieces) - 1) in sights:
        whole = _shape_cost(around(pieces), height) - sights[0, len(pieces) - 1].likelihood
        if whole <= cost + FIRST_CUT_COST:
            ends, cost = [(0, len(pieces) - 1, True)], whole
    left_over = sum(int(pieces[first].ink.sum(dtype=np.int64)) for first, _, is_digit in ends if not is_digit)
    torn = left_over > MOST_LEFT_OVER * sum(int(piece.ink.sum(dtype=np.int64)) for piece in pieces)
    if len(pieces) > len(strokes) and ((torn and most == NO_NUMBER_COST) or cost > most * (1 + around(pieces).width / height)):
        return _uncut(strokes, height, look, seen)
    found = []
    for first, last, is_digit in ends:
        run = pieces[first : last + 1]
        rejection = _rejection(strokes, run) or (None if is_digit else RejectionReason.LEFT_OVER)
        found.append((Mark(runs[first, last], around(run), strokes[0].line, rejection), sights[first, last]))
    return found


def _uncut(strokes: Sequence[Mark], height: float, look: Look, seen: dict[int, Seen]) -> list[tuple[Mark, Seen]]:
    """The strokes as they are; none that is too wide is one digit."""
    rest = [stroke for stroke in strokes if id(stroke.ink) not in seen]
    seen = seen | {id(stroke.ink): sight for stroke, sight in zip(rest, look([stroke.ink for stroke in rest]), strict=True)}
    wide = [
        replace(stroke, rejection=stroke.rejection or (RejectionReason.TOO_WIDE if stroke.box.width > WIDEST * height else None))
        for stroke in strokes
    ]
    return [(mark, seen[id(stroke.ink)]) for mark, stroke in zip(wide, strokes, strict=True)]


def _best_path(pieces: Sequence[Piece], sights: dict[tuple[int, int], Seen], height: float) -> tuple[list[tuple[int, int, bool]], float]:
    """Which runs of pieces are digits, from the left: first and last piece, and whether they are one or left over; and what it costs."""
    best: list[tuple[float, int, bool]] = [(0.0, 0, False)] + [(math.inf, 0, False)] * len(pieces)
    for (first, last), sight in sorted(sights.items()):
        so_far, piece = best[first][0], pieces[first]
        if first == last:
            left_out = so_far + SKIP_COST * min(piece.box.side / height, 1.0) ** 2
            best[last + 1] = min(best[last + 1], (left_out, first, False))
        cut_cost = CUT_COST * (last + 1 < len(pieces) and pieces[last + 1].cut)
        cost = so_far - sight.likelihood + _shape_cost(around(pieces[first : last + 1]), height) + cut_cost
        best[last + 1] = min(best[last + 1], (cost, first, True))
    path = []
    end = len(pieces)
    while end > 0:
        _, first, is_digit = best[end]
        path.append((first, end - 1, is_digit))
        end = first
    return path[::-1], best[-1][0]


def _shape_cost(box: Box, height: float) -> float:
    """How unlikely a digit is to be so low or so broad beside its neighbours, in natural logarithms of probability."""
    low, broad = max(0.0, LOW - box.height / height), max(0.0, box.width / height - BROAD)
    return LOW_COST * low + BROAD_COST * broad


def _rejection(strokes: Sequence[Mark], run: Sequence[Piece]) -> RejectionReason | None:
    """A stroke that is too small or a blot is still so if nothing was joined to it."""
    return next((stroke.rejection for stroke in strokes if len(run) == 1 and stroke.ink is run[0].ink), None)
