"""Text from outside, such as file names and query parameters, shown as plain text and never as markup."""

import re
from typing import Final

MAX_SHOWN_CHARACTERS: Final = 48
"""Longer names are shortened in the middle: their beginning and their end are the most informative."""

_MARKUP: Final = re.compile(r"([!-/:-@\[-`{-~])")
"""All ASCII punctuation: Markdown shows any of it literally after a backslash."""

_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters and line separators, and the characters that change the direction of writing."""


def printable(text: str) -> str:
    """Replace control characters, line breaks and changes of the direction of writing by spaces."""
    return _UNPRINTABLE.sub(" ", text)


def shorten(text: str, max_length: int = MAX_SHOWN_CHARACTERS) -> str:
    """Shorten a long text by an ellipsis in its middle.

    Args:
        text: the text.
        max_length: the length from which on it is shortened, and its length afterwards, in characters.

    Returns:
        The text, at most `max_length` characters long.
    """
    if len(text) <= max_length:
        return text
    tail = max_length // 3
    return f"{text[: max_length - tail - 1]}…{text[-tail:]}"


def escape_markdown(text: str) -> str:
    """Escape a text for Markdown, which then shows it literally, on one line."""
    return _MARKUP.sub(r"\\\1", " ".join(printable(text).split()))
