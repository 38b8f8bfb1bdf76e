"""MNIST's four original files: their SHA-256 is verified, then they are read. Nothing is downloaded here.

LeCun, Cortes and Burges, "The MNIST database of handwritten digits"; CC BY-SA 3.0.
"""

import gzip
import hashlib
import os
import zlib
from pathlib import Path
from typing import Final, Literal

import numpy as np

from digitcore.errors import DataUnavailableError
from digitcore.messages import Message
from digitcore.types import UInt8Array

FOLDER_SETTING: Final = "DIGITS_DATA"
"""The environment variable with the folder of the files."""

SHA256: Final = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
"""For each file name the checksum of the published file."""

_MAGIC_NUMBERS: Final = {"images": 0x00000803, "labels": 0x00000801}
"""The first four bytes of an IDX file; the last of them is the number of axes."""


def data_folder() -> Path | None:
    """Return the folder in the environment variable `DIGITS_DATA`.

    Returns:
        The folder, which need not exist; None where the variable isn't set.
    """
    folder = os.environ.get(FOLDER_SETTING)
    return Path(folder) if folder else None


def verify_file(path: Path) -> Path:
    """Verify that a file is the published one of its name.

    Args:
        path: a file whose name is a key of `SHA256`.

    Returns:
        The same path.

    Raises:
        DataUnavailableError: the file is missing, or its SHA-256 differs.
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
    """Read a gzipped IDX file: a big-endian magic number, the size of each axis, then bytes.

    Args:
        path: one of MNIST's files.
        kind: what the file has to contain.

    Returns:
        uint8 `(N, 28, 28)`, white ink on black, or uint8 `(N,)` in 0 to 9.

    Raises:
        DataUnavailableError: the file contains something else.
    """
    magic = _MAGIC_NUMBERS[kind]
    other = DataUnavailableError(
        Message("{name} is not an IDX file of the kind expected ({magic}).", name=path.name, magic=f"{magic:#010x}")
    )
    try:
        content = gzip.decompress(path.read_bytes())
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise other from error
    if int.from_bytes(content[:4], "big") != magic:
        raise other
    axes = magic & 0xFF
    try:
        shape = np.frombuffer(content, ">u4", count=axes, offset=4)
        return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(tuple(int(size) for size in shape))
    except ValueError as error:
        raise other from error
