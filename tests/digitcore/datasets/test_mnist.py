import gzip
import hashlib

import numpy as np
import pytest

from digitcore.datasets import mnist
from digitcore.errors import DataUnavailableError

NAME = "t10k-images-idx3-ubyte.gz"


@pytest.fixture
def three_images(tmp_path, monkeypatch):
    """Write a file of three test images, image i filled with i, and return its folder."""
    header = b"".join(number.to_bytes(4, "big") for number in (0x803, 3, 28, 28))
    content = gzip.compress(header + np.repeat(np.arange(3, dtype=np.uint8), 28 * 28).tobytes())
    (tmp_path / NAME).write_bytes(content)
    monkeypatch.setitem(mnist.SHA256, NAME, hashlib.sha256(content).hexdigest())
    return tmp_path


def test_test_images_are_read_in_the_order_of_the_indices(three_images):
    images = mnist.read_test_images(three_images, [2, 0])
    assert images.shape == (2, 28, 28)
    assert images[:, 0, 0].tolist() == [2, 0]


def test_a_missing_file_is_named_and_nothing_is_downloaded(tmp_path):
    with pytest.raises(DataUnavailableError, match=NAME):
        mnist.read_test_images(tmp_path, [0])


def test_a_file_with_another_checksum_is_an_error(three_images):
    (three_images / NAME).write_bytes(b"something else")
    with pytest.raises(DataUnavailableError, match="not the original"):
        mnist.read_test_images(three_images, [0])


def test_the_folder_comes_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path))
    assert mnist.data_folder() == tmp_path
    monkeypatch.delenv("DIGITS_DATA")
    assert mnist.data_folder() is None


def test_without_a_folder_the_error_names_the_environment_variable():
    with pytest.raises(DataUnavailableError, match="DIGITS_DATA"):
        mnist.read_test_images(None, [0])


def test_an_idx_file_of_another_kind_is_an_error(three_images):
    with pytest.raises(DataUnavailableError, match="not an IDX file"):
        mnist.read_idx(three_images / NAME, "labels")
