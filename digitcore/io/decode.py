"""Decoding of picture files and arrays to one upright RGB picture of a working size.

Pillow decodes the files, and libheif those of HEIF. Format and size are checked before any pixel is decoded; `digitcore.io.conversion`
brings every depth and colour model to 8-bit RGB.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from digitcore.errors import (
    DamagedImageError,
    EmptyFileError,
    ImageError,
    ImageTooLargeError,
    UnsupportedFormatError,
)
from digitcore.io.conversion import WORKING_SIDE_PX, check_array, reduce_to_working_size, to_eight_bits, to_rgb
from digitcore.io.decoder_messages import silence_decoders
from digitcore.io.file_structure import check_structure
from digitcore.io.formats import AVIF, PILLOW_FORMATS, SAVE_AS_ADVICE, unsupported_format_message
from digitcore.io.heif import HeifPicture
from digitcore.io.heif_structure import Codec, check_heif
from digitcore.io.isobmff import is_heif
from digitcore.io.picture_limits import MAX_DECODED_BYTES, MAX_PIXELS, MEGAPIXEL, check_pixel_count, check_size
from digitcore.messages import Message
from digitcore.types import UInt8Array

_UPRIGHT: Final = 1
"""The EXIF orientation of a picture that needs no rotation."""

_BAND_ROWS: Final = 64
"""The rows, once reduced, that large pictures are converted and reduced by."""

silence_decoders()


@dataclass(frozen=True, slots=True, eq=False)
class UprightPicture:
    """A picture rotated upright and reduced to the working size."""

    pixels: UInt8Array
    """uint8 `(H, W, 3)` RGB, its long side at most `WORKING_SIDE_PX`."""

    size_wh: tuple[int, int]
    """Width and height of the upright original in pixels, before any reduction."""

    notes: tuple[Message, ...] = ()
    """Sentences for the user: that the file has further pictures, which aren't read."""

    @property
    def scale(self) -> float:
        """Return the size of `pixels` relative to the original, at most 1."""
        return float(self.pixels.shape[1] / self.size_wh[0])


def load_picture(source: bytes | UInt8Array | UprightPicture) -> UprightPicture:
    """Load a picture from the bytes of a file or from an array.

    Args:
        source: An encoded picture, or uint8 `(H, W)` grey, `(H, W, 3)` RGB or `(H, W, 4)` RGBA. A picture that is loaded already is
            returned as it is.

    Returns:
        The upright picture.

    Raises:
        ImageError: The picture can't be read; the message gives the reason and a remedy.
        ValueError: The source is neither bytes nor such an array.

    Examples:
        >>> import numpy as np
        >>> load_picture(np.full((60, 80), 255, np.uint8)).size_wh
        (80, 60)
    """
    if isinstance(source, UprightPicture):
        return source
    if isinstance(source, (bytes, bytearray, memoryview)):
        with _opened(bytes(source)) as image:
            return _decode(image)
    check_array(source)
    height, width = source.shape[:2]
    check_size(width, height)
    return UprightPicture(to_rgb(reduce_to_working_size(source)), (width, height))


def declared_size_wh(encoded: bytes) -> tuple[int, int]:
    """Read the size of a picture from the head of its file, without decoding it.

    Args:
        encoded: An encoded picture.

    Returns:
        Width and height in pixels, as stored: not yet rotated upright.

    Raises:
        ImageError: The picture can't be read.

    Examples:
        >>> from pathlib import Path
        >>> declared_size_wh(Path("samples/page.jpg").read_bytes())
        (900, 1200)
    """
    with _opened(encoded) as image:
        return image.size


@contextmanager
def _opened(encoded: bytes) -> Iterator[Image.Image | HeifPicture]:
    """Open a file and check its size, without decoding it; translate the decoders' errors, those in the block included."""
    if not encoded:
        raise EmptyFileError(Message("This file is empty. Choose another one."))
    try:
        heif = check_heif(encoded) if is_heif(encoded) else None
        if heif is not None and heif.codec is Codec.HEVC:
            picture = HeifPicture(encoded, heif.kind)
            check_size(*picture.size)
            yield picture
            return
        with Image.open(check_structure(encoded), formats=PILLOW_FORMATS if heif is None else (AVIF,)) as image:
            check_size(*image.size)
            yield image
    except UnidentifiedImageError as error:
        raise UnsupportedFormatError(unsupported_format_message(encoded)) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        limit = MAX_PIXELS // MEGAPIXEL
        raise ImageTooLargeError(
            Message("This picture has more than {limit} megapixels. Make it smaller and try again.", limit=limit)
        ) from error
    except ImageError:
        raise
    except Exception as error:  # the decoders raise errors of many types on damaged files
        raise DamagedImageError(Message("This picture is damaged or incomplete. {advice}", advice=SAVE_AS_ADVICE)) from error


