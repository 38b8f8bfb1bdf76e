"""Shapes of digits that are made of straight strokes: 1, 4 and 7."""

from typing import Final

import numpy as np

from digitcore.types import Float64Array
from synthetic.allographs.allograph import Allograph
from synthetic.allographs.paths import Paths, at, line, polyline
from synthetic.hands import parse_path


def _stem(rng: np.random.Generator) -> Float64Array:
    return line((0.35, 0.02), (0.35 + rng.normal(0, 0.03), 0.98))


def _bar_one(rng: np.random.Generator) -> Paths:
    return [_stem(rng)]


def _flagged_one(rng: np.random.Generator, length: tuple[float, float], angle_deg: tuple[float, float]) -> Paths:
    """Draw a stem with a flag at its top left, at an angle below the horizontal."""
    angle = np.deg2rad(rng.uniform(*angle_deg))
    stem = _stem(rng)
    start = stem[0] + rng.uniform(*length) * np.array([-np.cos(angle), np.sin(angle)])
    return [np.concatenate([line(start, stem[0]), stem])]


def _short_flag_one(rng: np.random.Generator) -> Paths:
    return _flagged_one(rng, (0.1, 0.35), (25, 75))


def _level_flag_one(rng: np.random.Generator) -> Paths:
    """Draw a 1 with a nearly level flag, which is much shorter than the bar of any 7."""
    return _flagged_one(rng, (0.08, 0.2), (10, 28))


def _long_flag_one(rng: np.random.Generator) -> Paths:
    return _flagged_one(rng, (0.32, 0.55), (28, 72))


def _roof_one(rng: np.random.Generator) -> Paths:
    """Draw a 1 like a roof: the flag reaches far down, but not to the line, and the stem is upright."""
    return _flagged_one(rng, (0.55, 0.9), (56, 74))


def _with_foot(paths: Paths, rng: np.random.Generator, length: tuple[float, float] = (0.1, 0.3)) -> Paths:
    """Add a level stroke under a stem, which reaches so far to each side of it."""
    left, right = rng.uniform(*length, 2)
    bottom = paths[0][-1]
    return [*paths, line(np.add(bottom, (-left, rng.normal(0, 0.02))), np.add(bottom, (right, rng.normal(0, 0.02))))]


def _footed_one(rng: np.random.Generator) -> Paths:
    return _with_foot(_bar_one(rng), rng)


def _flagged_and_footed_one(rng: np.random.Generator) -> Paths:
    return _with_foot(_flagged_one(rng, (0.15, 0.5), (30, 72)), rng)


def _wide_footed_one(rng: np.random.Generator) -> Paths:
    """Draw a 1 whose foot is about as long as its stem."""
    return _with_foot(_flagged_one(rng, (0.12, 0.4), (25, 70)), rng, (0.3, 0.55))


def _closed_four(rng: np.random.Generator) -> Paths:
    stem_x, bar_y = rng.uniform(0.42, 0.56), rng.uniform(0.55, 0.72)
    right = stem_x + rng.uniform(0.08, 0.28)
    stroke = np.concatenate([line((stem_x, 0.02), (0.02, bar_y)), line((0.02, bar_y), (right, bar_y + rng.normal(0, 0.02)))])
    return [stroke, line((stem_x, rng.uniform(0.0, 0.1)), (stem_x + rng.normal(0, 0.03), 0.98))]


def _open_four(rng: np.random.Generator, gap: float = 0.0) -> Paths:
    """Draw a 4 that is open at the top; with a gap, the bar ends before the stem."""
    left_x, stem_x, bar_y = rng.uniform(0.02, 0.16), rng.uniform(0.44 if gap else 0.38, 0.62), rng.uniform(0.46, 0.64)
    end_x = stem_x - gap if gap else stem_x + rng.uniform(0.05, 0.3)
    top = (left_x + rng.uniform(0, 0.14), rng.uniform(0.04, 0.3))
    left = np.concatenate([line(top, (left_x, bar_y)), line((left_x, bar_y), (end_x, bar_y))])
    return [left, line((stem_x + rng.uniform(-0.04, 0.08), rng.uniform(0.0, 0.3) if top[1] < 0.12 else 0.04), (stem_x, 0.98))]


def _gapped_four(rng: np.random.Generator) -> Paths:
    return _open_four(rng, rng.uniform(0.02, 0.3))


def _round_four(rng: np.random.Generator) -> Paths:
    """Draw an open 4 whose left part is a curve."""
    stem_x = rng.uniform(0.48, 0.6)
    return [
        parse_path(f"{at(rng, 8, 16)},4! 5,30 8,50 28,{at(rng, 56, 62)} {100 * stem_x:.0f},{at(rng, 44, 52)}!"),
        line((stem_x, 0.1), (stem_x - 0.03, 0.98)),
    ]


