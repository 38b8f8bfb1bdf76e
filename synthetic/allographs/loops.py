"""Shapes of digits that are made of loops: 0, 6, 8 and 9."""

from typing import Final

import numpy as np

from synthetic.allographs.allograph import Allograph
from synthetic.allographs.paths import Paths, at, line, oval, polyline
from synthetic.hands import parse_path


def _zero(rng: np.random.Generator) -> Paths:
    """Draw an oval from the top, anticlockwise; its end may miss its beginning a little."""
    return [oval((0.34, 0.5), (rng.uniform(0.2, 0.42), 0.48), rng.uniform(-120, -60), -rng.uniform(345, 385))]


def _wide_zero(rng: np.random.Generator) -> Paths:
    """Draw an oval that is wider than it is high."""
    return [oval((0.5, 0.5), (rng.uniform(0.48, 0.75), 0.48), rng.uniform(-150, -30), -rng.uniform(345, 385))]


def _small_zero(rng: np.random.Generator) -> Paths:
    """Draw an oval that is smaller than other digits, so that the pen is broad compared with it."""
    scale = rng.uniform(0.5, 0.8)
    radii = (scale * rng.uniform(0.36, 0.5), scale * 0.48)
    return [oval((0.34, 0.98 - radii[1]), radii, rng.uniform(-150, -30), -rng.uniform(345, 385))]


def _slashed_zero(rng: np.random.Generator, angle_deg: tuple[float, float]) -> Paths:
    """Draw an oval and a slash through it, at an angle from the right towards the top; it may end inside the oval, or far outside."""
    radius_x = rng.uniform(0.2, 0.4)
    angle = np.deg2rad(rng.uniform(*angle_deg))
    direction = np.array([np.cos(angle), -np.sin(angle)])
    to_outline = 1 / np.hypot(direction[0] / radius_x, direction[1] / 0.48)
    centre = np.array([0.34, 0.5]) + rng.normal(0, 0.03, 2)
    below, above = (rng.uniform(0.5, 1.8), 0.58), (rng.uniform(0.5, 2.4), 0.74)  # in radii, and at most so many heights
    start, end = (min(radii * to_outline, most / abs(direction[1])) * direction for radii, most in (below, above))
    return [oval((0.34, 0.5), (radius_x, 0.48), rng.uniform(-120, -60), -rng.uniform(345, 385)), line(centre - start, centre + end)]


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
    gap_deg = rng.uniform(15, 70)
    return [oval((0.34, 0.5), (rng.uniform(0.22, 0.36), 0.48), -90 - gap_deg * rng.uniform(0.2, 0.8), gap_deg - 360)]


def _looped_zero(rng: np.random.Generator) -> Paths:
    """Draw an oval whose end makes a small loop or tail at the top."""
    tail = np.array([[rng.uniform(0.3, 0.5), rng.uniform(0.08, 0.2)], [rng.uniform(0.5, 0.8), rng.uniform(-0.06, 0.08)]])
    return [np.concatenate([oval((0.34, 0.5), (rng.uniform(0.22, 0.34), 0.48), -70, -365), tail])]


def _straight_six(rng: np.random.Generator) -> Paths:
    loop = f"57,{at(rng, 74, 84)} 46,{at(rng, 52, 60)} 26,{at(rng, 54, 62)} 8,{at(rng, 74, 82)}!"
    return [parse_path(f"{at(rng, 34, 56)},2! 18,30 6,{at(rng, 60, 70)} 18,95 40,97 {loop}")]


def _curled_six(rng: np.random.Generator) -> Paths:
    return [parse_path(f"{at(rng, 52, 62)},{at(rng, 8, 16)}! 40,2 16,24 6,62 16,94 40,98 58,82 50,58 28,52 8,72!")]


def _small_loop_six(rng: np.random.Generator) -> Paths:
    return [
        parse_path(f"{at(rng, 36, 52)},2! 16,40 6,76 16,96 32,97 42,{at(rng, 84, 90)} 34,{at(rng, 70, 78)} 18,{at(rng, 76, 82)} 10,88!")
    ]


def _narrow_loop_six(rng: np.random.Generator) -> Paths:
    """Draw a 6 whose loop is so low that it may close."""
    loop_y = rng.uniform(74, 88)
    return [
        parse_path(f"{at(rng, 40, 60)},{at(rng, 2, 14)}! 22,16 6,50 8,82 20,97 44,96 56,{(loop_y + 98) / 2:.1f} 46,{loop_y:.1f} 12,88!")
    ]


def _unjoined_six(rng: np.random.Generator) -> Paths:
    """Draw a 6 whose loop ends before it reaches the stem."""
    return [
        parse_path(
            f"{at(rng, 38, 54)},3! 18,26 6,66 18,95 42,97 58,80 {at(rng, 44, 52)},{at(rng, 56, 62)} {at(rng, 26, 36)},{at(rng, 58, 64)}!"
        )
    ]


def _single_eight(rng: np.random.Generator) -> Paths:
    top, bottom = rng.uniform(10, 16), rng.uniform(10, 18)
    upper = f"{at(rng, 46, 56)},{at(rng, 8, 16)}! 34,2 {top:.1f},12 {top:.1f},30 34,46"
    lower = f"{66 - bottom:.1f},64 {70 - bottom:.1f},88 34,99 {bottom:.1f},88 {bottom:.1f},66 34,46"
    return [parse_path(f"{upper} {lower} 54,28 {at(rng, 46, 56)},{at(rng, 6, 14)}!")]


