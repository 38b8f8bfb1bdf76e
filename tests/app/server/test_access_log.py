"""What uvicorn's access log has of a link to a drawing; with a server, as the records are uvicorn's own."""

import logging

import httpx
import pytest

from app.server.access_log import ACCESS_LOGGER, HideQueries, hide_queries
from testing.browser.server import REQUEST_TIMEOUT_S, serve

DRAWING = "aDrawingThatNobodyElseShouldSee"


@pytest.mark.deploy
@pytest.mark.parametrize("runner", ["app", "uvicorn"])
def test_no_log_of_the_server_has_the_drawing_of_a_link(runner):
    with serve(runner=runner) as server:
        for path in ("/", "/upload", "/api/v1/health", "/nowhere"):
            httpx.get(f"{server.url}{path}", params={"d": DRAWING}, timeout=REQUEST_TIMEOUT_S)
        httpx.get(f"{server.url}/", params={"d": DRAWING + "x" * 64_000}, timeout=REQUEST_TIMEOUT_S)
        log = server.log
    assert DRAWING not in log
    assert ('"GET /upload HTTP/1.1" 200' in log) == (runner == "uvicorn")


def test_only_the_query_is_removed():
    record = logging.LogRecord(ACCESS_LOGGER, logging.INFO, "", 0, '%s "%s %s HTTP/%s" %d', ("1:2", "GET", "/a?d=x?y", "1.1", 200), None)
    assert HideQueries().filter(record)
    assert record.getMessage() == '1:2 "GET /a HTTP/1.1" 200'


def test_records_of_another_form_are_left_as_they_are():
    record = logging.LogRecord(ACCESS_LOGGER, logging.INFO, "", 0, "text", None, None)
    assert HideQueries().filter(record)
    assert record.getMessage() == "text"


def test_the_filter_is_added_once():
    for _ in range(2):
        hide_queries()
    assert [type(each) for each in logging.getLogger(ACCESS_LOGGER).filters] == [HideQueries]
