"""Parse the form of a request in memory: a picture, and optionally the profile of its writer."""

import sys
from collections.abc import AsyncGenerator
from typing import Final, NamedTuple

from starlette.datastructures import FormData, Headers, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from digitcore.api.settings import BYTES_PER_MIB
from digitcore.errors import RequestError
from digitcore.recognition.writer_profile import MAX_JSON_BYTES

FORM_FIELD: Final = "file"
"""The name of the form field that holds the picture."""

PROFILE_FIELD: Final = "profile"
"""The name of the form field that holds the writer's profile, as text or as a file."""

MAX_FORM_PARTS: Final = 8
"""The most files, and the most other fields, that a form may have; a person who picks several files by mistake stays below."""

PICTURE_ADVICE: Final = f"Send the picture in the form field `{FORM_FIELD}`, or as the request body."
"""How to send a picture, for the messages of errors."""


class Upload(NamedTuple):
    """What a request sends to be read."""

    picture: bytes
    """The bytes of the picture's file."""

    profile: str | bytes | None = None
    """The JSON of the writer's profile, not parsed yet; of a longer file the first `MAX_JSON_BYTES` + 1 bytes."""


async def parse_form(headers: Headers, chunks: AsyncGenerator[bytes, None]) -> Upload:
    """Parse a form while it is received.

    Args:
        headers: of the request.
        chunks: the body.

    Returns:
        The picture and the profile.

    Raises:
        RequestError: (400) the form is malformed or incomplete, or has no picture, or several pictures or profiles.
    """
    parser = _InMemoryMultiPartParser(headers, chunks, max_files=MAX_FORM_PARTS, max_fields=MAX_FORM_PARTS, max_part_size=BYTES_PER_MIB)
    try:
        form = await parser.parse()
        return Upload(await _picture_in(form, is_complete=parser.is_complete), await _profile_in(form))
    except MultiPartException as error:
        raise RequestError(f"This form is malformed. {PICTURE_ADVICE}", 400) from error
    finally:
        parser.close()


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
    raise RequestError(f"This form {fault}. {PICTURE_ADVICE}", 400)


async def _profile_in(form: FormData) -> str | bytes | None:
    """Return the profile in a form; texts are bounded by the parser."""
    profiles = form.getlist(PROFILE_FIELD)
    if len(profiles) > 1:
        raise RequestError(f"This form has {len(profiles)} profiles. Send one profile per request.", 400)
    profile = profiles[0] if profiles else None
    return await profile.read(MAX_JSON_BYTES + 1) if isinstance(profile, UploadFile) else profile
