import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitcore.layout.components import Mark
from digitcore.layout.ink import bounding_box, crop_to_ink, merge_ink, paste_ink
from digitcore.types import Box
from tests.properties import example, given

PATCHES = st.lists(
    st.tuples(st.integers(0, 255), st.integers(-4, 8), st.integers(-4, 8), st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=4
)
some_ink = arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24)), elements=st.sampled_from([0, 0, 0, 1, 255])).filter(np.any)


def patch(level, x, y, width, height):
    return Mark(np.full((height, width), level, np.uint8), Box(x, y, width, height), 0, None)


def test_the_bounding_box_is_tight():
    ink = np.zeros((9, 12), np.uint8)
    ink[2:5, 3:10] = 1
    assert bounding_box(ink) == (3, 2, 7, 3)
    assert (crop_to_ink(ink) == 1).all()


@given(some_ink)
@example(np.array([[1]], np.uint8))
@example(np.pad(np.array([[1]], np.uint8), ((0, 23), (23, 0))))
def test_the_bounding_box_agrees_with_pixels_looked_at_one_by_one(ink):
    inked = [(x, y) for y in range(ink.shape[0]) for x in range(ink.shape[1]) if ink[y, x] > 0]
    columns, rows = zip(*inked, strict=True)
    expected = Box(min(columns), min(rows), max(columns) - min(columns) + 1, max(rows) - min(rows) + 1)
    box = bounding_box(ink)
    assert isinstance(box, Box)
    assert box == expected
    assert (crop_to_ink(ink) == ink[min(rows) : max(rows) + 1, min(columns) : max(columns) + 1]).all()


@pytest.mark.parametrize("level", [1, 96, 97, 255])
def test_every_level_above_zero_is_ink(level):
    ink = np.zeros((6, 5), np.uint8)
    ink[4, 1] = level
    assert bounding_box(ink) == (1, 4, 1, 1)
    assert crop_to_ink(ink).tolist() == [[level]]


@given(some_ink)
def test_a_crop_cannot_be_cropped_further(ink):
    crop = crop_to_ink(ink)
    assert bounding_box(crop) == (0, 0, crop.shape[1], crop.shape[0])
    assert crop.shape == crop_to_ink(crop).shape
    assert crop.sum() == ink.sum()


@given(some_ink, *[st.integers(0, 5)] * 4)
def test_an_empty_margin_does_not_change_the_crop(ink, top, bottom, left, right):
    x, y, width, height = bounding_box(ink)
    wider = np.pad(ink, ((top, bottom), (left, right)))
    assert bounding_box(wider) == (x + left, y + top, width, height)
    assert (crop_to_ink(wider) == crop_to_ink(ink)).all()


@pytest.mark.parametrize("view", [np.flipud, np.fliplr, np.transpose, np.asfortranarray, lambda ink: ink[::2, ::3]])
def test_memory_that_is_not_contiguous_is_cropped_alike(view):
    ink = np.zeros((30, 20), np.uint8)
    ink[4:19, 3:8] = 200
    seen = view(ink)
    assert bounding_box(seen) == bounding_box(np.ascontiguousarray(seen))
    assert (crop_to_ink(seen) == crop_to_ink(np.ascontiguousarray(seen))).all()


def test_a_crop_shares_no_memory_with_its_image():
    ink = np.full((4, 4), 9, np.uint8)
    ink.setflags(write=False)
    crop = crop_to_ink(ink)
    crop[:] = 0
    assert (ink == 9).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (9, 1)])
def test_an_image_without_ink_has_no_box(shape):
    for function in (bounding_box, crop_to_ink):
        with pytest.raises(ValueError, match=r"^expected some ink, received an empty picture\.$"):
            function(np.zeros(shape, np.uint8))


def test_one_patch_is_its_own_merger_without_a_copy():
    single = patch(200, 3, 4, 5, 6)
    assert merge_ink([single]) is single.ink


def test_merged_ink_is_where_it_was_and_the_brighter_level_wins():
    merged = merge_ink([patch(100, 10, 10, 2, 2), patch(200, 11, 11, 2, 1)])
    assert merged.tolist() == [[100, 100, 0], [100, 200, 200]]


def test_ink_is_pasted_relative_to_the_box():
    pasted = paste_ink([patch(9, 5, 5, 1, 1)], Box(4, 3, 3, 4))
    assert pasted.shape == (4, 3)
    assert np.argwhere(pasted).tolist() == [[2, 1]]


def brightest(patches, x, y):
    """The brightest level of all patches at one pixel of the page."""
    inside = [each for each in patches if 0 <= x - each.box.x < each.box.width and 0 <= y - each.box.y < each.box.height]
    return max((int(each.ink[y - each.box.y, x - each.box.x]) for each in inside), default=0)


@given(PATCHES)
def test_each_pixel_has_the_brightest_level_of_the_patches_there(descriptions):
    patches = [patch(*description) for description in descriptions]
    box = Box(-6, -5, 25, 22)
    expected = [[brightest(patches, box.x + x, box.y + y) for x in range(box.width)] for y in range(box.height)]
    assert paste_ink(patches, box).tolist() == expected


@given(PATCHES)
def test_merged_ink_is_that_of_the_smallest_box_in_any_order(descriptions):
    patches = [patch(*description) for description in descriptions]
    left, top = min(each.box.x for each in patches), min(each.box.y for each in patches)
    width = max(each.box.x + each.box.width for each in patches) - left
    height = max(each.box.y + each.box.height for each in patches) - top
    merged = merge_ink(patches)
    assert merged.tolist() == paste_ink(patches, Box(left, top, width, height)).tolist()
    assert merged.tolist() == merge_ink(patches[::-1]).tolist()


def test_two_patches_are_merged_into_a_copy_and_stay_as_they_are():
    first, second = patch(10, 0, 0, 2, 1), patch(20, 1, 0, 2, 1)
    merged = merge_ink([first, second])
    assert merged.tolist() == [[10, 20, 20]]
    assert merged.dtype == np.uint8
    assert first.ink.tolist() == [[10, 10]]
    assert second.ink.tolist() == [[20, 20]]


@pytest.mark.parametrize("size", [(0, 0), (3, 2)])
def test_no_patches_leave_the_picture_empty(size):
    pasted = paste_ink([], Box(5, 5, *size))
    assert pasted.shape == size[::-1]
    assert pasted.dtype == np.uint8
    assert not pasted.any()


def test_a_view_of_other_ink_is_pasted_as_it_looks():
    ink = np.arange(12, dtype=np.uint8).reshape(3, 4)
    flipped = Mark(ink[::-1, ::2], Box(1, 1, 2, 3), 0, None)
    assert paste_ink([flipped], Box(1, 1, 2, 3)).tolist() == [[8, 10], [4, 6], [0, 2]]


def test_a_merger_of_one_patch_twice_is_the_patch():
    single = patch(77, 2, 9, 3, 4)
    merged = merge_ink([single, single])
    assert merged is not single.ink
    assert (merged == single.ink).all()
