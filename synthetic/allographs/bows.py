"""Shapes of digits that are made of a bow and straight strokes: 2, 3 and 5."""

from typing import Final

import numpy as np

from digitcore.types import Float64Array
from synthetic.allographs.allograph import Allograph
from synthetic.allographs.paths import Paths, at, line
from synthetic.hands import parse_path


def _two(rng: np.random.Generator) -> Paths:
    """Draw a 2 whose neck ends in a corner on the line."""
    end_x = rng.uniform(0.5, 0.75)
    return [parse_path(f"6,{at(rng, 14, 30)}! 18,6 36,2 56,{at(rng, 12, 22)} 52,40 30,68 5,97! {100 * end_x:.0f},{at(rng, 92, 100)}!")]


def _looped_two(rng: np.random.Generator) -> Paths:
    """Draw a 2 with a loop on the line, which may be small or large."""
    low, high = at(rng, 72, 88), at(rng, 94, 99)
    return [parse_path(f"8,{at(rng, 12, 28)}! 20,4 40,3 54,18 46,44 24,{low} 8,{high} 4,86 16,{low} 32,{at(rng, 84, 94)} 48,98 66,90!")]


def _flat_two(rng: np.random.Generator) -> Paths:
    """Draw a 2 with a round top and a straight neck, quickly written."""
    return [parse_path(f"4,{at(rng, 16, 24)}! 16,4 40,2 56,{at(rng, 10, 18)} 50,30! 6,{at(rng, 92, 97)}! 64,{at(rng, 90, 99)}!")]


def _wavy_two(rng: np.random.Generator) -> Paths:
    """Draw a 2 whose foot is a wave."""
    return [parse_path(f"8,20! 22,3 46,4 56,20 46,44 24,70 5,95! 18,{at(rng, 82, 90)} 38,{at(rng, 94, 100)} 66,{at(rng, 84, 94)}!")]


def _round_three(rng: np.random.Generator) -> Paths:
    inward = at(rng, 18, 34)
    return [parse_path(f"8,{at(rng, 8, 18)}! 26,2 50,8 54,26 42,42 {inward},48! 50,52 60,72 50,92 26,99 5,{at(rng, 82, 92)}!")]


def _flat_three(rng: np.random.Generator) -> Paths:
    return [
        parse_path(
            f"8,{at(rng, 2, 8)}! {at(rng, 52, 62)},4! {at(rng, 24, 38)},{at(rng, 36, 44)}! 52,48 60,70 48,92 24,98 4,{at(rng, 80, 92)}!"
        )
    ]


def _looped_three(rng: np.random.Generator) -> Paths:
    """Draw a 3 with a small loop in the middle."""
    return [parse_path(f"10,14! 28,2 52,8 52,28 36,46 {at(rng, 18, 26)},50 24,{at(rng, 42, 45)} 40,48 58,62 56,84 32,99 5,88!")]


def _bowl(rng: np.random.Generator, start: tuple[float, float]) -> Float64Array:
    """Draw the lower part of a 5 from the upper left corner."""
    x, y = 100 * start[0], 100 * start[1]
    back = f"{at(rng, 30, 38)},{at(rng, 34, 42)} 56,52 {at(rng, 54, 62)},72 46,94 22,98 {at(rng, 2, 8)},{at(rng, 82, 92)}!"
    return parse_path(f"{x:.0f},{y:.0f}! {x - 4:.0f},{at(rng, 42, 48)}! {back}")


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
    return _barred_five(rng, rng.uniform(-0.03, 0.08), (0.5, 1.0), (-0.04, 0.4))


def _curved_five(rng: np.random.Generator) -> Paths:
    """Draw a 5 without corners, whose top still is a bar."""
    return [parse_path(f"60,{at(rng, 2, 8)}! 34,4 18,{at(rng, 8, 14)} 14,36 30,42 54,{at(rng, 54, 60)} 54,84 28,99 4,88!")]


SHAPES: Final = (
    Allograph(2, "corner", 3, _two),
    Allograph(2, "loop", 2, _looped_two),
    Allograph(2, "straight neck", 2, _flat_two),
    Allograph(2, "wave", 1, _wavy_two),
    Allograph(3, "round", 3, _round_three),
    Allograph(3, "flat top", 2, _flat_three),
    Allograph(3, "loop", 1, _looped_three),
    Allograph(5, "one stroke", 3, _single_five),
    Allograph(5, "two strokes", 2, _two_stroke_five),
    Allograph(5, "detached bar", 2, _detached_five),
    Allograph(5, "long bar", 1, _long_bar_five),
    Allograph(5, "curved", 1, _curved_five),
)
"""Their shapes, by digit."""
