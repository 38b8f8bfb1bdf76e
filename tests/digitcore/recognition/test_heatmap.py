import numpy as np
import pytest

from digitcore import overlay
from digitcore.recognition.heatmap import AGAINST_RGB, FOR_RGB, mean_activation_image


def test_the_mean_of_a_branchs_channels_is_scaled_so_that_its_maximum_is_white():
    maps = np.array([[[0, 2], [4, 0]], [[0, 0], [4, 0]]], np.float32)
    assert mean_activation_image(maps).tolist() == [[0, 64], [255, 0]]
    assert mean_activation_image(np.zeros((3, 2, 2), np.float32)).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(("sign", "rgb"), [(1, FOR_RGB), (-1, AGAINST_RGB)])
def test_ink_with_the_strongest_evidence_has_the_colour_of_its_sign(sign, rgb):
    image = overlay(np.full((28, 28), 255, np.uint8), np.full((28, 28), sign, np.float32))
    assert image.shape == (224, 224, 3)
    assert np.abs(image.astype(int) - rgb).max() <= 1


def test_the_full_colour_can_be_given_so_that_several_maps_compare():
    ink, class_map = np.full((28, 28), 255, np.uint8), np.ones((28, 28), np.float32)
    alone, among_stronger = overlay(ink, class_map), overlay(ink, class_map, max_evidence=4.0)
    distance = [np.abs(image.astype(int) - FOR_RGB).sum() for image in (alone, among_stronger)]
    assert distance[0] < distance[1]
