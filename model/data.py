"""The four original MNIST files: found or fetched, checked by SHA-256, read.

LeCun, Cortes and Burges, "The MNIST database of handwritten digits"; CC BY-SA 3.0.
"""

import gzip
import hashlib
import os
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

VALIDATION_COUNT: Final = 5_000
"""Training pictures held out, never trained on: every choice is made on them."""

SPLIT_SEED: Final = 2_024
"""Which pictures are held out is fixed, whatever the seed of a training run."""

MIRROR: Final = "https://storage.googleapis.com/cvdf-datasets/mnist/"
"""A public copy of the original files, for machines that don't have them (`DIGITS_DATA` unset)."""

SHA256: Final = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}

_IDX_IMAGES: Final = 0x00000803
_IDX_LABELS: Final = 0x00000801


class DataUnavailableError(RuntimeError):
    """The MNIST files are neither at hand nor to be had, or are not the published ones."""


class LabelledDigits(NamedTuple):
    """Digits and what they are: uint8 `(N, 28, 28)` white on black, and int64 `(N,)` in 0–9."""

    images: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int64]


def load_training() -> tuple[LabelledDigits, LabelledDigits]:
    """The 55,000 pictures to train on and the 5,000 held out.

    Raises:
        DataUnavailableError: see `mnist_file`.
    """
    digits = _load("train")
    order = np.random.default_rng(SPLIT_SEED).permutation(len(digits.labels))
    held_out, kept = np.sort(order[:VALIDATION_COUNT]), np.sort(order[VALIDATION_COUNT:])
    return (
        LabelledDigits(digits.images[kept], digits.labels[kept]),
        LabelledDigits(digits.images[held_out], digits.labels[held_out]),
    )


def load_test() -> LabelledDigits:
    """The 10,000 test pictures, for `evaluate.py` alone.

    Raises:
        DataUnavailableError: see `mnist_file`.
    """
    return _load("t10k")


def mnist_file(name: str) -> Path:
    """Where an original file lies: in `DIGITS_DATA`, else in the user's cache, downloaded at need.

    Raises:
        DataUnavailableError: it isn't in `DIGITS_DATA`, can't be downloaded, or its SHA-256 is another.
    """
    folder = os.environ.get("DIGITS_DATA")
    path = Path(folder) / name if folder else _download(name)
    if not path.is_file():
        raise DataUnavailableError(f"{name} is not in the folder that DIGITS_DATA names ({folder}).")
    received = hashlib.sha256(path.read_bytes()).hexdigest()
    if received != SHA256[name]:
        raise DataUnavailableError(f"{path} is not the original file: expected SHA-256 {SHA256[name]}, received {received}.")
    return path


def _download(name: str) -> Path:
    from keras.utils import get_file  # noqa: PLC0415  slow to import, and needed only where the files aren't at hand

    try:
        return Path(get_file(name, MIRROR + name, cache_subdir="mnist-original", file_hash=SHA256[name]))
    except Exception as error:  # Keras passes on whatever the network layer raised
        raise DataUnavailableError(f"{name} could not be downloaded ({error}). Set DIGITS_DATA to a folder that holds it.") from error


def _load(part: str) -> LabelledDigits:
    images = _read_idx(mnist_file(f"{part}-images-idx3-ubyte.gz"), _IDX_IMAGES)
    labels = _read_idx(mnist_file(f"{part}-labels-idx1-ubyte.gz"), _IDX_LABELS)
    return LabelledDigits(images, labels.astype(np.int64))


def _read_idx(path: Path, magic: int) -> npt.NDArray[np.uint8]:
    """An IDX file: big-endian magic number (its last byte is the number of axes), sizes, then bytes."""
    raw = gzip.decompress(path.read_bytes())
    if int.from_bytes(raw[:4], "big") != magic:
        raise DataUnavailableError(f"{path} is not an IDX file of the kind expected ({magic:#010x}).")
    axes = magic & 0xFF
    shape = np.frombuffer(raw, ">u4", count=axes, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * axes).reshape(tuple(int(size) for size in shape))
