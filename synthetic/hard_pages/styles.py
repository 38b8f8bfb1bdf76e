"""Effects on the handwriting: signs, letters, crossed-out digits, rising or staggered lines, very large digits, pencils and felt pens."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from synthetic.hard_pages.writing import Style

StyleEffect = Callable[[Style, float, np.random.Generator], Style]
"""Returns a style with an effect of a severity from 0 to 1."""


def signs(style: Style, severity: float, rng: np.random.Generator) -> Style:
    """Write sums, with the signs + − × ÷ =; the more severe, the closer to the digits."""
    del rng
    return replace(style, has_signs=True, layout="row", gap=0.55 - 0.4 * severity)


def brackets(style: Style, severity: float, rng: np.random.Generator) -> Style:
    """Write sums with brackets; the more severe, the closer to the digits."""
    return replace(signs(style, severity, rng), has_brackets=True)


def letters(style: Style, severity: float, rng: np.random.Generator) -> Style:
    """Write one to six letters among the digits."""
    del rng
    return replace(style, letters=1 + round(5 * severity))


def crossed_out(style: Style, severity: float, rng: np.random.Generator) -> Style:
    """Cross out one to three digits."""
    del rng
    return replace(style, crossed_out=1 + round(2 * severity))


def rising(style: Style, severity: float, rng: np.random.Generator) -> Style:
    """Let the lines rise or fall, by 3 to 14 degrees."""
    return replace(style, slope=float(np.tan(np.deg2rad(3 + 11 * severity)) * rng.choice([-1, -1, 1])))


def staggered(style: Style, severity: float, rng: np.random.Generator) -> Style:
    """Write digits of different sizes at different heights."""
    del rng
    return replace(style, stagger=0.06 + 0.16 * severity, size_spread=0.06 + 0.2 * severity)


def large_digits(style: Style, severity: float, rng: np.random.Generator) -> Style:
    """Write a few digits that fill the sheet."""
    del severity
    return replace(style, layout=str(rng.choice(["one digit", "few digits"])), size=1.0, tail=0.0)


def touching(style: Style, severity: float, rng: np.random.Generator) -> Style:
    """Write digits so close that some touch."""
    del rng
    return replace(style, gap=0.04 - 0.08 * severity)


def long_tails(style: Style, severity: float, rng: np.random.Generator) -> Style:
    """Let the stem of a 7 and a 9 reach far below the line, close to what is written there."""
    del rng
    layout = "rows" if style.layout == "one digit" else style.layout
    return replace(style, layout=layout, tail=0.4 + 1.2 * severity, gap=min(style.gap, 0.3))


def dry_pen(style: Style, severity: float, rng: np.random.Generator) -> Style:
    """Write with a pen that runs dry: some lines are paler than others."""
    del rng
    return replace(style, fading=0.25 + 0.4 * severity, grain=max(style.grain, 0.3))


def pencil(style: Style, severity: float, rng: np.random.Generator) -> Style:
    """Write with a fine pencil; the more severe, the fainter."""
    level = int(rng.integers(60, 110))
    pen, density = 0.06 - 0.025 * severity, 0.8 - 0.5 * severity
    return replace(style, pen=pen, density=density, grain=0.35, ink_rgb=(level, level, level + 3))


def felt_pen(style: Style, severity: float, rng: np.random.Generator) -> Style:
    """Write with a thick felt pen."""
    ink = [(26, 26, 30), (34, 40, 120), (180, 40, 44), (20, 90, 160), (30, 110, 60)][rng.integers(5)]
    return replace(style, pen=0.12 + 0.09 * severity, density=0.92, grain=0.12, ink_rgb=ink)


STYLES: Final[dict[str, StyleEffect]] = {
    "rising": rising,
    "staggered": staggered,
    "touching": touching,
    "long tails": long_tails,
    "signs": signs,
    "brackets": brackets,
    "letters": letters,
    "crossed out": crossed_out,
    "large digits": large_digits,
    "pencil": pencil,
    "felt pen": felt_pen,
    "dry pen": dry_pen,
}
"""Effects on the style, by name, in the order in which they are applied."""
