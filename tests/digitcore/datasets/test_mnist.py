import gzip
import hashlib

import numpy as np
import pytest

from digitcore.datasets import mnist
from digitcore.errors import DataUnavailableError

NAME = "t10k-images-idx3-ubyte.gz"


@pytest.fixture
def three_pictures(tmp_path, monkeypatch):
    """A file of three test pictures; picture i is filled with i."""
    header = b"".join(number.to_bytes(4, "big") for number in (0x803, 3, 28, 28))
    content = gzip.compress(header + np.repeat(np.arange(3, dtype=np.uint8), 28 * 28).tobytes())
    (tmp_path / NAME).write_bytes(content)
    monkeypatch.setitem(mnist.SHA256, NAME, hashlib.sha256(content).hexdigest())
    return tmp_path


def test_test_pictures_come_by_their_places(three_pictures):
    pictures = mnist.pictures_of_test_set(three_pictures, [2, 0])
    assert pictures.shape == (2, 28, 28)
    assert pictures[:, 0, 0].tolist() == [2, 0]


def test_a_missing_file_is_named_and_nothing_is_fetched(tmp_path):
    with pytest.raises(DataUnavailableError, match=NAME):
        mnist.pictures_of_test_set(tmp_path, [0])


def test_another_file_of_the_same_name_is_refused(three_pictures):
    (three_pictures / NAME).write_bytes(b"something else")
    with pytest.raises(DataUnavailableError, match="not the original"):
        mnist.pictures_of_test_set(three_pictures, [0])


def test_the_folder_is_what_the_environment_names(monkeypatch, tmp_path):
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path))
    assert mnist.folder() == tmp_path
    monkeypatch.delenv("DIGITS_DATA")
    assert mnist.folder() is None
