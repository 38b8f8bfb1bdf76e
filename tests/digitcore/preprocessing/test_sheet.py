import cv2
import numpy as np
import pytest
from scipy import ndimage
from skimage.draw import polygon2mask

from digitcore.preprocessing.resampling import make_overview
from digitcore.preprocessing.sheet import find_sheet, mask_outside_sheet

CORNERS = np.array([(60, 40), (570, 55), (590, 430), (45, 445)], np.int32)


def sheet_on_a_table(light, paper=220, table=70, ink=60):
    """Draw a written sheet on a darker table under some light: uint8 `(480, 640)`."""
    grey = np.full((480, 640), table, np.uint8)
    cv2.fillConvexPoly(grey, CORNERS, paper)
    cv2.putText(grey, "4711", (150, 260), cv2.FONT_HERSHEY_SIMPLEX, 4, ink, 9)
    return (grey * light).astype(np.uint8)


def overlap_with_the_true_sheet(grey):
    """Compute intersection over union of the sheet found and the true one."""
    outline = find_sheet(make_overview(grey), (480, 640))
    true = cv2.fillConvexPoly(np.zeros((480, 640), np.uint8), CORNERS, 1) > 0
    inside = ~mask_outside_sheet(outline, (480, 640))
    return (inside & true).sum() / (inside | true).sum()


def rectangle(width, height, shape=(100, 100), corner_xy=None, paper=200, table=50):
    """Draw a bright rectangle in the middle of a darker overview, or with a given corner: uint8 `(h, w)`."""
    left, top = corner_xy or ((shape[1] - width) // 2, (shape[0] - height) // 2)
    overview = np.full(shape, table, np.uint8)
    overview[top : top + height, left : left + width] = paper
    return overview


def turned_corners(angle_deg, width=150, height=106, centre_xy=(128, 96)):
    """Compute the corners of a rectangle that is turned about its centre: float64 `(4, 2)`, x and y."""
    angle = np.deg2rad(angle_deg)
    along, across = np.array([np.cos(angle), np.sin(angle)]), np.array([-np.sin(angle), np.cos(angle)])
    return np.array(centre_xy) + [a * width / 2 * along + b * height / 2 * across for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))]


def filled(corners_xy, shape=(192, 256)):
    """Mask the inside of a polygon by the test of each pixel: bool `(H, W)`."""
    return polygon2mask(shape, corners_xy[:, ::-1])


def overlap(outline, true):
    """Compute intersection over union of an outline's inside and a mask."""
    inside = filled(outline.astype(float), true.shape)
    return (inside & true).sum() / (inside | true).sum()


def distance_to_outline_px(corners_xy, outline):
    """Compute the greatest distance of any corner to the nearest point of an outline."""
    return max(abs(cv2.pointPolygonTest(outline.astype(np.float32), tuple(map(float, corner)), True)) for corner in corners_xy)


@pytest.mark.parametrize("light", ["even", "falling", "half in shadow"])
def test_a_sheet_on_a_table_is_found(light):
    x = np.linspace(0, 1, 640)
    lights = {"even": np.ones(640), "falling": 1 - 0.5 * x, "half in shadow": np.where(x < 0.5, 1, 0.55)}
    assert overlap_with_the_true_sheet(sheet_on_a_table(lights[light])) > 0.9


def test_a_sheet_with_bold_digits_on_an_eighth_of_it_is_found():
    grey = sheet_on_a_table(np.ones(640))
    for number, corner_xy in (("374", (100, 215)), ("125", (100, 400))):
        cv2.putText(grey, number, corner_xy, cv2.FONT_HERSHEY_SIMPLEX, 6, 60, 16)
    assert overlap_with_the_true_sheet(grey) > 0.9


def test_a_written_board_on_a_bright_wall_is_found():
    assert overlap_with_the_true_sheet(sheet_on_a_table(1.0, paper=60, table=220, ink=230)) > 0.9


