"""Show how a reading was segmented: the cuts that were tried, the candidates between them with their costs, and the path that was read."""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from digitcore.layout.lattice import Path, SegmentationLattice
from digitcore.layout.lines import find_lines
from digitcore.layout.segmentation import segment_line
from digitcore.pipeline.run import PipelineRun
from digitcore.pipeline_params import PipelineParams
from digitcore.recognition.classification import ClassifiedMark, MarkClassifier
from digitcore.settings import Settings
from digitcore.types import Box, UInt8Array


class LatticeArc(NamedTuple):
    """A run of segments that may be one digit.

    Attributes:
        first: the node at which it starts: that before the segment of this index.
        after: the node at which it ends.
        name: what the run is read as, a character; None for a segment that is left over.
        cost: what it adds to the cost of a path.
        is_read: whether it is on the path that is read.
    """

    first: int
    after: int
    name: str | None
    cost: float
    is_read: bool


@dataclass(frozen=True, slots=True, eq=False)
class LatticeTrace:
    """The lattice of some components that touch or stand close to each other.

    Attributes:
        segments: uint8 `(h, w)`: for each pixel of their ink the number of its segment, from 1; 0 for paper.
        nodes: the x of each node in pixels of `segments`, from left to right: of its left edge, of each border between segments, and of its
            right edge.
        arcs: all candidates for digits, and the segments that the path leaves over.
    """

    segments: UInt8Array
    nodes: tuple[float, ...]
    arcs: tuple[LatticeArc, ...]

    @property
    def cost(self) -> float:
        """Return the cost of the path that is read."""
        return sum(arc.cost for arc in self.arcs if arc.is_read)


def trace_lattices(ink: UInt8Array, settings: Settings, classifier: MarkClassifier) -> list[LatticeTrace]:
    """Segment ink once more, and return the lattices that were built for it.

    Args:
        ink: uint8 `(H, W)`, white on black: the stage `ink` of a reading.
        settings: those of the reading.
        classifier: the network.

    Returns:
        The lattices of at least two segments, in reading order; none where every component was read as it is.

    Examples:
        >>> from pathlib import Path
        >>> from digitcore import Settings, default_classifier, read_image
        >>> reading = read_image(Path("samples/pen.jpg").read_bytes())
        >>> (ink,) = (stage.image for stage in reading.stages if stage.name == "ink")
        >>> trace_lattices(ink, Settings(), default_classifier())
        []
    """
    run = PipelineRun(settings, classifier, PipelineParams.of_classes(classifier.classes))
    found: list[LatticeTrace] = []
    if settings.touching_digits == "keep":
        return found

    def record(lattice: SegmentationLattice[ClassifiedMark], path: Path) -> None:
        if len(lattice.segments) > 1:
            found.append(_trace(lattice, path))

    lines, _ = find_lines(ink, settings.smallest_line, run.params.layout)
    for line in lines:
        segment_line(line, run.classify, classifier.reject_below, run.params.layout, on_lattice=record)
    return found


def _trace(lattice: SegmentationLattice[ClassifiedMark], path: Path) -> LatticeTrace:
    whole = lattice.segments[0].box
    for segment in lattice.segments:
        whole = whole.union(segment.box)
    read = {arc.run: arc.is_digit for arc in path.arcs}
    arcs = [
        LatticeArc(run.first, run.last + 1, candidate.name, lattice.digit_cost(run), read.get(run) is True)
        for run, candidate in lattice.candidates.items()
    ]
    left_over = [LatticeArc(run.first, run.last + 1, None, lattice.skip_cost(run), True) for run, is_digit in read.items() if not is_digit]
    return LatticeTrace(_segment_numbers(lattice, whole), _nodes(lattice, whole), tuple(arcs + left_over))


def _segment_numbers(lattice: SegmentationLattice[ClassifiedMark], whole: Box) -> UInt8Array:
    numbers = np.zeros((whole.height, whole.width), np.uint8)
    for number, segment in enumerate(lattice.segments, 1):
        x, y = segment.box.x - whole.x, segment.box.y - whole.y
        part = numbers[y : y + segment.box.height, x : x + segment.box.width]
        part[segment.ink > 0] = number
    return numbers


def _nodes(lattice: SegmentationLattice[ClassifiedMark], whole: Box) -> tuple[float, ...]:
    centres = [segment.box.center_x - whole.x for segment in lattice.segments]
    borders = [(left + right) / 2 for left, right in pairwise(centres)]
    return (0.0, *borders, float(whole.width))
