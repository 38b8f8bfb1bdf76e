"""Translate the texts of a report where no page does: with the package's catalogues, and without Babel, which the core doesn't need."""

import gettext
from collections.abc import Callable
from functools import partial
from importlib import resources
from typing import Any, Final

from digitcore.messages import Message

REPORT_LANGUAGES: Final = ("en", "es")
"""ISO 639 codes; texts in the code are English."""

_CATALOGUE: Final = "digits"
_EXCHANGED: Final = str.maketrans(",.", ".,")
_LEAST_GROUPED: Final = 10_000
"""The least number whose thousands Spanish separates."""


def localizer(language: str) -> Callable[[str], str]:
    r"""Return a function that translates messages.

    Args:
        language: one of `REPORT_LANGUAGES`.

    Returns:
        The function; texts without a translation stay English.

    Examples:
        >>> localizer("es")(Message("{share:.1%} / {count:,}", share=0.985, count=12345))
        '98,5\xa0% / 12.345'
    """
    if language == "en":
        return str
    folder = resources.files("digitcore") / "locale"
    catalogue = gettext.translation(_CATALOGUE, str(folder), [language], fallback=True)
    return partial(_translate, catalogue)


def _translate(catalogue: gettext.NullTranslations, text: str) -> str:
    return text.translated(catalogue, _format_number) if isinstance(text, Message) else text


def _format_number(value: Any, spec: str) -> str:
    """Format a number with a decimal comma, points between thousands and a no-break space before a percent sign."""
    is_grouped = abs(value) >= _LEAST_GROUPED
    text = format(value, spec if is_grouped else spec.replace(",", ""))
    return text.translate(_EXCHANGED).replace("%", "\u00a0%")
