"""Labelled pictures and drawings on which the pipeline is measured."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from digitcore.io.strokes import Stroke

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A picture or a drawing, and what is written on it.

    Attributes:
        set_name: which set it belongs to, such as "hard pages".
        name: its name within the set.
        source: the writer or the origin; samples of one source are alike, and are never divided among folds.
        expected: the digits, lines joined by "/"; empty where there are none. Where `is_written`, the numbers with their separators, as in
            `Reading.written_text`.
        is_written: whether separators count.
        path: of the picture; empty for a drawing.
        strokes: of a drawing.
        size_wh: width and height of a drawing in pixels.
    """

    set_name: str
    name: str
    source: str
    expected: str
    is_written: bool = False
    path: str = ""
    strokes: tuple[Stroke, ...] = ()
    size_wh: tuple[int, int] = (0, 0)

    @property
    def key(self) -> str:
        """Return a name that no other sample has."""
        return f"{self.set_name}/{self.name}"


def evenly_spaced(items: Sequence[_T], count: int) -> list[_T]:
    """Choose items at equal distances.

    Args:
        items: any, in a fixed order.
        count: how many to choose at most.

    Returns:
        `count` of them in their order, the first included; all of them where there are fewer.

    Examples:
        >>> evenly_spaced("abcdefgh", 4)
        ['a', 'c', 'e', 'g']
    """
    if len(items) <= count:
        return list(items)
    return [items[index * len(items) // count] for index in range(count)]
