"""Profiles of writers that change what is read."""

from typing import Final

from digitcore import WriterProfile, read_image
from digitcore.types import UInt8Array

_EXAMPLES: Final = 12
"""Enough to outweigh a sure answer of the network."""


def profile_that_reads(picture: UInt8Array | bytes, as_digit: int, unlike: UInt8Array | bytes) -> WriterProfile:
    """Make the profile of a writer whose digit looks like another one.

    Args:
        picture: a picture of one digit, as `digitcore.read_image` takes it.
        as_digit: what the writer means by it.
        unlike: a picture of one digit that looks different; all other digits are taught with it.

    Returns:
        The profile, with which the picture is read as the writer means it.
    """
    profile = WriterProfile()
    shown, other = (read_image(each).digits[0].model_input for each in (picture, unlike))
    for label in range(10):
        for _ in range(_EXAMPLES if label == as_digit else 1):
            profile.add(shown if label == as_digit else other, label)
    return profile
