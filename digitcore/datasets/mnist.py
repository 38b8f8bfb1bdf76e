"""MNIST's four original files: checked by SHA-256, then read. Nothing is ever fetched here.

LeCun, Cortes and Burges, "The MNIST database of handwritten digits"; CC BY-SA 3.0.
"""

import gzip
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Literal

import numpy as np

from digitcore.errors import DataUnavailableError
from digitcore.messages import Message
from digitcore.types import UInt8Array

FOLDER_SETTING: Final = "DIGITS_DATA"
"""The environment's name for the folder that holds the files."""

SHA256: Final = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}

_TEST_IMAGES: Final = "t10k-images-idx3-ubyte.gz"
_MAGIC: Final = {"images": 0x00000803, "labels": 0x00000801}


def folder() -> Path | None:
    """The folder that `DIGITS_DATA` names, if it names one."""
    named = os.environ.get(FOLDER_SETTING)
    return Path(named) if named else None


def checked(path: Path) -> Path:
    """The same path, once its file is seen to be the published one of that name.

    Raises:
        DataUnavailableError: it isn't there, or its SHA-256 is another.
    """
    if not path.is_file():
        raise DataUnavailableError(
            Message("{name} is not in the folder that DIGITS_DATA names ({folder}).", name=path.name, folder=path.parent)
        )
    received = hashlib.sha256(path.read_bytes()).hexdigest()
    if received != SHA256[path.name]:
        raise DataUnavailableError(
            Message(
                "{name} is not the original file: expected SHA-256 {expected}, received {received}.",
                name=path.name,
                expected=SHA256[path.name],
                received=received,
            )
        )
    return path


def read_idx(path: Path, kind: Literal["images", "labels"]) -> UInt8Array:
    """An IDX file, compressed: big-endian magic number (its last byte is the number of axes), sizes, then bytes.

    Returns:
        uint8 `(N, 28, 28)` white on black, or uint8 `(N,)` in 0–9.

    Raises:
        DataUnavailableError: it holds something else.
    """
    raw, magic = gzip.decompress(path.read_bytes()), _MAGIC[kind]
    if int.from_bytes(raw[:4], "big") != magic:
        raise DataUnavailableError(
            Message("{name} is not an IDX file of the kind expected ({magic}).", name=path.name, magic=f"{magic:#010x}")
        )
    axes = magic & 0xFF
    shape = np.frombuffer(raw, ">u4", count=axes, offset=4)
    return np.frombuffer(raw, np.uint8, offset=4 + 4 * axes).reshape(tuple(int(size) for size in shape))


def pictures_of_test_set(where: Path | None, places: Sequence[int]) -> UInt8Array:
    """Some of the 10,000 test pictures, by their places in the set: uint8 `(N, 28, 28)`, white on black.

    Raises:
        DataUnavailableError: there is no folder, the file isn't in it, or isn't the published one.
    """
    if where is None:
        raise DataUnavailableError(
            Message(
                "These are pictures of the MNIST test set, which isn't at hand here. They appear once the server is started with "
                "`{setting}` naming a folder that holds the four original files.",
                setting=FOLDER_SETTING,
            )
        )
    return read_idx(checked(where / _TEST_IMAGES), "images")[list(places)]
