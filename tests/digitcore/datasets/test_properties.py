"""Properties of reading data sets: any file is read or a `DataUnavailableError`."""

import gzip

import numpy as np
import pytest
from hypothesis import strategies as st

from digitcore.datasets.mnist import SHA256, read_idx, verify_file
from digitcore.errors import DataUnavailableError
from tests.properties import given, settings
from tests.strategies import SEEDS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("mnist")


def idx(kind, shape, content):
    """Make the content of an IDX file."""
    magic = {"images": 0x803, "labels": 0x801}[kind]
    return magic.to_bytes(4, "big") + b"".join(size.to_bytes(4, "big") for size in shape) + content


@given(st.integers(0, 5), SEEDS, st.sampled_from(["images", "labels"]))
def test_an_idx_file_gives_its_array_back(folder, count, seed, kind):
    shape = (count, 28, 28) if kind == "images" else (count,)
    array = np.random.default_rng(seed).integers(0, 256, shape, np.uint8)
    path = folder / "any.gz"
    path.write_bytes(gzip.compress(idx(kind, shape, array.tobytes())))
    assert (read_idx(path, kind) == array).all()
    with pytest.raises(DataUnavailableError, match="not an IDX file of the kind expected"):
        read_idx(path, "labels" if kind == "images" else "images")


@given(st.binary(max_size=40))
def test_another_magic_number_is_a_data_unavailable_error(folder, content):
    path = folder / "any.gz"
    path.write_bytes(gzip.compress(b"\x01" + content))
    with pytest.raises(DataUnavailableError):
        read_idx(path, "images")


DAMAGED = {
    "no gzip": b"text",
    "cut off": gzip.compress(idx("images", (2, 28, 28), bytes(1_568)))[:-6],
    "no sizes": gzip.compress(idx("images", (), b"")),
    "too few pixels": gzip.compress(idx("images", (2, 28, 28), bytes(5))),
    "too many pixels": gzip.compress(idx("images", (1, 28, 28), bytes(785))),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_idx_file_is_a_data_unavailable_error(tmp_path, content):
    path = tmp_path / "any.gz"
    path.write_bytes(content)
    with pytest.raises(DataUnavailableError):
        read_idx(path, "images")


@given(st.sampled_from(sorted(SHA256)), st.binary(max_size=50))
@settings(max_examples=20)
def test_any_other_file_is_a_data_unavailable_error(folder, name, content):
    (folder / name).write_bytes(content)
    with pytest.raises(DataUnavailableError, match="not the original file"):
        verify_file(folder / name)
