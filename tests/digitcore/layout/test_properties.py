"""Properties of the layout: boxes, lines, seams and segmentations of any ink, and strokes of any drawing."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import strategies as st
from scipy.ndimage import find_objects, label
from scipy.signal import find_peaks

from digitcore.io.strokes import Stroke
from digitcore.layout.boxes import estimate_writing_height, group_overlapping_columns, union_box
from digitcore.layout.components import ComponentContours, Mark, median_stroke_width
from digitcore.layout.distance_transform import mean_stroke_width
from digitcore.layout.hypotheses import marks_read
from digitcore.layout.ink import merge_ink, paste_ink
from digitcore.layout.lattice import SegmentationLattice
from digitcore.layout.lines import MAX_COMPONENTS, estimate_slope, find_lines
from digitcore.layout.over_segmentation import find_seams, over_segment
from digitcore.layout.pen import with_uniform_pen
from digitcore.layout.scoring import log_likelihood, log_odds, shape_cost, skip_cost
from digitcore.layout.seams import minimum_cost_paths, notch_seams, prominent_maxima
from digitcore.layout.segmentation import segment_line
from digitcore.layout.slant import estimate_slant
from digitcore.types import INK_LEVEL, Box
from tests.properties import given, settings
from tests.strategies import SEEDS, drawings, inks


@dataclass
class Fake:
    """A classification that depends on the ink alone."""

    confidence: float
    digit_score: float
    label: int = 1


def classify(patches):
    """Classify ink by a hash of its levels."""
    seeds = (int(ink.sum(dtype=np.int64)) for ink in patches)
    return [Fake(*np.random.default_rng(seed).uniform(0.01, 1, 2)) for seed in seeds]


def ink_sum(ink):
    return int(ink.sum(dtype=np.int64))


boxes = st.builds(Box, st.integers(-50, 200), st.integers(-50, 200), st.integers(1, 80), st.integers(1, 80))
slants = st.floats(-0.3, 0.9)


@given(st.lists(boxes, min_size=1, max_size=8))
def test_the_union_is_the_smallest_box_around_all(given_boxes):
    union = union_box(given_boxes)
    assert union.x == min(box.x for box in given_boxes)
    assert union.y == min(box.y for box in given_boxes)
    assert union.x + union.width == max(box.x + box.width for box in given_boxes)
    assert union.y + union.height == max(box.y + box.height for box in given_boxes)
    assert union.side == max(union.width, union.height)


@given(st.lists(boxes, max_size=8), st.floats(0, 30))
def test_groups_are_separated_by_wider_gaps_and_hold_no_such_gap(given_boxes, max_gap_px):
    groups = group_overlapping_columns(given_boxes, max_gap_px)
    assert sorted(index for group in groups for index in group) == list(range(len(given_boxes)))
    unions = [union_box(given_boxes[index] for index in group) for group in groups]
    assert all(right.x - (left.x + left.width) > max_gap_px for left, right in pairwise(unions))
    for group in groups:
        columns = np.zeros(400, np.bool_)
        for index in group:
            columns[given_boxes[index].x + 60 : given_boxes[index].x + given_boxes[index].width + 60] = True
        edges = np.flatnonzero(columns)
        assert (np.diff(edges) - 1 <= max_gap_px).all()


@given(st.lists(boxes, max_size=8))
def test_the_writing_height_is_that_of_a_box_and_half_of_the_weight_is_no_higher(given_boxes):
    height = estimate_writing_height(given_boxes)
    if not given_boxes:
        assert height == 0
        return
    heights = np.array([box.height for box in given_boxes])
    weights = heights**2
    assert height in heights
    assert 2 * weights[heights <= height].sum() >= weights.sum()
    assert 2 * weights[heights < height].sum() < weights.sum()


@given(inks(max_side_px=48))
def test_marks_hold_all_ink_once_and_their_boxes_lie_on_the_page(ink):
    before = ink.copy()
    lines, left_out = find_lines(ink)
    marks = [mark for line in lines for mark in line.components]
    assert left_out == 0
    assert len(marks) <= MAX_COMPONENTS
    assert [mark.line for mark in marks] == sorted(mark.line for mark in marks)
    assert all(line.components and line.writing_height > 0 for line in lines)
    for mark in marks:
        x, y, width, height = mark.box
        assert 0 <= x < x + width <= ink.shape[1]
        assert 0 <= y < y + height <= ink.shape[0]
        page = ink[y : y + height, x : x + width]
        assert mark.ink.shape == page.shape
        assert ((mark.ink == page) | (mark.ink == 0)).all()
        assert (mark.ink > INK_LEVEL).any()
    for line in lines:
        centres = [mark.box.center_x for mark in line.components]
        assert all(left <= right + 1 for left, right in pairwise(centres))  # a box is widened within the page only
    assert (ink == before).all()


@given(inks(max_side_px=48), st.floats(0, 1))
def test_leaving_out_low_lines_only_leaves_out_lines(ink, min_relative_height):
    every, _ = find_lines(ink)
    kept, _ = find_lines(ink, min_relative_height)
    boxes_of = [[[mark.box for mark in line.components] for line in lines] for lines in (every, kept)]
    assert [line for line in boxes_of[0] if line in boxes_of[1]] == boxes_of[1]
    assert kept


@given(inks(max_side_px=48))
def test_components_are_those_of_scipy(ink):
    components = ComponentContours.of_ink(ink).components()
    labels, _ = label(ink > INK_LEVEL, np.ones((3, 3)))
    expected = sorted((rows.start, columns.start, rows.stop, columns.stop) for rows, columns in find_objects(labels))
    assert sorted((box.y, box.x, box.y + box.height, box.x + box.width) for box in (each.box for each in components)) == expected
    widths = [component.stroke_width_px for component in components]
    assert min(widths) >= 1
    assert min(widths) <= median_stroke_width(components) <= max(widths)


@given(st.lists(boxes, max_size=8), st.floats(1, 100), st.integers(-500, 500), st.integers(-500, 500))
def test_a_slope_is_at_most_that_of_neighbours_and_the_same_anywhere_on_the_page(given_boxes, height, right_px, down_px):
    slope = estimate_slope(given_boxes, height)
    assert abs(slope) <= 0.36
    assert slope == 0 or len(given_boxes) > 2
    moved = [box._replace(x=box.x + right_px, y=box.y + down_px) for box in given_boxes]
    assert estimate_slope(moved, height) == slope


@given(inks())
def test_a_stroke_is_no_wider_than_the_picture(ink):
    assert mean_stroke_width(ink, 3) <= 2 * (min(ink.shape) + 1)


def patch(ink, x=0, y=0):
    return Mark(ink, Box(x, y, *ink.shape[::-1]), 0, None)


@given(st.lists(st.tuples(inks(max_side_px=12), st.integers(-20, 20), st.integers(-20, 20)), min_size=1, max_size=4))
def test_pasted_ink_is_the_maximum_of_its_pieces(pieces):
    patches = [patch(*piece) for piece in pieces]
    box = union_box(each.box for each in patches)
    page = np.zeros((100, 100), np.uint8)
    for ink, x, y in pieces:
        for row, column in np.ndindex(ink.shape):
            page[y + row + 40, x + column + 40] = max(page[y + row + 40, x + column + 40], ink[row, column])
    expected = page[box.y + 40 : box.y + 40 + box.height, box.x + 40 : box.x + 40 + box.width]
    assert (merge_ink(patches) == expected).all()
    assert (paste_ink(patches, box) == expected).all()


@given(inks(max_side_px=80))
@settings(max_examples=20)
def test_a_slant_is_one_of_those_that_are_compared(ink):
    assert estimate_slant([patch(ink)]) in [pytest.approx(slant) for slant in np.arange(-0.3, 0.91, 0.15)]


@given(inks(max_side_px=80), st.floats(5, 120), slants)
@settings(max_examples=20)
def test_segments_hold_every_pixel_of_ink_once(ink, writing_height, slant):
    before = ink.copy()
    segments = over_segment(patch(ink, 7, 11), writing_height, slant)
    assert segments
    whole = np.zeros((200, 200), np.int64)
    for segment in segments:
        x, y, width, height = segment.box
        assert 7 <= x < x + width <= 7 + ink.shape[1]
        assert 11 <= y < y + height <= 11 + ink.shape[0]
        assert segment.ink.shape == (height, width)
        whole[y : y + height, x : x + width] += segment.ink
    page = whole[11 : 11 + ink.shape[0], 7 : 7 + ink.shape[1]]
    stroke = ink > INK_LEVEL
    assert (page[stroke] == ink[stroke]).all()
    assert (page <= ink).all()
    assert [segment.follows_cut for segment in segments] == [False] + [True] * (len(segments) - 1)
    assert (len(segments) == 1 and segments[0].is_whole) or not any(segment.is_whole for segment in segments)
    assert (ink == before).all()


@given(inks(max_side_px=80), st.floats(5, 120), slants)
@settings(max_examples=20)
def test_seams_run_from_left_to_right_within_the_ink(ink, writing_height, slant):
    seams = find_seams(ink, writing_height, slant)
    assert seams.shape[1] == ink.shape[0]
    middles = seams.mean(axis=1)
    assert (np.diff(middles) > 0).all()
    y, x = np.nonzero(ink)
    upright = x - slant * (len(ink) / 2 - y)
    assert ((middles >= upright.min() - 1) & (middles <= upright.max() + 2)).all()  # rows are moved by whole columns


@given(inks(min_side_px=4), slants, st.integers(1, 8))
@settings(max_examples=20)
def test_a_path_costs_what_it_crosses_and_stays_in_its_band(ink, slant, reach_px):
    centres = np.arange(0.0, ink.shape[1], 5)
    paths, costs = minimum_cost_paths(ink, centres, slant, reach_px)
    assert paths.shape == (len(centres), ink.shape[0])
    lean = slant * (ink.shape[0] / 2 - np.arange(ink.shape[0]))
    offsets = paths - centres[:, np.newaxis] - lean
    assert np.abs(offsets).max() <= reach_px + 1e-9
    assert np.abs(np.diff(offsets, axis=1)).max(initial=0) <= 1 + 1e-9
    for path, offset, cost in zip(paths, offsets, costs, strict=True):
        columns = np.rint(path).astype(int)
        inside = (columns >= 0) & (columns < ink.shape[1])
        crossed = ink[np.arange(len(ink))[inside], columns[inside]].sum() / 255
        assert cost == pytest.approx(crossed + 0.05 * np.abs(np.diff(offset)).sum(), abs=1e-3)


@given(inks(min_side_px=4), slants, st.floats(0.5, 10), st.floats(0, 20))
@settings(max_examples=20)
def test_a_seam_between_notches_has_a_column_for_each_row(ink, slant, min_depth_px, max_distance_px):
    assert all(seam.shape == (len(ink),) and np.isfinite(seam).all() for seam in notch_seams(ink, slant, min_depth_px, max_distance_px))


@given(st.lists(st.integers(0, 12), max_size=30), st.floats(0.5, 5))
def test_prominent_maxima_are_those_of_scipy(profile, min_prominence):
    _, peaks = find_peaks(profile, prominence=min_prominence, plateau_size=1)
    assert prominent_maxima(np.array(profile, np.int64), min_prominence) == peaks["left_edges"].tolist()


@given(st.floats(0, 1), st.floats(0.001, 1), st.floats(0, 1))
def test_costs_have_their_documented_signs(probability, confidence, digit_score):
    assert np.isfinite(log_odds(probability))
    assert log_odds(probability) == pytest.approx(-log_odds(1 - probability), abs=1e-6)
    assert log_likelihood(Fake(confidence, digit_score)) <= 0


@given(boxes, st.floats(1, 200))
def test_the_cost_of_a_box_is_bounded(box, writing_height):
    assert shape_cost(Fake(0.9, 0.9), box, writing_height) >= 0
    assert 0 <= skip_cost(box, writing_height) <= 4


@given(inks(max_side_px=60), st.floats(5, 80), slants)
@settings(max_examples=20)
def test_the_likeliest_path_reads_every_segment_once_and_costs_no_more_than_a_single_digit(ink, writing_height, slant):
    lattice = SegmentationLattice.build([patch(ink)], writing_height, slant)
    lattice.score(classify, [None])
    path = lattice.best_paths(1)[0]
    covered = [index for arc in path.arcs for index in range(arc.run.first, arc.run.last + 1)]
    assert covered == list(range(len(lattice.segments)))
    assert all(arc.is_digit or arc.run.first == arc.run.last for arc in path.arcs)
    single = lattice.single_digit_path()
    assert single is None or path.cost <= single.cost + 1e-9


@given(inks(max_side_px=64), st.booleans())
@settings(max_examples=20)
def test_any_line_is_segmented_into_marks_of_its_own_ink(ink, keep):
    lines, _ = find_lines(ink)
    for line in lines:
        marks = marks_read(segment_line(line, classify, 0.3, keep_components=keep))
        assert marks
        area = union_box(mark.box for mark in line.components)
        for mark, candidate in marks:
            assert area.union(mark.box) == area
            assert mark.ink.shape == (mark.box.height, mark.box.width)
            assert (mark.ink > 0).any()
            assert mark.line == line.components[0].line
            assert candidate == classify([mark.ink])[0]
        if keep:
            assert [mark.box for mark, _ in marks] == [mark.box for mark in line.components]
        assert sum(ink_sum(mark.ink) for mark, _ in marks) <= sum(ink_sum(mark.ink) for mark in line.components)


@given(drawings(), SEEDS)
@settings(max_examples=20)
def test_a_uniform_pen_depends_on_the_paths_alone(drawing, seed):
    before = [stroke.points.copy() for stroke in drawing]
    uniform = with_uniform_pen(drawing)
    assert all(new.points is stroke.points for new, stroke in zip(uniform, drawing, strict=True))
    assert all((stroke.points == points).all() for stroke, points in zip(drawing, before, strict=True))
    assert all(stroke.pen_px >= 1 for stroke in uniform)
    order = np.random.default_rng(seed).permutation(len(drawing))
    shuffled = with_uniform_pen([Stroke(drawing[index].points, 99.0) for index in order])
    assert [stroke.pen_px for stroke in shuffled] == [uniform[index].pen_px for index in order]
