"""The shapes in which people write the ten digits, their allographs, as stroke paths with random parameters.

Schools teach most of them: the barred 7 and the 1 with a long flag in continental Europe, the open 4 and the 1 without a flag in North
America. The others come from quick writing, such as the 5 whose bar was written last and floats, or from the wish to tell 0 from O. Each
shape is one that a reader recognizes without its neighbours: a caret with two legs of equal length isn't a 1, nor is a bare slash, so
neither is generated.

Coordinates are x to the right and y down, in heights of the digit, from its top left corner.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from digitcore.types import Float64Array
from synthetic.hands import parse_path

Paths = list[Float64Array]
"""The strokes of a digit: float64 `(N, 2)` each."""


@dataclass(frozen=True, slots=True)
class Allograph:
    """One shape of a digit.

    Attributes:
        digit: 0 to 9.
        name: what distinguishes it from the digit's other shapes.
        weight: how often people write the digit like this, relative to the digit's other shapes.
        make: returns its strokes for random parameters.
    """

    digit: int
    name: str
    weight: float
    make: Callable[[np.random.Generator], Paths]


def _zero(rng: np.random.Generator) -> Paths:
    """Draw an oval from the top, anticlockwise; its end may miss its beginning a little."""
    return [oval((0.34, 0.5), (rng.uniform(0.2, 0.42), 0.48), rng.uniform(-120, -60), -rng.uniform(345, 385))]


def _slashed_zero(rng: np.random.Generator, angle_deg: tuple[float, float]) -> Paths:
    """Draw an oval and a slash through it, at an angle from the right towards the top, which may end inside or outside the oval."""
    radius_x = rng.uniform(0.2, 0.4)
    angle = np.deg2rad(rng.uniform(*angle_deg))
    direction = np.array([np.cos(angle), -np.sin(angle)])
    to_outline = 1 / np.hypot(direction[0] / radius_x, direction[1] / 0.48)
    centre = np.array([0.34, 0.5]) + rng.normal(0, 0.03, 2)
    ends = [centre + sign * rng.uniform(0.5, 1.7) * to_outline * direction for sign in (-1, 1)]
    return [oval((0.34, 0.5), (radius_x, 0.48), rng.uniform(-120, -60), -rng.uniform(345, 385)), line(ends[0], ends[1])]


def _square_zero(rng: np.random.Generator) -> Paths:
    """Draw a rectangle with round or sharp corners, whose end may miss its beginning a little."""
    right, start = rng.uniform(0.4, 0.8), rng.uniform(0.1, 0.9)
    top = [(start * right, 0.02), (0.0, 0.02), (0.0, 0.98), (right, 0.98), (right, 0.02)]
    return [polyline([*top, ((start + rng.uniform(-0.05, 0.3)) * right, rng.uniform(0.0, 0.05))])]


def _dotted_zero(rng: np.random.Generator) -> Paths:
    centre = np.array([0.34, 0.5]) + rng.uniform(-0.04, 0.04, 2)
    half = np.array([rng.uniform(-0.02, 0.02), rng.uniform(0.0, 0.07)])
    return [oval((0.34, 0.5), (rng.uniform(0.26, 0.36), 0.48), -90, -365), line(centre - half, centre + half)]


def _open_zero(rng: np.random.Generator) -> Paths:
    gap_deg = rng.uniform(15, 45)
    return [oval((0.34, 0.5), (rng.uniform(0.22, 0.36), 0.48), -90 - gap_deg * rng.uniform(0.2, 0.8), gap_deg - 360)]


def _looped_zero(rng: np.random.Generator) -> Paths:
    """Draw an oval whose end makes a small loop or tail at the top."""
    tail = np.array([[rng.uniform(0.3, 0.5), rng.uniform(0.08, 0.2)], [rng.uniform(0.5, 0.8), rng.uniform(-0.06, 0.08)]])
    return [np.concatenate([oval((0.34, 0.5), (rng.uniform(0.22, 0.34), 0.48), -70, -365), tail])]


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
    """Draw a 1 with a nearly level flag, which is shorter than the bar of any 7."""
    return _flagged_one(rng, (0.1, 0.32), (6, 28))


def _long_flag_one(rng: np.random.Generator) -> Paths:
    return _flagged_one(rng, (0.35, 0.62), (46, 72))


def _roof_one(rng: np.random.Generator) -> Paths:
    """Draw a 1 like a roof: the flag reaches far down, but not to the line, and the stem is upright."""
    return _flagged_one(rng, (0.55, 0.9), (56, 74))


def _with_foot(paths: Paths, rng: np.random.Generator) -> Paths:
    left, right = rng.uniform(0.1, 0.3, 2)
    bottom = paths[0][-1]
    return [*paths, line(np.add(bottom, (-left, rng.normal(0, 0.02))), np.add(bottom, (right, rng.normal(0, 0.02))))]


def _footed_one(rng: np.random.Generator) -> Paths:
    return _with_foot(_bar_one(rng), rng)


def _flagged_and_footed_one(rng: np.random.Generator) -> Paths:
    return _with_foot(_flagged_one(rng, (0.15, 0.5), (30, 72)), rng)


def _two(rng: np.random.Generator) -> Paths:
    """Draw a 2 whose neck ends in a corner on the line."""
    end_x = rng.uniform(0.5, 0.75)
    return [parse_path(f"6,{_r(rng, 14, 30)}! 18,6 36,2 56,{_r(rng, 12, 22)} 52,40 30,68 5,97! {100 * end_x:.0f},{_r(rng, 92, 100)}!")]


def _looped_two(rng: np.random.Generator) -> Paths:
    """Draw a 2 with a loop on the line, which may be small or large."""
    low, high = _r(rng, 72, 88), _r(rng, 94, 99)
    return [parse_path(f"8,{_r(rng, 12, 28)}! 20,4 40,3 54,18 46,44 24,{low} 8,{high} 4,86 16,{low} 32,{_r(rng, 84, 94)} 48,98 66,90!")]


def _flat_two(rng: np.random.Generator) -> Paths:
    """Draw a 2 with a round top and a straight neck, quickly written."""
    return [parse_path(f"4,{_r(rng, 16, 24)}! 16,4 40,2 56,{_r(rng, 10, 18)} 50,30! 6,{_r(rng, 92, 97)}! 64,{_r(rng, 90, 99)}!")]


def _wavy_two(rng: np.random.Generator) -> Paths:
    """Draw a 2 whose foot is a wave."""
    return [parse_path(f"8,20! 22,3 46,4 56,20 46,44 24,70 5,95! 18,{_r(rng, 82, 90)} 38,{_r(rng, 94, 100)} 66,{_r(rng, 84, 94)}!")]


def _round_three(rng: np.random.Generator) -> Paths:
    inward = _r(rng, 18, 34)
    return [parse_path(f"8,{_r(rng, 8, 18)}! 26,2 50,8 54,26 42,42 {inward},48! 50,52 60,72 50,92 26,99 5,{_r(rng, 82, 92)}!")]


def _flat_three(rng: np.random.Generator) -> Paths:
    return [
        parse_path(
            f"8,{_r(rng, 2, 8)}! {_r(rng, 52, 62)},4! {_r(rng, 24, 38)},{_r(rng, 36, 44)}! 52,48 60,70 48,92 24,98 4,{_r(rng, 80, 92)}!"
        )
    ]


def _looped_three(rng: np.random.Generator) -> Paths:
    """Draw a 3 with a small loop in the middle."""
    return [parse_path(f"10,14! 28,2 52,8 52,28 36,46 {_r(rng, 18, 26)},50 24,{_r(rng, 42, 45)} 40,48 58,62 56,84 32,99 5,88!")]


def _closed_four(rng: np.random.Generator) -> Paths:
    stem_x, bar_y = rng.uniform(0.42, 0.56), rng.uniform(0.55, 0.72)
    right = stem_x + rng.uniform(0.08, 0.28)
    stroke = np.concatenate([line((stem_x, 0.02), (0.02, bar_y)), line((0.02, bar_y), (right, bar_y + rng.normal(0, 0.02)))])
    return [stroke, line((stem_x, rng.uniform(0.0, 0.1)), (stem_x + rng.normal(0, 0.03), 0.98))]


def _open_four(rng: np.random.Generator, gap: float = 0.0) -> Paths:
    """Draw a 4 that is open at the top; with a gap, the bar ends before the stem."""
    left_x, stem_x, bar_y = rng.uniform(0.02, 0.16), rng.uniform(0.44, 0.62), rng.uniform(0.46, 0.64)
    end_x = stem_x - gap if gap else stem_x + rng.uniform(0.05, 0.2)
    left = np.concatenate([line((left_x + rng.uniform(0, 0.14), 0.04), (left_x, bar_y)), line((left_x, bar_y), (end_x, bar_y))])
    return [left, line((stem_x + rng.uniform(-0.04, 0.08), rng.uniform(0.0, 0.3)), (stem_x, 0.98))]


def _gapped_four(rng: np.random.Generator) -> Paths:
    return _open_four(rng, rng.uniform(0.02, 0.2))


def _round_four(rng: np.random.Generator) -> Paths:
    """Draw an open 4 whose left part is a curve."""
    stem_x = rng.uniform(0.48, 0.6)
    return [
        parse_path(f"{_r(rng, 8, 16)},4! 5,30 8,50 28,{_r(rng, 56, 62)} {100 * stem_x:.0f},{_r(rng, 44, 52)}!"),
        line((stem_x, 0.1), (stem_x - 0.03, 0.98)),
    ]


def _single_four(rng: np.random.Generator) -> Paths:
    """Draw a 4 in one stroke: down, across, up to the top, and down."""
    top_x, bar_y = rng.uniform(0.4, 0.54), rng.uniform(0.52, 0.66)
    corners = [(0.12, 0.06), (0.03, bar_y), (0.62, bar_y), (top_x, 0.02), (top_x - 0.02, 0.98)]
    keep = corners if rng.random() < 0.5 else [(top_x, 0.02), (0.03, bar_y), (0.64, bar_y - 0.06), (top_x + 0.04, 0.36), (top_x, 0.98)]
    return [polyline(keep)]


def _bowl(rng: np.random.Generator, start: tuple[float, float]) -> Float64Array:
    """Draw the lower part of a 5 from the upper left corner."""
    x, y = 100 * start[0], 100 * start[1]
    back = f"{_r(rng, 30, 38)},{_r(rng, 34, 42)} 56,52 {_r(rng, 54, 62)},72 46,94 22,98 {_r(rng, 2, 8)},{_r(rng, 82, 92)}!"
    return parse_path(f"{x:.0f},{y:.0f}! {x - 4:.0f},{_r(rng, 42, 48)}! {back}")


def _single_five(rng: np.random.Generator) -> Paths:
    """Draw a 5 in one stroke, from the right end of the bar."""
    return [np.concatenate([line((rng.uniform(0.5, 0.68), rng.uniform(0, 0.06)), (0.16, 0.04)), _bowl(rng, (0.16, 0.04))])]


def _barred_five(rng: np.random.Generator, gap: float, length: tuple[float, float], rise: tuple[float, float]) -> Paths:
    """Draw a 5 in two strokes: the bar begins at a gap from the corner, to the right of it or above it."""
    top_y = rng.uniform(0.04, 0.1)
    direction = np.deg2rad(rng.uniform(-10, 80))
    start = np.array([0.16, top_y]) + gap * np.array([np.cos(direction), -np.sin(direction)])
    end = start + np.array([rng.uniform(*length), -rng.uniform(*rise)])
    return [_bowl(rng, (0.16, top_y)), line(start, end)]


def _two_stroke_five(rng: np.random.Generator) -> Paths:
    return _barred_five(rng, rng.uniform(-0.04, 0.02), (0.3, 0.52), (-0.03, 0.05))


def _detached_five(rng: np.random.Generator) -> Paths:
    return _barred_five(rng, rng.uniform(0.03, 0.2), (0.22, 0.6), (-0.03, 0.25))


def _long_bar_five(rng: np.random.Generator) -> Paths:
    return _barred_five(rng, rng.uniform(-0.03, 0.08), (0.5, 0.85), (-0.04, 0.2))


def _curved_five(rng: np.random.Generator) -> Paths:
    """Draw a 5 without corners, whose top still is a bar."""
    return [parse_path(f"60,{_r(rng, 2, 8)}! 34,4 18,{_r(rng, 8, 14)} 14,36 30,42 54,{_r(rng, 54, 60)} 54,84 28,99 4,88!")]


def _straight_six(rng: np.random.Generator) -> Paths:
    loop = f"57,{_r(rng, 74, 84)} 46,{_r(rng, 52, 60)} 26,{_r(rng, 54, 62)} 8,{_r(rng, 74, 82)}!"
    return [parse_path(f"{_r(rng, 34, 56)},2! 18,30 6,{_r(rng, 60, 70)} 18,95 40,97 {loop}")]


def _curled_six(rng: np.random.Generator) -> Paths:
    return [parse_path(f"{_r(rng, 52, 62)},{_r(rng, 8, 16)}! 40,2 16,24 6,62 16,94 40,98 58,82 50,58 28,52 8,72!")]


def _small_loop_six(rng: np.random.Generator) -> Paths:
    return [
        parse_path(f"{_r(rng, 36, 52)},2! 16,40 6,76 16,96 32,97 42,{_r(rng, 84, 90)} 34,{_r(rng, 70, 78)} 18,{_r(rng, 76, 82)} 10,88!")
    ]


def _narrow_loop_six(rng: np.random.Generator) -> Paths:
    """Draw a 6 whose loop is so low that it may close."""
    loop_y = rng.uniform(74, 88)
    return [
        parse_path(f"{_r(rng, 40, 60)},{_r(rng, 2, 14)}! 22,16 6,50 8,82 20,97 44,96 56,{(loop_y + 98) / 2:.1f} 46,{loop_y:.1f} 12,88!")
    ]


def _unjoined_six(rng: np.random.Generator) -> Paths:
    """Draw a 6 whose loop ends before it reaches the stem."""
    return [
        parse_path(
            f"{_r(rng, 38, 54)},3! 18,26 6,66 18,95 42,97 58,80 {_r(rng, 44, 52)},{_r(rng, 56, 62)} {_r(rng, 26, 36)},{_r(rng, 58, 64)}!"
        )
    ]


def _seven(rng: np.random.Generator) -> tuple[Float64Array, Float64Array]:
    """Return the bar and the stem of a 7."""
    top = np.array([rng.uniform(0.5, 0.66), rng.uniform(0.02, 0.08)])
    angle = np.deg2rad(rng.uniform(-12, 14))
    bar = line(top + rng.uniform(0.4, 0.66) * np.array([-np.cos(angle), np.sin(angle)]), top)
    foot = np.array([rng.uniform(0.1, 0.44), 0.98])
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
    return [parse_path(f"6,{_r(rng, 12, 22)}! 12,3 34,{_r(rng, 6, 12)} 60,3! 44,34 32,66 {_r(rng, 20, 30)},98!")]


def _single_eight(rng: np.random.Generator) -> Paths:
    top, bottom = rng.uniform(10, 16), rng.uniform(10, 18)
    upper = f"{_r(rng, 46, 56)},{_r(rng, 8, 16)}! 34,2 {top:.1f},12 {top:.1f},30 34,46"
    lower = f"{66 - bottom:.1f},64 {70 - bottom:.1f},88 34,99 {bottom:.1f},88 {bottom:.1f},66 34,46"
    return [parse_path(f"{upper} {lower} 54,28 {_r(rng, 46, 56)},{_r(rng, 6, 14)}!")]


def _two_circles_eight(rng: np.random.Generator) -> Paths:
    """Draw an 8 as two circles that touch, overlap, or nearly touch."""
    middle, gap = rng.uniform(0.42, 0.5), rng.uniform(-0.04, 0.03)
    upper = oval((0.34 + rng.normal(0, 0.03), middle / 2), (rng.uniform(0.16, 0.26), middle / 2), rng.uniform(0, 360), 365)
    lower_ry = (1 - middle) / 2 - gap / 2
    return [upper, oval((0.34, middle + gap + lower_ry), (rng.uniform(0.22, 0.32), lower_ry), rng.uniform(0, 360), 365)]


def _unjoined_eight(rng: np.random.Generator) -> Paths:
    """Draw an 8 whose upper loop stays open at the right."""
    end = f"{_r(rng, 48, 54)},{_r(rng, 24, 32)}!"
    return [parse_path(f"{_r(rng, 52, 60)},{_r(rng, 8, 18)}! 38,2 14,10 14,30 34,46 56,64 56,88 34,99 12,88 12,68 34,48 {end}")]


def _straight_nine(rng: np.random.Generator) -> Paths:
    """Draw a 9 in one stroke with a straight stem."""
    foot_x = rng.uniform(0.34, 0.6)
    return [parse_path(f"56,{_r(rng, 14, 22)}! 40,3 18,6 8,24 16,44 36,47 54,32 58,12! {100 * foot_x:.0f},98!")]


def _curled_nine(rng: np.random.Generator) -> Paths:
    return [parse_path(f"56,16! 38,3 14,8 8,28 22,44 44,38 58,14! 58,54 52,{_r(rng, 80, 88)} 32,99 {_r(rng, 6, 16)},{_r(rng, 84, 92)}!")]


def _small_loop_nine(rng: np.random.Generator) -> Paths:
    return [parse_path(f"54,14! 42,3 26,6 22,20 32,{_r(rng, 28, 34)} 48,24 55,12! 52,54 {_r(rng, 34, 48)},98!")]


def _narrow_loop_nine(rng: np.random.Generator) -> Paths:
    """Draw a 9 whose loop is so high that it may close."""
    loop_y = rng.uniform(14, 26)
    return [
        parse_path(f"56,{_r(rng, 4, 10)}! 34,2 8,6 6,{loop_y:.1f} 30,{loop_y + 2:.1f} 56,8! {_r(rng, 44, 58)},50 {_r(rng, 26, 54)},98!")
    ]


def _unjoined_nine(rng: np.random.Generator) -> Paths:
    """Draw a 9 in two strokes, whose circle doesn't quite reach the stem, or is open at the top."""
    gap = rng.uniform(0.0, 0.07)
    stem_x = rng.uniform(0.52, 0.6)
    circle = oval((stem_x - 0.24 - gap, 0.26), (0.23, 0.25), rng.uniform(-60, 0), -rng.uniform(285, 345))
    return [circle, line((stem_x, rng.uniform(0.0, 0.1)), (stem_x + rng.uniform(-0.12, 0.04), 0.98))]


