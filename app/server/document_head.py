"""Write what the head of each page's HTML document tells browsers and the services that show previews of links.

Streamlit serves one document for all pages, titled "Streamlit"; its script sets the title only later, which those services never see.

References:
    The Open Graph protocol, https://ogp.me
"""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Final

from streamlit import config

from app.header_footer import APP_NAME
from app.language import N_, load_catalogue
from app.navigation import PAGE_ENTRIES
from app.server.module_preloads import STATIC_DIR, module_preloads
from app.style import STYLE_PATH
from digitcore.errors import CatalogueError

INDEX_PATH: Final = STATIC_DIR / "index.html"
"""Streamlit's document."""

PREVIEW_SIZE_WH: Final = (1200, 630)
"""The size of the preview picture in pixels."""

_PREVIEW_ALT: Final = N_("A handwritten 2026, and below it the same number in type")
_CHARSET: Final = '<meta charset="UTF-8" />'
_BODY_END: Final = "</body>"


def page_document(name: str, code: str, page_url: str = "", preview_url: str = "") -> str:
    """Return Streamlit's document with the head of a page.

    Args:
        name: a key of `PAGE_ENTRIES`.
        code: the language, a key of `LANGUAGES`.
        page_url: the absolute address of the page; empty if it isn't known.
        preview_url: that of the preview picture, likewise.
    """
    properties = _properties(name, code)
    if page_url:
        properties["og:url"] = page_url
    if preview_url:
        properties |= _image_properties(preview_url, code)
    tags = (f'<meta property="{each}" content="{escape(value)}" />' for each, value in properties.items())
    document = _index(code).replace(_CHARSET, "\n    ".join((_CHARSET, *_names(name, code), *tags)), 1)
    return document.replace(_BODY_END, f"<style>{_style()}</style>{_BODY_END}", 1)


@lru_cache(maxsize=16)
def _index(code: str) -> str:
    """Return Streamlit's document in a language, without its title, and as large as the screen, whatever covers its edges."""
    index = re.sub(r"\s*<title>.*?</title>", "", INDEX_PATH.read_text(encoding="utf-8"), count=1)
    return index.replace('<html lang="en">', f'<html lang="{code}">').replace("shrink-to-fit=no", "viewport-fit=cover")


@lru_cache(maxsize=1)
def _style() -> str:
    """Return the app's own CSS: in the document, it is there before the first element, which would otherwise move when it is applied."""
    return STYLE_PATH.read_text(encoding="utf-8")


def _names(name: str, code: str) -> list[str]:
    """Return what the head of a page tells browsers."""
    title, description = _title_and_description(name, code)
    return [
        f"<title>{escape(title)}</title>",
        f'<meta name="description" content="{escape(description)}" />',
        *_theme_colors(),
        '<meta name="twitter:card" content="summary_large_image" />',
        *(f'<link rel="modulepreload" crossorigin href="{escape(each)}" />' for each in module_preloads(name)),
    ]


def _properties(name: str, code: str) -> dict[str, str]:
    """Return the Open Graph properties of a page."""
    title, description = _title_and_description(name, code)
    site = translator(code)(APP_NAME)
    return {"og:type": "website", "og:site_name": site, "og:title": title, "og:description": description}


def _image_properties(url: str, code: str) -> dict[str, str]:
    """Return the Open Graph properties of the preview picture; those of its address precede the others, as the protocol demands."""
    width, height = map(str, PREVIEW_SIZE_WH)
    alt = translator(code)(_PREVIEW_ALT)
    return {
        "og:image": url,
        "og:image:type": "image/png",
        "og:image:width": width,
        "og:image:height": height,
        "og:image:alt": alt,
    }


def _title_and_description(name: str, code: str) -> tuple[str, str]:
    translate, entry = translator(code), PAGE_ENTRIES[name]
    return f"{translate(entry.title)} · {translate(APP_NAME)}", translate(entry.description)


def _theme_colors() -> list[str]:
    """Return the elements that colour a phone's browser like the page, in each of the system's colour schemes."""
    colors = {scheme: config.get_option(f"theme.{scheme}.backgroundColor") for scheme in ("light", "dark")}
    return [
        f'<meta name="theme-color" media="(prefers-color-scheme: {scheme})" content="{escape(color)}" />'
        for scheme, color in colors.items()
        if color
    ]


def translator(code: str) -> Callable[[str], str]:
    """Return the translation into a language; into English if the texts are missing, which every page then reports.

    Args:
        code: a key of `LANGUAGES`.
    """
    try:
        return load_catalogue(code).gettext
    except CatalogueError:
        return str
