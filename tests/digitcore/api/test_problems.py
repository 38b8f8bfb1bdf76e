import json
import pickle

import pytest
from asgi_correlation_id import correlation_id
from starlette.exceptions import HTTPException

from digitcore.api.problems import (
    handle_digit_error,
    handle_http_exception,
    handle_unexpected_error,
    http_status,
    problem_response,
)
from digitcore.errors import (
    DamagedImageError,
    DataUnavailableError,
    DigitError,
    EmptyFileError,
    ExplanationError,
    ImageTooLargeError,
    ImageTooSmallError,
    ModelError,
    RequestError,
    SettingsError,
    UnsupportedFormatError,
)
from digitcore.messages import Message
from testing.browser.loops import run


@pytest.fixture
def _request_id():
    token = correlation_id.set("known-1")
    yield
    correlation_id.reset(token)


def content(response):
    """Return the document of a problem, once its headers are checked."""
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["content-length"] == str(len(response.body))
    return json.loads(response.body)


def problem(status, title, detail, request_id=None):
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "request_id": request_id}


@pytest.mark.usefixtures("_request_id")
def test_a_problem_has_the_fields_of_rfc_9457_and_the_id_of_its_request():
    response = problem_response(404, "There is nothing here.")
    assert response.status_code == 404
    assert content(response) == problem(404, "Not Found", "There is nothing here.", "known-1")
    assert set(response.headers) == {"content-type", "content-length"}


def test_a_problem_without_a_request_has_no_id():
    assert content(problem_response(400, "Wrong."))["request_id"] is None


def test_a_problem_has_the_further_headers():
    response = problem_response(503, "Busy.", {"Retry-After": "7"})
    assert response.headers["retry-after"] == "7"
    assert content(response)["status"] == 503


@pytest.mark.parametrize(
    ("status", "title"),
    [
        *((400, "Bad Request"), (408, "Request Timeout"), (415, "Unsupported Media Type"), (429, "Too Many Requests")),
        *((431, "Request Header Fields Too Large"), (499, "Client Closed Request"), (503, "Service Unavailable")),
    ],
)
def test_the_title_is_the_phrase_of_the_status(status, title):
    assert content(problem_response(status, "A detail.")) == problem(status, title, "A detail.")


@pytest.mark.parametrize(
    ("error", "status"),
    [
        *((EmptyFileError("x"), 400), (DamagedImageError("x"), 400), (ImageTooSmallError("x"), 400)),
        *((UnsupportedFormatError("x"), 415), (ImageTooLargeError("x"), 413)),
        *((RequestError("x", 429), 429), (RequestError("x", 503, 1), 503)),
        *((ModelError("x"), 503), (ExplanationError("x"), 503)),
        *((SettingsError("x"), 400), (DataUnavailableError("x"), 400), (DigitError("x"), 400)),
    ],
)
def test_each_error_has_its_status(error, status):
    assert http_status(error) == status


def test_an_error_is_answered_with_its_message():
    response = run(handle_digit_error(None, UnsupportedFormatError(Message("{kind} files aren't supported.", kind="PDF"))))
    assert response.status_code == 415
    assert content(response) == problem(415, "Unsupported Media Type", "PDF files aren't supported.")
    assert "retry-after" not in response.headers


@pytest.mark.parametrize(("retry_after_s", "header"), [(None, None), (0, "0"), (10, "10")])
def test_a_rejected_request_is_answered_with_the_time_to_wait(retry_after_s, header):
    response = run(handle_digit_error(None, RequestError("Too busy.", 503, retry_after_s)))
    assert content(response) == problem(503, "Service Unavailable", "Too busy.")
    assert response.headers.get("retry-after") == header


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            HTTPException(404),
            problem(404, "Not Found", "There is nothing at this address. All addresses are described at /api/openapi.json."),
        ),
        (
            HTTPException(405, headers={"Allow": "POST"}),
            problem(405, "Method Not Allowed", "This address doesn't support this method. The methods are described at /api/openapi.json."),
        ),
        (HTTPException(403), problem(403, "Forbidden", "Forbidden")),
        (HTTPException(422, "This can't be processed."), problem(422, "Unprocessable Entity", "This can't be processed.")),
    ],
)
def test_an_exception_of_the_framework_is_answered_with_a_sentence(error, expected):
    response = run(handle_http_exception(None, error))
    assert response.status_code == error.status_code
    assert content(response) == expected
    assert response.headers.get("allow") == (error.headers or {}).get("Allow")


def test_an_unexpected_exception_is_answered_without_its_details():
    response = run(handle_unexpected_error(None, RuntimeError("secret")))
    assert response.status_code == 500
    expected = "Internal server error: the picture isn't the cause. Try again later."
    assert content(response) == problem(500, "Internal Server Error", expected)


@pytest.mark.parametrize("handle", [handle_digit_error, handle_http_exception])
def test_a_handler_raises_an_exception_of_another_kind_again(handle):
    error = RuntimeError("not for this handler")
    with pytest.raises(RuntimeError) as caught:
        run(handle(None, error))
    assert caught.value is error


def test_a_request_error_passes_from_a_worker_process():
    error = pickle.loads(pickle.dumps(RequestError("Too busy.", 503, 1)))  # noqa: S301  our own
    assert (error.message, error.status, error.retry_after_s) == ("Too busy.", 503, 1)
