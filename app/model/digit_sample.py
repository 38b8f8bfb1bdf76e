"""Samples of MNIST, and the weights of a network of another seed, which `python -m model.digit_sample` writes next to this module."""

import zipfile
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from digitcore.errors import DataUnavailableError
from digitcore.messages import Message
from digitcore.types import Float32Array, Int64Array, UInt8Array

SAMPLE_PATH: Final = Path(__file__).resolve().with_name("digit_sample.npz")
_OTHER_PREFIX: Final = "other_"


class DigitSample(NamedTuple):
    """Digits of the test set, digits to learn from, and another network.

    Attributes:
        images: uint8 `(N, 28, 28)`, white ink on black.
        labels: int64 `(N,)`: the digits that were written.
        training_images: uint8 `(M, 28, 28)`, likewise: training pictures.
        training_labels: int64 `(M,)`.
        other_weights: the weights and then the biases of a network that was trained with another random seed, layer by layer.
    """

    images: UInt8Array
    labels: Int64Array
    training_images: UInt8Array
    training_labels: Int64Array
    other_weights: list[Float32Array]


@lru_cache(maxsize=2)
def read_sample(path: Path = SAMPLE_PATH) -> DigitSample:
    """Read the sample.

    Args:
        path: the file.

    Returns:
        Its digits and weights.

    Raises:
        DataUnavailableError: the file is missing or damaged.
    """
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            others = [arrays[name].astype(np.float32) for name in sorted(arrays) if name.startswith(_OTHER_PREFIX)]
            names = ("images", "labels", "training_images", "training_labels")
            images, labels, training_images, training_labels = (arrays[name] for name in names)
            return DigitSample(images, labels.astype(np.int64), training_images, training_labels.astype(np.int64), others)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise DataUnavailableError(
            Message("The sample of the test set is missing or damaged: run `python -m model.digit_sample`.")
        ) from error
