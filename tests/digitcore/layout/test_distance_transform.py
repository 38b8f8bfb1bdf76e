import cv2
import numpy as np
import pytest

from digitcore.layout.distance_transform import mean_stroke_width


@pytest.mark.parametrize("mask_size", [cv2.DIST_MASK_3, cv2.DIST_MASK_5])
@pytest.mark.parametrize("width", [4, 8, 15])
def test_the_width_of_a_long_bar_is_found(width, mask_size):
    ink = np.zeros((200, 40), np.uint8)
    ink[:, 10 : 10 + width] = 255
    assert mean_stroke_width(ink, mask_size) == pytest.approx(width, rel=0.15)


def test_ink_up_to_the_border_counts_the_border_as_its_edge():
    ink = np.full((200, 8), 255, np.uint8)
    assert mean_stroke_width(ink, cv2.DIST_MASK_5) == pytest.approx(8, rel=0.15)
