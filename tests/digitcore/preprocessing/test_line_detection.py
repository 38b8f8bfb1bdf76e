import numpy as np
import pytest

from digitcore.preprocessing.line_detection import (
    LineKind,
    _crossings,
    _full_length_px,
    horizontal_and_vertical_lines,
    horizontal_lines,
    thin_line_window_px,
)
from digitcore.preprocessing.parameters import LineDetectionParams

PARAMS = LineDetectionParams()
KIND = LineKind(max_thickness_px=5, min_visible_length=0.5, is_thick=False)
EVERYWHERE = np.ones((1, 1), np.uint8)


def crossed_lines():
    """Draw a line of 3 pixels in each direction through the whole image, and a blot: uint8 `(200, 300)`."""
    strokes = np.zeros((200, 300), np.uint8)
    strokes[99:102] = 1
    strokes[:, 149:152] = 1
    strokes[20:50, 20:50] = 1
    return strokes


def dash(length_px, thickness_px=2, shape=(100, 200), top=40):
    """Draw a horizontal dash that begins in column 20: uint8 0 or 1."""
    strokes = np.zeros(shape, np.uint8)
    strokes[top : top + thickness_px, 20 : 20 + length_px] = 1
    return strokes


def test_lines_of_both_directions_are_found_with_their_crossings_and_no_blots():
    strokes = crossed_lines()
    lines = horizontal_and_vertical_lines(strokes, EVERYWHERE, KIND)
    expected = strokes.copy()
    expected[20:50, 20:50] = 0
    assert (lines == expected).all()


def test_only_horizontal_lines_are_found_alone():
    lines = horizontal_lines(crossed_lines(), EVERYWHERE, KIND)
    assert lines[99:102, :140].all()
    assert not lines[:90].any()


def test_lines_turn_and_mirror_with_the_strokes():
    strokes = crossed_lines()
    lines = horizontal_and_vertical_lines(strokes, EVERYWHERE, KIND)
    for change in (np.transpose, np.flipud, np.fliplr, np.rot90):
        changed = np.ascontiguousarray(change(strokes))
        before = changed.copy()
        found = horizontal_and_vertical_lines(changed, EVERYWHERE, KIND)
        assert found.dtype == np.uint8
        assert (found == change(lines)).all()
        assert (changed == before).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 40), (40, 1), (30, 50)])
def test_where_there_are_no_strokes_there_are_no_lines(shape):
    lines = horizontal_and_vertical_lines(np.zeros(shape, np.uint8), EVERYWHERE, KIND)
    assert lines.shape == shape
    assert not lines.any()


def test_a_full_mask_has_no_thin_lines():
    assert not horizontal_and_vertical_lines(np.ones((60, 80), np.uint8), EVERYWHERE, KIND).any()


@pytest.mark.parametrize(("thickness_px", "is_found"), [(1, True), (3, True), (4, True), (6, False), (9, False)])
def test_a_line_is_no_thicker_than_its_kind(thickness_px, is_found):
    strokes = dash(160, thickness_px)
    assert (horizontal_lines(strokes, EVERYWHERE, KIND) == strokes * is_found).all()


@pytest.mark.parametrize("max_thickness_px", [1, 3, 5, 8])
def test_a_line_of_the_greatest_thickness_is_found(max_thickness_px):
    strokes = dash(160, max_thickness_px)
    assert (horizontal_lines(strokes, EVERYWHERE, LineKind(max_thickness_px, 0.5, is_thick=False)) == strokes).all()


@pytest.mark.parametrize(("length_px", "is_found"), [(99, False), (100, True), (101, True)])
@pytest.mark.parametrize("shape", [(100, 200), (200, 200)])
def test_a_line_is_as_long_as_its_kind_asks_as_a_share_of_the_long_side(length_px, is_found, shape):
    strokes = dash(length_px, 2, shape)
    assert (horizontal_lines(strokes, EVERYWHERE, KIND) == strokes * is_found).all()
    lines = horizontal_and_vertical_lines(np.ascontiguousarray(strokes.T), EVERYWHERE, KIND)
    assert (lines == strokes.T * is_found).all()


