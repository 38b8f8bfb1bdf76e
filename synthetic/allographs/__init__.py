"""The shapes in which people write the ten digits, their allographs, as stroke paths with random parameters.

Schools teach most of them: the barred 7 and the 1 with a long flag in continental Europe, the open 4 and the 1 without a flag in North
America. The others come from quick writing, such as the 5 whose bar was written last and floats, or from the wish to tell 0 from O. Each
shape is one that a reader recognizes without its neighbours: a caret with two legs of equal length isn't a 1, nor is a bare slash, so
neither is generated.

Coordinates are x to the right and y down, in heights of the digit, from its top left corner.
"""

from typing import Final

from synthetic.allographs import bars, bows, loops
from synthetic.allographs.allograph import Allograph
from synthetic.allographs.paths import Paths, line, oval, polyline

__all__ = ["CATALOGUE", "Allograph", "Paths", "allographs", "line", "oval", "polyline"]

CATALOGUE: Final = tuple(sorted((*loops.SHAPES, *bars.SHAPES, *bows.SHAPES), key=lambda shape: shape.digit))
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
