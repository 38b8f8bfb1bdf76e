import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from digitcore.recognition.model_input import to_model_input
from tests.properties import given

image_stacks = arrays(np.uint8, st.tuples(st.integers(0, 3), st.just(28), st.just(28)))


def test_black_is_zero_and_white_is_one():
    images = np.zeros((2, 28, 28), np.uint8)
    images[1] = 255
    tensor = to_model_input(images)
    assert tensor.shape == (2, 28, 28, 1)
    assert tensor.dtype == np.float32
    assert (tensor[0] == 0).all()
    assert (tensor[1] == 1).all()


def test_each_level_is_its_share_of_white():
    levels = np.arange(28 * 28).reshape(1, 28, 28) % 256
    tensor = to_model_input(levels.astype(np.uint8))
    assert tensor.ravel().tolist() == [float(np.float32(level / 255)) for level in levels.ravel().tolist()]


def test_a_pixel_keeps_its_image_row_and_column():
    images = np.zeros((3, 28, 28), np.uint8)
    images[1, 4, 23] = 51
    tensor = to_model_input(images)
    assert np.argwhere(tensor).tolist() == [[1, 4, 23, 0]]
    assert tensor[1, 4, 23, 0] == np.float32(0.2)


@given(image_stacks)
def test_the_levels_can_be_computed_back(images):
    assert (np.rint(to_model_input(images)[..., 0] * 255) == images).all()


@given(image_stacks)
def test_images_one_by_one_give_the_same_tensor(images):
    tensor = to_model_input(images)
    assert len(tensor) == len(images)
    for index in range(len(images)):
        assert (to_model_input(images[index : index + 1])[0] == tensor[index]).all()


def test_the_images_are_not_changed_and_share_no_memory_with_the_tensor():
    images = np.full((1, 28, 28), 7, np.uint8)
    images.setflags(write=False)
    tensor = to_model_input(images)
    assert tensor.flags.writeable
    tensor[:] = 0
    assert (images == 7).all()


@pytest.mark.parametrize(
    "view",
    [
        lambda images: images[::-1],
        lambda images: images[:, ::-1, ::-1],
        lambda images: images.transpose(0, 2, 1),
        lambda images: images[::2],
        np.asfortranarray,
    ],
    ids=["reversed", "rotated", "transposed", "every second", "columns first"],
)
def test_images_in_memory_that_is_not_contiguous_give_the_same_tensor(view):
    images = view(np.random.default_rng(1).integers(0, 256, (4, 28, 28), np.uint8))
    assert (to_model_input(images) == to_model_input(np.ascontiguousarray(images))).all()


def test_no_pictures_give_an_empty_tensor():
    tensor = to_model_input(np.zeros((0, 28, 28), np.uint8))
    assert tensor.shape == (0, 28, 28, 1)
    assert tensor.dtype == np.float32


@pytest.mark.parametrize(
    ("images", "received"),
    [
        (np.zeros((28, 28), np.uint8), r"uint8 of shape \(28, 28\)"),
        (np.zeros(28, np.uint8), r"uint8 of shape \(28,\)"),
        (np.zeros((1, 28, 28, 1), np.uint8), r"uint8 of shape \(1, 28, 28, 1\)"),
        (np.zeros((1, 1, 28, 28), np.uint8), r"uint8 of shape \(1, 1, 28, 28\)"),
        (np.zeros((1, 27, 28), np.uint8), r"uint8 of shape \(1, 27, 28\)"),
        (np.zeros((1, 28, 27), np.uint8), r"uint8 of shape \(1, 28, 27\)"),
        (np.zeros((1, 29, 28), np.uint8), r"uint8 of shape \(1, 29, 28\)"),
        (np.zeros((28, 28, 1), np.uint8), r"uint8 of shape \(28, 28, 1\)"),
        (np.zeros((0, 0, 0), np.uint8), r"uint8 of shape \(0, 0, 0\)"),
        (np.zeros((1, 28, 28), np.int8), r"int8 of shape \(1, 28, 28\)"),
        (np.zeros((1, 28, 28), np.bool_), r"bool of shape \(1, 28, 28\)"),
        (np.zeros((1, 28, 28), np.float32), r"float32 of shape \(1, 28, 28\)"),
        (np.full((1, 28, 28), np.nan), r"float64 of shape \(1, 28, 28\)"),
        ([[0] * 28] * 28, "list"),
        (b"\0" * 784, "bytes"),
        (None, "NoneType"),
    ],
)
def test_anything_else_is_refused_with_expected_and_received(images, received):
    with pytest.raises(ValueError, match=rf"^expected uint8 of shape \(N, 28, 28\), received {received}\.$"):
        to_model_input(images)
