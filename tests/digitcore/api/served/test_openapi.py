"""The real server conforms to its description at `/api/openapi.json`, as Schemathesis checks."""

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from digitcore.api.paths import EVALUATE_PATH, HEALTH_PATH, MODEL_PATH, OPENAPI_PATH, READ_PATH, STROKES_PATH
from tests.digitcore.api.conftest import TIMEOUT_S, wait_until
from tests.digitcore.api.served.conftest import serving
from tests.properties import given, settings

EXAMPLES = 20
"""Generated requests per endpoint."""

CHECKS = [
    *(not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance),
    *(response_schema_conformance, unsupported_method),
]


@pytest.fixture(scope="module")
def served():
    with serving() as running:
        yield running


@pytest.fixture(scope="module")
def described(served):
    return schemathesis.openapi.from_url(served.url + OPENAPI_PATH, timeout=TIMEOUT_S)


@pytest.mark.parametrize(
    ("path", "method"), [(READ_PATH, "POST"), (STROKES_PATH, "POST"), (EVALUATE_PATH, "POST"), (HEALTH_PATH, "GET"), (MODEL_PATH, "GET")]
)
def test_the_server_conforms_to_its_description(served, described, path, method):
    @given(case=described[path][method].as_strategy())
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def check(case):
        case.call_and_validate(checks=CHECKS, timeout=TIMEOUT_S)

    check()
    wait_until(served.is_idle)


def test_a_picture_is_answered_as_described(described, seven):
    operation = described[READ_PATH]["POST"]
    for kind, body in (("image/png", seven), ("multipart/form-data", {"file": seven})):
        answer = operation.Case(body=body, media_type=kind).call(timeout=TIMEOUT_S)
        assert answer.status_code == 200
        operation.validate_response(answer)


def test_an_answer_that_violates_the_description_is_detected(described, seven):
    operation = described[READ_PATH]["POST"]
    answer = operation.Case(body=seven, media_type="image/png").call(timeout=TIMEOUT_S)
    answer.content = answer.content.replace(b'"ok"', b'"fine"')
    with pytest.raises(Exception, match="fine"):
        operation.validate_response(answer)


def test_everything_public_is_described(served):
    description = httpx.get(served.url + OPENAPI_PATH, timeout=TIMEOUT_S).json()
    assert {path: set(methods) for path, methods in description["paths"].items()} == {
        READ_PATH: {"post"},
        STROKES_PATH: {"post"},
        EVALUATE_PATH: {"post"},
        HEALTH_PATH: {"get"},
        MODEL_PATH: {"get"},
    }
    read = description["paths"][READ_PATH]["post"]
    assert {"multipart/form-data", "image/png", "application/octet-stream"} <= set(read["requestBody"]["content"])
    assert {"200", "400", "413", "415", "429", "503"} <= set(read["responses"])
    for status, answer in read["responses"].items():
        assert set(answer["content"]) == {"application/json" if status == "200" else "application/problem+json"}
