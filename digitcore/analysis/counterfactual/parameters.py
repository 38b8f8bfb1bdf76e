"""The tuned numbers of the search for counterfactuals."""

from dataclasses import dataclass

from digitcore.parameters import ParameterGroup, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterfactualParams(ParameterGroup):
    """Parameters of the search for the smallest change of a mark that makes it another digit.

    Lengths in "mark sides" are multiples of the longer side of the box around the mark's paths.
    """

    max_size: float = parameter(1.0, 0.0, 5.0, unit="mark sides", reason="about half of the strokes of a digit")
    """Greatest size of all changes together, see `digitcore.analysis.counterfactual.edits.Edit`."""

    min_confidence: float = parameter(0.7, 0.0, 1.0, unit="probability", reason="a change that only just tips the answer explains little")
    """Least confidence of the changed mark."""

    max_candidates: int = parameter(1600, 1, 100_000, unit="count", reason="they take about a second on one core")
    """Greatest number of changed marks that are classified."""

    beam_width: int = parameter(3, 0, 100, unit="count", reason="more find hardly more within the same number of candidates")
    """Number of single changes, those nearest to the wanted digit, that are combined with a second one."""

    max_pairs: int = parameter(350, 1, 100_000, unit="count", reason="leaves as many for each of the beam")
    """Greatest number of second changes that are tried with each of them."""

    size_penalty: float = parameter(1.0, 0.0, 100.0, unit="logarithms of a probability per mark side", reason="small changes first")
    """How much larger changes are held back from the beam."""

    max_verifications: int = parameter(12, 1, 1000, unit="count", reason="nearly always the first is confirmed")
    """Greatest number of changed drawings that are read by the whole pipeline, after each round of the search."""

    max_strokes: int = parameter(30, 1, 10_000, unit="count", reason="a digit has four at most, hatching hundreds")
    """Greatest number of strokes of a mark that is changed."""

    max_length: float = parameter(12.0, 0.0, 1000.0, unit="mark sides", reason="an 8 has about four")
    """Greatest length of all strokes of a mark that is changed."""
