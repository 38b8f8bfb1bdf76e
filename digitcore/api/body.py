"""The picture in a request: the field `file` of a form, or the body itself. It is counted while it comes, and stays in memory."""

import asyncio
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from digitcore.api.problems import HUNG_UP
from digitcore.api.settings import MIB, ApiSettings
from digitcore.errors import RequestError

FIELD: Final = "file"
"""The form's field that holds the picture."""

SLOWEST_BYTES_A_S: Final = 16_384
"""Slower senders fall behind until they are cut off: a sixth of what a telephone sends over 3G."""

_MOST_PARTS: Final = 8
"""Of a form, files and other fields each; more are no mistake of a person."""

_OTHER_TYPES: Final = (
    *("text/", "audio/", "video/", "application/json", "application/xml", "application/pdf", "application/x-www-form-urlencoded"),
)
"""What a body that is no picture calls itself; anything else is looked at, whatever it calls itself."""

_ADVICE: Final = f"Send the picture in the form's field `{FIELD}`, or as the body itself."


class Room:
    """The memory that all bodies share. To be used from one event loop only."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit: Final = limit_bytes
        self.taken_bytes = 0

    def take(self, size_bytes: int) -> None:
        """Take some more of it.

        Raises:
            RequestError: (503) there is no more.
        """
        if self.taken_bytes + size_bytes > self._limit:
            raise RequestError("The server holds too many pictures at the moment. Try again in a moment.", 503, 1)
        self.taken_bytes += size_bytes

    def give_back(self, size_bytes: int) -> None:
        """Give back what was taken."""
        self.taken_bytes -= size_bytes


@asynccontextmanager
async def received(request: Request, settings: ApiSettings, room: Room) -> AsyncIterator[bytes]:
    """The bytes of the picture that a request brings; they count as held until the block ends.

    Raises:
        RequestError: it brings none or several, too much (413), something else (415), too slowly (408), there is no room for it (503),
            or its client hung up.
    """
    incoming = _Incoming(request, settings, room)
    try:
        yield await incoming.picture()
    finally:
        room.give_back(incoming.size_bytes)


class _InMemory(MultiPartParser):
    """Starlette's reader of forms moves files of more than 1 MB to the disk; no picture may touch a disk here."""

    spool_max_size = sys.maxsize

    def close(self) -> None:
        """Let all files go; the form that is parsed knows only those that came whole."""
        for file in self._files_to_close_on_error:
            file.close()


class _Incoming:
    """A body under way."""

    def __init__(self, request: Request, settings: ApiSettings, room: Room) -> None:
        self._request, self._settings, self._room = request, settings, room
        self.size_bytes = 0

    async def picture(self) -> bytes:
        kind = self._request.headers.get("content-type", "").lower().lstrip()
        if self._request.headers.get("content-encoding", "identity").lower() != "identity":
            raise RequestError("Compressed bodies aren't read. Send the picture as it is.", 415)
        if kind.startswith(_OTHER_TYPES):
            raise RequestError(f"This isn't a picture. {_ADVICE}", 415)
        self._check_declared()
        try:
            return await (self._from_form() if kind.startswith("multipart/") else self._as_it_is())
        except TimeoutError as error:
            raise RequestError("The picture came too slowly. Try again over a better connection.", 408) from error
        except ClientDisconnect as error:
            raise RequestError("The client hung up.", HUNG_UP) from error

    def _check_declared(self) -> None:
        """Spare both sides a body that is announced as too large."""
        declared = self._request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > self._settings.body_limit_bytes:
            raise self._too_large()

    def _too_large(self) -> RequestError:
        return RequestError(f"This picture has more than {self._settings.body_limit_mib} MB. Make it smaller and try again.", 413)

    async def _chunks(self) -> AsyncGenerator[bytes, None]:
        """The body's pieces, as long as they come fast enough, are not too many, and there is room for them."""
        async with asyncio.timeout(self._settings.body_timeout_s) as deadline:
            async for chunk in self._request.stream():
                if self.size_bytes + len(chunk) > self._settings.body_limit_bytes:
                    raise self._too_large()
                self._room.take(len(chunk))
                self.size_bytes += len(chunk)
                deadline.reschedule((deadline.when() or 0.0) + len(chunk) / SLOWEST_BYTES_A_S)
                yield chunk

    async def _as_it_is(self) -> bytes:
        return b"".join([chunk async for chunk in self._chunks()])

    async def _from_form(self) -> bytes:
        parser = _InMemory(self._request.headers, self._chunks(), max_files=_MOST_PARTS, max_fields=_MOST_PARTS, max_part_size=MIB)
        try:
            form = await parser.parse()
            files = [value for name, value in form.multi_items() if isinstance(value, UploadFile) or name == FIELD]
            if len(files) > 1:
                raise RequestError(f"There are {len(files)} files in this form. Send one at a time.", 400)
            picture = form.get(FIELD)
            if not isinstance(picture, UploadFile):
                raise RequestError(f"There is no picture in this form. {_ADVICE}", 400)
            return await picture.read()
        except MultiPartException as error:
            raise RequestError(f"This form can't be read to its end. {_ADVICE}", 400) from error
        finally:
            parser.close()
