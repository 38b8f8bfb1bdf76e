"""Send security headers with every response, since the app may face a network without a proxy that adds them.

References:
    OWASP HTTP Headers Cheat Sheet, https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html
    Content Security Policy Level 3, https://www.w3.org/TR/CSP3/
"""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from typing import Final

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from digitcore import SettingsError

FRAME_ANCESTORS_SETTING: Final = "DIGITS_FRAME_ANCESTORS"
"""The environment variable with the origins, besides the app's own, whose pages may show the app in a frame."""

SELF: Final = "'self'"
"""The app's own origin. It is always allowed, as components of the pages are shown in frames."""

INLINE_SCRIPT_HASH: Final = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"
"""The hash of the one inline script of Streamlit's index.html."""

_ORIGIN: Final = re.compile(r"https?://(\*\.)?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*(:[0-9]{1,5})?")
"""An origin; `*.` at its start stands for all subdomains."""

_POLICY: Final = {
    "default-src": "'none'",
    # The app's own scripts, and the canvas, which Streamlit loads from a blob. 'wasm-unsafe-eval' allows WebAssembly, which Streamlit's
    # protocol uses for 64-bit numbers; it doesn't allow strings to run as scripts.
    "script-src": f"'self' blob: 'wasm-unsafe-eval' {INLINE_SCRIPT_HASH}",
    "style-src": "'self' 'unsafe-inline'",  # created by scripts, so they can't be listed
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "connect-src": "'self' data:",  # Streamlit's camera fetches its own snapshot from a data: URL
    "media-src": "'self' blob:",
    "worker-src": "'self' blob:",
    "frame-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'self'",
    "form-action": "'self'",
}

_ALLOWED_FEATURES: Final = ("camera", "clipboard-write", "fullscreen")
_DENIED_FEATURES: Final = (
    *("accelerometer", "autoplay", "browsing-topics", "clipboard-read", "display-capture", "encrypted-media", "gamepad", "geolocation"),
    *("gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment", "picture-in-picture"),
    *("publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking"),
)

_RESPONSE_STARTS: Final = ("http.response.start", "websocket.http.response.start")


def frame_ancestors(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Return the origins whose pages may show the app in a frame, `'self'` first.

    Args:
        environment: names and values; the value is a list of origins, separated by commas or white space.

    Raises:
        SettingsError: an item of the list is not an origin.

    Examples:
        >>> frame_ancestors({"DIGITS_FRAME_ANCESTORS": "https://huggingface.co"})
        ("'self'", 'https://huggingface.co')
    """
    items = re.split(r"[,\s]+", environment.get(FRAME_ANCESTORS_SETTING, "").strip())
    origins = [item for item in items if item.strip("'") not in ("", "self")]
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise SettingsError(f"{FRAME_ANCESTORS_SETTING} must be a list of origins like https://example.org, received {origin!r}.")
    return (SELF, *origins)


def frame_ancestors_or_exit() -> tuple[str, ...]:
    """Return what the environment allows, for the start of the server.

    Raises:
        SystemExit: the setting is invalid; the message names it.
    """
    try:
        return frame_ancestors()
    except SettingsError as error:
        sys.exit(f"digitcore: {error}")


def security_headers(ancestors: Iterable[str] = (SELF,)) -> dict[str, str]:
    """Return the names and values of all security headers.

    Args:
        ancestors: as `frame_ancestors` returns them.
    """
    ancestors = tuple(ancestors)
    policy = {**_POLICY, "frame-ancestors": " ".join(ancestors)}
    features = [*(f"{name}=(self)" for name in _ALLOWED_FEATURES), *(f"{name}=()" for name in _DENIED_FEATURES)]
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": ", ".join(features),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    # For browsers without frame-ancestors. It can't name other origins.
    return {**headers, "X-Frame-Options": "SAMEORIGIN"} if ancestors == (SELF,) else headers


class SecurityHeadersMiddleware:
    """Middleware that sets the security headers of every response, each once. It must be the outermost one.

    Args:
        app: the application.
        ancestors: as `frame_ancestors` returns them.
    """

    def __init__(self, app: ASGIApp, ancestors: Iterable[str] = (SELF,)) -> None:
        self._app: Final = app
        self._headers: Final = security_headers(ancestors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        has_started = False

        async def send_with_headers(message: Message) -> None:
            nonlocal has_started
            if message["type"] in _RESPONSE_STARTS:
                has_started = True
                message.setdefault("headers", ())  # which an application may leave out
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            # Starlette's own response would have no headers, as Starlette sends it from outside all middleware. It still logs the error.
            if scope["type"] == "http" and not has_started:
                await PlainTextResponse("Internal Server Error", 500)(scope, receive, send_with_headers)
            raise
