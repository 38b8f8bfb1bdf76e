import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np

from digitcore.layout.components import Mark
from digitcore.layout.ink import paste_ink
from digitcore.layout.over_segmentation import _cheap_seams, _separated, find_seams, over_segment
from digitcore.layout.parameters import LayoutParams, OverSegmentationParams
from digitcore.layout.seams import upright_extent
from digitcore.parameters import replace_parameter
from digitcore.types import Box
from tests.properties import given

PARAMS = OverSegmentationParams()


def two_rings():
    """Two rings, 80 px high, that touch."""
    ink = np.zeros((90, 150), np.uint8)
    cv2.circle(ink, (42, 45), 37, 255, 7)
    cv2.circle(ink, (110, 45), 37, 255, 7)
    return Mark(ink, Box(20, 30, 150, 90), 0, None)


def test_touching_rings_are_split_where_they_touch():
    seams = find_seams(two_rings().ink, 80, 0.0)
    assert seams.shape[1] == 90
    assert np.abs(seams.mean(axis=1) - 76).min() <= 5


@pytest.mark.parametrize(
    ("name", "value", "columns"),
    [
        ("over_segmentation.min_part_width", 0.9, [76]),
        ("over_segmentation.max_crossed_ink", 0.0, [76]),
        ("over_segmentation.min_notch_depth", 1.0, [22, 51, 65, 90, 122, 132]),
        ("over_segmentation.sidestep_cost", 1.0, [76]),
    ],
)
def test_parameters_decide_which_seams_there_are(name, value, columns):
    """By default there are five where a circle is crossed, and one at the notches between them, in column 76."""
    seams = find_seams(two_rings().ink, 80, 0.0, replace_parameter(LayoutParams(), name, value))
    assert [round(each) for each in seams.mean(axis=1)] == columns


def test_seams_come_from_left_to_right():
    middles = find_seams(two_rings().ink, 80, 0.0).mean(axis=1)
    assert (np.diff(middles) > 0).all()


def test_segments_are_all_of_the_ink_once():
    component = two_rings()
    segments = over_segment(component, 80, 0.0)
    assert len(segments) > 1
    assert [segment.follows_cut for segment in segments] == [False] + [True] * (len(segments) - 1)
    assert not any(segment.is_whole for segment in segments)
    assert (paste_ink(segments, component.box) == component.ink).all()


def test_a_narrow_component_stays_whole():
    ink = np.full((80, 20), 255, np.uint8)
    (segment,) = over_segment(Mark(ink, Box(0, 0, 20, 80), 0, None), 80, 0.0)
    assert segment.is_whole
    assert segment.ink is ink


