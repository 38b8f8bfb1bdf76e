import numpy as np
import pytest

from digitcore.geometry import centre_of_mass, shape_digit
from factory.hands import strokes, write
from model import augment, negatives
from model.handwritten import handwritten


@pytest.fixture
def digit():
    return shape_digit(write(np.zeros((100, 100), np.uint8), strokes(5), (20, 10), 80, 9)).model_input


@pytest.mark.parametrize("step", [step for _, step in augment.STEPS], ids=lambda step: step.__name__)
def test_each_step_gives_a_new_picture_of_the_same_kind(digit, step):
    before = digit.copy()
    changed = [step(digit, np.random.default_rng(seed)) for seed in range(20)]
    assert (digit == before).all()
    for picture in changed:
        assert picture.shape == (28, 28)
        assert picture.dtype == np.uint8
        assert picture.any()
    assert any((picture != digit).any() for picture in changed)


def test_the_same_seed_gives_the_same_pictures(digit):
    images = np.stack([digit] * 6)
    first, second, other = (augment.augmented_images(images, seed) for seed in ((1, 2), (1, 2), (1, 3)))
    assert (first == second).all()
    assert (first != other).any()
    assert (first[0] != first[1]).any()


def test_warping_leaves_the_digit_near_its_place(digit):
    places = [centre_of_mass(augment.warp(digit, np.random.default_rng(seed))) for seed in range(50)]
    assert np.abs(np.array(places) - 14).max() < 6
    assert np.abs(np.mean(places, axis=0) - 14).max() < 1


def test_a_pen_may_become_thicker_and_thinner(digit):
    weights = [int(augment.change_stroke(digit, np.random.default_rng(seed)).sum()) for seed in range(40)]
    assert min(weights) < digit.sum() < max(weights)


@pytest.mark.parametrize("kind", ["scribble", "figure", "letter", "blob", "texture"])
def test_each_kind_of_negative_is_a_picture_of_its_own(kind):
    pictures = [getattr(negatives, kind)(np.random.default_rng(seed)) for seed in range(30)]
    assert all(picture.dtype == np.uint8 and picture.ndim == 2 for picture in pictures)
    assert sum(picture.any() for picture in pictures) >= 28
    assert len({picture.tobytes() for picture in pictures}) >= 25


@pytest.mark.parametrize("kind", ["halves", "pair", "turned", "fragment"])
def test_torn_digits_are_no_longer_the_digit(digit, kind):
    two = np.stack([digit, digit])
    for seed in range(20):
        torn = getattr(negatives, kind)(two, np.random.default_rng(seed))
        assert torn.shape != digit.shape or (torn != digit).any()


def test_negatives_go_the_way_of_every_mark(digit):
    digits = np.stack([digit] * 3)
    pictures = [negatives.negative(digits, np.random.default_rng(seed)) for seed in range(60)]
    assert {picture.shape for picture in pictures} == {(28, 28)}
    assert {picture.dtype for picture in pictures} == {np.dtype(np.uint8)}


def test_handwritten_digits_are_model_inputs_of_all_ten():
    written = [handwritten(np.random.default_rng(seed)) for seed in range(120)]
    assert {label for _, label in written} == set(range(10))
    assert all(image.shape == (28, 28) and image.max() == 255 for image, _ in written)
