import numpy as np
import pytest

from digitcore.io.conversion import composite_on_paper, reduce_to_working_size, to_rgb


@pytest.mark.parametrize(("ink", "paper"), [(20, 255), (235, 0)])
def test_transparent_pictures_are_composited_on_paper_that_shows_the_ink(ink, paper):
    rgba = np.zeros((20, 20, 4), np.uint8)
    rgba[5:9, 5:9] = ink, ink, ink, 255
    rgb = composite_on_paper(rgba)
    assert rgb[0, 0].tolist() == [paper] * 3
    assert rgb[6, 6].tolist() == [ink] * 3


def test_a_wholly_transparent_picture_is_white_and_an_opaque_one_is_unchanged():
    assert (composite_on_paper(np.zeros((9, 9, 4), np.uint8)) == 255).all()
    opaque = np.dstack([np.full((9, 9, 3), 77, np.uint8), np.full((9, 9), 255, np.uint8)])
    assert (composite_on_paper(opaque) == 77).all()


def test_pictures_of_the_right_kind_are_not_copied():
    rgb = np.zeros((9, 9, 3), np.uint8)
    assert to_rgb(rgb) is rgb
    assert reduce_to_working_size(rgb) is rgb
