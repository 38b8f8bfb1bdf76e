"""Receive the picture of a request in memory, counting its bytes as they arrive: as a form field or as the body itself.

A form may also have a writer's profile.
"""

import asyncio
import sys
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from digitcore.api.content_length import announced_bytes
from digitcore.api.memory import MemoryBudget
from digitcore.api.problems import CLIENT_CLOSED_REQUEST
from digitcore.api.settings import BYTES_PER_MIB, ApiSettings
from digitcore.errors import RequestError
from digitcore.recognition.writer_profile import MAX_JSON_BYTES

FORM_FIELD: Final = "file"
"""The name of the form field that holds the picture."""

PROFILE_FIELD: Final = "profile"
"""The name of the form field that holds the writer's profile, as text or as a file."""

MIN_UPLOAD_BYTES_PER_S: Final = 16_384
"""The rate below which a sender uses up its time (`body_timeout_s`): a sixth of what a phone sends over 3G."""

MAX_FORM_PARTS: Final = 8
"""The most files, and the most other fields, that a form may have; a person who picks several files by mistake stays below."""

UNSUPPORTED_TYPES: Final = (
    *("text/", "audio/", "video/", "application/json", "application/xml", "application/pdf", "application/x-www-form-urlencoded"),
)
"""Prefixes of the media types that are rejected unread; a body of any other type is decoded, whatever type it claims."""

_ADVICE: Final = f"Send the picture in the form field `{FORM_FIELD}`, or as the request body."


class Upload(NamedTuple):
    """What a request sends to be read."""

    picture: bytes
    """The bytes of the picture's file."""

    profile: str | bytes | None = None
    """The JSON of the writer's profile, not parsed yet; of a longer file the first `MAX_JSON_BYTES` + 1 bytes."""


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
    receiver = _BodyReceiver(request, settings, budget)
    try:
        yield await receiver.upload()
    finally:
        budget.release(receiver.received_bytes)


class _InMemoryMultiPartParser(MultiPartParser):
    """Starlette's form parser without its temporary files: it moves parts of more than 1 MB to the disk, which no picture may touch."""

    spool_max_size = sys.maxsize

    is_complete = False
    """Whether the end of the form was received; the parser itself doesn't require it."""

    def on_end(self) -> None:
        """Note that the form is complete."""
        self.is_complete = True

    def close(self) -> None:
        """Close all files, those of incomplete parts too, which the parsed form doesn't include."""
        for file in self._files_to_close_on_error:
            file.close()


class _BodyReceiver:
    """The state of one body while it is received."""

    def __init__(self, request: Request, settings: ApiSettings, budget: MemoryBudget) -> None:
        self._request, self._settings, self._budget = request, settings, budget
        self.received_bytes = 0

    async def upload(self) -> Upload:
        """Check the headers and receive the body."""
        media_type = self._request.headers.get("content-type", "").lower().lstrip()
        self._check_headers(media_type)
        try:
            return await self._receive_form() if media_type.startswith("multipart/") else Upload(await self._receive_body())
        except TimeoutError as error:
            raise RequestError("The picture arrived too slowly. Try again over a faster connection.", 408) from error
        except ClientDisconnect as error:
            raise RequestError("The client disconnected.", CLIENT_CLOSED_REQUEST) from error

    def _check_headers(self, media_type: str) -> None:
        """Reject a body by its headers, before any of it is received."""
        if self._request.headers.get("content-encoding", "identity").lower() != "identity":
            raise RequestError("Compressed request bodies aren't supported. Send the picture without `Content-Encoding`.", 415)
        if media_type.startswith(UNSUPPORTED_TYPES):
            raise RequestError(f"This isn't a picture. {_ADVICE}", 415)
        if (announced_bytes(self._request.headers) or 0) > self._settings.body_limit_bytes:
            raise self._too_large()

    def _too_large(self) -> RequestError:
        """Return the error for a body over the limit."""
        return RequestError(f"This picture has more than {self._settings.body_limit_mib} MB. Make it smaller and try again.", 413)

    async def _chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield the body's chunks within the limits on time, size and memory."""
        async with asyncio.timeout(self._settings.body_timeout_s) as deadline:
            async for chunk in self._request.stream():
                if self.received_bytes + len(chunk) > self._settings.body_limit_bytes:
                    raise self._too_large()
                self._budget.reserve(len(chunk))
                self.received_bytes += len(chunk)
                deadline.reschedule((deadline.when() or 0.0) + len(chunk) / MIN_UPLOAD_BYTES_PER_S)
                yield chunk

    async def _receive_body(self) -> bytes:
        """Receive a body that is the picture itself."""
        return b"".join([chunk async for chunk in self._chunks()])

    async def _receive_form(self) -> Upload:
        """Receive a form and return what is in it."""
        parser = _InMemoryMultiPartParser(
            self._request.headers, self._chunks(), max_files=MAX_FORM_PARTS, max_fields=MAX_FORM_PARTS, max_part_size=BYTES_PER_MIB
        )
        try:
            form = await parser.parse()
            return Upload(await _picture_in(form, is_complete=parser.is_complete), await _profile_in(form))
        except MultiPartException as error:
            raise RequestError(f"This form is malformed. {_ADVICE}", 400) from error
        finally:
            parser.close()


async def _picture_in(form: FormData, *, is_complete: bool) -> bytes:
    """Return the picture in a form."""
    others = [(name, value) for name, value in form.multi_items() if name != PROFILE_FIELD]
    files = [value for name, value in others if isinstance(value, UploadFile) or name == FORM_FIELD]
    if len(files) > 1:
        raise RequestError(f"This form has {len(files)} files. Send one file per request.", 400)
    picture = form.get(FORM_FIELD)
    if isinstance(picture, UploadFile):
        return await picture.read()
    fault = "has no picture" if is_complete else "is incomplete"
    raise RequestError(f"This form {fault}. {_ADVICE}", 400)


async def _profile_in(form: FormData) -> str | bytes | None:
    """Return the profile in a form; texts are bounded by the parser."""
    profiles = form.getlist(PROFILE_FIELD)
    if len(profiles) > 1:
        raise RequestError(f"This form has {len(profiles)} profiles. Send one profile per request.", 400)
    profile = profiles[0] if profiles else None
    return await profile.read(MAX_JSON_BYTES + 1) if isinstance(profile, UploadFile) else profile
