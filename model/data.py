"""Locate or download the four original MNIST files, and split them; `digitcore.datasets.mnist` verifies and parses them.

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
"""Number of training images held out for validation: hyperparameters are chosen on them, and no network is trained on them."""

SPLIT_SEED: Final = 2_024
"""Seed of the split into training and validation images, independent of the seed of a training."""

MIRROR: Final = "https://storage.googleapis.com/cvdf-datasets/mnist/"
"""Public mirror of the original files, used where `DIGITS_DATA` is not set."""


class LabelledDigits(NamedTuple):
    """Images of digits, uint8 `(N, 28, 28)`, white ink on black, and their labels, int64 `(N,)` in 0–9."""

    images: UInt8Array
    labels: Int64Array

    def where(self, chosen: Int64Array) -> "LabelledDigits":
        """Select the digits at the indices `chosen`, int64 `(N,)`."""
        return LabelledDigits(self.images[chosen], self.labels[chosen])

    def joined(self, others: "LabelledDigits") -> "LabelledDigits":
        """Append other digits."""
        return LabelledDigits(np.concatenate([self.images, others.images]), np.concatenate([self.labels, others.labels]))


def load_training() -> tuple[LabelledDigits, LabelledDigits]:
    """Load the 55,000 images to train on and the 5,000 held out for validation.

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
    """Load the 10,000 test images, which no training may use.

    Raises:
        DataUnavailableError: see `mnist_file`.
    """
    return _load("t10k")


def mnist_file(name: str) -> Path:
    """Locate an original file in the folder `DIGITS_DATA`, else in the user's cache; download it where it is missing.

    Args:
        name: file name, one of `digitcore.datasets.mnist.SHA256`.

    Returns:
        Path of the verified file.

    Raises:
        DataUnavailableError: it isn't in `DIGITS_DATA`, can't be downloaded, or has another SHA-256.
    """
    folder = mnist.data_folder()
    return mnist.verify_file(folder / name if folder else _download(name))


def _download(name: str) -> Path:
    from keras.utils import get_file  # noqa: PLC0415  slow to import, and needed only for a download

    try:
        return Path(get_file(name, MIRROR + name, cache_subdir="mnist-original", file_hash=SHA256[name]))
    except Exception as error:  # Keras propagates any exception of the network layer
        sentence = Message("{name} could not be downloaded ({error}). Set DIGITS_DATA to a folder that holds it.", name=name, error=error)
        raise DataUnavailableError(sentence) from error


def _load(part: str) -> LabelledDigits:
    images = mnist.read_idx(mnist_file(f"{part}-images-idx3-ubyte.gz"), "images")
    labels = mnist.read_idx(mnist_file(f"{part}-labels-idx1-ubyte.gz"), "labels")
    return LabelledDigits(images, labels.astype(np.int64))
