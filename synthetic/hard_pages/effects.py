"""The effects of hard pages, how often each occurs, and which exclude one another."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from synthetic.hard_pages.cameras import CAMERAS
from synthetic.hard_pages.lights import LIGHTS
from synthetic.hard_pages.prints import PRINTS
from synthetic.hard_pages.rulings import RULINGS
from synthetic.hard_pages.styles import STYLES
from synthetic.hard_pages.surfaces import FOLDS, PAPERS
from synthetic.hard_pages.views import VIEWS

GROUPS: Final[tuple[Mapping[str, float], ...]] = (
    {"brown paper": 0.06, "yellow note": 0.06, "whiteboard": 0.05, "blackboard": 0.03},
    {"squared": 0.06, "ruled": 0.05, "table": 0.04, "form": 0.03, "printed text": 0.04},
    {"show-through": 0.1},
    {"punched holes": 0.03, "spiral": 0.03},
    {"crumpled": 0.06, "folded": 0.06},
    {"gutter": 0.04, "sheet on background": 0.14, "background strip": 0.1, "keyboard strip": 0.04},
    {"perspective": 0.15},
    {"turned": 0.08},
    {"bent": 0.06},
    {"fingers": 0.06},
    {"signs": 0.13, "brackets": 0.05, "large digits": 0.06},
    {"letters": 0.03},
    {"crossed out": 0.03},
    {"rising": 0.1},
    {"staggered": 0.1},
    {"touching": 0.05},
    {"pencil": 0.18, "felt pen": 0.18},
    {"lamp": 0.13, "dark rim": 0.13, "hand shadow": 0.12},
    {"reflections": 0.04},
    {"uneven exposure": 0.08},
    {"defocused": 0.1, "motion blur": 0.05},
    {"sensor noise": 0.08, "smoothed": 0.06},
    {"video still": 0.05, "low resolution": 0.12},
    {"sharpened": 0.1},
    {"without colours": 0.06},
    {"jpeg": 0.5},
    {"long tails": 0.05},
    {"dry pen": 0.06},
)
"""Probability of each effect; at most one of a group occurs on a page."""

EFFECTS: Final = tuple(name for group in GROUPS for name in group)
"""The names of all effects."""

OF_WRITING: Final = frozenset(STYLES)
"""Effects that need handwriting."""

OF_SHEETS: Final = frozenset({*PAPERS, *FOLDS, *PRINTS, *RULINGS, *VIEWS})
"""Effects that need a sheet."""

OF_PICTURES: Final = frozenset({*LIGHTS, *CAMERAS, "fingers"})
"""Effects on any picture."""

_SEVERITY_ALPHA_BETA: Final = (1.3, 1.9)
"""Parameters of the beta distribution of the severities."""


def random_effects(seed: int) -> dict[str, float]:
    """Choose the effects of a page.

    Args:
        seed: determines them.

    Returns:
        Severities from 0 to 1 by effect.
    """
    chosen = {}
    for index, group in enumerate(GROUPS):
        rng = np.random.default_rng((seed, 11, index))
        names, probabilities = list(group), list(group.values())
        at = int(np.searchsorted(np.cumsum(probabilities), rng.random(), side="right"))
        if at < len(names):
            chosen[names[at]] = float(rng.beta(*_SEVERITY_ALPHA_BETA))
    return chosen


def checked(effects: Mapping[str, float]) -> dict[str, float]:
    """Return severities by effect.

    Raises:
        ValueError: an effect is unknown, or a severity isn't between 0 and 1.
    """
    for name, severity in effects.items():
        if name not in EFFECTS:
            raise ValueError(f"expected one of {', '.join(EFFECTS)}, received {name!r}.")
        if not 0 <= severity <= 1:
            raise ValueError(f"expected a severity from 0 to 1 for {name!r}, received {severity}.")
    return dict(effects)


def effect_rng(seed: int, name: str) -> np.random.Generator:
    """Return the random generator of an effect of a page, so that no effect changes how another one turns out."""
    return np.random.default_rng((seed, 12, EFFECTS.index(name)))
