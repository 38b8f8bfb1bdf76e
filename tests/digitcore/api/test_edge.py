"""What is around every request: its name, its line in the log, who it is from, and what browsers may do with it."""

import json

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.digitcore.api.conftest import serving

READ = "/api/v1/read"
HEALTH = "/api/v1/health"
METRICS = "/api/v1/metrics"


def test_a_clients_own_request_id_is_kept(client):
    assert client.get(HEALTH, headers={"X-Request-ID": "my-id_1.2"}).headers["x-request-id"] == "my-id_1.2"


@pytest.mark.parametrize("given", ["", "a" * 129, "line\tbreak", "<script>", '{"a":1}', "ü"])
def test_an_id_that_logs_had_better_not_repeat_is_replaced(client, given):
    answered = client.get(HEALTH, headers={"X-Request-ID": given.encode("latin-1")}).headers["x-request-id"]
    assert answered != given
    assert answered.replace("-", "").isalnum()


def test_no_two_requests_get_the_same_id(client):
    assert len({client.get(HEALTH).headers["x-request-id"] for _ in range(5)}) == 5


def test_each_request_is_one_line_without_the_picture_and_its_name(capsys, seven):
    with serving(logs=True) as running:
        url = f"{running.url}{READ}?settings=secret-recipe"
        httpx.post(running.url + READ, files={"file": ("my-salary.png", seven)}, headers={"X-Request-ID": "known"})
        httpx.post(url, files={"file": ("my-salary.png", seven)})
        httpx.get(running.url + "/api/" + "x" * 1000)
    written = capsys.readouterr().out
    first, second, third = map(json.loads, written.splitlines())
    assert (first["event"], first["request_id"], first["method"], first["path"], first["status"]) == ("request", "known", "POST", READ, 200)
    assert first["received_bytes"] > len(seven)
    assert first["sent_bytes"] > 100
    assert first["ms"] > 0
    assert second["status"] == 400
    assert third["status"] == 404
    for secret in ("my-salary", "secret-recipe", "PNG", "127.0.0.1", "x" * 300):
        assert secret not in written


def test_without_cors_no_page_of_another_origin_may_call(client, seven):
    answer = client.post(READ, content=seven, headers={"Origin": "https://a.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_with_cors_only_the_pages_of_that_origin_may_call(seven):
    with serving(cors_origins=("https://a.example",)) as running, httpx.Client(base_url=running.url) as client:
        ask = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
        assert client.options(READ, headers=ask).headers["access-control-allow-origin"] == "https://a.example"
        assert client.options(READ, headers={**ask, "Origin": "https://b.example"}).status_code == 400
        answer = client.post(READ, content=b"none", headers={"Origin": "https://a.example"})
        assert answer.headers["access-control-allow-origin"] == "https://a.example", "problems have to be seen too"
        assert "access-control-allow-credentials" not in answer.headers


def statuses(running, seven, addresses):
    """What comes of one request each that claims to be sent on for these addresses."""
    headers = [{"X-Forwarded-For": address} for address in addresses]
    return [httpx.post(running.url + READ, content=seven, headers=each).status_code for each in headers]


def test_who_asks_too_often_has_to_wait(seven):
    with serving(rate_per_minute=1, burst=2) as running, httpx.Client(base_url=running.url) as client:
        answers = [client.post(READ, content=seven) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[-1].headers["content-type"] == "application/problem+json"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert client.get(HEALTH).status_code == 200, "health is asked by machines, often"


def test_nobody_gets_around_the_limit_by_a_header(seven):
    with serving(rate_per_minute=1, burst=1) as running:
        assert statuses(running, seven, ["192.0.2.1", "192.0.2.2", "192.0.2.3:1234"]) == [200, 429, 429]


def test_a_configured_proxy_is_believed(seven):
    with serving(rate_per_minute=1, burst=1, trusted_proxies=("127.0.0.0/8",)) as running:
        assert statuses(running, seven, ["192.0.2.1", "192.0.2.2", "192.0.2.1"]) == [200, 200, 429]
        assert statuses(running, seven, ["192.0.2.77, 192.0.2.3", "192.0.2.88, 192.0.2.3"]) == [200, 429], (
            "only the last is the proxy's word"
        )


def test_another_proxy_is_not_believed(seven):
    with serving(rate_per_minute=1, burst=1, trusted_proxies=("10.0.0.0/8",)) as running:
        assert statuses(running, seven, ["192.0.2.1", "192.0.2.2"]) == [200, 429]


def test_metrics_tell_what_happened_once_they_are_switched_on(seven):
    with serving(metrics=True) as running, httpx.Client(base_url=running.url) as client:
        client.post(READ, content=seven)
        client.post(READ, content=b"none")
        answer = client.get(METRICS)
    assert answer.headers["content-type"].startswith("text/plain")
    seen = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            seen[sample.name, *sample.labels.values()] = sample.value
    assert seen["digits_readings_total", "ok"] == 1
    assert seen["digits_marks_total", "accepted"] == 1
    assert seen["digits_marks_total", "refused"] == 0
    assert seen["digits_http_errors_total", "415"] == 1
    assert seen["digits_read_seconds_count",] == 1
    assert seen["digits_api_waiting",] == 0
    assert seen["process_resident_memory_bytes",] > 1e7


def test_metrics_are_not_even_described_by_default(client):
    assert client.get(METRICS).status_code == 404
    assert METRICS not in client.get("/api/openapi.json").text
