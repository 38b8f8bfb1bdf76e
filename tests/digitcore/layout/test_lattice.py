from dataclasses import dataclass

import cv2
import numpy as np
import pytest

from digitcore.layout.boxes import union_box
from digitcore.layout.components import Mark
from digitcore.layout.lattice import Arc, Path, Run, SegmentationLattice
from digitcore.layout.over_segmentation import Segment, over_segment
from digitcore.layout.parameters import LatticeParams
from digitcore.layout.scoring import denial_cost, log_likelihood, shape_cost, skip_cost
from digitcore.types import Box

WRITING_HEIGHT = 100.0


@dataclass(frozen=True)
class Classified:
    confidence: float
    digit_score: float
    label: int = 1


def random_lattice(rng, count, longest=3):
    """Segments from left to right, some of them behind cuts, and a random candidate for each run that may be a digit."""
    heights = rng.integers(20, 101, count)
    segments = []
    for index, height in enumerate(heights):
        box = Box(30 * index, 0, 30, int(height))
        is_whole, follows_cut = (True, False) if rng.random() < 0.3 else (False, bool(index and rng.random() < 0.7))
        segments.append(Segment(np.full((box.height, box.width), 255, np.uint8), box, is_whole, follows_cut))
    runs = [Run(first, last) for first in range(count) for last in range(first, min(first + longest, count))]
    run_boxes = {run: union_box(segment.box for segment in segments[run.first : run.last + 1]) for run in runs}
    candidates = {run: Classified(rng.uniform(0.2, 1), rng.uniform(0.05, 1), int(rng.integers(0, 3))) for run in runs}
    return SegmentationLattice(segments, [0] * count, WRITING_HEIGHT, run_boxes, {}, candidates)


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
    """The formula of `best_paths`, term by term."""
    cost = 0.0
    for run, is_digit in arcs:
        if is_digit:
            cost += shape_cost(lattice.candidates[run], lattice.boxes[run], WRITING_HEIGHT) - log_likelihood(lattice.candidates[run])
            cost += LatticeParams().cut_cost * (run.last + 1 < len(lattice.segments) and lattice.segments[run.last + 1].follows_cut)
        else:
            cost += skip_cost(lattice.boxes[run], WRITING_HEIGHT)
            cost += denial_cost(lattice.candidates[run]) if lattice.segments[run.first].is_whole else 0
    return cost


@pytest.mark.parametrize("seed", range(8))
def test_no_path_is_cheaper_than_the_first(seed):
    lattice = random_lattice(np.random.default_rng(seed), 6)
    path = lattice.best_paths(1)[0]
    costs = {arcs: cost_of(lattice, arcs) for arcs in all_paths(lattice)}
    assert path.cost == pytest.approx(min(costs.values()))
    assert costs[path.arcs] == pytest.approx(path.cost)


@pytest.mark.parametrize("count", [1, 2, 5, 40, 10_000])
@pytest.mark.parametrize("seed", range(4))
def test_the_best_paths_are_the_cheapest_of_all_in_order(count, seed):
    lattice = random_lattice(np.random.default_rng(seed), 6)
    costs = {arcs: cost_of(lattice, arcs) for arcs in all_paths(lattice)}
    paths = lattice.best_paths(count)
    assert [path.cost for path in paths] == pytest.approx(sorted(costs.values())[:count])
    assert len({path.arcs for path in paths}) == len(paths) == min(count, len(costs))
    assert all(costs[path.arcs] == pytest.approx(path.cost) for path in paths)


@pytest.mark.parametrize("seed", range(4))
def test_more_paths_do_not_change_the_first_ones(seed):
    lattice = random_lattice(np.random.default_rng(seed), 7)
    paths = lattice.best_paths(50)
    assert all(lattice.best_paths(count) == paths[:count] for count in (1, 2, 7))


def components(count):
    """Narrow bars close to each other, which aren't split."""
    return [Mark(np.full((100, 20), 255, np.uint8), Box(22 * index, 0, 20, 100), 0, None) for index in range(count)]


def test_runs_are_bounded_by_their_number_of_segments_and_their_width():
    lattice = SegmentationLattice.build(components(9), WRITING_HEIGHT, 0.0)
    assert len(lattice.segments) == 9
    assert max(run.last - run.first + 1 for run in lattice.boxes) == 5
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


@pytest.mark.parametrize(("count", "longest"), [(1, 1), (2, 5), (3, 1), (7, 2), (8, 3), (8, 5)])
@pytest.mark.parametrize("seed", range(3))
def test_of_up_to_eight_segments_the_cheapest_reading_is_found_even_if_some_runs_are_no_candidates(count, longest, seed):
    rng = np.random.default_rng(100 * count + 10 * longest + seed)
    lattice = random_lattice(rng, count, longest)
    for run in [run for run in lattice.boxes if run.first < run.last and rng.random() < 0.3]:
        del lattice.boxes[run], lattice.candidates[run]
    path = lattice.best_paths(1)[0]
    costs = {arcs: cost_of(lattice, arcs) for arcs in all_paths(lattice)}
    assert costs[path.arcs] == pytest.approx(min(costs.values())) == path.cost
    assert [index for arc in path.arcs for index in range(arc.run.first, arc.run.last + 1)] == list(range(count))


