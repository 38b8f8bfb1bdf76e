"""Answer a request whose address is too long to be read, such as a damaged link to a drawing, with a page that says so."""

import re
from collections.abc import Callable, Iterable
from html import escape
from typing import Final

from streamlit import config

from app.language import DEFAULT_LANGUAGE, LANGUAGE_PARAMETER, LANGUAGES, N_, supported_language
from app.navigation import PAGE_ENTRIES, page_address
from app.server.document_head import translator
from app.server.security_headers import frame_ancestors, security_headers

_PROBLEM: Final = N_("This link is too long to open.")
_REMEDY: Final = N_("Ask for a shorter one, or write your number here.")

_NAMED_LANGUAGE: Final = re.compile(rb"[?&]%s=([A-Za-z-]{2,8})(?=&|\Z)" % LANGUAGE_PARAMETER.encode())

_STYLE: Final = """
:root { color-scheme: light dark; }
body { margin: 0; padding: 4.5rem 1.5rem; background: light-dark(%s, %s); color: light-dark(%s, %s); font: 1.25rem/1.5 sans-serif; }
a { color: light-dark(%s, %s); }
"""
_STYLE_COLORS: Final = ("backgroundColor", "textColor", "linkColor")


def too_long_response(url: bytes, headers: Iterable[tuple[bytes, bytes]]) -> bytes:
    """Return the bytes of a complete response, after which the connection has to be closed.

    Args:
        url: the target of the request, as far as it was received.
        headers: names in lower case, and values, as far as they were received. Without a language in the address or in them, the page is
            in all languages.
    """
    body = _document(_language_codes(url, headers)).encode()
    fields = {
        "content-type": "text/html; charset=utf-8",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        "connection": "close",
        **security_headers(frame_ancestors()),
    }
    lines = ["HTTP/1.1 414 URI Too Long", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def _language_codes(url: bytes, headers: Iterable[tuple[bytes, bytes]]) -> list[str]:
    """Return the language of the address, or else the first one that the browser accepts, or else all."""
    if (named := _NAMED_LANGUAGE.search(url)) and (code := supported_language(named[1].decode())):
        return [code]
    accepted = dict(headers).get(b"accept-language")
    if accepted is None:
        return list(LANGUAGES)
    return [supported_language(re.split("[,;]", accepted.decode("latin-1"))[0].strip()) or DEFAULT_LANGUAGE]


def _document(codes: list[str]) -> str:
    """Return the page in some languages."""
    colors = [config.get_option(f"theme.{scheme}.{name}") for name in _STYLE_COLORS for scheme in ("light", "dark")]
    title = escape(translator(codes[0])(_PROBLEM))
    paragraphs = "".join(_paragraph(code, translator(code)) for code in codes)
    return (
        f'<!DOCTYPE html><html lang="{codes[0]}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{title}</title><style>{_STYLE % tuple(colors)}</style></head><body>{paragraphs}</body></html>"
    )


def _paragraph(code: str, translate: Callable[[str], str]) -> str:
    """Return the sentence, in which the remedy is a link to the page to write on."""
    base = config.get_option("server.baseUrlPath").strip("/")
    address = f"/{base}/" if base else "/"
    address += page_address(next(iter(PAGE_ENTRIES)))
    link = f'<a href="{escape(address)}?{LANGUAGE_PARAMETER}={code}">{escape(translate(_REMEDY))}</a>'
    return f'<p lang="{code}">{escape(translate(_PROBLEM))} {link}</p>'
