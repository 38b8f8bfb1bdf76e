"""Decoding of picture files and arrays to one upright RGB picture of a working size.

Pillow decodes the files, and libheif those of HEIF. This module decides which formats and sizes are accepted, before any pixel is decoded,
and rotates the picture upright; `digitcore.io.conversion` brings every depth and colour model to 8-bit RGB.
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
    ImageTooSmallError,
    UnsupportedFormatError,
)
from digitcore.io.conversion import WORKING_SIDE_PX, check_array, reduce_to_working_size, to_eight_bits, to_rgb
from digitcore.io.decoder_messages import silence_decoders
from digitcore.io.file_structure import check_structure
from digitcore.io.heif import HeifPicture
from digitcore.io.heif_structure import Codec, check_heif
from digitcore.io.isobmff import is_heif
from digitcore.messages import Message
from digitcore.types import UInt8Array

FORMATS: Final = ("JPEG", "PNG", "BMP", "WEBP", "TIFF", "GIF")
"""The formats that are read besides HEIF and AVIF, by their names in Pillow; of an animation or a multi-page TIFF, the first picture."""

PICTURE_SUFFIXES: Final = ("jpg", "jpeg", "png", "bmp", "webp", "gif", "tif", "tiff", "heic", "heif", "hif", "avif")
"""The suffixes of these formats' file names, without the dot."""

MAX_PIXELS: Final = 50_000_000
"""The most pixels of a picture: a phone's 48-megapixel photo is accepted. Decoded as RGB it takes 150 MB."""

MAX_DECODED_BYTES: Final = 320 * 2**20
"""The most memory that decoding may take: 20 megapixels of WebP and AVIF, and the whole limit of the other formats but for rare kinds."""

MIN_SIDE_PX: Final = 8
"""The least width and height: digits have been read from 8×8 pixels (scikit-learn's `load_digits`), not from fewer."""

_AVIF: Final = "AVIF"
_UPRIGHT: Final = 1
"""The EXIF orientation of a picture that needs no rotation."""

_BAND_ROWS: Final = 64
"""The rows, once reduced, that large pictures are converted and reduced by."""

_MEGAPIXEL: Final = 1_000_000
_UNSUPPORTED_SIGNATURES: Final = ((b"%PDF", "PDF"), (b"<svg", "SVG"))
"""Bytes near the start of files that are uploaded by mistake, and the names of their formats."""

_SIGNATURE_SEARCH_BYTES: Final = 1_024
"""The length of a file's start that is searched for these bytes; an SVG may begin with a comment."""

_SIGNATURE_BYTES: Final = 16
"""The length of a file's start by which Pillow tells formats; nothing more is read of a file in a format that isn't supported."""

_ADVICE: Final = Message("Save it as JPEG or PNG and try again.")

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
    _check_size(width, height)
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


def check_pixel_count(width: int, height: int, limit: int = MAX_PIXELS) -> None:
    """Check that a picture has no more pixels than allowed.

    Args:
        width: in pixels.
        height: in pixels.
        limit: The most pixels, where that is less than `MAX_PIXELS`.

    Raises:
        ImageTooLargeError: It has more.
    """
    limit = min(limit, MAX_PIXELS)
    if width * height > limit:
        raise ImageTooLargeError(
            Message(
                "This picture has {millions:,.0f} megapixels; the limit is {limit}. Make it smaller and try again.",
                millions=width * height / _MEGAPIXEL,
                limit=limit // _MEGAPIXEL,
            )
        )


def _check_size(width: int, height: int) -> None:
    """Raise an error where a picture has too many or too few pixels."""
    check_pixel_count(width, height)
    if min(width, height) < MIN_SIDE_PX:
        raise ImageTooSmallError(
            Message(
                "This picture has {width}×{height} pixels; at least {minimum}×{minimum} are needed. Choose a larger one.",
                width=width,
                height=height,
                minimum=MIN_SIDE_PX,
            )
        )


@contextmanager
def _opened(encoded: bytes) -> Iterator[Image.Image | HeifPicture]:
    """Open a file and check its size, without decoding it; translate the decoders' errors, those in the block included."""
    if not encoded:
        raise EmptyFileError(Message("This file is empty. Choose another one."))
    try:
        heif = check_heif(encoded) if is_heif(encoded) else None
        if heif is not None and heif.codec is Codec.HEVC:
            picture = HeifPicture(encoded, heif.kind)
            _check_size(*picture.size)
            yield picture
            return
        with Image.open(check_structure(encoded), formats=FORMATS if heif is None else (_AVIF,)) as image:
            _check_size(*image.size)
            yield image
    except UnidentifiedImageError as error:
        raise UnsupportedFormatError(unsupported_format_message(encoded)) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        limit = MAX_PIXELS // _MEGAPIXEL
        raise ImageTooLargeError(
            Message("This picture has more than {limit} megapixels. Make it smaller and try again.", limit=limit)
        ) from error
    except ImageError:
        raise
    except Exception as error:  # the decoders raise errors of many types on damaged files
        raise DamagedImageError(Message("This picture is damaged or incomplete. {advice}", advice=_ADVICE)) from error


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
    if image.format in ("WEBP", _AVIF):
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


def unsupported_format_message(encoded: bytes) -> Message:
    """Name the format of a file that isn't read, as far as it can be recognised.

    Args:
        encoded: The bytes of the file.

    Returns:
        A message for the user, with a remedy.

    Examples:
        >>> unsupported_format_message(b"%PDF-1.7")
        "PDF files aren't supported. Save it as JPEG or PNG and try again."
    """
    start = encoded[:_SIGNATURE_SEARCH_BYTES].lower()
    for signature, name in _UNSUPPORTED_SIGNATURES:
        if signature.lower() in start:
            return Message("{format} files aren't supported. {advice}", format=name, advice=_ADVICE)
    Image.init()  # registers all formats
    signature = encoded[:_SIGNATURE_BYTES].ljust(_SIGNATURE_BYTES, b"\0")
    for name in Image.ID:
        _, accepts = Image.OPEN[name]
        if accepts is not None and accepts(signature) is True:
            return Message("{format} files aren't supported. {advice}", format=name, advice=_ADVICE)
    return Message("This file isn't a picture that can be read. {advice}", advice=_ADVICE)