@pytest.mark.parametrize("paper", ["bare", "shadow", "digit"])
def test_paper_that_fills_the_image_is_no_sheet(paper, drawing):
    greys = {
        "bare": np.full((240, 320), 200, np.uint8),
        "shadow": np.tile(np.where(np.arange(320) < 160, 220, 100).astype(np.uint8), (240, 1)),
        "digit": 255 - drawing(0, pen_px=40)[..., 0],
    }
    assert find_sheet(make_overview(greys[paper]), greys[paper].shape) is None


@pytest.mark.parametrize("angle_deg", [0, 5, -12, 20, 33, 45, 60, 90])
@pytest.mark.parametrize(("paper", "table"), [(220, 40), (130, 20), (255, 150), (90, 60)])
def test_a_sheet_is_found_at_any_angle_and_brightness(angle_deg, paper, table):
    corners = turned_corners(angle_deg)
    true = filled(corners)
    overview = np.where(true, paper, table).astype(np.uint8)
    outline = find_sheet(overview, (192, 256))
    assert outline.dtype == np.int32
    assert overlap(outline, true) > 0.96
    assert distance_to_outline_px(corners, outline) < 3


@pytest.mark.parametrize("scale", [1, 2, 3, 5])
def test_the_outline_is_scaled_to_the_image(scale):
    corners = np.array([(50, 30), (210, 45), (190, 160), (60, 150)], float)
    true = filled(corners)
    outline = find_sheet(np.where(true, 200, 50).astype(np.uint8), (192 * scale, 256 * scale))
    assert overlap(outline / scale, true) > 0.97


def test_the_scales_of_height_and_width_may_differ():
    outline = find_sheet(rectangle(160, 100, (192, 256)), (384, 768))
    assert np.ptp(outline, axis=0) == pytest.approx([3 * 159, 2 * 99], abs=1)


@pytest.mark.parametrize("corner_xy", [(20, 20), (21, 20), (20, 21), (21, 23)])
def test_at_a_scale_of_one_the_outline_is_that_of_the_overview(corner_xy):
    left, top = corner_xy
    outline = find_sheet(rectangle(70, 61, corner_xy=corner_xy), (100, 100))
    expected = {(left, top), (left + 69, top), (left, top + 60), (left + 69, top + 60)}
    assert {tuple(corner) for corner in outline.tolist()} == expected


def test_the_sheet_turns_and_mirrors_with_the_image():
    overview = np.where(filled(turned_corners(7)), 200, 50).astype(np.uint8)
    inside = ~mask_outside_sheet(find_sheet(overview, (576, 768)), (576, 768))
    for change in (np.transpose, np.flipud, np.fliplr):
        changed = np.ascontiguousarray(change(overview))
        before = changed.copy()
        shape = change(inside).shape
        found = ~mask_outside_sheet(find_sheet(changed, shape), shape)
        assert (found != change(inside)).sum() < 0.01 * inside.sum()
        assert (changed == before).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 1), (3, 3), (20, 30)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_even_image_has_no_sheet(shape, level):
    assert find_sheet(np.full(shape, level, np.uint8), shape) is None


def test_noise_has_no_sheet():
    assert find_sheet(np.random.default_rng(0).integers(0, 256, (100, 120), np.uint8), (100, 120)) is None


@pytest.mark.parametrize(
    ("width", "height", "is_found"),
    [
        pytest.param(41, 31, True, id="40 x 30 between its corners: 0.12 of the image"),
        pytest.param(41, 30, False, id="40 x 29"),
        pytest.param(40, 31, False, id="39 x 30"),
        pytest.param(90, 90, True, id="large"),
        pytest.param(98, 98, True, id="nearly all"),
        pytest.param(30, 30, False, id="small"),
    ],
)
def test_a_sheet_fills_at_least_an_eighth_of_the_image(width, height, is_found):
    assert (find_sheet(rectangle(width, height), (100, 100)) is not None) == is_found


