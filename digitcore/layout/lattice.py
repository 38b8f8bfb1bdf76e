"""The segmentation lattice of neighbouring components: all ways to read their segments as digits, and the likeliest one.

Over-segmentation and dynamic programming (Casey and Lecolinet 1996). The lattice's nodes are the gaps between segments, 0 to N. An arc from
one node to a later one takes the run of segments between them for one digit, a candidate; an arc over one segment may also skip it, as left
over. A path from node 0 to node N reads all segments; the path with the least cost is the likeliest reading.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, NamedTuple, Self

from digitcore.layout.boxes import union_box
from digitcore.layout.candidates import CandidateT, ClassifyFn
from digitcore.layout.components import Mark
from digitcore.layout.ink import merge_ink
from digitcore.layout.over_segmentation import Segment, over_segment
from digitcore.layout.parameters import ComponentParams, LayoutParams
from digitcore.layout.scoring import denial_cost, log_likelihood, shape_cost, skip_cost
from digitcore.types import Box, UInt8Array

_MAX_SEGMENTS_PER_DIGIT: Final = 5
"""Bound of work: so many neighbouring segments at most are one digit; more are wider than a digit, except in hatching."""


class Run(NamedTuple):
    """Neighbouring segments, from the first to the last inclusive."""

    first: int
    last: int


class Arc(NamedTuple):
    """One step of a path: a run of segments that is one digit, or one segment that is left over."""

    run: Run
    is_digit: bool


class Path(NamedTuple):
    """A reading of all segments from left to right, and its cost."""

    arcs: tuple[Arc, ...]
    cost: float


_Step = tuple[float, int, bool, int]
"""The last arc of a path from the first node to another: the cost of the whole path, the node at which the arc starts, whether it is a
digit, and the rank of the path to that node among the best ones to it."""


@dataclass(frozen=True, slots=True, eq=False)
class SegmentationLattice(Generic[CandidateT]):
    """The candidates for digits among the segments of neighbouring components.

    Attributes:
        segments: in reading order.
        components: for each segment the index of its component among those that the lattice was built from.
        writing_height: of the line, in pixels.
        boxes: the box of each run that may be a digit; ascending by first and last segment.
        inks: and its ink, once `score` was called.
        candidates: and its classification, likewise.
        params: those of over-segmentation, the lattice and its costs are used.
    """

    segments: Sequence[Segment]
    components: Sequence[int]
    writing_height: float
    boxes: dict[Run, Box]
    inks: dict[Run, UInt8Array] = field(default_factory=dict)
    candidates: dict[Run, CandidateT] = field(default_factory=dict)
    params: LayoutParams = LayoutParams()

    @classmethod
    def build(cls, components: Sequence[Mark], writing_height: float, slant: float, params: LayoutParams = LayoutParams()) -> Self:
        """Split components into segments and list the runs of segments that may be digits.

        Args:
            components: which stand close to each other, at least one.
            writing_height: of their line, in pixels.
            slant: of their line, in pixels to the right per pixel upwards.
            params: as in the class.

        Returns:
            The lattice without its inks and candidates.
        """
        parts = [
            (part, index) for index, component in enumerate(components) for part in over_segment(component, writing_height, slant, params)
        ]
        parts.sort(key=lambda each: each[0].box.center_x + slant * each[0].box.center_y)
        segments = [segment for segment, _ in parts]
        boxes = _candidate_boxes(segments, writing_height, params.components)
        return cls(segments, [index for _, index in parts], writing_height, boxes, params=params)

    @property
    def all_segments(self) -> Run:
        """Return the run of all segments; it isn't always a candidate."""
        return Run(0, len(self.segments) - 1)

    def whole_component(self, run: Run) -> int | None:
        """Return the index of the component that a run consists of; None if the run is a part of one, or several.

        Args:
            run: any run of the lattice's segments.

        Returns:
            An index among the components that the lattice was built from, or None.
        """
        return self.components[run.first] if run.first == run.last and self.segments[run.first].is_whole else None

    def score(self, classify: ClassifyFn[CandidateT], known: Sequence[CandidateT | None]) -> None:
        """Merge the inks of all candidates, and classify them at once.

        Args:
            classify: the classifier.
            known: for each component its classification where there is one already; it isn't classified again.
        """
        new = []
        for run in self.boxes:
            self.inks[run] = merge_ink(self.segments[run.first : run.last + 1])
            component = self.whole_component(run)
            candidate = None if component is None else known[component]
            if candidate is None:
                new.append(run)
            else:
                self.candidates[run] = candidate
        self.candidates.update(zip(new, classify([self.inks[run] for run in new]), strict=True))

    def best_paths(self, count: int) -> list[Path]:
        """Find the paths with the least costs by dynamic programming (Viterbi 1967), which keeps the `count` best paths to each node.

        With a path's digits d, its skipped segments s, and its cuts k that separate a digit from the next segment:

            cost = Σ_d (−log_likelihood(d) + shape_cost(d)) + Σ_s (skip_cost(s) + denial_cost(s)) + Σ_k cut_cost

        where only segments that are whole components have a denial cost.

        Args:
            count: of paths, at least 1.

        Returns:
            Up to `count` paths, the cheapest first; of equally cheap ones, that whose last arc starts further to the left.
        """
        end = len(self.segments)
        best: list[list[_Step]] = [[(0.0, 0, False, 0)], *([] for _ in range(end))]  # by node
        for run in self.boxes:  # ascending by first segment, so that no more steps lead to that node
            first, after = run.first, run.last + 1
            if first == run.last:
                best[first] = sorted(best[first])[:count]
                skipped = self.skip_cost(run)
                best[after] += [(cost + skipped, first, False, rank) for rank, (cost, _, _, _) in enumerate(best[first])]
            read = self.digit_cost(run)
            best[after] += [(cost + read, first, True, rank) for rank, (cost, _, _, _) in enumerate(best[first])]
        best[end] = sorted(best[end])[:count]
        return [Path(_trace_back(best, rank), cost) for rank, (cost, _, _, _) in enumerate(best[end])]

    def digit_cost(self, run: Run) -> float:
        """Return the cost of reading a candidate as a digit, and of the cut after it, if it ends at one."""
        box, candidate, after = self.boxes[run], self.candidates[run], run.last + 1
        shape = shape_cost(candidate, box, self.writing_height, self.params.scoring)
        cut_cost = self.params.lattice.cut_cost * (after < len(self.segments) and self.segments[after].follows_cut)
        return shape - log_likelihood(candidate, self.params.scoring) + cut_cost

    def skip_cost(self, run: Run) -> float:
        """Return the cost of leaving a single segment over."""
        scoring, segment = self.params.scoring, run.first
        denial = denial_cost(self.candidates[run], scoring) if self.segments[segment].is_whole else 0.0
        return skip_cost(self.boxes[run], self.writing_height, scoring) + denial

    def single_digit_path(self) -> Path | None:
        """Return the path that takes all segments for one digit, if they may be one."""
        run = self.all_segments
        if run not in self.candidates:
            return None
        return Path((Arc(run, is_digit=True),), self.digit_cost(run))


def _candidate_boxes(segments: Sequence[Segment], writing_height: float, params: ComponentParams) -> dict[Run, Box]:
    """Return the boxes of all runs that may be a digit, ascending by first and last segment; single segments always may."""
    boxes = {}
    for first in range(len(segments)):
        for last in range(first, min(first + _MAX_SEGMENTS_PER_DIGIT, len(segments))):
            box = union_box(segment.box for segment in segments[first : last + 1])
            if last == first or box.width <= params.max_joined_width * writing_height:
                boxes[Run(first, last)] = box
    return boxes


def _trace_back(best: Sequence[Sequence[_Step]], rank: int) -> tuple[Arc, ...]:
    """Return the arcs of the path to the last node that has this rank there, from the first on."""
    arcs = []
    end = len(best) - 1
    while end > 0:
        _, first, is_digit, rank = best[end][rank]
        arcs.append(Arc(Run(first, end - 1), is_digit))
        end = first
    return tuple(arcs[::-1])