def test_the_parts_of_a_line_count_together_but_short_pieces_do_not():
    """The least run is 0.03 of the short side of 300 pixels, 9 of them."""
    for length_px, is_found in ((9, True), (8, False)):
        strokes = np.zeros((300, 400), np.uint8)
        strokes[150, [x for x in range(400) if x % 12 < length_px]] = 1
        assert (horizontal_lines(strokes, EVERYWHERE, KIND) == strokes * is_found).all()


@pytest.mark.parametrize(("height", "run_px"), [(100, 3), (133, 3), (134, 5), (166, 5), (200, 7), (233, 7), (234, 7), (267, 9)])
def test_the_least_run_grows_with_the_short_side_and_is_odd(height, run_px):
    for length_px, is_found in ((run_px, True), (run_px - 1, False)):
        strokes = np.zeros((height, 400), np.uint8)
        strokes[50, [x for x in range(400) if x % (run_px + 2) < length_px]] = 1
        assert horizontal_lines(strokes, EVERYWHERE, KIND).any() == is_found


@pytest.mark.parametrize("slope", [0.005, 0.01, -0.008])
@pytest.mark.parametrize("thickness_px", [1, 2, 4])
def test_lines_that_are_half_a_degree_off_are_found_whole(slope, thickness_px):
    strokes = np.zeros((200, 300), np.uint8)
    for x in range(300):
        top = round(100 + slope * (x - 150))
        strokes[top : top + thickness_px, x] = 1
    assert horizontal_lines(strokes, EVERYWHERE, KIND)[strokes > 0].all()


def test_steep_lines_are_not_horizontal():
    strokes = np.zeros((200, 300), np.uint8)
    for x in range(300):
        strokes[round(30 + 0.4 * x) : round(33 + 0.4 * x), x] = 1
    assert not horizontal_lines(strokes, EVERYWHERE, KIND).any()


@pytest.mark.parametrize("spacing_px", [8, 13, 24])
@pytest.mark.parametrize("thickness_px", [1, 2, 4])
def test_all_lines_at_equal_spacing_are_found_at_their_places(spacing_px, thickness_px):
    strokes = ((np.arange(160) % spacing_px < thickness_px)[:, np.newaxis] & np.ones((1, 240), np.bool_)).view(np.uint8)
    assert (horizontal_lines(strokes, EVERYWHERE, KIND) == strokes).all()


def test_writing_between_lines_is_none_of_them():
    strokes = dash(160, 2, top=40) | dash(60, 2, top=50)
    assert (horizontal_lines(strokes, EVERYWHERE, KIND) == dash(160, 2, top=40)).all()


def test_what_lies_within_two_rows_of_a_line_is_taken_with_it():
    """A band of 5 rows covers a line of one pixel from each of 5 rows, and each of those rows takes 2 more on either side."""
    for gap_px, is_taken in ((3, True), (4, False)):
        strokes = dash(160, 1, top=40) | dash(10, 1, top=41 + gap_px)
        taken = horizontal_lines(strokes, EVERYWHERE, KIND)
        assert taken[41 + gap_px].any() == is_taken


def test_the_window_that_no_thin_line_fills_is_odd_and_grows_with_the_image():
    assert [thin_line_window_px((side, 2 * side)) for side in (100, 1300, 2600)] == [5, 11, 21]


@pytest.mark.parametrize(("side", "window_px"), [(1, 5), (519, 5), (650, 5), (779, 5), (781, 7), (909, 7), (1039, 7), (1041, 9)])
def test_the_window_that_no_thin_line_fills_is_a_share_of_the_short_side(side, window_px):
    assert thin_line_window_px((side, side)) == thin_line_window_px((side + 700, side)) == window_px


THICK = LineKind(max_thickness_px=15, min_visible_length=0.2, is_thick=True)


@pytest.mark.parametrize(("length_px", "is_found"), [(159, False), (160, True), (161, True)])
def test_a_thick_line_runs_through_the_image(length_px, is_found):
    strokes = dash(length_px, 10)
    assert (horizontal_lines(strokes, EVERYWHERE, THICK) == strokes * is_found).all()


