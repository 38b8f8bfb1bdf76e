"""Visitors who leave while something is being sent to them."""

from contextlib import suppress

from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Leaving:
    """Around every websocket: what is sent to a visitor who has just left is dropped, and that he left is heard as always.

    Where a message of his still waits to be looked at, Streamlit 1.67 else takes the failed sending for a message that is no bytes, and
    ends with two errors in the log instead of a disconnection.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""

        async def send_if_there(message: Message) -> None:
            with suppress(OSError):  # what servers raise where nobody is there any more (ASGI, "Send")
                await send(message)

        await self._app(scope, receive, send_if_there if scope["type"] == "websocket" else send)
