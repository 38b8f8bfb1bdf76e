"""From the strokes of a line to its digits: which belong merge_ink, and where digits that touch are cut.

Over-segmentation and dynamic programming (Casey and Lecolinet 1996): more cuts are proposed than needed, every run of neighbouring
pieces that may be a digit is shown to the network, and the reading of the whole line that it finds likeliest is taken. Strokes that
stand alone and are read at once aren't cut at all.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from digitcore.layout.boxes import group_overlapping_columns, union_box
from digitcore.layout.candidates import CandidateT, ClassifyFn
from digitcore.layout.components import Mark
from digitcore.layout.lines import Line
from digitcore.layout.over_segmentation import Piece, estimate_slant, merge_ink, over_segment
from digitcore.layout.scoring import MIN_RELATIVE_DIGIT_HEIGHT, log_likelihood, shape_cost, skip_cost
from digitcore.results import RejectionReason

CUT_COST: Final = 1.0
FIRST_CUT_COST: Final = 2.5
"""What a cut through a stroke costs, in natural logarithms of probability; and how much more the first, where there is one stroke alone."""

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
"""What hangs merge_ink over more heights of the writing than this isn't cut: no number is written in one go for so long."""

WIDEST: Final = 1.6
"""A digit is at most so much wider than the writing is high."""

WIDE: Final = 1.0
"""A stroke wider than this may be two digits, however sure the network is."""

SURE: Final = 0.7
"""A stroke alone that is read with this confidence is not cut."""

_BESIDE: Final = 0.05
"""Strokes nearer to each other than this may be one digit; in heights of the writing, as all lengths here."""


def segment_line(
    line: Line, classify: ClassifyFn[CandidateT], reject_below: float, *, keep_components: bool = False
) -> list[tuple[Mark, CandidateT]]:
    """Segment a line of writing into digits.

    Args:
        line: with its components.
        classify: the classifier.
        reject_below: the digit score below which a mark by itself is no digit.
        keep_components: whether every component stays as it is, neither split nor joined.

    Returns:
        The digits and what is left over, from left to right, each with its classification.
    """
    strokes, height = line.components, line.writing_height
    groups = [
        [strokes[index] for index in group] for group in group_overlapping_columns([stroke.box for stroke in strokes], _BESIDE * height)
    ]
    single = [stroke for stroke in strokes if keep_components or stroke.rejection or stroke.box.width <= WIDE * height]
    seen = {id(stroke.ink): sight for stroke, sight in zip(single, classify([stroke.ink for stroke in single]), strict=True)}

    def settled(stroke: Mark) -> bool:
        sight = seen.get(id(stroke.ink))
        return bool(sight and sight.confidence >= SURE and sight.digit_score >= reject_below)

    tested = [settled(stroke) for stroke in strokes if not stroke.rejection]
    if keep_components or (len(tested) >= WORDY and sum(tested) < FEW_DIGITS * len(tested)):
        return _unover_segment(strokes, height, classify, seen)
    most = AMONG_DIGITS_COST if any(tested) else NO_NUMBER_COST
    found: list[tuple[Mark, CandidateT]] = []
    slant = None
    for group in groups:
        dust = all(stroke.rejection for stroke in group)
        if dust or all(
            settled(stroke) and (len(group) == 1 or stroke.box.height >= MIN_RELATIVE_DIGIT_HEIGHT * height) for stroke in group
        ):
            found += [(stroke, seen[id(stroke.ink)]) for stroke in group]
        else:
            slant = estimate_slant(strokes) if slant is None else slant
            found += _likeliest(group, height, slant, most, classify, seen)
    return found