def lattice_of(sizes_wh, cuts=(), candidates=None, longest=5):
    """A lattice of segments next to each other, the first numbers of some of them behind cuts; candidates are certain by default."""
    lefts = np.cumsum([0, *[width for width, _ in sizes_wh]]).tolist()
    boxes = [Box(left, 0, *size) for left, size in zip(lefts, sizes_wh, strict=False)]
    segments = [Segment(np.full((box.height, box.width), 255, np.uint8), box, False, index in cuts) for index, box in enumerate(boxes)]
    runs = [Run(first, last) for first in range(len(boxes)) for last in range(first, min(first + longest, len(boxes)))]
    run_boxes = {run: union_box(boxes[run.first : run.last + 1]) for run in runs}
    answers = {run: Classified(1.0, 1.0) for run in runs} | (candidates or {})
    return SegmentationLattice(segments, [0] * len(boxes), WRITING_HEIGHT, run_boxes, {}, answers)


DOUBTFUL = Classified(1e-9, 1.0)


def test_a_cut_costs_between_two_digits_and_not_within_one_nor_at_a_skipped_segment():
    apart = {Run(0, 1): DOUBTFUL}
    assert lattice_of([(40, 100)] * 2, candidates=apart).best_paths(1)[0].cost == pytest.approx(0, abs=1e-6)
    assert lattice_of([(40, 100)] * 2, cuts=[1], candidates=apart).best_paths(1)[0].cost == pytest.approx(1.0, abs=1e-6)
    assert lattice_of([(40, 100)] * 2, cuts=[0], candidates=apart).best_paths(1)[0].cost == pytest.approx(0, abs=1e-6)
    joined = lattice_of([(40, 100)] * 2, cuts=[1]).best_paths(1)[0]
    assert joined.arcs == (Arc(Run(0, 1), True),)
    assert joined.cost == pytest.approx(0, abs=1e-6)
    skipped = lattice_of([(5, 10), (40, 100)], cuts=[1], candidates=apart | {Run(0, 0): DOUBTFUL}).best_paths(1)[0]
    assert skipped.arcs == (Arc(Run(0, 0), False), Arc(Run(1, 1), True))
    assert skipped.cost == pytest.approx(0.04, abs=1e-6)


def test_the_shape_of_a_digit_counts():
    """Ten writing heights too low by a tenth cost 1; two tenths too wide cost 1.2."""
    assert lattice_of([(50, 60)]).best_paths(1)[0] == Path((Arc(Run(0, 0), True),), pytest.approx(1.0, abs=1e-6))
    assert lattice_of([(135, 100)]).best_paths(1)[0].cost == pytest.approx(1.2, abs=1e-6)


def test_a_small_segment_is_skipped_if_it_is_no_digit():
    (arc,) = lattice_of([(10, 20)]).best_paths(1)[0].arcs
    assert arc == Arc(Run(0, 0), False)


@pytest.mark.parametrize(("is_whole", "is_read"), [(True, True), (False, False)])
def test_a_whole_component_that_the_network_is_sure_of_is_not_skipped_for_its_size(is_whole, is_read):
    """A digit of 0.5 writing heights costs 2 for its height; to skip it costs 1, and 2 more if that denies a digit."""
    box = Box(0, 0, 30, 50)
    segments = [Segment(np.full((50, 30), 255, np.uint8), box, is_whole, False)]
    lattice = SegmentationLattice(segments, [0], WRITING_HEIGHT, {Run(0, 0): box}, {}, {Run(0, 0): Classified(0.99, 0.9)})
    assert lattice.best_paths(1)[0].arcs == (Arc(Run(0, 0), is_digit=is_read),)


def test_of_equally_cheap_paths_the_one_whose_last_digit_starts_further_to_the_left_is_taken():
    single, double = Classified(0.8, 1.0), Classified(0.7, 1.0)
    candidates = {Run(0, 0): single, Run(2, 2): single, Run(0, 1): double, Run(1, 2): double, Run(1, 1): DOUBTFUL, Run(0, 2): DOUBTFUL}
    path = lattice_of([(40, 100)] * 3, candidates=candidates).best_paths(1)[0]
    assert path.arcs == (Arc(Run(0, 0), True), Arc(Run(1, 2), True))


def test_no_segments_are_read_as_nothing():
    lattice = lattice_of([])
    assert lattice.best_paths(1)[0] == Path((), 0.0)


