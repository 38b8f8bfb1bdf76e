"""Select the fonts, their characters, and the fonts that no training may use.

`package.json` names the fonts. Each was chosen by looking at all of its digits: they look written by hand, and a person recognizes them.
"""

import string
from typing import Final, NamedTuple

DIGITS: Final = string.digits
"""The digits."""

LETTERS: Final = string.ascii_uppercase + string.ascii_lowercase
"""The letters A to Z and a to z."""

SIGNS: Final = r"#%$@*&<>+=?()[]{}\|/!€£"
"""Signs that people write among digits, or that resemble them."""

CHARACTERS: Final = DIGITS + LETTERS + SIGNS
"""All characters to draw, in the order in which they are stored."""

HELD_OUT: Final = frozenset(
    {
        *("caveat", "caveat-brush"),
        "comic-neue",
        "covered-by-your-grace",
        "gochi-hand",
        *("nanum-brush-script", "nanum-pen-script"),
        "patrick-hand",
        "reenie-beanie",
        "shadows-into-light",
        "vibur",
    }
)
"""Fonts for evaluation, which no training may use: 9 of the 50 families, drawn at random. Fonts of one family are on the same side."""

CAPITALS_ONLY: Final = frozenset({"permanent-marker", "rock-salt"})
"""Fonts whose small letters are capitals, too; only their capitals are drawn."""


class Exclusion(NamedTuple):
    """Characters of one font that are not drawn, and why."""

    font: str
    characters: str
    reason: str


_FLAG_OF_A_7 = "its flag is level, or as long as its stem: it may be a 7"
_LOOPED_2 = "its bow and loop are a 2 with a loop"
_BARRED_7 = "it is a 7 with a crossbar"
_FLAT_ARM = "its upper arm is level: it is a 7"
_WIDE_BOW = "its bow and stem are a 2 with a dot below"
_NO_STROKE = "its vertical stroke is missing within the S, which may be a 5"
_SHORT_BAR = "its bar is hardly wider than its stem: it may be a 1"
_LOOP = "its loop closes when it is reduced: it may be an 8 or a 1"

EXCLUSIONS: Final = (
    Exclusion("poor-story", "1", _FLAG_OF_A_7),
    Exclusion("gochi-hand", "1", _FLAG_OF_A_7),
    Exclusion("annie-use-your-telescope", "a", _LOOPED_2),
    Exclusion("nanum-brush-script", "a", _LOOPED_2),
    Exclusion("nanum-pen-script", "a", _LOOPED_2),
    Exclusion("yomogi", "a", _LOOPED_2),
    Exclusion("homemade-apple", "F", _BARRED_7),
    Exclusion("liu-jian-mao-cao", "F", _BARRED_7),
    Exclusion("satisfy", "F", _BARRED_7),
    Exclusion("cedarville-cursive", ">", _FLAT_ARM),
    Exclusion("covered-by-your-grace", ">", _FLAT_ARM),
    Exclusion("liu-jian-mao-cao", ">", _FLAT_ARM),
    Exclusion("nanum-brush-script", ">", _FLAT_ARM),
    Exclusion("permanent-marker", "$", _NO_STROKE),
    Exclusion("satisfy", "$", _NO_STROKE),
    Exclusion("sue-ellen-francisco", "$", _NO_STROKE),
    Exclusion("sue-ellen-francisco", "t", _SHORT_BAR),
    Exclusion("yusei-magic", "t", _SHORT_BAR),
    Exclusion("homemade-apple", "f", _LOOP),
    Exclusion("sacramento", "f", _LOOP),
    Exclusion("architects-daughter", "?", _WIDE_BOW),
    Exclusion("indie-flower", "?", _WIDE_BOW),
    Exclusion("liu-jian-mao-cao", "?", _WIDE_BOW),
    Exclusion("shadows-into-light", "?", _WIDE_BOW),
    Exclusion("the-girl-next-door", "?", _WIDE_BOW),
    Exclusion("liu-jian-mao-cao", "&Xx", "it is an 8 with an open loop"),
    Exclusion("ma-shan-zheng", "Cc", "its gap closes when it is reduced: it may be a 0"),
    Exclusion("long-cang", "&", "it may be a 4"),
    Exclusion("permanent-marker", "&", "it may be a 4"),
    Exclusion("long-cang", "H", "its left stroke ends at the bar: it is an open 4"),
    Exclusion("mr-de-haviland", "?", "its dot touches it: it may be a 9"),
    Exclusion("sacramento", "?", "it is a 9 with a small gap"),
    Exclusion("zen-kurenaido", "\\", "the font has a yen sign in this place"),
)
"""Digits that a person may read as another digit, letters and signs that may be digits, and a wrong character; decided by eye."""


def characters_of(font: str) -> str:
    """Return the characters that are drawn of a font, as far as it has them.

    Args:
        font: name of the font, as in `package.json` without the scope.

    Returns:
        The characters, in the order of `CHARACTERS`.

    Examples:
        >>> "a" in characters_of("rock-salt"), "A" in characters_of("rock-salt")
        (False, True)
    """
    excluded = {character for exclusion in EXCLUSIONS if exclusion.font == font for character in exclusion.characters}
    if font in CAPITALS_ONLY:
        excluded |= set(string.ascii_lowercase)
    return "".join(character for character in CHARACTERS if character not in excluded)
