"""Serve each page's HTML document, with a head of its own, and the pictures that browsers and previews of links show."""

import re
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import config

from app.language import DEFAULT_LANGUAGE, LANGUAGE_PARAMETER, supported_language
from app.navigation import PAGE_ENTRIES, page_address
from app.server.document_head import page_document

PREVIEW_FILE: Final = "preview.png"
"""The picture in previews of links, in the folder of the app."""

_PICTURES: Final = (PREVIEW_FILE, "favicon.png")
_PICTURES_DIR: Final = Path(__file__).resolve().parents[1]
_PICTURE_CACHING: Final = "public, max-age=86400"

_HOST: Final = re.compile(r"([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
"""A `Host` header that may be repeated in a document."""


class PageDocuments:
    """Middleware that answers requests for the documents of the pages and for the app's own pictures.

    Args:
        app: the application, which answers all other requests.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app: Final = app
        self._documents: Final = GZipMiddleware(_serve_document)
        self._pictures: Final = StaticFiles(directory=_PICTURES_DIR)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        name = _requested_name(scope) if scope["type"] == "http" and scope["method"] in ("GET", "HEAD") else None
        if name in _PICTURES:
            response = await self._pictures.get_response(name, scope)
            response.headers["Cache-Control"] = _PICTURE_CACHING
            await response(scope, receive, send)
        else:
            await (self._documents if name else self._app)(scope, receive, send)


def _requested_name(scope: Scope) -> str | None:
    """Return the name of the page or picture at the path of a request; None for any other path."""
    base = f"/{config.get_option('server.baseUrlPath').strip('/')}".rstrip("/")
    names = {page_address(name): name for name in PAGE_ENTRIES} | {name: name for name in _PICTURES}
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return names.get(path.removeprefix(f"{base}/")) if path.startswith(f"{base}/") else None


async def _serve_document(scope: Scope, receive: Receive, send: Send) -> None:
    """Serve the document of the page at the path of a request, or its status if the browser has it already."""
    request = Request(scope)
    code = _named_language(request) or _accepted_language(request) or DEFAULT_LANGUAGE
    content = page_document(_requested_name(scope) or "", code, *_absolute_urls(request)).encode()
    etag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {"Cache-Control": "no-cache", "ETag": f"W/{etag}", "Vary": "Accept-Language"}
    if etag in re.findall('"[^"]*"', request.headers.get("If-None-Match", "")):
        await Response(status_code=304, headers=headers)(scope, receive, send)
    else:
        await Response(content, headers=headers, media_type="text/html")(scope, receive, send)


def _named_language(request: Request) -> str | None:
    """Return the language that the address names, if the app has it."""
    return supported_language(request.query_params.get(LANGUAGE_PARAMETER))


def _accepted_language(request: Request) -> str | None:
    """Return the first language that the browser accepts, as the page itself does, if the app has it."""
    return supported_language(re.split("[,;]", request.headers.get("Accept-Language", ""))[0].strip())


def _absolute_urls(request: Request) -> tuple[str, str]:
    """Return the absolute addresses of the page and of the preview picture; empty if the request names no valid host."""
    host = request.headers.get("Host", "")
    if not _HOST.fullmatch(host):
        return "", ""
    is_secure = "https" in (request.url.scheme, request.headers.get("X-Forwarded-Proto", "").split(",")[0].strip())
    page = f"{'https' if is_secure else 'http'}://{host}{request.url.path}"
    code = _named_language(request)
    return f"{page}?{LANGUAGE_PARAMETER}={code}" if code else page, f"{page.rpartition('/')[0]}/{PREVIEW_FILE}"
