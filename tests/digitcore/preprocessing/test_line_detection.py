import numpy as np

from digitcore.preprocessing.line_detection import LineKind, horizontal_and_vertical_lines, horizontal_lines, max_thin_line_px, run_coverage

KIND = LineKind(max_thickness_px=5, min_visible_length=0.5, min_covered_length=None)
EVERYWHERE = np.ones((1, 1), np.uint8)


def crossed_lines():
    """Draw a line of 3 pixels in each direction through the whole image, and a blot: uint8 `(200, 300)`."""
    strokes = np.zeros((200, 300), np.uint8)
    strokes[99:102] = 1
    strokes[:, 149:152] = 1
    strokes[20:50, 20:50] = 1
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


def test_coverage_counts_columns_of_long_runs_alone():
    thin = np.zeros((50, 100), np.uint8)
    thin[20, 10:60] = 1
    thin[20, 70:73] = 1
    coverage_px = run_coverage(thin, 9, np.full((1, 1), 40.0))
    assert coverage_px[18:23, 0].tolist() == [50] * 5
    assert coverage_px.sum() == 5 * 50


def test_the_thickness_of_thin_lines_is_odd_and_grows_with_the_image():
    assert [max_thin_line_px((side, 2 * side)) for side in (100, 1300, 2600)] == [5, 11, 21]
