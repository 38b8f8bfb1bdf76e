"""Hide Streamlit's diagnostic addresses."""

import re
from typing import Final

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_HIDDEN_PATH: Final = re.compile(r"/_stcore(?=/|\Z)(?!/((health|host-config|stream)\Z|upload_file/|bidi-components/))")
"""All of Streamlit's own paths but those that the pages use, below `server.baseUrlPath` too."""


class HideDiagnosticPaths:
    """Middleware that answers 404 at those of Streamlit's own addresses that the pages don't use.

    Of Streamlit 1.67 these are `/_stcore/metrics`, with the number of visitors and the memory of caches and uploads;
    `/_stcore/script-health-check`, which runs the app's script; and `/_stcore/agent/…`, which lists and runs what the pages offer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        is_hidden = scope["type"] == "http" and _HIDDEN_PATH.search(scope["path"])
        await (PlainTextResponse("Not Found", 404) if is_hidden else self._app)(scope, receive, send)
