"""The pictures of the network's mistakes on the MNIST test set, which `python -m model.mistakes` writes next to this module."""

import zipfile
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from digitcore.errors import DataUnavailableError
from digitcore.messages import Message
from digitcore.types import UInt8Array

MISTAKES_PATH: Final = Path(__file__).resolve().with_name("mistakes.npz")


class Mistake(NamedTuple):
    """A misread digit.

    Attributes:
        image: uint8 `(28, 28)`, white ink on black.
        label: the digit that was written.
        predicted: what it was read as.
        confidence: how sure the network was, in [0, 1].
    """

    image: UInt8Array
    label: int
    predicted: int
    confidence: float


@lru_cache(maxsize=2)
def read_mistakes(model_sha256: str, path: Path = MISTAKES_PATH) -> tuple[Mistake, ...]:
    """Read the mistakes of one network.

    Args:
        model_sha256: the checksum of the network's file, as its card has it.
        path: the file.

    Returns:
        The mistakes, the most confident first.

    Raises:
        DataUnavailableError: the file is missing or damaged, or has the mistakes of another network.
    """
    try:
        with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
            fits = str(arrays["model_sha256"]) == model_sha256
            columns = [arrays[name] for name in ("images", "labels", "predictions", "confidences")]
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise _unavailable() from error
    if not fits:
        raise _unavailable()
    return tuple(Mistake(image, int(label), int(predicted), float(share)) for image, label, predicted, share in zip(*columns, strict=True))


def _unavailable() -> DataUnavailableError:
    return DataUnavailableError(
        Message("The pictures of the mistakes are missing or belong to another network: run `python -m model.mistakes`.")
    )