CATALOGUE: Final = (
    Allograph(0, "plain", 6, _zero),
    Allograph(0, "slashed", 2, lambda rng: _slashed_zero(rng, (35, 80))),
    Allograph(0, "slashed the other way", 1, lambda rng: _slashed_zero(rng, (100, 145))),
    Allograph(0, "barred", 0.5, lambda rng: _slashed_zero(rng, (-8, 25))),
    Allograph(0, "square", 0.5, _square_zero),
    Allograph(0, "dotted", 1, _dotted_zero),
    Allograph(0, "open at the top", 1, _open_zero),
    Allograph(0, "with a loop", 1, _looped_zero),
    Allograph(1, "bar", 3, _bar_one),
    Allograph(1, "short flag", 3, _short_flag_one),
    Allograph(1, "level flag", 1.5, _level_flag_one),
    Allograph(1, "long flag", 3, _long_flag_one),
    Allograph(1, "roof", 2, _roof_one),
    Allograph(1, "foot", 1, _footed_one),
    Allograph(1, "flag and foot", 3, _flagged_and_footed_one),
    Allograph(2, "corner", 3, _two),
    Allograph(2, "loop", 2, _looped_two),
    Allograph(2, "straight neck", 2, _flat_two),
    Allograph(2, "wave", 1, _wavy_two),
    Allograph(3, "round", 3, _round_three),
    Allograph(3, "flat top", 2, _flat_three),
    Allograph(3, "loop", 1, _looped_three),
    Allograph(4, "closed", 2, _closed_four),
    Allograph(4, "open", 3, _open_four),
    Allograph(4, "gap", 2, _gapped_four),
    Allograph(4, "round", 1, _round_four),
    Allograph(4, "one stroke", 1, _single_four),
    Allograph(5, "one stroke", 3, _single_five),
    Allograph(5, "two strokes", 2, _two_stroke_five),
    Allograph(5, "detached bar", 2, _detached_five),
    Allograph(5, "long bar", 1, _long_bar_five),
    Allograph(5, "curved", 1, _curved_five),
    Allograph(6, "straight", 3, _straight_six),
    Allograph(6, "curled", 2, _curled_six),
    Allograph(6, "small loop", 1, _small_loop_six),
    Allograph(6, "narrow loop", 0.7, _narrow_loop_six),
    Allograph(6, "unjoined", 2, _unjoined_six),
    Allograph(7, "plain", 3, _plain_seven),
    Allograph(7, "barred", 3, _barred_seven),
    Allograph(7, "two bars", 1, _twice_barred_seven),
    Allograph(7, "serif", 1, _serifed_seven),
    Allograph(7, "serif and bar", 1, _serifed_and_barred_seven),
    Allograph(7, "wave", 1, _wavy_seven),
    Allograph(8, "one stroke", 3, _single_eight),
    Allograph(8, "two circles", 2, _two_circles_eight),
    Allograph(8, "unjoined", 1, _unjoined_eight),
    Allograph(9, "straight", 3, _straight_nine),
    Allograph(9, "curled", 2, _curled_nine),
    Allograph(9, "small loop", 1, _small_loop_nine),
    Allograph(9, "narrow loop", 0.7, _narrow_loop_nine),
    Allograph(9, "unjoined", 2, _unjoined_nine),
)
"""All shapes, by digit."""