@pytest.mark.parametrize(("table", "is_found"), [(0, True), (158, True), (159, True), (160, False), (190, False), (200, False)])
def test_the_surroundings_are_darker_than_four_fifths_of_the_sheet(table, is_found):
    assert (find_sheet(rectangle(70, 70, table=table), (100, 100)) is not None) == is_found


@pytest.mark.parametrize("length", [80, 131, 160])
def test_a_sheet_may_be_long_as_a_receipt_is(length):
    overview = rectangle(length, 40, (100, 200))
    assert find_sheet(overview, (100, 200)) is not None
    assert find_sheet(np.ascontiguousarray(overview.T), (200, 100)) is not None


@pytest.mark.parametrize(("contact", "is_found"), [(40, True), (80, True)])
def test_a_sheet_may_reach_out_of_the_image_on_part_of_one_side(contact, is_found):
    """The border of 100 × 100 pixels counts 400, of which 0.25 are 100."""
    overview = rectangle(80, 60, corner_xy=(10, 20))
    left = (100 - contact) // 2
    overview[:20, left : left + contact] = 200
    for turned in (overview, overview[::-1], overview.T):
        assert (find_sheet(np.ascontiguousarray(turned), (100, 100)) is not None) == is_found


@pytest.mark.parametrize(("height", "is_found"), [(30, True), (40, True), (41, False), (60, False)])
def test_a_sheet_may_not_reach_out_of_the_image_on_much_of_two_sides(height, is_found):
    """The border of 100 × 100 pixels counts 400, of which 0.25 are 100."""
    overview = np.full((100, 100), 50, np.uint8)
    overview[:height, :60] = 200
    assert (find_sheet(overview, (100, 100)) is not None) == is_found


