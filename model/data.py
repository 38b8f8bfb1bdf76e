"""The four original MNIST files, found or fetched, and how they are split; `digitcore.datasets.mnist` checks and reads them.

LeCun, Cortes and Burges, "The MNIST database of handwritten digits"; CC BY-SA 3.0.
"""

from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from digitcore.datasets import mnist
from digitcore.datasets.mnist import SHA256
from digitcore.errors import DataUnavailableError
from digitcore.messages import Message
from digitcore.types import Int64Array, UInt8Array

VALIDATION_COUNT: Final = 5_000
"""Training pictures held out, never trained on: every choice is made on them."""

SPLIT_SEED: Final = 2_024
"""Which pictures are held out is fixed, whatever the seed of a training run."""

MIRROR: Final = "https://storage.googleapis.com/cvdf-datasets/mnist/"
"""A public copy of the original files, for machines that don't have them (`DIGITS_DATA` unset)."""


class LabelledDigits(NamedTuple):
    """Digits and what they are: uint8 `(N, 28, 28)` white on black, and int64 `(N,)` in 0–9."""

    images: UInt8Array
    labels: Int64Array


def load_training() -> tuple[LabelledDigits, LabelledDigits]:
    """Load the 55,000 pictures to train on and the 5,000 held out for validation.

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
    """Load the 10,000 test pictures; only `evaluate.py` may use them.

    Raises:
        DataUnavailableError: see `mnist_file`.
    """
    return _load("t10k")


def mnist_file(name: str) -> Path:
    """Find an original file in `DIGITS_DATA`, else in the user's cache; download it if needed.

    Raises:
        DataUnavailableError: it isn't in `DIGITS_DATA`, can't be downloaded, or its SHA-256 is another.
    """
    folder = mnist.data_folder()
    return mnist.verify_file(folder / name if folder else _download(name))


def _download(name: str) -> Path:
    from keras.utils import get_file  # noqa: PLC0415  slow to import, and needed only where the files aren't at hand

    try:
        return Path(get_file(name, MIRROR + name, cache_subdir="mnist-original", file_hash=SHA256[name]))
    except Exception as error:  # Keras passes on whatever the network layer raised
        sentence = Message("{name} could not be downloaded ({error}). Set DIGITS_DATA to a folder that holds it.", name=name, error=error)
        raise DataUnavailableError(sentence) from error


def _load(part: str) -> LabelledDigits:
    images = mnist.read_idx(mnist_file(f"{part}-images-idx3-ubyte.gz"), "images")
    labels = mnist.read_idx(mnist_file(f"{part}-labels-idx1-ubyte.gz"), "labels")
    return LabelledDigits(images, labels.astype(np.int64))