def _single_four(rng: np.random.Generator) -> Paths:
    """Draw a 4 in one stroke: down, across, up to the top, and down."""
    top_x, bar_y = rng.uniform(0.4, 0.54), rng.uniform(0.52, 0.66)
    corners = [(0.12, 0.06), (0.03, bar_y), (0.62, bar_y), (top_x, 0.02), (top_x - 0.02, 0.98)]
    keep = corners if rng.random() < 0.5 else [(top_x, 0.02), (0.03, bar_y), (0.64, bar_y - 0.06), (top_x + 0.04, 0.36), (top_x, 0.98)]
    return [polyline(keep)]


def _seven(rng: np.random.Generator) -> tuple[Float64Array, Float64Array]:
    """Return the bar and the stem of a 7; a short bar is level, as a flag isn't."""
    top = np.array([rng.uniform(0.5, 0.66), rng.uniform(0.02, 0.08)])
    angle = np.deg2rad(rng.uniform(-12, 12))
    bar = line(top + rng.uniform(0.28, 0.66) * np.array([-np.cos(angle), np.sin(angle)]), top)
    foot = np.array([rng.uniform(0.1, 0.5), 0.98])
    bend = (top + foot) / 2 + (rng.uniform(-0.1, 0.02), rng.uniform(-0.05, 0.05))
    return bar, parse_path(f"{100 * top[0]:.1f},{100 * top[1]:.1f}! {100 * bend[0]:.1f},{100 * bend[1]:.1f} {100 * foot[0]:.1f},98!")


def _plain_seven(rng: np.random.Generator) -> Paths:
    return [np.concatenate(_seven(rng))]


def _crossbar(stem: Float64Array, place: float, rng: np.random.Generator) -> Float64Array:
    """Draw a bar across a stem, at a share of its length."""
    centre = stem[round(place * (len(stem) - 1))] + rng.normal(0, 0.02, 2)
    half = np.array([rng.uniform(0.1, 0.26), rng.normal(0, 0.03)])
    return line(centre - half, centre + half)


def _barred_seven(rng: np.random.Generator) -> Paths:
    bar, stem = _seven(rng)
    return [np.concatenate([bar, stem]), _crossbar(stem, rng.uniform(0.35, 0.6), rng)]


def _twice_barred_seven(rng: np.random.Generator) -> Paths:
    bar, stem = _seven(rng)
    return [np.concatenate([bar, stem]), _crossbar(stem, rng.uniform(0.3, 0.42), rng), _crossbar(stem, rng.uniform(0.52, 0.68), rng)]


def _hook(bar: Float64Array, rng: np.random.Generator) -> Float64Array:
    """Draw the serif at the left end of a bar, downwards."""
    return line(bar[0] + (rng.uniform(-0.05, 0.03), rng.uniform(0.08, 0.24)), bar[0])


def _serifed_seven(rng: np.random.Generator) -> Paths:
    bar, stem = _seven(rng)
    return [np.concatenate([_hook(bar, rng), bar, stem])]


def _serifed_and_barred_seven(rng: np.random.Generator) -> Paths:
    bar, stem = _seven(rng)
    return [np.concatenate([_hook(bar, rng), bar, stem]), _crossbar(stem, rng.uniform(0.35, 0.6), rng)]


def _wavy_seven(rng: np.random.Generator) -> Paths:
    """Draw a 7 whose bar is a wave and whose stem is curved."""
    return [parse_path(f"6,{at(rng, 12, 22)}! 12,3 34,{at(rng, 6, 12)} 60,3! 44,34 32,66 {at(rng, 20, 30)},98!")]


SHAPES: Final = (
    Allograph(1, "bar", 3, _bar_one),
    Allograph(1, "short flag", 3, _short_flag_one),
    Allograph(1, "level flag", 1, _level_flag_one),
    Allograph(1, "long flag", 3.5, _long_flag_one),
    Allograph(1, "roof", 2, _roof_one),
    Allograph(1, "foot", 1, _footed_one),
    Allograph(1, "flag and foot", 3, _flagged_and_footed_one),
    Allograph(1, "wide foot", 1, _wide_footed_one),
    Allograph(4, "closed", 2, _closed_four),
    Allograph(4, "open", 3, _open_four),
    Allograph(4, "gap", 2, _gapped_four),
    Allograph(4, "round", 1, _round_four),
    Allograph(4, "one stroke", 1, _single_four),
    Allograph(7, "plain", 4, _plain_seven),
    Allograph(7, "barred", 3, _barred_seven),
    Allograph(7, "two bars", 1, _twice_barred_seven),
    Allograph(7, "serif", 1, _serifed_seven),
    Allograph(7, "serif and bar", 1, _serifed_and_barred_seven),
    Allograph(7, "wave", 1, _wavy_seven),
)
"""Their shapes, by digit."""
