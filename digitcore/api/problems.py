"""Answer every error as `application/problem+json`.

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

from digitcore.api.schemas import ProblemModel
from digitcore.errors import DigitError, ImageError, ModelError, RequestError

MEDIA_TYPE: Final = "application/problem+json"

CLIENT_CLOSED_REQUEST: Final = 499
"""The status in logs and metrics, as nginx has it, of a request whose client left before the response; it is never sent."""

INTERNAL_ERROR_DETAIL: Final = "Internal server error: the picture isn't the cause. Try again later."

_HTTP_ERROR_DETAILS: Final = {
    404: "There is nothing at this address. All addresses are described at /api/openapi.json.",
    405: "This address doesn't support this method. The methods are described at /api/openapi.json.",
}
"""Sentences in place of Starlette's "Not Found" and "Method Not Allowed", by HTTP status."""


def problem_response(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """Create the response for an error.

    Args:
        status: the HTTP status.
        detail: what is wrong and what to do, in one or two sentences.
        headers: further headers.

    Returns:
        The response, with the id of the current request.
    """
    problem = ProblemModel(title=_title(status), status=status, detail=detail, request_id=correlation_id.get())
    return Response(json.dumps(problem.model_dump()), status, headers, MEDIA_TYPE)


def http_status(error: DigitError) -> int:
    """Return the HTTP status for an error.

    Args:
        error: any error that a user's input can cause.

    Returns:
        The status that the error has, 503 if the network is missing, and 400 otherwise.
    """
    if isinstance(error, (ImageError, RequestError)):
        return error.status
    return HTTPStatus.SERVICE_UNAVAILABLE if isinstance(error, ModelError) else HTTPStatus.BAD_REQUEST


async def handle_digit_error(_request: Request, error: Exception) -> Response:
    """Answer an error that the client's picture or request caused, with the sentence that the command line prints, too."""
    if not isinstance(error, DigitError):
        raise error
    retry_after_s = error.retry_after_s if isinstance(error, RequestError) else None
    headers = {"Retry-After": str(retry_after_s)} if retry_after_s is not None else None
    return problem_response(http_status(error), error.message, headers)


async def handle_http_exception(_request: Request, error: Exception) -> Response:
    """Answer a request for an unknown address or with an unsupported method."""
    if not isinstance(error, HTTPException):
        raise error
    return problem_response(error.status_code, _HTTP_ERROR_DETAILS.get(error.status_code, str(error.detail)), error.headers)


async def handle_unexpected_error(_request: Request, _error: Exception) -> Response:
    """Answer an unexpected exception without its details, which are in the log."""
    return problem_response(HTTPStatus.INTERNAL_SERVER_ERROR, INTERNAL_ERROR_DETAIL)


def _title(status: int) -> str:
    """Return the standard phrase of an HTTP status."""
    return HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else "Client Closed Request"
