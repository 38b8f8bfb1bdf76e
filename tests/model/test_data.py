import gzip
import hashlib

import numpy as np
import pytest

from digitcore.datasets import mnist
from digitcore.errors import DataUnavailableError
from model import data
from model.data import load_test, load_training, mnist_file


def idx(magic, shape, content):
    return gzip.compress(magic.to_bytes(4, "big") + b"".join(size.to_bytes(4, "big") for size in shape) + bytes(content))


@pytest.fixture
def small_set(tmp_path, monkeypatch):
    """Twelve training pictures, two of them held out; picture i is filled with i and labelled i."""
    images = np.repeat(np.arange(12, dtype=np.uint8), 28 * 28)
    files = {
        "train-images-idx3-ubyte.gz": idx(0x803, (12, 28, 28), images.tobytes()),
        "train-labels-idx1-ubyte.gz": idx(0x801, (12,), range(12)),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        monkeypatch.setitem(mnist.SHA256, name, hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(data, "VALIDATION_COUNT", 2)
    monkeypatch.setenv("DIGITS_DATA", str(tmp_path))
    return tmp_path


def test_pictures_keep_their_labels_and_none_is_in_both_parts(small_set):
    training, validation = load_training()
    assert (len(training.labels), len(validation.labels)) == (10, 2)
    for part in (training, validation):
        assert (part.images[:, 5, 5] == part.labels).all()
    assert sorted([*training.labels, *validation.labels]) == list(range(12))


def test_the_same_pictures_are_held_out_every_time(small_set):
    assert (load_training()[1].labels == load_training()[1].labels).all()


def test_another_file_of_the_same_name_is_refused(small_set):
    path = small_set / "train-labels-idx1-ubyte.gz"
    path.write_bytes(path.read_bytes() + b"!")
    with pytest.raises(DataUnavailableError, match=r"not the original.*expected SHA-256.*received"):
        load_training()


def test_a_missing_file_is_named(small_set):
    with pytest.raises(DataUnavailableError, match="t10k-images-idx3-ubyte"):
        load_test()


def test_a_file_of_another_kind_is_refused(small_set, monkeypatch):
    name = "train-images-idx3-ubyte.gz"
    content = idx(0x801, (3,), range(3))
    (small_set / name).write_bytes(content)
    monkeypatch.setitem(mnist.SHA256, name, hashlib.sha256(content).hexdigest())
    with pytest.raises(DataUnavailableError, match="IDX"):
        load_training()


@pytest.mark.tensorflow
def test_without_a_folder_the_files_are_downloaded_into_the_cache_and_checked(monkeypatch, tmp_path, small_set):
    asked = []

    def get_file(name, url, cache_subdir, file_hash):
        asked.append((url, cache_subdir, file_hash))
        return str(small_set / name)

    monkeypatch.delenv("DIGITS_DATA")
    monkeypatch.setattr("keras.utils.get_file", get_file)
    name = "train-labels-idx1-ubyte.gz"
    assert mnist_file(name) == small_set / name
    assert asked == [(data.MIRROR + name, "mnist-original", mnist.SHA256[name])]


def test_a_download_that_fails_says_what_to_set(monkeypatch):
    def get_file(*_, **__):
        raise OSError("no network")

    monkeypatch.delenv("DIGITS_DATA", raising=False)
    monkeypatch.setattr("keras.utils.get_file", get_file)
    with pytest.raises(DataUnavailableError, match=r"no network.*DIGITS_DATA"):
        mnist_file("train-labels-idx1-ubyte.gz")


def test_the_original_files_hold_what_was_published(mnist_test):
    assert mnist_test.images.shape == (10_000, 28, 28)
    assert mnist_test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
