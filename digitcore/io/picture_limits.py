"""The limits of a picture's size, and their errors."""

from typing import Final

from digitcore.errors import ImageTooLargeError, ImageTooSmallError
from digitcore.messages import Message

MAX_PIXELS: Final = 50_000_000
"""The most pixels of a picture: a phone's 48-megapixel photo is accepted. Decoded as RGB it takes 150 MB."""

MAX_DECODED_BYTES: Final = 320 * 2**20
"""The most memory that decoding may take: 20 megapixels of WebP and AVIF, and the whole limit of the other formats but for rare kinds."""

MIN_SIDE_PX: Final = 8
"""The least width and height: digits have been read from 8×8 pixels (scikit-learn's `load_digits`), not from fewer."""

MEGAPIXEL: Final = 1_000_000


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
                millions=width * height / MEGAPIXEL,
                limit=limit // MEGAPIXEL,
            )
        )


def check_size(width: int, height: int) -> None:
    """Check that a picture has neither too many nor too few pixels.

    Args:
        width: in pixels.
        height: in pixels.

    Raises:
        ImageTooLargeError: It has more than `MAX_PIXELS`.
        ImageTooSmallError: A side is shorter than `MIN_SIDE_PX`.
    """
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
