import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import ndimage

from digitcore.preprocessing.morphology import odd_size, open_by_rectangle, square_element
from tests.properties import given

MASKS = arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 1))
SHAPES = st.tuples(st.integers(1, 6), st.integers(1, 6))


def union_of_rectangles(mask, shape):
    """Mark each placement of a rectangle that lies in the image and on the mask, one by one."""
    height, width = shape
    opened = np.zeros_like(mask)
    for top in range(mask.shape[0] - height + 1):
        for left in range(mask.shape[1] - width + 1):
            window = slice(top, top + height), slice(left, left + width)
            if mask[window].all():
                opened[window] = 1
    return opened


def test_windows_have_a_middle_pixel():
    assert [odd_size(length) for length in (0.3, 1, 2, 3.9, 4)] == [1, 1, 3, 3, 5]
    assert square_element(4.2).shape == (5, 5)


@pytest.mark.parametrize(
    ("length_px", "size_px"),
    [(-3, 1), (0, 1), (0.999, 1), (1.999, 1), (2, 3), (2.5, 3), (3, 3), (3.999, 3), (4, 5), (5, 5), (6, 7), (255.9, 255), (256, 257)],
)
def test_a_length_is_rounded_to_an_odd_size(length_px, size_px):
    assert odd_size(length_px) == size_px


@given(st.floats(0, 1e6))
def test_an_odd_size_is_the_least_odd_number_that_holds_all_whole_pixels(length_px):
    size = odd_size(length_px)
    assert size % 2 == 1
    assert size >= np.floor(length_px)
    assert size == 1 or size - 2 < np.floor(length_px)


@pytest.mark.parametrize(("side_px", "rounded"), [(0.2, 1), (1, 1), (2, 3), (3, 3), (6.5, 7)])
def test_a_square_element_is_full(side_px, rounded):
    element = square_element(side_px)
    assert element.dtype == np.uint8
    assert element.tolist() == [[1] * rounded] * rounded


def test_opening_keeps_what_the_rectangle_fits_into():
    mask = np.zeros((6, 9), np.uint8)
    mask[1, 0:5] = 1
    mask[3, 5:9] = 1
    opened = open_by_rectangle(mask, (1, 5))
    assert opened[1, 0:5].all()
    assert opened.sum() == 5


@given(MASKS, SHAPES)
def test_an_opening_is_the_union_of_the_rectangles_that_fit_into_the_mask(mask, shape):
    opened = open_by_rectangle(mask, shape)
    assert opened.dtype == np.uint8
    assert opened.tolist() == union_of_rectangles(mask, shape).tolist()


@pytest.mark.parametrize("shape", [(1, 2), (2, 1), (2, 2), (4, 3), (1, 6)])
def test_a_rectangle_with_an_even_side_moves_nothing(shape):
    mask = np.pad(np.ones(shape, np.uint8), 3)
    assert (open_by_rectangle(mask, shape) == mask).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 3), (3, 1), (3, 3), (5, 3), (1, 7)])
def test_an_opening_is_scipys(shape):
    mask = np.random.default_rng(4).random((30, 41)) < 0.8
    expected = ndimage.binary_opening(mask, np.ones(shape))
    assert (open_by_rectangle(mask.view(np.uint8), shape) == expected).all()


@given(MASKS, SHAPES)
def test_an_opening_is_idempotent_and_only_removes(mask, shape):
    before = mask.copy()
    opened = open_by_rectangle(mask, shape)
    assert (opened <= mask).all()
    assert (open_by_rectangle(opened, shape) == opened).all()
    assert (mask == before).all()


@given(MASKS, SHAPES)
def test_an_opening_is_transposed_with_its_mask(mask, shape):
    assert (open_by_rectangle(np.ascontiguousarray(mask.T), shape[::-1]) == open_by_rectangle(mask, shape).T).all()


def test_there_is_background_beyond_the_borders():
    full = np.ones((3, 4), np.uint8)
    assert open_by_rectangle(full, (3, 3)).all()
    assert not open_by_rectangle(full, (5, 3)).any()
    assert not open_by_rectangle(full, (3, 5)).any()


def test_every_other_pixel_of_a_larger_mask_can_be_opened():
    mask = np.random.default_rng(5).integers(0, 2, (20, 30), np.uint8)
    assert (open_by_rectangle(mask[::2, ::3], (1, 3)) == open_by_rectangle(mask[::2, ::3].copy(), (1, 3))).all()
