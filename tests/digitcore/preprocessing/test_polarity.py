import cv2
import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitcore.preprocessing.parameters import SheetParams
from digitcore.preprocessing.polarity import InkPolarity, _border_share, _largest_component_is_sheet, border_polarity
from synthetic.hands import HANDS, strokes, write
from tests.properties import given

PARAMS = SheetParams()
OPPOSITE = {InkPolarity.DARK: InkPolarity.LIGHT, InkPolarity.LIGHT: InkPolarity.DARK, None: None}
VIEWS = (np.flipud, np.fliplr, np.transpose)


def with_dark_border_pixels(dark_px):
    """Draw bright paper of 100 × 100 px whose border of 5 px (four sides of 500 px) has this many dark pixels, none in a corner."""
    top = np.full((5, 90), 220, np.uint8)
    bottom = top.copy()
    top.ravel()[:dark_px], bottom.ravel()[: max(0, dark_px - top.size)] = 60, 60
    paper = np.full((100, 100), 220, np.uint8)
    paper[:5, 5:95], paper[-5:, 5:95] = top, bottom
    return paper


def rectangle(height, width, removed_px=0):
    """Draw a rectangle in a mask of 100 × 100 px, with a hole of this many pixels within it."""
    mask = np.zeros((100, 100), np.uint8)
    mask[20 : 20 + height, 15 : 15 + width] = 1
    hole = np.ones((height - 20) * (width - 20), np.uint8)
    hole[:removed_px] = 0
    mask[30 : 10 + height, 25 : 5 + width] = hole.reshape(height - 20, width - 20)
    return mask


def test_the_values_are_those_of_the_setting():
    assert [str(polarity) for polarity in InkPolarity] == ["dark_ink", "light_ink"]


def test_a_border_of_one_brightness_is_paper():
    digit = write(np.zeros((120, 120), np.uint8), strokes(5), (25, 15), 90, 16)
    assert border_polarity(255 - digit) is InkPolarity.DARK
    assert border_polarity(digit) is InkPolarity.LIGHT