def _decode(image: Image.Image | HeifPicture) -> UprightPicture:
    """Decode an opened file, and rotate it as it asks."""
    width, height = image.size
    if not isinstance(image, Image.Image):
        check_pixel_count(width, height, MAX_DECODED_BYTES // image.decoded_bytes_per_pixel)
        return UprightPicture(to_rgb(image.decode()), (width, height))
    check_pixel_count(width, height, MAX_DECODED_BYTES // _decoded_bytes_per_pixel(image))
    notes = _notes_on_further_pictures(image)
    image.draft(None, (WORKING_SIDE_PX, WORKING_SIDE_PX))  # a large JPEG is decoded at 1/2, 1/4 or 1/8 of its size, which is faster
    image.load()
    upright = _turn_upright(_to_array(image), _orientation(image))
    is_turned = (upright.shape[1] > upright.shape[0]) != (image.width > image.height)
    pixels = to_rgb(reduce_to_working_size(upright))
    return UprightPicture(pixels, (height, width) if is_turned else (width, height), notes)


def _notes_on_further_pictures(image: Image.Image) -> tuple[Message, ...]:
    """Return a note where only the first of several pictures is read. Phones add versions of the same picture to a JPEG."""
    if image.format == "MPO" or not getattr(image, "is_animated", False):
        return ()
    if image.format == "TIFF":
        return (Message("File with several pages: only the first page was read."),)
    return (Message("Animated picture: only its first frame was read."),)


def _orientation(image: Image.Image) -> int:
    """Return the EXIF orientation of an opened file; a PNG is decoded for that."""
    orientation: int = image.getexif().get(ExifTags.Base.Orientation, _UPRIGHT)
    return orientation


def _turn_upright(pixels: UInt8Array, orientation: int) -> UInt8Array:
    """Rotate and mirror pixels as an EXIF orientation asks."""
    if orientation == _UPRIGHT:
        return pixels
    image = Image.fromarray(pixels)
    image.getexif()[ExifTags.Base.Orientation] = orientation
    ImageOps.exif_transpose(image, in_place=True)
    return np.asarray(image)


def _decoded_bytes_per_pixel(image: Image.Image) -> int:
    """Return how much memory the decoder takes for each pixel, at least."""
    if image.format in ("WEBP", AVIF):
        return 16  # the planes or canvases, the channels, and the pixels that they are copied to
    is_turned = image.format == "TIFF" and _orientation(image) != _UPRIGHT  # by Pillow, which copies it
    has_four_coefficients = image.mode == "CMYK" and bool(image.info.get("progressive"))
    return 8 if is_turned or has_four_coefficients else 4


def _to_array(image: Image.Image) -> UInt8Array:
    """Convert a decoded file to 8-bit grey, RGB or RGBA; large ones are reduced by an integer factor, band by band to save memory."""
    factor = max(image.size) // WORKING_SIDE_PX
    is_deep = image.mode.startswith("I") or image.mode == "F"
    if factor <= 1:
        return to_eight_bits(np.asarray(image)) if is_deep else np.asarray(_in_eight_bits(image, image.has_transparency_data))
    transparent = image.has_transparency_data
    bands = []
    for top in range(0, image.height, _BAND_ROWS * factor):
        band = image.crop((0, top, image.width, min(top + _BAND_ROWS * factor, image.height)))
        converted = _in_32_bits(band) if is_deep else _in_eight_bits(band, transparent)
        bands.append(np.asarray(converted.reduce(factor)))
    reduced = np.concatenate(bands)
    return to_eight_bits(reduced) if is_deep else reduced


def _in_eight_bits(image: Image.Image, transparent: bool) -> Image.Image:
    """Convert a picture to 8-bit grey, RGB or RGBA."""
    mode = "RGBA" if transparent else "L" if image.mode in ("1", "L") else "RGB"
    return image if image.mode == mode else image.convert(mode)


def _in_32_bits(image: Image.Image) -> Image.Image:
    """Convert a picture of 16 or 32 bits to one that Pillow can reduce, with 0 where levels aren't finite."""
    if image.mode == "F":
        return Image.fromarray(np.nan_to_num(np.asarray(image), nan=0.0, posinf=0.0, neginf=0.0))
    return image if image.mode == "I" else image.convert("I")
