from dataclasses import replace

import cv2
import numpy as np
import pytest
from scipy import ndimage

from digitcore.preprocessing.parameters import SheetParams
from digitcore.preprocessing.sheet import (
    _candidate_levels,
    _close_strokes,
    _could_be_solid,
    _edge_contrast,
    _flat_parts,
    _has_shape_of_sheet,
    _has_sharp_edge,
    _is_board,
    _is_solid,
    _is_surrounded_by_darker,
    _sharp_edges,
    _sheet_outline,
)

PARAMS = SheetParams()


def hull(width, height, left=10, top=10):
    """Build the outline of an upright rectangle: int32 `(4, 2)`."""
    right, bottom = left + width, top + height
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.int32)


@pytest.mark.parametrize(("width_px", "is_closed"), [(1, True), (5, True), (6, True), (7, False), (20, False)])
def test_dark_strokes_up_to_six_hundredths_of_the_short_side_are_closed(width_px, is_closed):
    overview = np.full((100, 130), 200, np.uint8)
    overview[20:80, 50 : 50 + width_px] = 50
    closed = _close_strokes(overview, PARAMS)
    assert closed.shape == overview.shape
    assert (closed == (200 if is_closed else overview)).all()
    assert (_close_strokes(np.ascontiguousarray(overview.T), PARAMS) == closed.T).all()


def test_a_narrow_dark_strip_along_the_border_stays():
    for side in (np.s_[:3], np.s_[-1:], np.s_[:, :2], np.s_[:, -4:]):
        overview = np.full((100, 130), 200, np.uint8)
        overview[side] = 50
        assert (_close_strokes(overview, PARAMS) == overview).all()


@pytest.mark.parametrize(("shape", "side_px"), [((16, 20), 1), ((33, 20), 1), ((40, 50), 3), ((90, 64), 3), ((67, 80), 5), ((100, 101), 7)])
def test_strokes_are_closed_by_a_square_with_the_border_continued(shape, side_px):
    overview = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    before = overview.copy()
    continued = np.pad(overview, 2 * side_px, mode="edge")
    closed = ndimage.grey_closing(continued, (side_px, side_px))[2 * side_px : -2 * side_px, 2 * side_px : -2 * side_px]
    assert (_close_strokes(overview, PARAMS) == closed).all()
    assert (overview == before).all()


@pytest.mark.parametrize(
    ("greys", "levels"),
    [
        pytest.param([0, 150], range(10, 150, 10), id="two levels"),
        pytest.param([250, 100], range(110, 250, 10), id="brighter"),
        pytest.param([0, 15], range(1, 15), id="close"),
        pytest.param([0, 3, 1], [0, 1, 2], id="closer"),
        pytest.param([90], [90], id="one level"),
    ],
)
def test_levels_are_at_equal_distances_between_the_darkest_and_the_brightest(greys, levels):
    assert _candidate_levels(np.array([greys], np.uint8)) == list(levels)


@pytest.mark.parametrize(("width", "height", "is_large"), [(60, 50, True), (60, 49, False), (59, 51, True), (59, 50, False)])
def test_a_large_outline_has_the_given_share_of_the_image(width, height, is_large):
    bright = np.zeros((100, 100), np.uint8)
    bright[10 : 11 + height, 10 : 11 + width] = 1  # the area of an outline is that between the middles of its pixels
    paper = np.where(bright, 200, 50).astype(np.uint8)
    outline = _sheet_outline(bright, paper, _sharp_edges(paper, PARAMS), replace(PARAMS, min_area=0.3))
    assert (outline is not None) == is_large


@pytest.mark.parametrize(("count", "could_be"), [(2174, False), (2175, True), (2176, True)])
def test_a_mask_of_too_few_pixels_cannot_fill_an_outline(count, could_be):
    bright = np.zeros((100, 100), np.uint8)
    bright.ravel()[:count] = 1
    assert _could_be_solid(hull(50, 50), bright, PARAMS) == could_be


@pytest.mark.parametrize(("missing", "is_solid"), [(0, True), (324, True), (325, True), (326, False)])
def test_a_solid_component_fills_eighty_seven_hundredths_of_its_hull(missing, is_solid):
    inside = np.zeros((100, 100), np.uint8)
    inside[20:70, 20:70] = 1
    bright = np.ones((100, 100), np.uint8)
    bright[20:70, 20:70] = (np.arange(2500) >= missing).reshape(50, 50)
    assert _is_solid(inside, bright, PARAMS) == is_solid


def test_an_ellipse_is_no_sheet_but_a_sheet_with_a_folded_corner_is():
    ellipse = cv2.ellipse2Poly((100, 80), (60, 40), 0, 0, 360, 5)
    assert not _has_shape_of_sheet(ellipse, PARAMS)
    assert _has_shape_of_sheet(np.array([(10, 10), (90, 10), (110, 30), (110, 90), (10, 90)], np.int32), PARAMS)


@pytest.mark.parametrize(("width_px", "is_sharp"), [(1, True), (5, True), (40, False)])
def test_the_edge_of_a_sheet_is_sharp_and_that_of_a_light_is_soft(width_px, is_sharp):
    sheet = np.full((120, 160), 120.0)
    sheet[30:90, 40:120] = 200
    paper = cv2.blur(sheet, (width_px, width_px)).astype(np.uint8)
    assert _has_sharp_edge(hull(79, 59, 40, 30), _sharp_edges(paper, PARAMS), PARAMS) == is_sharp


