"""Receive the body of a request in memory, counting its bytes as they arrive: a picture, a form with one, or a drawing."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Final, TypeVar

from starlette.requests import ClientDisconnect, Request

from digitcore.api.content_length import announced_bytes
from digitcore.api.form import PICTURE_ADVICE, Upload, parse_form
from digitcore.api.memory import MemoryBudget
from digitcore.api.problems import CLIENT_CLOSED_REQUEST
from digitcore.api.settings import BYTES_PER_MIB, ApiSettings
from digitcore.errors import RequestError

Content = TypeVar("Content")

MIN_UPLOAD_BYTES_PER_S: Final = 16_384
"""The rate below which a sender uses up its time (`body_timeout_s`): a sixth of what a phone sends over 3G."""

UNSUPPORTED_TYPES: Final = (
    *("text/", "audio/", "video/", "application/json", "application/xml", "application/pdf", "application/x-www-form-urlencoded"),
)
"""Prefixes of the media types that are rejected unread as pictures; a body of any other type is decoded, whatever type it claims."""

DRAWING_TYPE: Final = "application/json"
"""The media type of a drawing."""

MAX_DRAWING_BYTES: Final = 8 * BYTES_PER_MIB
"""The largest drawing: as many points as are read (`digitcore.io.strokes.MAX_POINTS`), at 16 bytes each."""


@asynccontextmanager
async def receive_upload(request: Request, settings: ApiSettings, budget: MemoryBudget) -> AsyncIterator[Upload]:
    """Receive the picture of a request and the profile with it, and keep their memory reserved until the block ends.

    Args:
        request: the request; its body hasn't been read yet.
        settings: the limits on size and time.
        budget: the memory that all bodies share.

    Yields:
        The picture and the profile.

    Raises:
        RequestError: the request has no picture, or several pictures or profiles (400), is too slow (408) or too large (413), has another
            type (415), finds no free memory (503), or its client disconnected (499).
    """
    media_type = _media_type(request)
    if media_type.startswith(UNSUPPORTED_TYPES):
        raise RequestError(f"This isn't a picture. {PICTURE_ADVICE}", 415)
    receiver = _BodyReceiver(request, settings, budget, "picture", settings.body_limit_bytes)
    try:
        yield await receiver.receive(partial(parse_form, request.headers) if media_type.startswith("multipart/") else _to_upload)
    finally:
        budget.release(receiver.received_bytes)


@asynccontextmanager
async def receive_drawing(request: Request, settings: ApiSettings, budget: MemoryBudget) -> AsyncIterator[bytes]:
    """Receive the drawing of a request, and keep its memory reserved until the block ends.

    Args:
        request: as in `receive_upload`.
        settings: as in `receive_upload`; a drawing has `MAX_DRAWING_BYTES` at most.
        budget: as in `receive_upload`.

    Yields:
        The drawing's JSON, not parsed yet.

    Raises:
        RequestError: the request is too slow (408) or too large (413), has another type (415), finds no free memory (503), or its client
            disconnected (499).
    """
    if _media_type(request).partition(";")[0].rstrip() != DRAWING_TYPE:
        raise RequestError(f"This isn't a drawing. Send its strokes as `{DRAWING_TYPE}`.", 415)
    receiver = _BodyReceiver(request, settings, budget, "drawing", min(settings.body_limit_bytes, MAX_DRAWING_BYTES))
    try:
        yield await receiver.receive(_join)
    finally:
        budget.release(receiver.received_bytes)


def too_large(noun: str, limit_bytes: int) -> RequestError:
    """Create the error for content over the limit.

    Args:
        noun: what it is, such as "picture".
        limit_bytes: the most bytes that it may have, in whole MiB.

    Returns:
        The error (413), to be raised.
    """
    return RequestError(f"This {noun} has more than {limit_bytes // BYTES_PER_MIB} MB. Make it smaller and try again.", 413)


class _BodyReceiver:
    """The state of one body while it is received; `noun` names its content in messages."""

    def __init__(self, request: Request, settings: ApiSettings, budget: MemoryBudget, noun: str, limit_bytes: int) -> None:
        self._request, self._settings, self._budget, self._noun, self._limit_bytes = request, settings, budget, noun, limit_bytes
        self.received_bytes = 0

    async def receive(self, parse: Callable[[AsyncGenerator[bytes, None]], Awaitable[Content]]) -> Content:
        """Check the headers, receive the body and parse it."""
        self._check_headers()
        try:
            return await parse(self._chunks())
        except TimeoutError as error:
            raise RequestError(f"The {self._noun} arrived too slowly. Try again over a faster connection.", 408) from error
        except ClientDisconnect as error:
            raise RequestError("The client disconnected.", CLIENT_CLOSED_REQUEST) from error

    def _check_headers(self) -> None:
        """Reject a body by its headers, before any of it is received."""
        if self._request.headers.get("content-encoding", "identity").lower() != "identity":
            raise RequestError(f"Compressed request bodies aren't supported. Send the {self._noun} without `Content-Encoding`.", 415)
        if (announced_bytes(self._request.headers) or 0) > self._limit_bytes:
            raise too_large(self._noun, self._limit_bytes)

    async def _chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the body's chunks within the limits on time, size and memory."""
        async with asyncio.timeout(self._settings.body_timeout_s) as deadline:
            async for chunk in self._request.stream():
                if self.received_bytes + len(chunk) > self._limit_bytes:
                    raise too_large(self._noun, self._limit_bytes)
                self._budget.reserve(len(chunk))
                self.received_bytes += len(chunk)
                deadline.reschedule((deadline.when() or 0.0) + len(chunk) / MIN_UPLOAD_BYTES_PER_S)
                yield chunk


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").lower().lstrip()


async def _join(chunks: AsyncGenerator[bytes, None]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


async def _to_upload(chunks: AsyncGenerator[bytes, None]) -> Upload:
    """Receive a body that is the picture itself."""
    return Upload(await _join(chunks))
