"""Measure how often a small change of a digit's strokes is found that makes it another digit.

The digits are those of synthetic writers who were held out of training, as strokes and as ink; each change is verified by reading the
changed drawing.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from digitcore import Digit, DrawingError, Stroke, read_strokes
from digitcore.analysis.counterfactual import find_counterfactual, mark_of_drawing, mark_of_ink
from digitcore.layout.parameters import LayoutParams
from digitcore.pipeline_params import PipelineParams
from synthetic.hard_pages.pages import FIRST_WRITER
from synthetic.writers import make_writer

PAIRS: Final[Mapping[tuple[int, int], str]] = {
    (3, 8): "close both bows",
    (8, 3): "open both loops on the left",
    (1, 7): "add a bar at the top",
    (7, 1): "leave out the bar",
    (4, 9): "close the top",
    (9, 4): "open the top",
    (5, 6): "close the bow",
    (6, 5): "open the loop on the left",
    (5, 9): "close the upper half",
    (0, 6): "open the upper right, or end inside",
    (6, 0): "close the upper right",
    (0, 9): "open the lower left, or end inside",
    (8, 9): "open the lower loop",
    (9, 8): "close a lower loop",
    (3, 9): "close the upper bow",
    (2, 3): "turn the foot into a bow",
}
"""Pairs of digits that differ by a stroke or a joint, and the change that a person would make."""

_SIZE_WH: Final = (560, 370)
_DIGIT_PX: Final = 190
_CORNER_PX: Final = (200, 90)
_PEN_PX: Final = 16
_TIME_LIMIT_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class PairScore:
    """What was found for one pair of digits.

    Attributes:
        asked: how many digits were read correctly, and asked for a change.
        found: for how many a change was found that the whole pipeline confirms.
        mean_size: of these changes, in multiples of the longer side of the mark.
        slowest_s: the longest search, in seconds of processor time.
    """

    asked: int
    found: int
    mean_size: float
    slowest_s: float


def measure_pair(digit: int, target: int, writer_count: int, *, from_ink: bool) -> PairScore:
    """Look for the change from one digit to another for several writers.

    Args:
        digit: 0 to 9.
        target: the other digit.
        writer_count: how many writers write it once each.
        from_ink: whether the strokes are followed in the ink; otherwise they are those of the drawing.

    Returns:
        The score of the pair.
    """
    sizes, asked, slowest_s = [], 0, 0.0
    for seed in range(FIRST_WRITER, FIRST_WRITER + writer_count):
        drawn = _write(digit, seed)
        reading = read_strokes(drawn, _SIZE_WH)
        if reading.text != str(digit) or len(reading.digits) != 1:
            continue
        asked += 1
        start_s = time.process_time()
        size = _size_of_change(drawn, reading.digits[0], target, from_ink=from_ink)
        slowest_s = max(slowest_s, time.process_time() - start_s)
        if size is not None:
            sizes.append(size)
    return PairScore(asked, len(sizes), float(np.mean(sizes)) if sizes else 0.0, slowest_s)


def describe(writer_count: int) -> str:
    """Measure all pairs, and make a Markdown table of them.

    Args:
        writer_count: how many writers write each digit.

    Returns:
        The table; its last row has the totals.
    """
    rows = ["| from | to | change | found, of strokes | found, of ink | mean size | slowest search |", "|---|---|---|---|---|---|---|"]
    totals = np.zeros((2, 2), int)
    for (digit, target), change in PAIRS.items():
        scores = [measure_pair(digit, target, writer_count, from_ink=from_ink) for from_ink in (False, True)]
        totals += [(score.found, score.asked) for score in scores]
        found = " | ".join(f"{score.found} of {score.asked}" for score in scores)
        rows.append(f"| {digit} | {target} | {change} | {found} | {scores[0].mean_size:.2f} | {max(s.slowest_s for s in scores):.1f} s |")
    rows.append("| all | | | " + " | ".join(f"{found / max(asked, 1):.0%}" for found, asked in totals) + " | | |")
    return "\n".join(rows)


def _write(digit: int, seed: int) -> list[Stroke]:
    paths, _ = make_writer(seed).write(digit, np.random.default_rng((seed, digit)))
    return [Stroke(path * _DIGIT_PX + _CORNER_PX, _PEN_PX) for path in paths]


def _size_of_change(drawn: list[Stroke], digit: Digit, target: int, *, from_ink: bool) -> float | None:
    """Return the size of the change that was found; None without one, or where the changed drawing is read differently."""
    try:
        mark = mark_of_ink(digit) if from_ink else mark_of_drawing(drawn, _SIZE_WH, digit)
        found = find_counterfactual(mark, target, time_limit_s=_TIME_LIMIT_S, clock=time.process_time)
    except DrawingError:
        return None
    if found is None:
        return None
    params = PipelineParams(layout=LayoutParams(pen=mark.pen))
    return found.size if read_strokes(found.after.strokes, mark.size_wh, params=params).text == str(target) else None
