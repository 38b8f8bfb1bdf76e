"""Centring of marks: `centre_of_mass`, `centre_by_mass` and `centre_by_box` of `digitcore.recognition.normalization`."""

import numpy as np
import pytest
import scipy.ndimage
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitcore.recognition.normalization import centre_by_box, centre_by_mass, centre_of_mass
from tests.properties import given

sides_px = st.integers(1, 28)
some_ink = arrays(np.uint8, st.tuples(sides_px, sides_px), elements=st.sampled_from([0, 0, 1, 90, 255])).filter(np.any)


def placements(ink):
    """Return each square of 28×28 that holds the whole image, by the image's left and top."""
    height, width = ink.shape
    lefts, tops = range(28 - width + 1), range(28 - height + 1)
    return {(left, top): np.pad(ink, ((top, 28 - height - top), (left, 28 - width - left))) for left in lefts for top in tops}


@given(some_ink)
def test_the_centre_of_mass_agrees_with_scipy(ink):
    y, x = scipy.ndimage.center_of_mass(ink.astype(float))
    assert centre_of_mass(ink) == pytest.approx((x, y), abs=1e-9)


@pytest.mark.parametrize(
    ("ink", "centre_xy"),
    [
        ([[5]], (0, 0)),
        ([[0, 0, 5]], (2, 0)),
        ([[0], [0], [5]], (0, 2)),
        ([[1, 1]], (0.5, 0)),
        ([[1, 3]], (0.75, 0)),
        ([[0, 0], [255, 85]], (0.25, 1)),
        ([[9, 9, 9], [9, 9, 9]], (1, 0.5)),
    ],
)
def test_levels_are_weights_and_the_centres_of_pixels_have_whole_numbers(ink, centre_xy):
    centre = centre_of_mass(np.array(ink, np.uint8))
    assert centre == centre_xy
    assert {type(value) for value in centre} == {float}


@given(some_ink, st.integers(0, 9), st.integers(0, 9))
def test_the_centre_of_mass_moves_with_the_ink(ink, right, down):
    x, y = centre_of_mass(ink)
    height, width = ink.shape
    assert centre_of_mass(np.pad(ink, ((down, 3), (right, 2)))) == pytest.approx((x + right, y + down), abs=1e-9)
    assert centre_of_mass(ink.T) == pytest.approx((y, x), abs=1e-9)
    assert centre_of_mass(ink[::-1, ::-1]) == pytest.approx((width - 1 - x, height - 1 - y), abs=1e-9)


def test_the_centre_of_mass_of_a_large_image_does_not_overflow():
    assert centre_of_mass(np.full((3, 100_001), 255, np.uint8)) == pytest.approx((50_000, 1))


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (28, 28), (40, 3)])
def test_without_ink_there_is_no_centre_of_mass(shape):
    for function in (centre_of_mass, centre_by_mass):
        with pytest.raises(ValueError, match=r"^expected some ink, received an empty picture\.$"):
            function(np.zeros(shape, np.uint8))


@given(some_ink)
def test_of_all_placements_the_one_with_the_centre_of_mass_nearest_to_pixel_14_is_taken(ink):
    y, x = scipy.ndimage.center_of_mass(ink.astype(float))
    square = centre_by_mass(ink)
    taken = [place for place, candidate in placements(ink).items() if (candidate == square).all()]
    least_x = min(abs(left + x - 14) for left in range(28 - ink.shape[1] + 1))
    least_y = min(abs(top + y - 14) for top in range(28 - ink.shape[0] + 1))
    assert any(abs(left + x - 14) <= least_x + 1e-9 and abs(top + y - 14) <= least_y + 1e-9 for left, top in taken)


@given(some_ink)
def test_of_all_placements_the_one_with_the_least_difference_of_margins_is_taken(ink):
    height, width = ink.shape
    square = centre_by_box(ink)
    taken = [place for place, candidate in placements(ink).items() if (candidate == square).all()]
    assert any(28 - width - 2 * left in (0, 1) and 28 - height - 2 * top in (0, 1) for left, top in taken)


@given(some_ink)
def test_centring_keeps_all_ink_and_turns_with_it(ink):
    for centre in (centre_by_mass, centre_by_box):
        before = ink.copy()
        square = centre(ink)
        assert square.shape == (28, 28)
        assert square.dtype == np.uint8
        assert np.bincount(square.ravel(), minlength=256)[1:].tolist() == np.bincount(ink.ravel(), minlength=256)[1:].tolist()
        assert (centre(ink.T) == square.T).all()
        assert (ink == before).all()


@pytest.mark.parametrize(
    ("width", "weights", "left"),
    [
        (1, {0: 255}, 14),
        (3, {0: 1, 2: 1}, 13),
        (2, {0: 1, 1: 1}, 14),  # the centre of mass is at 0.5; 13 and 14 are equally near, and the even one is taken
        (4, {0: 1, 3: 1}, 12),  # at 1.5; 12 and 13 are
        (2, {0: 100, 1: 101}, 13),
        (2, {0: 101, 1: 100}, 14),
        (20, {0: 1, 19: 1}, 4),
        (20, {0: 100, 19: 101}, 4),
        (20, {0: 255, 19: 1}, 8),  # at the right edge, since all ink has to stay within
        (20, {0: 1, 19: 255}, 0),
        (27, {0: 255, 26: 1}, 1),
        (28, {0: 255, 27: 1}, 0),
        (28, {0: 1, 27: 255}, 0),
    ],
)
def test_the_centre_of_mass_is_rounded_to_the_nearest_pixel_within_the_square(width, weights, left):
    row = np.zeros((1, width), np.uint8)
    for column, weight in weights.items():
        row[0, column] = weight
    assert np.flatnonzero(centre_by_mass(row)[14]).tolist() == [left + column for column in weights]
    assert np.flatnonzero(centre_by_mass(row.T)[:, 14]).tolist() == [left + column for column in weights]


@pytest.mark.parametrize(("side_px", "margin_px"), [(1, 13), (2, 13), (3, 12), (19, 4), (20, 4), (21, 3), (26, 1), (27, 0), (28, 0)])
def test_the_margins_of_a_centred_box_differ_by_a_pixel_at_most(side_px, margin_px):
    square = centre_by_box(np.full((side_px, 4), 255, np.uint8))
    assert (square > 0).sum() == 4 * side_px
    assert (square[margin_px : margin_px + side_px, 12:16] == 255).all()
    assert (centre_by_box(np.full((4, side_px), 255, np.uint8)) == square.T).all()


def test_a_box_without_ink_can_be_centred():
    assert not centre_by_box(np.zeros((20, 20), np.uint8)).any()


@pytest.mark.parametrize("view", [np.flipud, np.fliplr, np.transpose, np.asfortranarray, lambda ink: ink[::2, 1::3]])
def test_memory_that_is_not_contiguous_is_centred_alike(view):
    ink = view(np.random.default_rng(2).integers(0, 256, (20, 16), np.uint8))
    for centre in (centre_by_mass, centre_by_box):
        assert (centre(ink) == centre(np.ascontiguousarray(ink))).all()


@pytest.mark.parametrize(("shape", "received"), [((29, 1), "1×29"), ((1, 29), "29×1"), ((29, 29), "29×29"), ((100, 28), "28×100")])
def test_ink_of_more_than_28_pixels_is_a_value_error_with_width_and_height(shape, received):
    for centre in (centre_by_mass, centre_by_box):
        with pytest.raises(ValueError, match=rf"^expected at most 28 pixels a side, received {received}\.$"):
            centre(np.full(shape, 255, np.uint8))