def two_blocks(width=40, height=40, bridge=(18, 22)):
    """Two blocks of ink, one empty column apart in the middle but for a bridge between two rows."""
    ink = np.full((height, width), 255, np.uint8)
    ink[:, width // 2] = 0
    ink[slice(*bridge), width // 2] = 255
    return ink


def test_the_seam_leads_through_the_gap_between_two_blocks():
    assert any((seam == 20).all() for seam in find_seams(two_blocks(), 40.0, 0.0))


@pytest.mark.parametrize(("width", "is_split"), [(13, False), (14, True), (17, True)])
def test_narrow_components_have_no_seams(width, is_split):
    assert bool(len(find_seams(two_blocks(width=width), 40.0, 0.0))) is is_split


@pytest.mark.parametrize(("height", "is_split"), [(13, False), (14, True), (17, True)])
def test_low_components_have_no_seams(height, is_split):
    seams = find_seams(two_blocks(height=height, bridge=(7, 9)), 40.0, 0.0)
    assert bool(len(seams)) is is_split
    assert (seams.shape[1], seams.dtype) == (height, np.float64)  # type: ignore[comparison-overlap]


@pytest.mark.parametrize("factor", [2, 3, 5])
def test_enlarged_ink_has_enlarged_seams(factor):
    ink = two_rings().ink[::2, ::2].copy()
    seams = find_seams(ink, 40.0, 0.0)
    enlarged = find_seams(np.kron(ink, np.ones((factor, factor), np.uint8)), 40.0 * factor, 0.0)
    rows = np.clip((np.arange(len(ink) * factor) + 0.5) / factor - 0.5, 0, len(ink) - 1)
    assert enlarged == pytest.approx(np.array([factor * np.interp(rows, np.arange(len(ink)), seam) for seam in seams]))


def test_writing_lower_than_the_working_height_is_not_enlarged():
    """Its bands are centred at columns 3, 5, 7 and so on, so that all of its seams are at whole columns."""
    seams = find_seams(two_blocks(width=25, height=25, bridge=(11, 13)), 25.0, 0.0)
    assert len(seams)
    assert seams == pytest.approx(np.rint(seams), abs=1e-9)


def inside(paths, width):
    """The columns of the pixels of those paths that don't leave the picture at its sides."""
    return [columns for columns in np.rint(paths) if columns.min() >= 0 and columns.max() < width]


def constant(*columns):
    return [np.full(7, float(column)) for column in columns]


def means(seams):
    return [seam.mean() for seam in seams]


MARGINS = (12.0, 88.0)
"""Of a picture 100 px wide, at a writing height of 100 px."""


@pytest.mark.parametrize(
    ("column", "is_kept"), [(11.9, False), (12.0, True), (50.0, True), (88.0, True), (88.1, False), (-3.0, False), (103.0, False)]
)
def test_no_seam_is_near_to_the_sides(column, is_kept):
    assert bool(_separated(constant(column), MARGINS, 100.0, PARAMS)) is is_kept


@pytest.mark.parametrize(("distance", "is_kept"), [(11.9, False), (12.1, True)])
def test_seams_near_to_one_that_comes_first_are_left_out(distance, is_kept):
    assert means(_separated(constant(50, 50 + distance), MARGINS, 100.0, PARAMS)) == pytest.approx([50.0] + [50 + distance] * is_kept)
    assert means(_separated(constant(50, 50 - distance), MARGINS, 100.0, PARAMS)) == pytest.approx([50 - distance] * is_kept + [50.0])


def test_seams_are_kept_in_their_order_and_sorted_afterwards():
    assert means(_separated(constant(60, 30, 52, 45, 80, 25), MARGINS, 100.0, PARAMS)) == [30.0, 45.0, 60.0, 80.0]


def test_seams_are_compared_by_their_means():
    leaning = np.linspace(40, 60, 7)
    assert len(_separated([leaning, *constant(60)], MARGINS, 100.0, PARAMS)) == 1
    assert len(_separated([leaning, *constant(65)], MARGINS, 100.0, PARAMS)) == 2
    assert _separated([np.linspace(-20, 40, 7)], MARGINS, 100.0, PARAMS) == []
    assert len(_separated([np.linspace(-16, 40, 7)], MARGINS, 100.0, PARAMS)) == 1


@pytest.mark.parametrize(("rows", "is_cheap"), [(5, True), (6, False)])
def test_a_minimum_cost_path_crosses_at_most_a_multiple_of_the_stroke_width(rows, is_cheap):
    """A bar of 4 px, whose width by OpenCV's coarse mask is 3.73 px; each grey row below it costs 96 / 255 of a pixel."""
    ink = np.zeros((20, 400), np.uint8)
    ink[4:8] = 255
    ink[10 : 10 + rows] = 96
    assert bool(inside(_cheap_seams(ink, 20.0, 0.0, (2.4, 397.6), PARAMS), 400)) is is_cheap


@pytest.mark.parametrize(("rows", "is_cheap"), [(40, True), (41, False)])
def test_the_stroke_is_taken_to_be_at_least_one_pixel_wide(rows, is_cheap):
    """Ink too faint for a stroke: each row costs 10 / 255 of a pixel, and 1.6 pixels are allowed."""
    assert bool(inside(_cheap_seams(np.full((rows, 60), 10, np.uint8), 40.0, 0.0, (4.8, 55.2), PARAMS), 60)) is is_cheap


def _distinct(paths):
    """The paths without those that pass the bar at the same column as an earlier one."""
    columns = [path[9] for path in paths]
    return [path for index, path in enumerate(paths) if path[9] not in columns[:index]]


def test_cheap_seams_come_with_the_cheapest_first():
    ink = np.zeros((20, 80), np.uint8)
    ink[8:12] = 255
    ink[8:11, 20], ink[8:10, 40], ink[8:12, 60] = 0, 0, 0
    first, second, third, *_ = _distinct(inside(_cheap_seams(ink, 20.0, 0.0, (2.4, 77.6), PARAMS), 80))
    assert (first[8:12] == 60).all()
    assert (second[8:11] == 20).all()
    assert (third[8:10] == 40).all()


PICTURES = st_np.arrays(np.uint8, st.tuples(st.integers(8, 16), st.integers(9, 30)), elements=st.sampled_from([0, 0, 60, 96, 97, 255, 255]))


@given(PICTURES, st.sampled_from([0.0, 0.3, -0.3, 0.9]))
def test_segments_share_no_pixel_and_are_all_of_the_strokes(ink, slant):
    ink[2, 3] = 255
    before = ink.copy()
    component = Mark(ink, Box(50, 60, ink.shape[1], ink.shape[0]), 0, None)
    segments = over_segment(component, 20.0, slant)
    total = sum(paste_ink([segment], component.box).astype(int) for segment in segments)
    assert (np.where(ink > 96, total - ink, 0) == 0).all()
    assert (total <= ink).all()
    assert (ink == before).all()
    assert [segment.follows_cut for segment in segments] == [False] + [True] * (len(segments) - 1)
    assert all(segment.ink.flags.c_contiguous and segment.ink.shape == (segment.box.height, segment.box.width) for segment in segments)
    assert segments[0].is_whole is (len(find_seams(ink, 20.0, slant)) == 0)


@given(PICTURES)
def test_the_box_of_a_part_ends_at_its_outermost_stroke(ink):
    component = Mark(ink, Box(0, 0, ink.shape[1], ink.shape[0]), 0, None)
    for segment in over_segment(component, 16.0, 0.0):
        if not segment.is_whole:
            stroke = segment.ink > 96
            assert stroke[0].any()
            assert stroke[-1].any()
            assert stroke[:, 0].any()
            assert stroke[:, -1].any()


@given(PICTURES, st.sampled_from([0.0, 0.45, -0.3]))
def test_seams_are_apart_and_not_at_the_sides(ink, slant):
    seams = find_seams(ink, 20.0, slant)
    middles = seams.mean(axis=1) if len(seams) else np.empty(0)
    assert (np.diff(middles) >= 0.12 * 20 - 1e-9).all()
    left, right = upright_extent(ink, slant)
    assert ((middles >= left + 0.12 * 20 - 1e-9) & (middles <= right - 0.12 * 20 + 1e-9)).all()


def test_a_pixel_on_a_seam_belongs_to_the_part_on_its_right():
    component = Mark(two_blocks(), Box(100, 200, 40, 40), 0, None)
    (seam,) = (seam for seam in find_seams(component.ink, 40.0, 0.0) if (seam == 20).all())
    right = next(segment for segment in over_segment(component, 40.0, 0.0) if segment.box.x >= 100 + 20)
    assert seam[0] == 20
    assert right.box.x == 120
    assert (right.ink[18:22, 0] == 255).all()


def test_seams_lean_with_the_writing():
    upright = np.zeros((40, 90), np.uint8)
    upright[:, 20:70] = two_blocks(50, 40)
    leaning = np.array([np.roll(row, round(0.45 * (20 - y))) for y, row in enumerate(upright)])
    lean = 0.45 * (20 - np.arange(40))
    assert any(np.abs(seam - lean - 45).max() <= 1 for seam in find_seams(leaning, 40.0, 0.45))


def test_the_paths_that_escape_at_the_sides_are_no_seams():
    """Around the outermost centres paths pass outside of the ink, at no cost."""
    ink = np.full((40, 60), 255, np.uint8)
    paths = _cheap_seams(ink, 40.0, 0.0, (4.8, 55.2), PARAMS)
    outside = [path for path in paths if (np.rint(path) < 0).all() or (np.rint(path) >= 60).all()]
    assert {np.sign(path[0]) for path in outside} == {-1, 1}
    assert all(np.abs(path - seam).max() > 0 for path in outside for seam in find_seams(ink, 40.0, 0.0))
    assert ((find_seams(ink, 40.0, 0.0) >= 0) & (find_seams(ink, 40.0, 0.0) < 60)).all()


def sides_with_ink(ink, seam):
    """Whether there is ink to the left and to the right of a seam."""
    is_right = np.arange(ink.shape[1]) >= seam[:, np.newaxis]
    return bool((ink > 96)[~is_right].any()), bool((ink > 96)[is_right].any())


def leaning_blocks():
    """Two blocks with a bridge, 40 px high, that lean by 0.45 pixels per pixel upwards, and the column between them at half the height."""
    blocks = two_blocks()
    shifts = np.rint(0.45 * (20 - np.arange(40))).astype(int)
    ink = np.zeros((40, 40 + shifts.max() - shifts.min()), np.uint8)
    for y, shift in enumerate(shifts - shifts.min()):
        ink[y, shift : shift + 40] = blocks[y]
    return ink, 20 - shifts.min()


@pytest.mark.parametrize("ink", [two_rings().ink, np.kron(two_blocks(), np.ones((2, 2), np.uint8))])
def test_each_seam_of_upright_ink_has_ink_on_both_sides(ink):
    assert {sides_with_ink(ink, seam) for seam in find_seams(ink, 80.0, 0.0)} == {(True, True)}


def test_each_seam_of_leaning_ink_has_ink_on_both_sides():
    ink, _ = leaning_blocks()
    assert {sides_with_ink(ink, seam) for seam in find_seams(ink, 40.0, 0.45)} == {(True, True)}


def test_the_gap_in_leaning_ink_is_found():
    ink, column = leaning_blocks()
    lean = 0.45 * (20 - np.arange(40))
    assert any(np.abs(seam - lean - column).max() <= 1 for seam in find_seams(ink, 40.0, 0.45))
