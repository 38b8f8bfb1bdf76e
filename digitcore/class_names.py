"""The names of a network's classes: one character each, in the order of its logits. By default they are the digits."""

import unicodedata
from collections.abc import Mapping
from typing import Any, Final

DIGITS: Final = "0123456789"

_OTHER_SYMBOL: Final = "So"
"""The Unicode category of shapes such as △ and ☆."""


def class_names_of(card: Mapping[str, Any]) -> str:
    """Read the names of a network's classes from its model card.

    Args:
        card: the names are its entry `classes`; a card without one is that of a network for digits.

    Returns:
        One character for each class, in the order of the logits.

    Raises:
        ValueError: there are fewer than two names, one of them occurs twice, or isn't a letter, a digit or a symbol.

    Examples:
        >>> class_names_of({}), class_names_of({"classes": "ABC△"})
        ('0123456789', 'ABC△')
    """
    names = card.get("classes", DIGITS)
    if not isinstance(names, str) or len(set(names)) < max(len(names), 2) or not all(map(_may_be_name, names)):
        raise ValueError(f"expected two or more different letters, digits or symbols as the names of classes, received {names!r}.")
    return names


def _may_be_name(character: str) -> bool:
    """Return whether a character is a letter, a digit or a symbol; the others separate, or have a meaning in HTML."""
    return character.isalnum() or unicodedata.category(character) == _OTHER_SYMBOL