def allographs(digit: int) -> list[Allograph]:
    """Return the shapes of a digit.

    Args:
        digit: 0 to 9.

    Examples:
        >>> [each.name for each in allographs(3)]
        ['round', 'flat top', 'loop']
    """
    return [each for each in CATALOGUE if each.digit == digit]


def _r(rng: np.random.Generator, low: float, high: float) -> str:
    """Return a random coordinate for the notation of `parse_path`."""
    return f"{rng.uniform(low, high):.1f}"


def oval(centre: tuple[float, float], radii: tuple[float, float], start_deg: float, sweep_deg: float) -> Float64Array:
    """Sample an elliptical arc.

    Args:
        centre: x, y.
        radii: horizontal and vertical.
        start_deg: where it begins; angles are clockwise from the right, as y points down.
        sweep_deg: how far it goes; negative for anticlockwise.

    Returns:
        float64 `(40, 2)`.
    """
    angles = np.deg2rad(start_deg + np.linspace(0, sweep_deg, 40))
    return np.stack([np.cos(angles), np.sin(angles)], axis=1) * radii + centre


def line(start: Float64Array | tuple[float, float], end: Float64Array | tuple[float, float]) -> Float64Array:
    """Sample a straight line at ten points, float64 `(10, 2)`."""
    return np.linspace(start, end, 10)


def polyline(corners: Sequence[tuple[float, float]]) -> Float64Array:
    """Sample straight lines from corner to corner, float64 `(N, 2)`."""
    return np.concatenate([line(start, end) for start, end in pairwise(corners)])
