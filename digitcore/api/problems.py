"""Every error as `application/problem+json`.

References:
    RFC 9457, "Problem Details for HTTP APIs".
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from asgi_correlation_id import correlation_id
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from digitcore.errors import DigitError, ImageError, ModelError, RequestError

MEDIA_TYPE: Final = "application/problem+json"

HUNG_UP: Final = 499
"""In logs and metrics, as nginx has it: the client left before its answer, and none was sent."""

UNEXPECTED: Final = "Something went wrong here, and it isn't the picture's fault. Try again later."

_SENTENCES: Final = {
    404: "There is nothing at this address. The description at /api/openapi.json says what there is.",
    405: "This address doesn't answer to this method. The description at /api/openapi.json says to which it does.",
}


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The answer that says what is wrong, and what to do."""
    content = {"type": "about:blank", "title": _title(status), "status": status, "detail": detail, "request_id": correlation_id.get()}
    return Response(json.dumps(content), status, headers, MEDIA_TYPE)


def problem_of(error: DigitError) -> Response:
    """The same sentence as on the command line."""
    wait_s = error.retry_after_s if isinstance(error, RequestError) else None
    return problem(status_of(error), error.message, {"Retry-After": str(wait_s)} if wait_s is not None else None)


def status_of(error: DigitError) -> int:
    """The HTTP status that says the same as the error."""
    if isinstance(error, (ImageError, RequestError)):
        return error.status
    return HTTPStatus.SERVICE_UNAVAILABLE if isinstance(error, ModelError) else HTTPStatus.BAD_REQUEST


async def answer_digit_error(_request: Request, error: Exception) -> Response:
    """For what a client's picture or request caused."""
    if not isinstance(error, DigitError):
        raise error
    return problem_of(error)


async def answer_http_error(_request: Request, error: Exception) -> Response:
    """For unknown addresses and methods."""
    if not isinstance(error, HTTPException):
        raise error
    return problem(error.status_code, _SENTENCES.get(error.status_code, str(error.detail)), error.headers)


async def answer_unexpected(_request: Request, _error: Exception) -> Response:
    """For a fault of ours, without a word of where it is: that stands in the log."""
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, UNEXPECTED)


def _title(status: int) -> str:
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Client Closed Request"
