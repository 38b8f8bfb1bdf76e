import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitcore import overlay
from digitcore.recognition.heatmap import AGAINST_RGB, FOR_RGB, mean_activation_image
from tests.properties import given


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


def constant_overlay(ink_level, evidence, max_evidence):
    """Return the one colour of an overlay whose ink and evidence are the same everywhere."""
    image = overlay(np.full((28, 28), ink_level, np.uint8), np.full((28, 28), evidence, np.float32), max_evidence)
    assert (image == image[0, 0]).all()
    return image[0, 0].tolist()


@pytest.mark.parametrize(
    ("ink_level", "evidence", "max_evidence", "rgb"),
    [
        (0, 0, 1, [250, 250, 250]),
        (255, 0, 1, [70, 70, 70]),
        (51, 0, 1, [214, 214, 214]),  # a fifth of the way from paper to ink
        (128, 0, 1, [159, 159, 159]),  # 250 − 128 / 255 · 180 is 159.6
        (255, 1, 1, [213, 94, 0]),
        (255, -1, 1, [0, 114, 178]),
        (255, 0.5, 1, [141, 82, 35]),  # half way from 70 to the colour
        (255, -0.5, 1, [35, 92, 124]),
        (0, 1, 1, [237, 195, 162]),  # 250 + 0.35 · (213 − 250), and so on
        (0, -1, 1, [162, 202, 224]),
        (0, 0.4, 1, [244, 228, 215]),  # 250 + 0.35 · 0.4 · (213 − 250), and so on
        (51, 1, 1, [232, 175, 130]),
    ],
)
def test_ink_paper_and_evidence_are_mixed_into_one_colour(ink_level, evidence, max_evidence, rgb):
    assert constant_overlay(ink_level, evidence, max_evidence) == rgb


@pytest.mark.parametrize(("evidence", "max_evidence"), [(1, 0.25), (7, 7), (1e-6, 0), (1, 0), (1, -3)])
def test_evidence_beyond_the_full_colour_is_drawn_in_full_colour(evidence, max_evidence):
    assert constant_overlay(255, evidence, max_evidence) == list(FOR_RGB)
    assert constant_overlay(255, -evidence, max_evidence) == list(AGAINST_RGB)


@pytest.mark.parametrize(("evidence", "rgb"), [(0, [70, 70, 70]), (1e-30, [70, 70, 70]), (5e-7, [141, 82, 35]), (2e-6, [213, 94, 0])])
def test_a_map_of_almost_no_evidence_is_not_drawn_in_full_colour(evidence, rgb):
    assert constant_overlay(255, evidence, None) == rgb


@pytest.fixture
def scene():
    """An image with ink left of column 12, and a map with evidence for the class above row 8 and half as much against it below row 20."""
    ink, class_map = np.zeros((28, 28), np.uint8), np.zeros((28, 28), np.float32)
    ink[:, :12] = 255
    class_map[:8], class_map[20:] = 3, -1.5
    return ink, class_map


@pytest.mark.parametrize(
    ("row", "column", "rgb"),
    [
        *((2, 2, [213, 94, 0]), (13, 2, [70, 70, 70]), (25, 2, [35, 92, 124])),
        *((2, 24, [237, 195, 162]), (13, 24, [250, 250, 250]), (25, 24, [206, 226, 237])),
    ],
)
def test_each_pixel_is_drawn_as_a_square_in_its_place(scene, row, column, rgb):
    square = overlay(*scene)[8 * row : 8 * row + 8, 8 * column : 8 * column + 8]
    assert (square == rgb).all()


def test_by_default_the_strongest_evidence_for_or_against_has_the_full_colour(scene):
    ink, class_map = scene
    assert (overlay(ink, class_map) == overlay(ink, class_map, max_evidence=3.0)).all()
    assert (overlay(ink, -class_map) == overlay(ink, -class_map, max_evidence=3.0)).all()


@pytest.mark.parametrize("factor", [0.25, 1024])
def test_the_unit_of_the_evidence_does_not_matter(scene, factor):
    ink, class_map = scene
    assert (overlay(ink, factor * class_map) == overlay(ink, class_map)).all()


@pytest.mark.parametrize("turn", [np.flipud, np.fliplr, np.transpose, np.rot90])
def test_a_turned_image_gives_a_turned_overlay(scene, turn):
    ink, class_map = scene
    overlaid = overlay(ink, class_map)
    expected = overlaid.transpose(1, 0, 2) if turn is np.transpose else turn(overlaid)
    turned = overlay(np.ascontiguousarray(turn(ink)), np.ascontiguousarray(turn(class_map)))
    assert np.abs(turned.astype(int) - expected).max() <= 1


def test_an_overlay_changes_neither_the_image_nor_the_map(scene):
    for each in scene:
        each.setflags(write=False)
    image = overlay(*scene)
    assert image.dtype == np.uint8
    assert image.shape == (224, 224, 3)


def test_memory_that_is_not_contiguous_gives_the_same_overlay(scene):
    ink, class_map = (np.asfortranarray(each) for each in scene)
    assert (overlay(ink, class_map) == overlay(*scene)).all()


@given(arrays(np.float32, st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4)), elements=st.floats(0, 100, width=16)))
def test_the_mean_image_agrees_with_the_channels_summed_one_by_one(activations):
    channels, height, width = activations.shape
    means = [[sum(float(activations[c, y, x]) for c in range(channels)) / channels for x in range(width)] for y in range(height)]
    peak = max(max(row) for row in means)
    image = mean_activation_image(activations)
    assert image.dtype == np.uint8
    assert image.shape == (height, width)
    for y in range(height):
        for x in range(width):
            assert abs(int(image[y, x]) - 255 * means[y][x] / max(peak, 1e-6)) <= 0.5 + 1e-4
    assert image.max() == (255 if peak >= 1e-6 else round(255 * peak / 1e-6))


@pytest.mark.parametrize("factor", [2.0**-10, 2.0**10])
def test_the_unit_and_the_order_of_the_channels_do_not_matter(factor):
    activations = np.random.default_rng(3).random((5, 7, 7), np.float32)
    image = mean_activation_image(activations)
    assert (mean_activation_image(factor * activations) == image).all()
    assert np.abs(mean_activation_image(activations[::-1]).astype(int) - image).max() <= 1  # sums round differently
    assert (mean_activation_image(activations.transpose(0, 2, 1)) == image.T).all()


@pytest.mark.parametrize(("activation", "level"), [(0, 0), (4e-7, 102), (1e-6, 255), (2e-6, 255), (1, 255)])
def test_almost_no_activation_is_not_white(activation, level):
    assert mean_activation_image(np.full((2, 1, 1), activation, np.float32)).tolist() == [[level]]


def test_levels_are_rounded_to_the_nearest():
    assert mean_activation_image(np.array([[[255, 100.4, 100.6, 0.4, 0.6]]], np.float32)).tolist() == [[255, 100, 101, 0, 1]]