@pytest.mark.parametrize("pen_px", [2, 10, 20])
@pytest.mark.parametrize("digit", range(10))
def test_a_digit_is_no_sheet(digit, pen_px):
    drawn = write(np.zeros((120, 110), np.uint8), strokes(digit, "square"), (25, 15), 90, pen_px)
    paper = 255 - drawn
    assert border_polarity(paper) is InkPolarity.DARK
    assert border_polarity(drawn) is InkPolarity.LIGHT
    assert border_polarity(np.asarray(60 + paper // 4)) is InkPolarity.DARK


def test_a_very_bold_digit_is_no_sheet():
    drawn = write(np.zeros((120, 110), np.uint8), strokes(8, "square"), (25, 15), 90, 24)
    assert border_polarity(255 - drawn) is InkPolarity.DARK


@pytest.mark.parametrize("pen_px", [24, 28, 32])
@pytest.mark.parametrize("hand", HANDS)
def test_the_boldest_8_is_no_sheet(hand, pen_px):
    drawn = write(np.zeros((120, 110), np.uint8), strokes(8, hand), (25, 15), 90, pen_px)
    paper = 255 - drawn
    assert border_polarity(paper) is InkPolarity.DARK
    assert border_polarity(drawn) is InkPolarity.LIGHT
    assert border_polarity(np.asarray(60 + paper // 4)) is InkPolarity.DARK


@pytest.mark.parametrize("corners_xy", [[(25, 20), (135, 30), (125, 105), (30, 95)], [(60, 10), (140, 60), (90, 110), (20, 55)]])
def test_a_sheet_seen_from_the_side_is_one_still(corners_xy):
    scene = cv2.fillConvexPoly(np.full((120, 160), 60, np.uint8), np.array(corners_xy), 220)
    assert border_polarity(scene) is border_polarity(255 - scene) is None


@pytest.mark.parametrize(("cut_px", "is_sheet"), [(0, True), (11, True), (12, False), (20, False)])
def test_a_sheet_fills_nearly_all_of_the_quadrilateral_around_it(cut_px, is_sheet):
    # four triangles of cut_px² / 2 of a square of 70 × 70: 0.05 of it are 245 px²
    square, corners = [(15, 15), (85, 15), (85, 85), (15, 85)], []
    for (x, y), towards_x, towards_y in zip(square, (1, -1, -1, 1), (1, 1, -1, -1), strict=True):
        cut = [(x + towards_x * cut_px, y), (x, y + towards_y * cut_px)]
        corners += cut if towards_x != towards_y else cut[::-1]
    scene = cv2.fillConvexPoly(np.full((101, 101), 60, np.uint8), np.array(corners), 220)
    assert border_polarity(scene) is (None if is_sheet else InkPolarity.LIGHT)
    assert border_polarity(255 - scene) is (None if is_sheet else InkPolarity.DARK)


@pytest.mark.parametrize(("blur_px", "decides"), [(0, True), (5, True), (20, False)])
def test_only_a_round_part_with_a_sharp_edge_is_a_digit(blur_px, decides):
    spot = cv2.circle(np.full((150, 150), 60, np.uint8), (75, 75), 50, 220, -1)
    scene = cv2.GaussianBlur(spot, None, blur_px) if blur_px else spot
    assert border_polarity(scene) is (InkPolarity.LIGHT if decides else None)


@pytest.mark.parametrize("centre_xy", [(80, 60), (50, 40)])
def test_a_border_that_is_merely_far_from_a_lamp_decides_nothing(centre_xy):
    y, x = np.mgrid[:120, :160]
    lamp = 60 + 140 / (1 + np.hypot(x - centre_xy[0], y - centre_xy[1]) ** 2 / 45**2)
    assert border_polarity(lamp.astype(np.uint8)) is None


def test_a_border_half_bright_and_half_dark_decides_nothing():
    half = np.full((120, 120), 200, np.uint8)
    half[:, :60] = 60
    assert border_polarity(half) is None


@pytest.mark.parametrize(("dark_px", "polarity"), [(1, InkPolarity.DARK), (499, InkPolarity.DARK), (501, None), (900, None)])
def test_the_border_is_paper_where_its_majority_is_clear(dark_px, polarity):
    # a quarter of 2000 pixels
    paper = with_dark_border_pixels(dark_px)
    assert border_polarity(paper) is polarity
    assert border_polarity(255 - paper) is OPPOSITE[polarity]


@pytest.mark.parametrize("brightness", [1, 60, 200, 255])
def test_an_image_of_one_brightness_is_bright_paper_unless_it_is_black(brightness):
    assert border_polarity(np.full((64, 80), brightness, np.uint8)) is InkPolarity.DARK
    assert border_polarity(np.zeros((64, 80), np.uint8)) is InkPolarity.LIGHT


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1), (2, 2)])
def test_the_smallest_images_are_all_border(shape):
    assert border_polarity(np.full(shape, 200, np.uint8)) is InkPolarity.DARK


def test_the_surface_around_a_sheet_decides_nothing():
    sheet = np.full((120, 160), 60, np.uint8)
    cv2.rectangle(sheet, (25, 20), (135, 100), 220, -1)
    assert border_polarity(sheet) is None


@pytest.mark.parametrize(("height_px", "is_sheet"), [(50, False), (51, True)])
def test_only_a_large_sheet_keeps_its_surroundings_from_deciding(height_px, is_sheet):
    scene = np.where(rectangle(height_px, 50) > 0, 220, 60).astype(np.uint8)
    assert border_polarity(scene) is (None if is_sheet else InkPolarity.LIGHT)
    assert border_polarity(255 - scene) is (None if is_sheet else InkPolarity.DARK)


@given(arrays(np.uint8, (6, 8), elements=st.sampled_from([40, 210])), st.sampled_from([40, 210]))
def test_the_polarity_of_the_negative_is_the_opposite_and_no_flip_changes_it(blocks, border):
    image = np.pad(np.kron(blocks, np.ones((8, 8), np.uint8)), 3, constant_values=border)
    image[11:19, 11:19] = 250 - border
    before = image.copy()
    polarity = border_polarity(image)
    assert border_polarity(255 - image) is OPPOSITE[polarity]
    for view in VIEWS:
        assert border_polarity(np.ascontiguousarray(view(image))) is polarity
    assert border_polarity(np.repeat(image, 2, axis=1)[:, ::2]) is polarity
    assert (image == before).all()


@pytest.mark.parametrize("side_px", [11, 50, 117])
def test_the_border_is_as_wide_as_the_edge_of_a_sheet(side_px):
    inner = np.zeros((side_px, side_px + 10), np.uint8)
    inner[5:-5, 5:-5] = 1
    assert _border_share(inner, PARAMS) == 0
    assert _border_share(1 - inner, PARAMS) == 1
    inner[4, 5:-5] = 1
    assert _border_share(inner, PARAMS) > 0


@pytest.mark.parametrize("turns", range(4))
def test_each_side_of_the_border_counts_alike(turns):
    mask = np.zeros((100, 100), np.uint8)
    mask[0:5, 10:30], mask[5:50, 10:30] = 1, 1
    assert _border_share(np.rot90(mask, turns), PARAMS) == 100 / 2000


@given(arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=st.integers(0, 1)))
def test_the_border_share_is_the_mean_of_the_four_sides(mask):
    sides = [mask[:5], mask[-5:], mask[:, :5], mask[:, -5:]]
    expected = sum(int(side.sum()) for side in sides) / sum(side.size for side in sides)
    assert _border_share(mask, PARAMS) == pytest.approx(expected, rel=1e-12)


