"""Decoding of HEIF pictures with libheif, into memory that is used as it is: Pillow's plugin would copy every pixel."""

from typing import Final

import numpy as np
from PIL import Image

from digitcore.errors import UnsupportedFormatError
from digitcore.io.conversion import reduce_to_working_size
from digitcore.io.hevc import PixelKind
from digitcore.messages import Message
from digitcore.types import UInt8Array

_BYTES_PER_PIXEL: Final = {PixelKind(is_deep=False, is_subsampled=True): 6, PixelKind(is_deep=True, is_subsampled=True): 8}
"""The most memory that decoding takes for each pixel: its channels, and the planes before they are converted. Measured 5.9 and 7.9."""

_OTHER_BYTES_PER_PIXEL: Final = 16
"""The same for all other kinds. Measured 15.4."""

_ALPHA_BYTES_PER_PIXEL: Final = 6
"""What an alpha channel takes in addition."""

_MISSING_EXTRA: Final = Message(
    "Reading HEIC needs packages that aren't installed. Install them with: {command}", command="pip install 'digit-reader[heif]'"
)


class HeifPicture:
    """The primary picture of a HEIF file. libheif turns it upright; its EXIF orientation is to be ignored.

    References:
        ISO/IEC 23008-12, section 6.5.10: a picture is turned by its properties `irot` and `imir`.
    """

    def __init__(self, encoded: bytes, kind: PixelKind) -> None:
        """Open a file without decoding it.

        Args:
            encoded: the file's bytes, whose structure is checked already.
            kind: the kind of its pixels.

        Raises:
            UnsupportedFormatError: the packages of the extra `heif` aren't installed.
            Exception: of any other type; the file is damaged.
        """
        try:
            import pillow_heif  # noqa: PLC0415  slow to import, and an extra
        except ImportError as error:
            raise UnsupportedFormatError(_MISSING_EXTRA) from error
        options = pillow_heif.options
        options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False  # only the primary picture is decoded
        options.DECODE_THREADS = 1  # more are no faster where another picture waits for the cores
        file = pillow_heif.open_heif(encoded)
        self._image: Final = file[file.primary_index]
        self._kind: Final = kind

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height in pixels, upright."""
        width, height = self._image.size
        return width, height

    @property
    def decoded_bytes_per_pixel(self) -> int:
        """Return how much memory the decoder takes for each pixel, at most."""
        alpha = _ALPHA_BYTES_PER_PIXEL if self._image.has_alpha else 0
        return _BYTES_PER_PIXEL.get(self._kind, _OTHER_BYTES_PER_PIXEL) + alpha

    def decode(self) -> UInt8Array:
        """Decode the picture.

        Returns:
            uint8 `(H, W)`, `(H, W, 3)` RGB or `(H, W, 4)` RGBA, its long side at most `WORKING_SIDE_PX`.
        """
        pixels = np.frombuffer(self._image.data, np.uint8)
        width, height = self._image.size
        shape = (height, width) if self._image.mode == "L" else (height, width, -1)
        reduced = reduce_to_working_size(pixels.reshape(shape))
        if self._image.premultiplied_alpha:
            return np.asarray(Image.frombytes("RGBa", reduced.shape[1::-1], reduced.tobytes()).convert("RGBA"))
        return reduced