def _two_circles_eight(rng: np.random.Generator) -> Paths:
    """Draw an 8 as two circles that touch, overlap, or nearly touch."""
    middle, gap = rng.uniform(0.42, 0.5), rng.uniform(-0.04, 0.03)
    upper = oval((0.34 + rng.normal(0, 0.03), middle / 2), (rng.uniform(0.16, 0.26), middle / 2), rng.uniform(0, 360), 365)
    lower_ry = (1 - middle) / 2 - gap / 2
    return [upper, oval((0.34, middle + gap + lower_ry), (rng.uniform(0.22, 0.32), lower_ry), rng.uniform(0, 360), 365)]


def _unjoined_eight(rng: np.random.Generator) -> Paths:
    """Draw an 8 whose upper loop stays open at the right."""
    end = f"{at(rng, 48, 54)},{at(rng, 24, 32)}!"
    return [parse_path(f"{at(rng, 52, 60)},{at(rng, 8, 18)}! 38,2 14,10 14,30 34,46 56,64 56,88 34,99 12,88 12,68 34,48 {end}")]


def _straight_nine(rng: np.random.Generator) -> Paths:
    """Draw a 9 in one stroke with a straight stem."""
    foot_x = rng.uniform(0.34, 0.6)
    return [parse_path(f"56,{at(rng, 14, 22)}! 40,3 18,6 8,24 16,44 36,47 54,32 58,12! {100 * foot_x:.0f},98!")]


def _curled_nine(rng: np.random.Generator) -> Paths:
    return [parse_path(f"56,16! 38,3 14,8 8,28 22,44 44,38 58,14! 58,54 52,{at(rng, 80, 88)} 32,99 {at(rng, 6, 16)},{at(rng, 84, 92)}!")]


def _small_loop_nine(rng: np.random.Generator) -> Paths:
    return [parse_path(f"54,14! 42,3 26,6 22,20 32,{at(rng, 28, 34)} 48,24 55,12! 52,54 {at(rng, 34, 48)},98!")]


def _narrow_loop_nine(rng: np.random.Generator) -> Paths:
    """Draw a 9 whose loop is so high that it may close."""
    loop_y = rng.uniform(14, 26)
    return [
        parse_path(f"56,{at(rng, 4, 10)}! 34,2 8,6 6,{loop_y:.1f} 30,{loop_y + 2:.1f} 56,8! {at(rng, 44, 58)},50 {at(rng, 26, 54)},98!")
    ]


def _tiny_loop_nine(rng: np.random.Generator) -> Paths:
    """Draw a 9 with a long straight stem and a loop so small that a broad pen fills it."""
    radii = (rng.uniform(0.11, 0.17), rng.uniform(0.1, 0.17))
    stem_x = rng.uniform(0.44, 0.56)
    loop = oval((stem_x - radii[0], radii[1] + 0.02), radii, rng.uniform(-70, 0), -rng.uniform(330, 380))
    return [np.concatenate([loop, line((stem_x, rng.uniform(0.04, 0.12)), (stem_x + rng.uniform(-0.1, 0.05), 0.98))])]


def _unjoined_nine(rng: np.random.Generator) -> Paths:
    """Draw a 9 in two strokes, whose circle doesn't quite reach the stem, or is open at the top."""
    gap = rng.uniform(0.0, 0.07)
    stem_x = rng.uniform(0.52, 0.6)
    circle = oval((stem_x - 0.24 - gap, 0.26), (0.23, 0.25), rng.uniform(-60, 0), -rng.uniform(285, 345))
    return [circle, line((stem_x, rng.uniform(0.0, 0.1)), (stem_x + rng.uniform(-0.12, 0.04), 0.98))]


SHAPES: Final = (
    Allograph(0, "plain", 6, _zero),
    Allograph(0, "slashed", 4, lambda rng: _slashed_zero(rng, (35, 80))),
    Allograph(0, "slashed the other way", 1.5, lambda rng: _slashed_zero(rng, (100, 145))),
    Allograph(0, "barred", 1, lambda rng: _slashed_zero(rng, (-8, 25))),
    Allograph(0, "wide", 0.5, _wide_zero),
    Allograph(0, "small", 1.5, _small_zero),
    Allograph(0, "square", 1, _square_zero),
    Allograph(0, "dotted", 1, _dotted_zero),
    Allograph(0, "open at the top", 1, _open_zero),
    Allograph(0, "with a loop", 1, _looped_zero),
    Allograph(6, "straight", 3, _straight_six),
    Allograph(6, "curled", 2, _curled_six),
    Allograph(6, "small loop", 1, _small_loop_six),
    Allograph(6, "narrow loop", 0.7, _narrow_loop_six),
    Allograph(6, "unjoined", 2, _unjoined_six),
    Allograph(8, "one stroke", 3, _single_eight),
    Allograph(8, "two circles", 2, _two_circles_eight),
    Allograph(8, "unjoined", 1, _unjoined_eight),
    Allograph(9, "straight", 3, _straight_nine),
    Allograph(9, "curled", 2, _curled_nine),
    Allograph(9, "small loop", 1, _small_loop_nine),
    Allograph(9, "narrow loop", 0.7, _narrow_loop_nine),
    Allograph(9, "tiny loop", 1, _tiny_loop_nine),
    Allograph(9, "unjoined", 2, _unjoined_nine),
)
"""Their shapes, by digit."""
