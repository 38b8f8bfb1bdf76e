"""Bound how much a visitor may upload, whether or not a page shows an uploader.

Streamlit stores whatever is put to its upload address under the id of an active session, file by file, until the session ends.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Final

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.runtime import Runtime

MAX_BYTES_PER_SESSION: Final = 300 * 2**20
"""The most bytes of the files that a session holds: more than `app.upload.store.MAX_BYTES_PER_VISIT`, since requests are counted whole."""

_UPLOAD_PATH: Final = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")


def is_active_session(session_id: str) -> bool:
    """Return whether a session of this server is active."""
    return Runtime.exists() and Runtime.instance().is_active_session(session_id)


class LimitUploads:
    """Middleware that answers uploads with 413 once their session holds too many bytes; the bytes of sessions that ended don't count."""

    def __init__(self, app: ASGIApp, max_bytes: int = MAX_BYTES_PER_SESSION, is_active: Callable[[str], bool] = is_active_session) -> None:
        self._app: Final = app
        self._max_bytes: Final = max_bytes
        self._is_active: Final = is_active
        self._bytes: Final[dict[str, dict[str, int]]] = defaultdict(dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        upload = _UPLOAD_PATH.search(scope["path"]) if scope["type"] == "http" and scope["method"] in ("PUT", "DELETE") else None
        if upload is None:
            await self._app(scope, receive, send)
        elif scope["method"] == "PUT":
            await self._put(scope, receive, send, *upload.groups())
        else:
            await self._app(scope, receive, send)
            self._bytes.get(upload[1], {}).pop(upload[2], None)

    async def _put(self, scope: Scope, receive: Receive, send: Send, session_id: str, file_id: str) -> None:
        """Serve an upload, and count its bytes as they arrive."""
        self._forget_ended_sessions()
        held = self._bytes[session_id]
        held[file_id] = 0
        statuses: list[int] = []

        async def receive_and_count() -> Message:
            message = await receive()
            held[file_id] = held.get(file_id, 0) + len(message.get("body", b""))
            if sum(held.values()) > self._max_bytes:
                raise HTTPException(413, f"A visit can hold {self._max_bytes // 2**20} MB of files.")
            return message

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        try:
            await self._app(scope, receive_and_count, send_and_note)
        finally:
            if not statuses or statuses[0] >= 300:
                held.pop(file_id, None)

    def _forget_ended_sessions(self) -> None:
        for session_id in [each for each in self._bytes if not self._is_active(each)]:
            del self._bytes[session_id]