def test_an_empty_mask_has_no_sheet():
    assert not _largest_component_is_sheet(np.zeros((50, 60), np.uint8), SheetParams())


@pytest.mark.parametrize(
    ("height", "width", "is_sheet"), [(50, 50, False), (50, 51, True), (51, 50, True), (32, 78, False), (79, 32, True)]
)
def test_a_sheet_has_a_box_larger_than_a_quarter_of_the_image(height, width, is_sheet):
    assert _largest_component_is_sheet(rectangle(height, width), SheetParams()) is is_sheet


@pytest.mark.parametrize(("removed_px", "is_sheet"), [(0, True), (467, True), (468, False), (900, False)])
def test_a_sheet_fills_nearly_all_of_its_hull(removed_px, is_sheet):
    # 0.87 of 60 × 60 px are 3132
    assert _largest_component_is_sheet(rectangle(60, 60, removed_px), SheetParams()) is is_sheet


def test_a_notch_counts_like_a_hole():
    mask = rectangle(60, 60)
    mask[20:45, 30:48] = 0
    assert _largest_component_is_sheet(mask, SheetParams())
    mask[20:47, 30:48] = 0
    assert not _largest_component_is_sheet(mask, SheetParams())


def test_a_triangle_is_convex_and_a_cross_is_not():
    triangle, cross = np.zeros((100, 100), np.uint8), np.zeros((100, 100), np.uint8)
    cv2.fillConvexPoly(triangle, np.array([[10, 10], [90, 15], [40, 90]]), 1)
    cross[10:90, 35:65], cross[35:65, 10:90] = 1, 1
    assert _largest_component_is_sheet(triangle, SheetParams())
    assert not _largest_component_is_sheet(cross, SheetParams())


@pytest.mark.parametrize("small_first", [True, False])
def test_only_the_largest_component_can_be_the_sheet(small_first):
    mask = np.zeros((100, 100), np.uint8)
    mask[2:8, 2:8], mask[85:95, 88:98] = small_first, not small_first
    mask[15:80, 15:80] = 1
    assert _largest_component_is_sheet(mask, SheetParams())
    mask[20:75, 20:40], mask[20:75, 45:75] = 0, 0
    assert not _largest_component_is_sheet(mask, SheetParams())