@pytest.mark.parametrize(("notch_px", "is_found"), [(300, True), (640, True), (660, False), (900, False)])
def test_a_sheet_fills_eighty_seven_hundredths_of_its_convex_hull(notch_px, is_found):
    """Of 81 × 61 pixels, 642 may be missing; rows of 20 are, from the middle of the upper edge."""
    overview = rectangle(81, 61)
    for index in range(notch_px):
        overview[19 + index // 20, 40 + index % 20] = 50
    assert (find_sheet(overview, (100, 100)) is not None) == is_found


def test_two_sheets_are_none():
    overview = rectangle(40, 80, corner_xy=(5, 10))
    overview[10:90, 55:95] = 200
    assert find_sheet(overview, (100, 100)) is not None
    overview[10:90, 65:95] = 50
    assert find_sheet(overview, (100, 100)) is not None


def two_tone_sheet(bright_width):
    """Draw a sheet of 101 × 81 pixels of medium brightness that is bright up to a width: uint8 `(110, 130)`."""
    overview = np.full((110, 130), 50, np.uint8)
    overview[15:96, 15:116] = 120
    overview[15:96, 15 : 15 + bright_width] = 220
    return overview


@pytest.mark.parametrize(("bright_width", "found_width"), [(60, 101), (87, 101), (88, 101), (89, 89), (95, 95)])
def test_of_outlines_of_about_the_same_area_the_sharpest_is_taken(bright_width, found_width):
    """The areas between the corners are 100 × 80 and up to 88 × 80, of which 87 × 80 isn't more than 0.87."""
    outline = find_sheet(two_tone_sheet(bright_width), (110, 130))
    assert np.ptp(outline[:, 0]) == pytest.approx(found_width - 1, abs=1)
    assert np.ptp(outline[:, 1]) == pytest.approx(80, abs=1)


def test_what_is_no_brighter_than_a_level_is_no_part_of_the_sheet():
    """Between 50 and 200, the lowest of the levels is 60."""
    overview = np.full((110, 130), 50, np.uint8)
    overview[15:96, 15:116] = 60
    overview[15:96, 15:85] = 200
    outline = find_sheet(overview, (110, 130))
    assert np.ptp(outline[:, 0]) == pytest.approx(69, abs=1)


def test_a_shaded_sheet_is_found_whole():
    overview = rectangle(80, 70)
    overview[15:85, 50:90] = 100
    outline = find_sheet(overview, (100, 100))
    assert np.ptp(outline, axis=0) == pytest.approx([79, 69], abs=1)


@pytest.mark.parametrize(("chalk", "is_found"), [(60, False), (110, False), (111, False), (112, True), (230, True)])
def test_a_board_bears_writing_that_is_brighter_by_a_fifth_of_white(chalk, is_found):
    overview = rectangle(70, 70, paper=60, table=220)
    overview[30:70:6, 30:70] = np.minimum(chalk, 220)
    assert (find_sheet(overview, (100, 100)) is not None) == is_found


def test_writing_of_a_hundredth_of_a_board_makes_it_one():
    """Without a margin of 2 pixels the board has 66 × 66 of them, and 44 are a hundredth."""
    for count, is_found in ((40, False), (50, True)):
        overview = rectangle(70, 70, paper=60, table=220)
        overview[50, 20 : 20 + count] = 200
        assert (find_sheet(overview, (100, 100)) is not None) == is_found


@pytest.mark.parametrize(("cut_px", "is_found"), [(10, True), (20, True), (25, False), (26, False)])
def test_a_board_is_nearly_a_rectangle(cut_px, is_found):
    """With its four corners cut off, 100 × 80 pixels have lost 2 n² of 8000."""
    x, y = np.meshgrid(np.arange(120), np.arange(100))
    inside = (x >= 10) & (x <= 110) & (y >= 10) & (y <= 90)
    for corner_x, corner_y in ((10, 10), (110, 10), (10, 90), (110, 90)):
        inside &= abs(x - corner_x) + abs(y - corner_y) >= cut_px
    board = np.where(inside, 60, 220).astype(np.uint8)
    board[40:60:6, 40:80] = 220
    assert (find_sheet(board, (100, 120)) is not None) == is_found


def test_a_sheet_is_preferred_to_a_board_beside_it():
    overview = rectangle(91, 85, (100, 200), (105, 8), paper=50, table=120)
    overview[30:70:6, 120:180] = 120
    assert find_sheet(overview, (100, 200))[:, 0].min() > 100
    overview[8:93, 5:96] = 200
    assert find_sheet(overview, (100, 200))[:, 0].max() < 100


def test_nothing_is_outside_where_there_is_no_sheet():
    assert not mask_outside_sheet(None, (20, 30)).any()


@pytest.mark.parametrize(
    ("shape", "edge_px"),
    [((50, 60), 3), ((200, 260), 3), ((540, 600), 3), ((542, 600), 4), ((800, 900), 5), ((900, 800), 5), ((2000, 2200), 12)],
)
def test_the_edge_of_a_sheet_is_outside_of_it(shape, edge_px):
    """The edge is 0.012 of the short side wide, but at least 5 pixels, half of it inside of the outline."""
    top, left, bottom, right = shape[0] // 5, shape[1] // 5, shape[0] - 12, shape[1] - 14
    outline = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.int32)
    outside = mask_outside_sheet(outline, shape)
    y, x = np.mgrid[: shape[0], : shape[1]]
    depth_px = np.minimum.reduce([x - left, right - x, y - top, bottom - y])
    assert outside.dtype == np.bool_
    assert (outside == (depth_px <= edge_px)).all()


def test_the_edge_follows_a_turned_sheet():
    corners = turned_corners(25)
    outside = mask_outside_sheet(np.round(corners).astype(np.int32), (192, 256))
    depth_px = ndimage.distance_transform_edt(filled(corners))
    assert outside[depth_px < 1.5].all()
    assert not outside[depth_px > 4.5].any()
