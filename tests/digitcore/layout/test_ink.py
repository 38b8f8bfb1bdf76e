import numpy as np

from digitcore.layout.components import Mark
from digitcore.layout.ink import merge_ink, paste_ink
from digitcore.types import Box


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
