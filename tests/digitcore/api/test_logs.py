import json
from datetime import UTC, datetime, timedelta

import pytest

from digitcore.api.logs import create_logger


@pytest.fixture
def logged(capsys):
    """Return a function that returns the records that were logged, as they are written on standard output."""
    return lambda: [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_request_is_logged_as_one_line_of_json(capsys):
    create_logger(log_requests=True).info("request", path="/api\n/x", status=200, ms=1.5, request_id=None)
    written = capsys.readouterr()
    assert written.out.count("\n") == 1
    assert written.err == ""
    record = json.loads(written.out)
    assert record.pop("timestamp")
    assert record == {"event": "request", "level": "info", "path": "/api\n/x", "status": 200, "ms": 1.5, "request_id": None}


def test_the_time_is_in_iso_8601_and_utc(logged):
    create_logger(log_requests=True).info("request")
    (record,) = logged()
    assert record["timestamp"].endswith("Z")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(record["timestamp"])) < timedelta(hours=1)


@pytest.mark.parametrize("log_requests", [True, False])
def test_a_fault_is_logged_with_its_traceback_whether_or_not_requests_are(log_requests, logged):
    with pytest.raises(RuntimeError) as caught:
        raise RuntimeError("the cause")
    create_logger(log_requests=log_requests).error("fault", request_id="known-1", exc_info=caught.value)
    (record,) = logged()
    assert (record["event"], record["level"], record["request_id"]) == ("fault", "error", "known-1")
    assert record["exception"].startswith("Traceback (most recent call last):\n")
    assert record["exception"].endswith("RuntimeError: the cause")
    assert set(record) == {"event", "level", "request_id", "exception", "timestamp"}


def test_requests_are_not_logged_where_that_is_switched_off(logged):
    create_logger(log_requests=False).info("request", path="/api")
    assert logged() == []
