"""The visitor's language: the one in the page's address, until then the one that the browser asks for.

Selecting a language writes it into the address, so that reloading, bookmarking or sharing the page keeps it.

| function | use |
|---|---|
| `_` | look up a text of the app |
| `ngettext` | look up a text of the app that depends on a count |
| `N_` | mark a constant for translation; `_` looks it up when it is shown |
| `localize` | translate a `digitcore.messages.Message`, such as an error |
| `number`, `percent`, `bounded_percent` | format a number for a text |

The texts in the code are English. Other languages have a catalogue each, and English may have one that replaces some of the texts. The
source of a catalogue is `locale/CODE/LC_MESSAGES/digits.po`, `make messages` updates and compiles it with Babel, and the compiled file is
package data of `digitcore`.
"""

import gettext
import struct
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from io import BytesIO
from typing import Final

import streamlit as st
from babel import Locale
from babel.numbers import format_decimal, format_percent

from digitcore.errors import CatalogueError
from digitcore.messages import Message

DOMAIN: Final = "digits"
"""The name of the catalogues' files, without their suffix."""

LOCALE_DIR: Final = resources.files("digitcore") / "locale"
"""The folder of the compiled catalogues."""

LANGUAGES: Final = {"en": "English", "es": "Español"}
"""The name of each language in itself, by its ISO 639 code."""

DEFAULT_LANGUAGE: Final = "en"

LANGUAGE_KEY: Final = "ui_language"
"""The language that the visitor or the address selected."""

LANGUAGE_PARAMETER: Final = "lang"
"""The query parameter of a page's address that names the language."""

_WORD_JOINER: Final = "\u2060"
"""An invisible character without width: Markdown, in table cells too, takes a ">" at the start of a text for a quotation, and drops it."""

_SWITCH_KEY: Final = "ui_language_switch"

MAX_SHOWN_CONFIDENCE: Final = 0.999
"""The highest confidence in a column of numbers, which can't hold "> 99.9%"."""

USUAL_LEAST_GROUPED: Final = 1_000
LEAST_GROUPED: Final = {"es": 10_000}
"""The least number whose thousands are separated, by language, where it isn't `USUAL_LEAST_GROUPED`: Spanish leaves numbers of four digits
whole (Unicode CLDR, minimum grouping digits)."""


def current_language() -> str:
    """Return the code of the language of this visitor's pages, a key of `LANGUAGES`."""
    selected = st.session_state.get(LANGUAGE_KEY)
    return selected if selected in LANGUAGES else _browser_language()


def supported_language(tag: str | None) -> str | None:
    """Return the code of the language that a language tag stands for, None if the app doesn't have it.

    Args:
        tag: a tag such as "es-MX" (RFC 5646).

    Examples:
        >>> supported_language("es-MX"), supported_language("fr"), supported_language(None)
        ('es', None, None)
    """
    code = (tag or "").replace("_", "-").split("-")[0].lower()
    return code if code in LANGUAGES else None


def read_language_parameter() -> None:
    """Select the language in the page's address; if there is none, write the one that was selected earlier into the address."""
    if asked := supported_language(st.query_params.get(LANGUAGE_PARAMETER)):
        st.session_state[LANGUAGE_KEY] = asked
    else:
        st.query_params.update(language_parameters())


def language_parameters() -> dict[str, str]:
    """Return the query parameters that keep the selected language in a link to another page; none if none was selected."""
    selected = st.session_state.get(LANGUAGE_KEY)
    return {LANGUAGE_PARAMETER: selected} if selected in LANGUAGES else {}


def load_catalogue(code: str) -> gettext.NullTranslations:
    """Load the translations of a language.

    Args:
        code: a key of `LANGUAGES`.

    Returns:
        The translations. English needs none: without a catalogue, each text is returned unchanged.

    Raises:
        CatalogueError: The catalogue is missing or damaged.
    """
    needs_none = code == DEFAULT_LANGUAGE and not _catalogue_file(code).is_file()
    return gettext.NullTranslations() if needs_none else _read_catalogue(code)


def _(text: str) -> str:
    """Translate a text into the visitor's language."""
    return _translations().gettext(text) if text else ""


def ngettext(singular: str, plural: str, count: int) -> str:
    """Translate a text that depends on a count, in the form that the visitor's language uses for that count.

    Args:
        singular: the English text for one.
        plural: the English text for any other count.
        count: how many.

    Returns:
        The text with its `{placeholders}`, to be filled by `str.format` and `number`.
    """
    return _translations().ngettext(singular, plural, count)


