"""The visitor's language: what the browser asks for, until the visitor chooses another.

The catalogues lie in `locale/` and are kept with Babel: see `make messages`. English is what stands in the code.
"""

import gettext
from functools import lru_cache
from pathlib import Path
from typing import Final

import streamlit as st
from babel.numbers import format_decimal, format_percent

from digitcore.messages import Message

LOCALE_DIR: Final = Path(__file__).resolve().parents[1] / "digitcore" / "locale"
DOMAIN: Final = "digits"
LANGUAGES: Final = {"en": "English", "es": "Español"}
DEFAULT_LANGUAGE: Final = "en"

LANGUAGE_KEY: Final = "ui_language"

_NEARLY_SURE: Final = 0.999
"""Confidence that would be rounded to a full hundred percent, which no network can promise."""

_LEAST_SHOWN: Final = 0.0001


def current_language() -> str:
    """The language of this visitor's pages: a key of `LANGUAGES`."""
    chosen = st.session_state.get(LANGUAGE_KEY)
    return chosen if chosen in LANGUAGES else _of_browser()


def _(text: str) -> str:
    """A text in the visitor's language."""
    return str(_catalogue(current_language()).gettext(text)) if text else ""


def localize(text: str) -> str:
    """One of the core's sentences in the visitor's language."""
    return text.translated(_catalogue(current_language())) if isinstance(text, Message) else _(text)


def N_(text: str) -> str:  # noqa: N802  the name that gettext's tools know
    """Mark a constant for the catalogues; `_` says it later."""
    return text


def localize_sentence(text: str) -> str:
    """A part of a sentence as one of its own, in the visitor's language: "it is a dot" becomes "It is a dot."."""
    said = localize(text)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def percent(share: float, places: int = 1) -> str:
    """A share in percent, as the visitor's language writes it."""
    return str(format_percent(share, format=f"#,##0{'.' * bool(places)}{'0' * places}%", locale=current_language()))


def confidence(share: float) -> str:
    """A confidence in percent; never a full hundred, which no network can promise."""
    return percent(share) if share < _NEARLY_SURE else _("over {share}").format(share=percent(_NEARLY_SURE))


def probability(share: float) -> str:
    """A probability in percent to two places; never none at all nor a full hundred, which no network can promise."""
    if share < _LEAST_SHOWN:
        return _("under {share}").format(share=percent(_LEAST_SHOWN, 2))
    most = 1 - _LEAST_SHOWN
    return percent(share, 2) if share <= most else _("over {share}").format(share=percent(most, 2))


def number(value: float, places: int = 0) -> str:
    """A number as the visitor's language writes it."""
    return str(format_decimal(value, format=f"#,##0{'.' * bool(places)}{'0' * places}", locale=current_language()))


def show_language_switch() -> None:
    """The languages to choose from, each by its own name."""
    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        default=_of_browser(),
        format_func=str.upper,
        required=True,
        key=LANGUAGE_KEY,
        label_visibility="collapsed",
        persist_state="session",
    )


def _of_browser() -> str:
    asked = str(st.context.locale or DEFAULT_LANGUAGE).replace("_", "-").split("-")[0].lower()
    return asked if asked in LANGUAGES else DEFAULT_LANGUAGE


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(code: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE_DIR, [code], fallback=code == DEFAULT_LANGUAGE)
