"""One shape of a digit."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from synthetic.allographs.paths import Paths


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
