"""Name the characters that some people write like a digit: a network must not learn to reject their shapes.

A mark is classified alone, without its line: an O is a 0 then, and a bracket, a slash or an exclamation mark, whose dot may be missing, is
a 1. A cursive J has the loop of a 9, and a Y may have the shape of an open 4; `model.drawn_marks` draws both in print only, where they
can be negatives. Unicode's term for such characters is confusables (Unicode Technical Standard #39).
"""

from types import MappingProxyType
from typing import Final

CONFUSABLES: Final = MappingProxyType(
    {
        "0": "ODQo",
        "1": r"IijlL|/\!()[]{}",
        "2": "Zz",
        "3": "}",
        "4": "Yy",
        "5": "Ss",
        "6": "Gb",
        "7": "]",
        "8": "B",
        "9": "Jgq",
    }
)
"""For each digit the letters and signs that some people write like it."""

_LIKE_A_DIGIT: Final = frozenset("0123456789").union(*CONFUSABLES.values())


def is_like_a_digit(character: str) -> bool:
    """Decide whether a character is a digit or one that some people write like a digit.

    Args:
        character: one character.

    Returns:
        Whether it is, so that it can't be a negative. Characters that neither are digits nor in `CONFUSABLES` can be.

    Examples:
        >>> is_like_a_digit("7"), is_like_a_digit("O"), is_like_a_digit("&")
        (True, True, False)
    """
    return character in _LIKE_A_DIGIT
