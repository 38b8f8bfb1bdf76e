import numpy as np
import pytest
from hypothesis import strategies as st
from scipy import ndimage

from digitcore.preprocessing.parameters import PreprocessingParams
from digitcore.preprocessing.ruled_lines import (
    _has_long_component,
    _ink_overview,
    _rotation_about_centre,
    _without_thick_parts,
    remove_ruled_lines,
)
from tests.properties import given

PARAMS = PreprocessingParams()


def ruled(angle_deg, spacing_px, thickness_px, shape=(300, 500), squares=False):
    """Draw lines turned clockwise by an angle, or squares: bool `(H, W)`."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    cos, sin = np.cos(np.deg2rad(angle_deg)), np.sin(np.deg2rad(angle_deg))
    lines = (y * cos - x * sin + 9) % spacing_px < thickness_px
    return lines | ((y * sin + x * cos + 9) % spacing_px < thickness_px) if squares else lines


def dash(length_px, thickness_px, shape=(300, 400)):
    """Draw a horizontal dash that begins in column 20 of row 150: bool `(H, W)`."""
    ink = np.zeros(shape, np.bool_)
    ink[150 : 150 + thickness_px, 20 : 20 + length_px] = True
    return ink


@pytest.mark.parametrize("tilt_deg", [0, 3, -6])
def test_squares_are_ruled_lines_their_crossings_too(squared, tilt_deg):
    lines = squared(tilt_deg) < 200
    removed = lines & ~remove_ruled_lines(lines)
    assert (removed & lines)[40:-40, 40:-40].sum() > 0.97 * lines[40:-40, 40:-40].sum()


def test_digits_are_no_ruled_lines(squared, written_on):
    grey, digits = written_on(squared().astype(float), contrast=150)
    ink = grey < 200
    removed = ink & ~remove_ruled_lines(ink)
    assert (removed & digits).sum() < 0.15 * digits.sum()


def test_a_dash_is_too_short_for_a_ruled_line():
    ink = np.zeros((300, 400), np.bool_)
    ink[150:153, 180:240] = True
    assert (remove_ruled_lines(ink) == ink).all()


@pytest.mark.parametrize("squares", [False, True])
@pytest.mark.parametrize("thickness_px", [1, 2, 3, 4])
@pytest.mark.parametrize("spacing_px", [20, 31, 60])
def test_upright_lines_are_removed_whole(squares, thickness_px, spacing_px):
    ink = ruled(0, spacing_px, thickness_px, squares=squares)
    before = ink.copy()
    kept = remove_ruled_lines(ink)
    assert kept.dtype == np.bool_
    assert not kept.any()
    assert not remove_ruled_lines(np.ascontiguousarray(ink.T)).any()
    assert (ink == before).all()


@pytest.mark.parametrize("angle_deg", [-13, -7.5, -4, -1, -0.5, 0.5, 2, 5, 8.25, 12])
@pytest.mark.parametrize(("spacing_px", "thickness_px"), [(40, 2), (60, 3)])
def test_lines_at_an_angle_are_removed(angle_deg, spacing_px, thickness_px):
    ink = ruled(angle_deg, spacing_px, thickness_px)
    inner = np.s_[60:-60, 60:-60]
    assert remove_ruled_lines(ink)[inner].sum() <= 0.03 * ink[inner].sum()


@pytest.mark.parametrize("angle_deg", [20, -25, 40])
def test_lines_turned_further_than_a_camera_is_are_kept(angle_deg):
    ink = ruled(angle_deg, 60, 2)
    assert remove_ruled_lines(ink).sum() > 0.9 * ink.sum()


@pytest.mark.parametrize("angle_deg", [0, 5])
def test_a_blot_between_lines_is_kept(angle_deg):
    lines, blot = ruled(angle_deg, 60, 2), np.zeros((300, 500), np.bool_)
    blot[ndimage.distance_transform_edt(~lines) > 6] = True
    blot[:, :200] = blot[:, 300:] = False
    kept = remove_ruled_lines(lines | blot)
    assert kept[blot].all()
    assert not kept[60:-60, 310:440].any()


def test_a_digit_on_a_line_loses_no_more_than_the_line():
    line, stroke = dash(360, 3), np.zeros((300, 400), np.bool_)
    stroke[80:220, 200:208] = True
    kept = remove_ruled_lines(line | stroke)
    assert kept[stroke].all()
    assert (kept == stroke).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 50), (96, 96), (300, 400)])
def test_without_ink_the_ink_is_returned_itself(shape):
    ink = np.zeros(shape, np.bool_)
    assert remove_ruled_lines(ink) is ink


def test_ink_without_long_components_is_returned_itself():
    ink = np.random.default_rng(0).random((300, 400)) < 0.02
    assert remove_ruled_lines(ink) is ink


def test_ink_whose_long_component_is_no_line_is_returned_itself():
    ink = np.zeros((300, 400), np.bool_)
    ink[50:250, 50:350] = True
    assert remove_ruled_lines(ink) is ink


@pytest.mark.parametrize(("length_px", "is_line"), [(100, False), (119, False), (120, True), (121, True), (300, True)])
@pytest.mark.parametrize("is_upright", [True, False])
def test_a_thin_line_has_three_tenths_of_the_long_side(length_px, is_line, is_upright):
    ink = dash(length_px, 3)
    if not is_upright:
        ink = np.ascontiguousarray(ink.T)
    assert remove_ruled_lines(ink).any() == (not is_line)


@pytest.mark.parametrize(("length_px", "is_line"), [(300, False), (319, False), (320, True), (321, True), (380, True)])
@pytest.mark.parametrize("thickness_px", [8, 12, 20])
def test_a_thick_line_has_four_fifths_of_the_long_side(length_px, is_line, thickness_px):
    ink = dash(length_px, thickness_px)
    assert remove_ruled_lines(ink).any() == (not is_line)
    assert remove_ruled_lines(np.ascontiguousarray(ink.T)).any() == (not is_line)


@pytest.mark.parametrize(("thickness_px", "is_line"), [(24, True), (26, True), (27, True), (28, False), (40, False)])
def test_what_is_thicker_than_a_thick_line_is_none(thickness_px, is_line):
    """The greatest thickness is 0.09 of the short side, 27 of 300 pixels."""
    assert remove_ruled_lines(dash(380, thickness_px)).any() == (not is_line)


def test_thin_and_thick_lines_are_removed_together():
    ink = dash(380, 12)
    ink[40:43, 10:390] = ink[220:223, 10:390] = True
    assert not remove_ruled_lines(ink).any()


def test_thick_lines_at_an_angle_are_removed():
    ink = ruled(4, 120, 10)
    inner = np.s_[60:-60, 60:-60]
    assert remove_ruled_lines(ink)[inner].sum() <= 0.03 * ink[inner].sum()


def test_writing_that_hides_most_of_a_thick_line_keeps_it():
    """Three tenths of the long side, 120 pixels, must be visible."""
    for visible_px, is_line in ((119, False), (124, True)):
        ink = dash(360, 10)
        ink[120:190, 20 + visible_px : 380] = True
        kept = remove_ruled_lines(ink)
        assert kept[150:160, 20 : 20 + visible_px].any() == (not is_line)
        assert kept[120:190, 24 + visible_px : 380].all()


@pytest.mark.parametrize(
    ("shape", "block_px", "filled_px"),
    [
        pytest.param((300, 600), 3, 1, id="a ninth"),
        pytest.param((300, 600), 3, 2, id="two ninths"),
        pytest.param((300, 400), 2, 1, id="a quarter"),
        pytest.param((400, 1024), 4, 2, id="an eighth"),
        pytest.param((400, 1024), 4, 3, id="three sixteenths"),
        pytest.param((100, 200), 1, 1, id="whole"),
    ],
)
def test_a_block_of_the_overview_is_ink_where_a_sixth_of_it_is(shape, block_px, filled_px):
    ink = np.zeros(shape, np.bool_)
    block = np.zeros(block_px**2, np.bool_)
    block[:filled_px] = True
    ink[5 * block_px : 6 * block_px, 7 * block_px : 8 * block_px] = block.reshape(block_px, block_px)
    overview = _ink_overview(ink, PARAMS)
    expected = np.zeros((shape[0] // block_px, shape[1] // block_px), np.uint8)
    expected[5, 7] = 6 * filled_px >= block_px**2
    assert overview.dtype == np.uint8
    assert (overview == expected).all()


@given(st.integers(0, 2**32 - 1), st.sampled_from([(1, 3), (1.5, 3), (2, 5), (3.9, 5), (4, 7), (6.75, 9)]))
def test_thick_parts_are_those_into_which_a_square_fits(seed, sizes):
    max_thickness_px, side_px = sizes
    rng = np.random.default_rng(seed)
    mask = ndimage.binary_dilation(rng.random((20, 26)) < 0.03, np.ones((rng.integers(1, 9), rng.integers(1, 9)))).view(np.uint8)
    thick = ndimage.binary_opening(mask, np.ones((side_px, side_px)))
    assert (_without_thick_parts(mask, max_thickness_px) == mask & ~thick).all()


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.2, 0.25, 0.5, 0.9]))
def test_long_components_are_those_whose_box_is_long(seed, min_length):
    mask = (np.random.default_rng(seed).random((12, 20)) < 0.3).view(np.uint8)
    labels, _ = ndimage.label(mask, np.ones((3, 3)))
    sides_px = [side.stop - side.start for box in ndimage.find_objects(labels) for side in box]
    assert _has_long_component(mask, min_length) == any(side >= min_length * 20 for side in sides_px)


@pytest.mark.parametrize(("length_px", "is_long"), [(4, False), (5, True), (6, True)])
def test_a_component_is_long_from_its_share_of_the_long_side_on(length_px, is_long):
    for component in (np.ones((1, length_px)), np.ones((length_px, 1)), np.eye(length_px), np.ones((length_px, length_px))):
        mask = np.zeros((12, 20), np.uint8)
        mask[2 : 2 + component.shape[0], 3 : 3 + component.shape[1]] = component
        assert _has_long_component(mask, 0.25) == is_long
    assert not _has_long_component(np.zeros((12, 20), np.uint8), 0.25)


@pytest.mark.parametrize(
    ("angle_deg", "size_wh"), [(0, (40, 20)), (90, (20, 40)), (180, (40, 20)), (-90, (20, 40)), (30, (45, 37)), (-30, (45, 37))]
)
def test_a_rotated_image_fits_into_the_size_that_is_computed_for_it(angle_deg, size_wh):
    """Turned by 30°, 40 × 20 pixels are 40 cos 30° + 20 sin 30° = 44.6 wide and 40 sin 30° + 20 cos 30° = 37.3 high."""
    rotation, found_wh = _rotation_about_centre((20, 40), angle_deg)
    assert found_wh == size_wh
    assert rotation @ [20, 10, 1] == pytest.approx(np.array(size_wh) / 2)
    corners = rotation @ np.array([[0, 40, 0, 40], [0, 0, 20, 20], [1, 1, 1, 1]])
    assert np.ptp(corners, axis=1) == pytest.approx(size_wh, abs=0.5)
    assert corners.min() > -0.5
    assert (corners.max(axis=1) < np.array(size_wh) + 0.5).all()
    assert np.linalg.det(rotation[:, :2]) == pytest.approx(1)


def test_rotation_is_counter_clockwise():
    rotation, _ = _rotation_about_centre((20, 40), 30)
    right = rotation @ [40, 10, 1] - rotation @ [20, 10, 1]
    assert right == pytest.approx([20 * np.cos(np.pi / 6), -20 * np.sin(np.pi / 6)])


def large_seven(thickness_px, top=20, bottom=280):
    """Draw a 7 with an upright stem: bool `(300, 400)`."""
    ink = np.zeros((300, 400), np.bool_)
    ink[top:bottom, 200 : 200 + thickness_px] = True
    ink[top : top + thickness_px, 100:200] = True
    return ink


@pytest.mark.parametrize("thickness_px", [3, 10, 20])
def test_the_stem_of_a_large_digit_is_no_ruled_line(thickness_px):
    assert (remove_ruled_lines(large_seven(thickness_px)) == large_seven(thickness_px)).all()


def test_a_line_is_ruled_if_it_stands_alone_crosses_the_picture_or_repeats():
    alone = large_seven(3)
    alone[20:23, 100:200] = False
    assert not remove_ruled_lines(alone).any()
    crossing = large_seven(3, top=0, bottom=300)
    assert not remove_ruled_lines(crossing)[10:290].any()
    repeated = large_seven(3)
    repeated[20:280, [80, 81, 82, 300, 301, 302]] = True
    assert not remove_ruled_lines(repeated)[30:270].any()
