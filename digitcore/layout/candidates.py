"""What segmentation needs of a classifier, so that it depends on none in particular."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

from digitcore.types import UInt8Array


class Candidate(Protocol):
    """The classification of ink that may be one digit."""

    @property
    def label(self) -> int:
        """Return the index of the likeliest class, of digits the digit itself."""

    @property
    def confidence(self) -> float:
        """Return the calibrated probability of the likeliest class, in [0, 1]."""

    @property
    def digit_score(self) -> float:
        """Return how much the ink resembles a digit at all, in [0, 1]."""


CandidateT = TypeVar("CandidateT", bound=Candidate)

ClassifyFn = Callable[[Sequence[UInt8Array]], Sequence[CandidateT]]
"""Classify pictures of ink, uint8 `(h, w)` each, white on black: one candidate for each, in the same order."""
