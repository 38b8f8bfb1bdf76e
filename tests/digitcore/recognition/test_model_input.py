import numpy as np
import pytest

from digitcore.recognition.model_input import to_model_input


def test_black_is_zero_and_white_is_one():
    images = np.zeros((2, 28, 28), np.uint8)
    images[1] = 255
    tensor = to_model_input(images)
    assert tensor.shape == (2, 28, 28, 1)
    assert tensor.dtype == np.float32
    assert (tensor[0] == 0).all()
    assert (tensor[1] == 1).all()


def test_no_pictures_give_an_empty_tensor():
    assert to_model_input(np.zeros((0, 28, 28), np.uint8)).shape == (0, 28, 28, 1)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((28, 28), np.uint8),
        np.zeros((1, 28, 28, 1), np.uint8),
        np.zeros((1, 27, 28), np.uint8),
        np.zeros((1, 28, 28), np.float32),
        np.full((1, 28, 28), np.nan),
        [[0] * 28] * 28,
        None,
    ],
    ids=["no batch", "channel", "too small", "float", "nan", "list", "none"],
)
def test_anything_else_is_refused_with_expected_and_received(images):
    with pytest.raises(ValueError, match=r"expected uint8 of shape \(N, 28, 28\), received"):
        to_model_input(images)
