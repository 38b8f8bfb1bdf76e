"""Texts of strangers on a page, shown as text and never as markup: file names, parameters of an address, what stands in a recipe."""

import re
from typing import Final

MAX_SHOWN_CHARACTERS: Final = 48
"""Longer names are shortened in their middle: their beginning and their ending tell most."""

_MARKUP: Final = re.compile(r"([!-/:-@\[-`{-~])")
"""All ASCII punctuation: Markdown takes any of it after a backslash for itself."""

_UNPRINTABLE: Final = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of writing."""


def printable(text: str) -> str:
    """On one line, without characters that act instead of showing."""
    return _UNPRINTABLE.sub(" ", text)


def shorten(text: str, longest: int = MAX_SHOWN_CHARACTERS) -> str:
    """At most so many characters, an ellipsis in the middle of longer ones."""
    if len(text) <= longest:
        return text
    tail = longest // 3
    return f"{text[: longest - tail - 1]}…{text[-tail:]}"


def escape_markdown(text: str) -> str:
    """The text in Markdown that shows it as it stands, in one line."""
    return _MARKUP.sub(r"\\\1", " ".join(printable(text).split()))
