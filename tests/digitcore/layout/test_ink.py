import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.layout.components import Mark
from digitcore.layout.ink import merge_ink, paste_ink
from digitcore.types import Box
from tests.properties import given

PATCHES = st.lists(
    st.tuples(st.integers(0, 255), st.integers(-4, 8), st.integers(-4, 8), st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=4
)


def patch(level, x, y, width, height):
    return Mark(np.full((height, width), level, np.uint8), Box(x, y, width, height), 0, None)


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