@pytest.mark.parametrize(("right_edge", "may_be_one"), [(139, True), (140, True), (141, False)])
def test_several_segments_are_a_candidate_up_to_a_width(right_edge, may_be_one):
    parts = [Mark(np.full((100, 20), 255, np.uint8), Box(x, 5, 20, 100), 0, None) for x in (0, right_edge - 20)]
    lattice = SegmentationLattice.build(parts, WRITING_HEIGHT, 0.0)
    assert (Run(0, 1) in lattice.boxes) is may_be_one
    assert not lattice.inks
    lattice.score(lambda inks: [Classified(0.5, 0.5)] * len(inks), [None, None])
    assert list(lattice.boxes) == list(lattice.inks) == sorted(lattice.boxes)
    assert (lattice.single_digit_path() is not None) is may_be_one


def test_a_single_segment_is_a_candidate_however_wide():
    wide = Mark(np.full((30, 400), 255, np.uint8), Box(0, 0, 400, 30), 0, None)
    assert SegmentationLattice.build([wide], WRITING_HEIGHT, 0.0).boxes == {Run(0, 0): wide.box}


@pytest.mark.parametrize(("slant", "order"), [(0.0, [1, 0]), (0.2, [1, 0]), (0.3, [0, 1])])
def test_segments_are_in_reading_order_once_the_slant_is_undone(slant, order):
    """The first is 10 px further to the right than the second, and 40 px higher."""
    parts = [Mark(np.full((20, 6), 255, np.uint8), Box(x, y, 6, 20), 0, None) for x, y in ((30, 0), (20, 40))]
    lattice = SegmentationLattice.build(parts, WRITING_HEIGHT, slant)
    assert lattice.components == order
    assert [segment.box for segment in lattice.segments] == [parts[index].box for index in order]
    assert lattice.all_segments == Run(0, 1)


def test_runs_have_the_ink_and_the_box_of_their_segments_together():
    parts = [Mark(np.full((60, 10), level, np.uint8), Box(x, y, 10, 60), 0, None) for level, x, y in ((100, 0, 30), (200, 15, 0))]
    lattice = SegmentationLattice.build(parts, WRITING_HEIGHT, 0.0)
    assert lattice.boxes == {Run(0, 0): parts[0].box, Run(0, 1): Box(0, 0, 25, 90), Run(1, 1): parts[1].box}
    lattice.score(lambda inks: [Classified(0.5, 0.5)] * len(inks), [None, None])
    assert lattice.inks[Run(0, 0)] is parts[0].ink
    expected = np.zeros((90, 25), np.uint8)
    expected[30:, :10], expected[:60, 15:] = 100, 200
    assert (lattice.inks[Run(0, 1)] == expected).all()


def test_the_parts_of_a_split_component_are_no_component_and_are_all_classified():
    ink = np.zeros((90, 150), np.uint8)
    cv2.circle(ink, (42, 45), 37, 255, 7)
    cv2.circle(ink, (110, 45), 37, 255, 7)
    rings, bar = Mark(ink, Box(0, 0, 150, 90), 0, None), Mark(np.full((80, 10), 255, np.uint8), Box(152, 5, 10, 80), 0, None)
    parts = over_segment(rings, 80.0, 0.0)
    lattice = SegmentationLattice.build([rings, bar], 80.0, 0.0)
    assert lattice.components == [0] * len(parts) + [1]
    assert [segment.box for segment in lattice.segments] == [*(part.box for part in parts), bar.box]
    assert [lattice.whole_component(Run(index, index)) for index in range(len(parts) + 1)] == [None] * len(parts) + [1]
    answers = {}

    def classify(inks):
        answers.update((id(ink), Classified(0.5, index / 100)) for index, ink in enumerate(inks))
        return list(answers.values())

    known = Classified(0.9, 0.9)
    lattice.score(classify, [known, known])
    last = Run(len(parts), len(parts))
    assert lattice.candidates[last] is known
    assert {run: answers[id(ink)] for run, ink in lattice.inks.items() if run != last} == {
        run: candidate for run, candidate in lattice.candidates.items() if run != last
    }


def test_the_single_digit_path_costs_its_shape_and_its_likelihood_but_no_cut():
    lattice = lattice_of([(70, 60), (65, 60)], cuts=[1], candidates={Run(0, 1): Classified(0.5, 1.0)})
    path = lattice.single_digit_path()
    assert path.arcs == (Arc(Run(0, 1), True),)
    assert path.cost == pytest.approx(np.log(2) + 1.0 + 1.2, abs=1e-6)


def test_a_digit_consists_of_at_most_five_segments():
    """Six of the bars are 130 px wide together, which would not be too wide."""
    boxes = SegmentationLattice.build(components(7), WRITING_HEIGHT, 0.0).boxes
    assert {Run(0, 4), Run(2, 6)} <= boxes.keys()
    assert not {Run(0, 5), Run(1, 6)} & boxes.keys()