def _likeliest(
    strokes: Sequence[Mark], height: float, slant: float, most: float, classify: ClassifyFn[CandidateT], seen: dict[int, CandidateT]
) -> list[tuple[Mark, CandidateT]]:
    """The likeliest reading of strokes that may be cut and joined.

    Args:
        strokes: which stand close to each other.
        height: of the writing, in pixels.
        slant: of the writing.
        most: what a number may cost; see `NO_NUMBER_COST`.
        classify: the network.
        seen: what it said before, by the identity of the ink.
    """
    if union_box(stroke.box for stroke in strokes).width > LONGEST_NUMBER * height:
        return _unover_segment(strokes, height, classify, seen)
    pieces = [piece for stroke in strokes for piece in over_segment(stroke, height, slant)]
    pieces.sort(key=lambda piece: piece.box.x + piece.box.width / 2 + slant * (piece.box.y + piece.box.height / 2))
    runs = {
        (first, last): merge_ink(pieces[first : last + 1])
        for first in range(len(pieces))
        for last in range(first, min(first + LONGEST_RUN, len(pieces)))
        if last == first or union_box(piece.box for piece in pieces[first : last + 1]).width <= WIDEST * height
    }
    new = [run for run, ink in runs.items() if id(ink) not in seen]
    sights = {run: seen[id(ink)] for run, ink in runs.items() if id(ink) in seen}
    sights |= zip(new, classify([runs[run] for run in new]), strict=True)
    ends, cost = _best_path(pieces, sights, height)
    if len(strokes) == 1 and most == NO_NUMBER_COST and (0, len(pieces) - 1) in sights:
        whole = shape_cost(union_box(piece.box for piece in pieces), height) - log_likelihood(sights[0, len(pieces) - 1])
        if whole <= cost + FIRST_CUT_COST:
            ends, cost = [(0, len(pieces) - 1, True)], whole
    left_over = sum(int(pieces[first].ink.sum(dtype=np.int64)) for first, _, is_digit in ends if not is_digit)
    torn = left_over > MOST_LEFT_OVER * sum(int(piece.ink.sum(dtype=np.int64)) for piece in pieces)
    if len(pieces) > len(strokes) and (
        (torn and most == NO_NUMBER_COST) or cost > most * (1 + union_box(piece.box for piece in pieces).width / height)
    ):
        return _unover_segment(strokes, height, classify, seen)
    found = []
    for first, last, is_digit in ends:
        run = pieces[first : last + 1]
        rejection = _rejection(strokes, run) or (None if is_digit else RejectionReason.LEFT_OVER)
        found.append((Mark(runs[first, last], union_box(piece.box for piece in run), strokes[0].line, rejection), sights[first, last]))
    return found


def _unover_segment(
    strokes: Sequence[Mark], height: float, classify: ClassifyFn[CandidateT], seen: dict[int, CandidateT]
) -> list[tuple[Mark, CandidateT]]:
    """The strokes as they are; none that is too wide is one digit."""
    rest = [stroke for stroke in strokes if id(stroke.ink) not in seen]
    seen = seen | {id(stroke.ink): sight for stroke, sight in zip(rest, classify([stroke.ink for stroke in rest]), strict=True)}
    wide = [
        replace(stroke, rejection=stroke.rejection or (RejectionReason.TOO_WIDE if stroke.box.width > WIDEST * height else None))
        for stroke in strokes
    ]
    return [(mark, seen[id(stroke.ink)]) for mark, stroke in zip(wide, strokes, strict=True)]


def _best_path(
    pieces: Sequence[Piece], sights: dict[tuple[int, int], CandidateT], height: float
) -> tuple[list[tuple[int, int, bool]], float]:
    """Which runs of pieces are digits, from the left: first and last piece, and whether they are one or left over; and what it costs."""
    best: list[tuple[float, int, bool]] = [(0.0, 0, False)] + [(math.inf, 0, False)] * len(pieces)
    for (first, last), sight in sorted(sights.items()):
        so_far, piece = best[first][0], pieces[first]
        if first == last:
            left_out = so_far + skip_cost(piece.box, height)
            best[last + 1] = min(best[last + 1], (left_out, first, False))
        cut_cost = CUT_COST * (last + 1 < len(pieces) and pieces[last + 1].cut)
        cost = so_far - log_likelihood(sight) + shape_cost(union_box(piece.box for piece in pieces[first : last + 1]), height) + cut_cost
        best[last + 1] = min(best[last + 1], (cost, first, True))
    path = []
    end = len(pieces)
    while end > 0:
        _, first, is_digit = best[end]
        path.append((first, end - 1, is_digit))
        end = first
    return path[::-1], best[-1][0]


def _rejection(strokes: Sequence[Mark], run: Sequence[Piece]) -> RejectionReason | None:
    """A stroke that is too small or a blot is still so if nothing was joined to it."""
    return next((stroke.rejection for stroke in strokes if len(run) == 1 and stroke.ink is run[0].ink), None)