@pytest.mark.parametrize(("own_px", "is_found"), [(127, False), (128, True), (129, True)])
def test_writing_on_a_thick_line_counts_for_its_length_unless_the_line_is_too_short_in_each_row(own_px, is_found):
    """The digits rest just above the line, so that a band of rows is covered but no single one."""
    line, digits = dash(own_px, 2, top=40), np.zeros((100, 200), np.uint8)
    digits[20:39, 20 + own_px : 190] = 1
    found = horizontal_lines(line | digits, EVERYWHERE, THICK)
    assert (found[40:42] == line[40:42] * is_found).all()


@pytest.mark.parametrize(("visible_px", "is_found"), [(39, False), (40, True), (60, True)])
def test_enough_of_a_thick_line_must_be_visible(visible_px, is_found):
    strokes = dash(visible_px, 6, top=50)
    strokes[30:80, 20 + visible_px : 190] = 1
    found = horizontal_lines(strokes, EVERYWHERE, THICK)
    assert found.any() == is_found
    assert not found[:, 20 + visible_px :].any()


def test_a_thick_line_is_taken_with_two_rows_on_either_side():
    strokes = dash(170, 6, top=50)
    strokes[45:50, 100:105] = 1
    strokes[56:60, 130:135] = 1
    found = horizontal_lines(strokes, EVERYWHERE, THICK)
    assert np.flatnonzero(found[:, 102]).tolist() == [48, 49, 50, 51, 52, 53, 54, 55]
    assert np.flatnonzero(found[:, 132]).tolist() == [50, 51, 52, 53, 54, 55, 56, 57]


def test_an_image_that_is_not_rotated_has_lines_of_its_long_side():
    assert _full_length_px((30, 50), EVERYWHERE, KIND).tolist() == [[50]]
    assert _full_length_px((50, 30), EVERYWHERE, KIND).tolist() == [[50]]


def test_lines_across_the_corners_of_a_rotated_image_are_shorter_but_not_below_the_least_length():
    kind = LineKind(5, 0.25, is_thick=False)
    inside = np.array([[1, 0, 0, 0, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0, 0], [1, 1, 1, 0, 0, 0, 0, 0], [1] * 8, [0] * 8], np.uint8)
    assert _full_length_px((5, 8), inside, kind).tolist() == [[2], [2], [3], [8], [2]]
    assert _full_length_px((5, 8), inside[:, :4], kind).tolist() == [[2], [4], [6], [8], [2]]
    assert _full_length_px((16, 8), inside, kind).tolist() == [[4], [4], [6], [16], [4]]


def test_short_lines_across_a_corner_are_found_where_the_corner_is_known():
    strokes, inside = dash(60), np.ones((100, 200), np.uint8)
    assert not horizontal_lines(strokes, inside, KIND).any()
    inside[:60, 100:] = 0
    assert (horizontal_lines(strokes, inside, KIND) == strokes).all()


def test_vertical_lines_across_a_corner_are_found_where_the_corner_is_known():
    strokes, inside = np.ascontiguousarray(dash(60).T), np.ones((200, 100), np.uint8)
    assert not horizontal_and_vertical_lines(strokes, inside, KIND).any()
    inside[100:, :60] = 0
    assert (horizontal_and_vertical_lines(strokes, inside, KIND) == strokes).all()


@pytest.mark.parametrize(("gap_px", "is_bridged"), [(4, True), (5, True), (6, False)])
def test_crossings_lie_within_the_thickness_of_a_thin_line_of_both_directions(gap_px, is_bridged):
    """Where the greatest thickness of a thin line is 5 pixels, each line is lengthened by 5 at its ends."""
    horizontal, vertical = np.zeros((2, 40, 40), np.uint8)
    horizontal[20, : 20 - gap_px + 1] = 1
    vertical[: 20 - 4, 20] = 1
    crossings = _crossings(horizontal, vertical, PARAMS)
    assert crossings[20, 20] == is_bridged
    assert crossings.sum() == is_bridged
    assert (_crossings(vertical.T.copy(), horizontal.T.copy(), PARAMS) == crossings.T).all()


def test_lines_of_a_single_direction_have_no_crossings():
    lines, nothing = dash(100), np.zeros((100, 200), np.uint8)
    assert not _crossings(lines, nothing, PARAMS).any()
    assert not _crossings(nothing, lines, PARAMS).any()
