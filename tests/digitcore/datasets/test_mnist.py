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


def test_a_verified_file_is_read_in_its_order(three_images):
    images = mnist.read_idx(mnist.verify_file(three_images / NAME), "images")
    assert images.shape == (3, 28, 28)
    assert images[:, 0, 0].tolist() == [0, 1, 2]


def test_a_missing_file_is_named_and_nothing_is_downloaded(tmp_path):
    with pytest.raises(DataUnavailableError, match=NAME):
        mnist.verify_file(tmp_path / NAME)


def test_a_file_with_another_checksum_is_an_error(three_images):
    (three_images / NAME).write_bytes(b"something else")
    with pytest.raises(DataUnavailableError, match="not the original"):
        mnist.verify_file(three_images / NAME)


def test_the_folder_comes_from_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path))
    assert mnist.data_folder() == tmp_path
    monkeypatch.delenv("DIGITS_DATA")
    assert mnist.data_folder() is None


def test_an_idx_file_of_another_kind_is_an_error(three_images):
    with pytest.raises(DataUnavailableError, match="not an IDX file"):
        mnist.read_idx(three_images / NAME, "labels")
