import numpy as np
import pytest

from digitcore.preprocessing.grayscale import best_contrast_channel, to_grey


def test_grey_is_the_luma_of_the_colours():
    rgb = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    assert to_grey(rgb).tolist() == [[76, 150, 29, 255]]


@pytest.mark.parametrize(
    ("ink_rgb", "is_darkest"), [((30, 30, 36), False), ((32, 52, 148), False), ((255, 226, 60), True), ((255, 150, 190), True)]
)
def test_bright_coloured_ink_has_contrast_in_the_darkest_channel(ink_rgb, is_darkest):
    page = np.full((240, 320, 3), (244, 242, 235), np.uint8)
    page[60:180, 150:162] = ink_rgb
    grey, took_darkest = best_contrast_channel(page)
    assert took_darkest == is_darkest
    assert int(grey[20, 20]) - int(grey[120, 156]) > 80


def test_luma_is_kept_under_a_yellow_lamp_on_a_brown_table():
    scene = np.full((240, 320, 3), (98, 70, 48), np.uint8)
    scene[20:220, 30:290] = (246, 206, 141)
    scene[60:180, 150:162] = (29, 25, 21)
    assert not best_contrast_channel(scene)[1]
    grey = np.repeat(to_grey(scene)[..., np.newaxis], 3, axis=2)
    assert (best_contrast_channel(grey)[0] == to_grey(grey)).all()
