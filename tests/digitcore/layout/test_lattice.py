from dataclasses import dataclass

import numpy as np
import pytest

from digitcore.layout.boxes import union_box
from digitcore.layout.components import Mark
from digitcore.layout.lattice import CUT_COST, MAX_SEGMENTS_PER_DIGIT, Arc, Run, SegmentationLattice
from digitcore.layout.over_segmentation import Segment
from digitcore.layout.scoring import log_likelihood, shape_cost, skip_cost
from digitcore.types import Box

WRITING_HEIGHT = 100.0


@dataclass(frozen=True)
class Classified:
    confidence: float
    digit_score: float


def random_lattice(rng, count):
    """Segments from left to right, some of them behind cuts, and a random candidate for each run that may be a digit."""
    heights = rng.integers(20, 101, count)
    segments = []
    for index, height in enumerate(heights):
        box = Box(30 * index, 0, 30, int(height))
        segments.append(Segment(np.full((box.height, box.width), 255, np.uint8), box, False, bool(index and rng.random() < 0.5)))
    runs = [Run(first, last) for first in range(count) for last in range(first, min(first + 3, count))]
    run_boxes = {run: union_box(segment.box for segment in segments[run.first : run.last + 1]) for run in runs}
    candidates = {run: Classified(rng.uniform(0.2, 1), rng.uniform(0.05, 1)) for run in runs}
    return SegmentationLattice(segments, [0] * count, WRITING_HEIGHT, {}, run_boxes, candidates)


def all_paths(lattice, first=0):
    if first == len(lattice.segments):
        yield ()
        return
    for run in lattice.boxes:
        if run.first == first:
            for rest in all_paths(lattice, run.last + 1):
                yield (Arc(run, True), *rest)
                if run.first == run.last:
                    yield (Arc(run, False), *rest)


def cost_of(lattice, arcs):
    """The formula of `decode`, term by term."""
    cost = 0.0
    for run, is_digit in arcs:
        if is_digit:
            cost += shape_cost(lattice.boxes[run], WRITING_HEIGHT) - log_likelihood(lattice.candidates[run])
            cost += CUT_COST * (run.last + 1 < len(lattice.segments) and lattice.segments[run.last + 1].follows_cut)
        else:
            cost += skip_cost(lattice.boxes[run], WRITING_HEIGHT)
    return cost


@pytest.mark.parametrize("seed", range(8))
def test_no_path_is_cheaper_than_the_decoded_one(seed):
    lattice = random_lattice(np.random.default_rng(seed), 6)
    path = lattice.decode()
    costs = {arcs: cost_of(lattice, arcs) for arcs in all_paths(lattice)}
    assert path.cost == pytest.approx(min(costs.values()))
    assert costs[path.arcs] == pytest.approx(path.cost)


def components(count):
    """Narrow bars close to each other, which aren't split."""
    return [Mark(np.full((100, 20), 255, np.uint8), Box(22 * index, 0, 20, 100), 0, None) for index in range(count)]


def test_runs_are_bounded_by_their_number_of_segments_and_their_width():
    lattice = SegmentationLattice.build(components(9), WRITING_HEIGHT, 0.0)
    assert len(lattice.segments) == 9
    assert max(run.last - run.first + 1 for run in lattice.boxes) == MAX_SEGMENTS_PER_DIGIT
    assert [lattice.whole_component(Run(index, index)) for index in range(9)] == list(range(9))
    assert lattice.whole_component(Run(0, 1)) is None
    assert len(SegmentationLattice.build(components(9), 40.0, 0.0).boxes) < len(lattice.boxes)


def test_what_is_known_is_not_classified_again():
    lattice = SegmentationLattice.build(components(3), WRITING_HEIGHT, 0.0)
    known = Classified(0.9, 0.9)
    shown = []

    def classify(inks):
        shown.extend(inks)
        return [Classified(0.5, 0.5)] * len(inks)

    lattice.score(classify, [None, known, None])
    assert len(shown) == len(lattice.boxes) - 1
    assert lattice.candidates[Run(1, 1)] is known
    assert set(lattice.candidates) == set(lattice.boxes)


def test_the_single_digit_path_takes_all_segments():
    lattice = SegmentationLattice.build(components(2), WRITING_HEIGHT, 0.0)
    assert lattice.single_digit_path() is None  # not scored yet
    lattice.score(lambda inks: [Classified(0.5, 0.5)] * len(inks), [None, None])
    assert lattice.single_digit_path().arcs == (Arc(Run(0, 1), True),)
