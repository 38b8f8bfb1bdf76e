"""Call ASGI applications without a server, message by message."""

import asyncio

from starlette.datastructures import Headers

CLIENT = ("192.0.2.1", 50_000)

DISCONNECT = {"type": "http.disconnect"}


def http_scope(method="GET", path="/", headers=None, **others):
    """Return the scope of a request; `headers` are a dictionary or pairs of strings."""
    pairs = headers.items() if isinstance(headers, dict) else headers or ()
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in pairs]
    server = {"asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "server": ("127.0.0.1", 80), "root_path": ""}
    request = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": raw, "client": CLIENT}
    return {**server, **request, **others}


def chunk(content=b"", *, more=True):
    """Return the message with a piece of a request body."""
    return {"type": "http.request", "body": content, "more_body": more}


class Exchange:
    """One request to an application: the messages that it receives, and those that it has sent."""

    def __init__(self, *messages):
        """Take the messages in their order, with pauses among them: numbers of seconds, or functions whose results are awaited.

        After the last message the client sends nothing more.
        """
        self.unread = list(messages)
        self.sent = []

    async def receive(self):
        while self.unread and not isinstance(self.unread[0], dict):
            pause = self.unread.pop(0)
            await (pause() if callable(pause) else asyncio.sleep(pause))
        if not self.unread:
            await asyncio.Event().wait()
        return self.unread.pop(0)

    async def send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def headers(self):
        return Headers(raw=self.sent[0]["headers"])

    @property
    def body(self):
        return b"".join(message["body"] for message in self.sent[1:])


class Connection(Exchange):
    """A request as uvicorn passes it on: `receive` is a method of an object that has the transport."""

    def __init__(self, transport):
        super().__init__()
        self.transport = transport


async def call(app, scope, *messages):
    """Let an application handle a request; return the exchange."""
    exchange = Exchange(*messages)
    await app(scope, exchange.receive, exchange.send)
    return exchange
