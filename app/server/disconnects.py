"""Handle visitors who disconnect while the server sends to them."""

from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class IgnoreDisconnectedSend:
    """Middleware that drops a websocket message whose receiver has disconnected; the disconnection itself is received as usual.

    Without it, Streamlit 1.67 logs two errors instead of closing the session when a message of the same visitor is still unread: it takes
    the failed sending for a message that isn't bytes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""

        async def send_unless_disconnected(message: Message) -> None:
            with suppress(OSError):  # what servers raise after a disconnection (ASGI specification, "Send")
                await send(message)

        await self._app(scope, receive, send_unless_disconnected if scope["type"] == "websocket" else send)