@pytest.mark.parametrize(("soft", "is_sharp"), [(0.2, True), (0.3, False)])
def test_a_quarter_of_an_edge_may_be_soft(soft, is_sharp):
    paper = np.full((120, 160), 60, np.uint8)
    paper[30:91, 40:121] = 200
    outline = hull(80, 60, 40, 30)  # 280 px long
    paper[:30, 40 : 40 + round(280 * soft)] = 200
    assert _has_sharp_edge(outline, _sharp_edges(paper, PARAMS), PARAMS) == is_sharp


def test_an_edge_along_the_border_of_the_image_is_not_examined():
    assert _has_sharp_edge(hull(97, 97, 1, 1), _sharp_edges(np.full((100, 100), 200, np.uint8), PARAMS), PARAMS)


def test_flat_parts_are_divided_by_steps_and_not_by_slopes():
    x = np.arange(200)
    surface = np.clip(60 + x / 2, 0, 255)
    image = np.tile(surface, (150, 1))
    image[40:110, 50:150] += 80  # the sheet is lit like the surface, whose right is as bright as the left of the sheet
    parts = list(_flat_parts(image.astype(np.uint8), PARAMS))
    assert [int(part.sum()) for part in parts] == [200 * 150 - 100 * 70, 100 * 70]


@pytest.mark.parametrize(("outside", "is_surrounded"), [(0, True), (79, True), (80, False), (81, False), (255, False)])
def test_the_surroundings_are_compared_by_medians(outside, is_surrounded):
    inside, paper = np.zeros((10, 10), np.uint8), np.full((10, 10), outside, np.uint8)
    inside[2:7, 2:7] = 1
    paper[2:7, 2:7] = 100
    paper[3, 3:7] = 0
    paper[0, :3] = 255
    assert _is_surrounded_by_darker(inside, paper, PARAMS) == is_surrounded


def test_an_outline_around_the_whole_image_is_not_surrounded():
    assert not _is_surrounded_by_darker(np.ones((5, 5), np.uint8), np.full((5, 5), 255, np.uint8), PARAMS)


def test_the_contrast_of_an_edge_is_the_difference_of_two_bands_of_two_pixels():
    paper = np.zeros((30, 40), np.uint8)
    paper[8:21, 8:31] = 30
    paper[10:19, 10:29] = 120
    paper[12:17, 12:27] = 255
    assert _edge_contrast(hull(18, 8), paper, PARAMS) == pytest.approx(120 - 30)
    paper[8:21, 8:31] = 200
    paper[10:19, 10:29] = 120
    assert _edge_contrast(hull(18, 8), paper, PARAMS) == pytest.approx(120 - 200)


def test_the_contrast_of_an_edge_is_the_mean_along_it():
    paper = np.zeros((60, 80), np.uint8)
    paper[20:41, 20:61] = 200
    paper[:, 60:] = 200
    outline = hull(39, 20, 20, 20)
    bands = {True: [], False: []}
    for y in range(60):
        for x in range(80):
            if 20 <= y <= 40 and 20 <= x <= 59 and not (22 <= y <= 38 and 22 <= x <= 57):
                bands[True].append(int(paper[y, x]))
            elif 18 <= y <= 42 and 18 <= x <= 61 and not (20 <= y <= 40 and 20 <= x <= 59):
                bands[False].append(int(paper[y, x]))
    assert _edge_contrast(outline, paper, PARAMS) == pytest.approx(np.mean(bands[True]) - np.mean(bands[False]))


def test_no_outline_is_found_where_nothing_is_bright():
    nothing = np.zeros((20, 20), np.uint8)
    assert _sheet_outline(nothing, nothing, nothing, PARAMS) is None


def test_the_outline_is_the_convex_hull_of_the_largest_component():
    bright = np.zeros((100, 120), np.uint8)
    bright[10:80, 10:90] = 1
    bright[10:20, 40:60] = 0
    bright[90:95, 100:115] = 1
    paper = np.where(bright, 200, 50).astype(np.uint8)
    outline = _sheet_outline(bright, paper, _sharp_edges(paper, PARAMS), PARAMS)
    assert sorted(map(tuple, outline.tolist())) == [(10, 10), (10, 79), (89, 10), (89, 79)]


@pytest.mark.parametrize(("chalk", "is_board"), [(111, False), (112, True)])
def test_the_writing_on_a_board_is_brighter_by_a_fifth_of_white(chalk, is_board):
    overview = np.full((100, 120), 220, np.uint8)
    overview[10:71, 10:91] = 60
    overview[40:44, 30:70] = chalk
    assert _is_board(hull(80, 60), overview, PARAMS) == is_board


@pytest.mark.parametrize(("dark_px", "is_board"), [(2180, False), (2210, True)])
def test_the_writing_on_a_board_is_compared_with_its_median(dark_px, is_board):
    """Without its edge, the board has 77 × 57 pixels, half of which are 2194."""
    overview = np.full((100, 120), 220, np.uint8)
    overview[12:69, 12:89] = np.where(np.arange(57 * 77) < dark_px, 60, 112).reshape(57, 77)
    assert _is_board(hull(80, 60), overview, PARAMS) == is_board


def test_the_edge_of_a_board_is_no_writing():
    overview = np.full((100, 120), 220, np.uint8)
    overview[12:69, 12:89] = 60
    assert not _is_board(hull(80, 60), overview, PARAMS)
    overview[12:69, 12:89] = 220
    overview[13:68, 13:88] = 60
    assert _is_board(hull(80, 60), overview, PARAMS)


def test_an_outline_without_an_inner_part_is_no_board():
    assert not _is_board(hull(3, 3), np.random.default_rng(0).integers(0, 256, (20, 20), np.uint8), PARAMS)
