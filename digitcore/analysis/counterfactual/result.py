"""The smallest change of a mark that makes it another digit."""

from dataclasses import dataclass
from enum import StrEnum

from digitcore.analysis.counterfactual.edits import ChangeKind
from digitcore.io.strokes import Stroke
from digitcore.results import Digit
from digitcore.types import BoolArray


class Place(StrEnum):
    """The part of a mark in which it is changed: its upper, middle or lower third."""

    TOP = "top"
    MIDDLE = "middle"
    BOTTOM = "bottom"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of a mark.

    Attributes:
        kind: what is done.
        place: where.
    """

    kind: ChangeKind
    place: Place


@dataclass(frozen=True, slots=True, eq=False)
class MarkVersion:
    """A mark before or after the changes.

    Attributes:
        strokes: in pixels of the drawing.
        changed: for each stroke bool `(N,)`: which of its points the other version lacks.
        digit: how it is read in the drawing by the whole pipeline.
    """

    strokes: tuple[Stroke, ...]
    changed: tuple[BoolArray, ...]
    digit: Digit


@dataclass(frozen=True, slots=True, eq=False)
class Counterfactual:
    """The smallest change of a mark that was found to make it another digit.

    Attributes:
        target: that digit, the label of `after.digit`.
        changes: what is done to the strokes, one or two things.
        size: the length of all changes, in multiples of the longer side of the mark.
        before: the mark as it was.
        after: the changed mark.
    """

    target: int
    changes: tuple[Change, ...]
    size: float
    before: MarkVersion
    after: MarkVersion
