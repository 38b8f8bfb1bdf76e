"""Signs that people write with digits, as stroke paths with random parameters: a reader of digits must not answer them with a digit.

Left out is what some people write like a digit, since the same mark can't be both: the slashes, the vertical bar and `l`, `I`, `!` (1), a
caret (1), flat brackets (1 with a hook at both ends), `O`, `o`, `Q`, `D` (0), `Z`, `z` (2), `S`, `s` (5), `b`, `G` (6), `B` (8), `g`, `q`
(9) and `y` (4). Whoever draws a sign must leave out the straight bars that a slim sign becomes, too (`model.negatives.BAR`).
"""

from collections.abc import Callable
from typing import Final

import numpy as np

from digitcore.types import Float64Array
from synthetic.allographs import Paths, line, oval, polyline
from synthetic.hands import parse_path

Sign = Callable[[np.random.Generator], Paths]
"""Returns the strokes of a sign, in heights of the sign."""


def _two_pairs(rng: np.random.Generator) -> Paths:
    """Draw #: two upright and two level strokes that cross."""
    lean, gap = rng.uniform(-0.05, 0.2), rng.uniform(0.2, 0.36)
    upright = [line((0.2 + x + lean, 0.05), (0.2 + x - lean, 0.95)) for x in (0.0, gap)]
    level = [line((0.0, y), (0.2 + gap + 0.2, y + rng.normal(0, 0.03))) for y in (rng.uniform(0.3, 0.4), rng.uniform(0.58, 0.7))]
    return upright + level


def _percent(rng: np.random.Generator) -> Paths:
    """Draw %: two rings, next to the slash or touching it."""
    top_x, bottom_x = rng.uniform(0.55, 0.85), rng.uniform(0.0, 0.25)
    slash = line((top_x, rng.uniform(0.0, 0.1)), (bottom_x, rng.uniform(0.9, 1.0)))
    rings = []
    for place, side in ((0.24, -1), (0.76, 1)):
        radius_x, radius_y = rng.uniform(0.08, 0.2), rng.uniform(0.1, 0.22)
        x = top_x + (bottom_x - top_x) * place + side * (radius_x + rng.uniform(0.05, 0.2))
        rings.append(oval((x, place + rng.normal(0, 0.04)), (radius_x, radius_y), rng.uniform(0, 360), -rng.uniform(330, 375)))
    return [rings[0], slash, rings[1]]


def _dollar(rng: np.random.Generator) -> Paths:
    width = rng.uniform(0.7, 1.2)
    curve = parse_path("58,22! 44,12 20,16 14,30 30,46 52,58 56,74 40,88 18,86 6,76!") * (width, 1)
    bars = [0.34] if rng.random() < 0.6 else [0.28, 0.4]
    if rng.random() < 0.3:  # the bar shows above and below only
        return [curve, *(line((x * width, y), (x * width, y + 0.14)) for x in bars for y in (-0.02, 0.88))]
    return [curve, *(line((x * width, -0.02), (x * width + rng.normal(0, 0.02), 1.02)) for x in bars)]


def _at(rng: np.random.Generator) -> Paths:
    """Draw @: a ring around an `a`; the ring is closed by some."""
    inner = oval((0.48, 0.52), (rng.uniform(0.1, 0.2), rng.uniform(0.12, 0.24)), -20, -rng.uniform(330, 500))
    outer = oval((0.46, 0.5), (rng.uniform(0.34, 0.48), 0.46), 30, -rng.uniform(260, 385))
    return [np.concatenate([inner, line((0.64, 0.46), (0.68, 0.66)), outer])]


def _asterisk(rng: np.random.Generator) -> Paths:
    count = int(rng.integers(3, 5))
    turn = rng.uniform(0, np.pi)
    ends = [np.array([np.cos(a), np.sin(a)]) * 0.4 for a in turn + np.arange(count) * np.pi / count]
    return [line(np.array([0.4, 0.5]) - end, np.array([0.4, 0.5]) + end) for end in ends]


_LEGGED_AMPERSANDS: Final = (
    ("70,96! 44,64 22,30 26,8 42,4 48,18 34,38 10,62 8,84 24,97 46,88 68,58!",),
    ("64,90! 30,52 20,20 36,3 50,18 32,44 6,66 10,94 38,97 60,66! 72,60!",),
)
"""Ways to write & like an 8 with two legs, as strokes in the notation of `parse_path`."""

_BARRED_AMPERSANDS: Final = (
    ("56,16! 36,6 16,16 20,36 40,46! 14,54 8,76 26,94 48,86 62,62!", "30,0! 30,100!"),
    ("54,14! 34,8 18,20 34,42! 12,52 12,84 34,92 54,80!", "34,-2! 34,8!", "34,92! 34,102!"),
    ("46,2! 40,60 36,98!", "8,46! 24,58 50,50 66,38!", "10,78! 30,70 52,80 70,72!"),
    ("40,0! 38,50 36,90 12,94 6,78 18,66 40,72 66,96!",),
    ("52,0! 50,60 48,98! 44,72 26,58 8,72 12,94 34,96 62,74 72,70!",),
    ("30,100! 30,4! 58,10 60,34 30,46! 34,50 66,98!", "8,72! 62,72!"),
)
"""Ways to write & like an E or a plus with bars, an `a` with a tail, or an R; not a plus with one round side, which a 4 can look like."""


def _ampersand(rng: np.random.Generator) -> Paths:
    """Draw &; one like an 8 is wide enough for its legs."""
    ways, widths = (_LEGGED_AMPERSANDS, (0.9, 1.3)) if rng.random() < 0.4 else (_BARRED_AMPERSANDS, (0.55, 1.2))
    width = rng.uniform(*widths)
    return [parse_path(path) * (width, 1) for path in ways[rng.integers(len(ways))]]


