"""The ways in which neighbouring components may be segmented into digits: the one that is read, and others that are nearly as likely."""

from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple

from digitcore.layout.candidates import CandidateT
from digitcore.layout.components import Mark


class Hypothesis(NamedTuple, Generic[CandidateT]):
    """One way to segment neighbouring components."""

    marks: Sequence[tuple[Mark, CandidateT]]
    """From left to right, each with its classification; what is left over included."""

    cost: float
    """Minus the natural logarithm of its likelihood, up to a constant that all hypotheses of a group share."""


Group = Sequence[Hypothesis[CandidateT]]
"""All hypotheses about neighbouring components, at least one; the first is read, though another may cost less."""


def only(marks: Sequence[tuple[Mark, CandidateT]]) -> list[Hypothesis[CandidateT]]:
    """Make the group of what may be segmented in one way only.

    Args:
        marks: each with its classification.

    Returns:
        A single hypothesis.
    """
    return [Hypothesis(marks, 0.0)]


def marks_read(groups: Iterable[Group[CandidateT]]) -> list[tuple[Mark, CandidateT]]:
    """Return the marks of the hypotheses that are read.

    Args:
        groups: in reading order.

    Returns:
        Their marks in reading order, each with its classification.
    """
    return [found for group in groups for found in group[0].marks]