def N_(text: str) -> str:  # noqa: N802  the name that gettext's tools look for
    """Mark a constant for translation."""
    return text


def localize(text: str) -> str:
    """Translate one of the core's messages, with its numbers in the visitor's format."""
    return text.translated(_translations(), _format_value) if isinstance(text, Message) else _(text)


def localize_sentence(text: str) -> str:
    """Translate a clause and make it a sentence: "it is a dot" becomes "It is a dot."."""
    clause = localize(text)
    return f"{clause[:1].upper()}{clause[1:]}." if clause else ""


def number(value: float | Decimal, places: int = 0) -> str:
    """Format a number in the visitor's language.

    Args:
        value: the number.
        places: digits after the decimal separator.

    Returns:
        The number, such as "1,234.5" in English and "1234,5" in Spanish.
    """
    code = current_language()
    is_grouped = abs(round(float(value), places)) >= LEAST_GROUPED.get(code, USUAL_LEAST_GROUPED)
    return format_decimal(value, format=_with_places("#,##0" if is_grouped else "0", places), locale=code)


def percent(share: float | Decimal, places: int = 1) -> str:
    """Format a share as a percentage in the visitor's language.

    Args:
        share: the share, 1 for 100 %.
        places: digits after the decimal separator.

    Returns:
        The percentage, "98.5%" in English and "98,5 %", with a no-break space, in Spanish.
    """
    code = current_language()
    pattern = Locale.parse(code).percent_formats[None].pattern
    return format_percent(share, format=_with_places(pattern, places), locale=code)


def confidence(share: float) -> str:
    """Format a confidence in [0, 1] with one decimal, as `bounded_percent` does."""
    return bounded_percent(share, 1)


def probability(share: float) -> str:
    """Format a probability in [0, 1] with two decimals, as `bounded_percent` does."""
    return bounded_percent(share, 2)


def bounded_percent(share: float, places: int = 0) -> str:
    """Format a probability in [0, 1] as a percentage that is neither 0 nor 100 %, such as "< 1%", "93%" or "> 99%".

    Args:
        share: the probability.
        places: digits after the decimal separator.

    Returns:
        The percentage; of an extreme probability the bound that it is beyond.
    """
    least = 10.0 ** -(2 + places)
    if least <= share <= 1 - least:
        return percent(share, places)
    return f"<\u00a0{percent(least, places)}" if share < least else f"{_WORD_JOINER}>\u00a0{percent(1 - least, places)}"


def show_language_switch() -> None:
    """Show the codes of all languages to select from."""
    st.session_state[_SWITCH_KEY] = current_language()
    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        format_func=str.upper,
        required=True,
        key=_SWITCH_KEY,
        on_change=_select_language,
        label_visibility="collapsed",
    )


def _select_language() -> None:
    st.session_state[LANGUAGE_KEY] = st.session_state[_SWITCH_KEY]
    st.query_params.update(language_parameters())


def _browser_language() -> str:
    return supported_language(st.context.locale) or DEFAULT_LANGUAGE


def _translations() -> gettext.NullTranslations:
    """Return the translations of the visitor's language; none if they can't be loaded, which `app.router` reports on every page."""
    try:
        return load_catalogue(current_language())
    except CatalogueError:
        return gettext.NullTranslations()


def _catalogue_file(code: str) -> Traversable:
    return LOCALE_DIR / code / "LC_MESSAGES" / f"{DOMAIN}.mo"


@lru_cache(maxsize=len(LANGUAGES))
def _read_catalogue(code: str) -> gettext.NullTranslations:
    try:
        return gettext.GNUTranslations(BytesIO(_catalogue_file(code).read_bytes()))
    except (OSError, ValueError, LookupError, struct.error) as error:  # whatever the parser meets in a damaged file
        language = Locale.parse(code).get_language_name("en")
        raise CatalogueError(
            f"The {language} texts are missing or damaged, so this page is in English. In a copy of the project's sources run "
            f"`make messages`; an installed package has to be installed again."
        ) from error


def _format_value(value: float, spec: str) -> str:
    """Format a number in a message by its format specification, but in the visitor's language."""
    text = format(value, spec.replace(",", ""))
    try:
        digits = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        return text
    exponent = digits.as_tuple().exponent
    if not isinstance(exponent, int):  # infinite, or not a number
        return text
    places = max(0, -exponent)
    return percent(digits / 100, places) if text.endswith("%") else number(digits, places)


def _with_places(pattern: str, places: int) -> str:
    """Add digits after the decimal separator to a number pattern of the Unicode CLDR."""
    return pattern.replace("0", f"0.{'0' * places}", 1) if places else pattern