def _less(rng: np.random.Generator) -> Paths:
    """Draw <; some people's lower arm is level."""
    depth, half = rng.uniform(0.45, 0.95), rng.uniform(0.3, 0.45)
    vertex = (0.0, rng.uniform(0.4, 0.6) + max(0.0, rng.normal(0.0, 0.15)))
    return [_angle((depth, 0.5 - half), vertex, (depth + rng.uniform(-0.1, 0.1), max(0.5 + half, vertex[1])), rng)]


def _greater(rng: np.random.Generator) -> Paths:
    """Draw >; its upper arm falls by more than the bar of any 7."""
    depth, half = rng.uniform(0.45, 0.95), rng.uniform(0.3, 0.45)
    return [_angle((0.0, 0.5 - half), (depth, rng.uniform(0.42, 0.62)), (rng.uniform(-0.1, 0.1), 0.5 + half), rng)]


def _angle(start: tuple[float, float], vertex: tuple[float, float], end: tuple[float, float], rng: np.random.Generator) -> Float64Array:
    """Join three points by straight lines, or by a curve that rounds the vertex off."""
    if rng.random() < 0.7:
        return polyline([start, vertex, end])
    along = np.linspace(0, 1, 24)[:, np.newaxis]
    control = 1.6 * np.array(vertex) - 0.3 * (np.array(start) + np.array(end))
    return np.asarray((1 - along) ** 2 * start + 2 * along * (1 - along) * control + along**2 * end)


def _plus(rng: np.random.Generator) -> Paths:
    reach, level = rng.uniform(0.3, 0.5), rng.uniform(0.42, 0.62)
    return [line((0.5 - reach, level), (0.5 + reach, level)), line((0.5, 0.08), (0.5, 0.92))]


def _equals(rng: np.random.Generator) -> Paths:
    gap = rng.uniform(0.12, 0.24)
    return [line((0.0, 0.5 - gap), (0.8, 0.5 - gap)), line((0.0, 0.5 + gap), (0.8, 0.5 + gap))]


def _question(rng: np.random.Generator) -> Paths:
    dot = np.array([0.32, 0.97])
    curve = parse_path("8,22! 16,6 36,2 54,14 50,34 34,46 32,70!")
    return [curve, line(dot, np.add(dot, (rng.uniform(0, 0.02), 0.02)))]


def _parenthesis(rng: np.random.Generator) -> Paths:
    bulge = rng.uniform(0.38, 0.5)
    return [np.array([0.5, 0.5]) + np.array([[-bulge * np.cos(a), 0.5 * np.sin(a)] for a in np.linspace(-1.5, 1.5, 24)])]


def _bracket(rng: np.random.Generator) -> Paths:
    depth = rng.uniform(0.4, 0.55)
    return [polyline([(depth, 0.02), (0.0, 0.02), (0.0, 0.98), (depth, 0.98)])]


def _brace(rng: np.random.Generator) -> Paths:
    point = rng.uniform(2, 10)
    return [parse_path(f"40,2! 24,8 24,30 {point:.1f},50! 24,70 24,92 40,98!")]


def _mirrored(sign: Sign) -> Sign:
    """Return the mirror image of a sign: a closing bracket from an opening one."""
    return lambda rng: [path * (-1, 1) + (0.6, 0) for path in sign(rng)]


def _times(rng: np.random.Generator) -> Paths:
    width = rng.uniform(0.55, 0.95)
    return [line((0.0, 0.1), (width, 0.9)), line((width, 0.1), (0.0, 0.9))]


def _divided(rng: np.random.Generator) -> Paths:
    dots = [np.array([0.4, y]) for y in (0.2, 0.8)]
    return [line((0.0, 0.5), (0.8, 0.5)), *(line(dot, np.add(dot, (0.02, rng.uniform(0, 0.03)))) for dot in dots)]


def _euro(rng: np.random.Generator) -> Paths:
    bars = [line((0.0, y), (0.5, y + rng.normal(0, 0.02))) for y in (0.42, 0.58)]
    return [oval((0.5, 0.5), (0.36, 0.46), -40, -280), *bars]


def _pound(rng: np.random.Generator) -> Paths:
    return [parse_path(f"56,16! 42,4 28,14 30,50 26,80 8,95! 24,{rng.uniform(86, 92):.1f} 40,96 60,90!"), line((0.08, 0.5), (0.48, 0.5))]


def _check(rng: np.random.Generator) -> Paths:
    return [polyline([(0.0, rng.uniform(0.5, 0.66)), (0.26, 0.95), (rng.uniform(0.7, 0.95), 0.05)])]


def _tilde(rng: np.random.Generator) -> Paths:
    return [parse_path(f"2,58! 16,{rng.uniform(36, 44):.1f} 34,44 52,58 70,{rng.uniform(56, 64):.1f} 84,42!")]


SIGNS: Final[dict[str, Sign]] = {
    "#": _two_pairs,
    "%": _percent,
    "$": _dollar,
    "@": _at,
    "*": _asterisk,
    "&": _ampersand,
    "<": _less,
    ">": _greater,
    "+": _plus,
    "=": _equals,
    "?": _question,
    "(": _parenthesis,
    ")": _mirrored(_parenthesis),
    "[": _bracket,
    "]": _mirrored(_bracket),
    "{": _brace,
    "}": _mirrored(_brace),
    "x": _times,
    "÷": _divided,
    "€": _euro,
    "£": _pound,
    "✓": _check,
    "~": _tilde,
}
"""The signs, by character."""
