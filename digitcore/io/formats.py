"""The formats of picture files that are read, and what is said of the others."""

from typing import Final

from PIL import Image

from digitcore.messages import Message

PILLOW_FORMATS: Final = ("JPEG", "PNG", "BMP", "WEBP", "TIFF", "GIF")
"""The formats that are read besides HEIF and AVIF, by their names in Pillow; of an animation or a multi-page TIFF, the first picture."""

PICTURE_SUFFIXES: Final = ("jpg", "jpeg", "png", "bmp", "webp", "gif", "tif", "tiff", "heic", "heif", "hif", "avif")
"""The suffixes of these formats' file names, without the dot."""

AVIF: Final = "AVIF"
"""The name of AVIF in Pillow."""

SAVE_AS_ADVICE: Final = Message("Save it as JPEG or PNG and try again.")
"""What to do with a file that can't be read."""

_UNSUPPORTED_SIGNATURES: Final = ((b"%PDF", "PDF"), (b"<svg", "SVG"))
"""Bytes near the start of files that are uploaded by mistake, and the names of their formats."""

_SIGNATURE_SEARCH_BYTES: Final = 1_024
"""The length of a file's start that is searched for these bytes; an SVG may begin with a comment."""

_SIGNATURE_BYTES: Final = 16
"""The length of a file's start by which Pillow tells formats; nothing more is read of a file in a format that isn't supported."""


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
            return Message("{format} files aren't supported. {advice}", format=name, advice=SAVE_AS_ADVICE)
    Image.init()  # registers all formats
    signature = encoded[:_SIGNATURE_BYTES].ljust(_SIGNATURE_BYTES, b"\0")
    for name in Image.ID:
        _, accepts = Image.OPEN[name]
        if accepts is not None and accepts(signature) is True:
            return Message("{format} files aren't supported. {advice}", format=name, advice=SAVE_AS_ADVICE)
    return Message("This file isn't a picture that can be read. {advice}", advice=SAVE_AS_ADVICE)
