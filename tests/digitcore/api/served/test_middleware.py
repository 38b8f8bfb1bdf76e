"""Request ids, access log, CORS, rate limit by client address, and metrics, of a running server."""

import json

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.digitcore.api.served.conftest import serving

READ = "/api/v1/read"
HEALTH = "/api/v1/health"
METRICS = "/api/v1/metrics"


def test_a_clients_own_request_id_is_kept(client):
    assert client.get(HEALTH, headers={"X-Request-ID": "my-id_1.2"}).headers["x-request-id"] == "my-id_1.2"


@pytest.mark.parametrize("given", ["", "a" * 129, "line\tbreak", "<script>", '{"a":1}', "ü"])
def test_a_request_id_that_is_unsafe_to_log_is_replaced(client, given):
    answered = client.get(HEALTH, headers={"X-Request-ID": given.encode("latin-1")}).headers["x-request-id"]
    assert answered != given
    assert answered.replace("-", "").isalnum()


def test_no_two_requests_get_the_same_id(client):
    assert len({client.get(HEALTH).headers["x-request-id"] for _ in range(5)}) == 5


def test_each_request_is_logged_in_one_line_without_private_data(capsys, seven):
    with serving(logs=True) as running, running.client() as client:
        files = {"file": ("my-salary.png", seven)}
        client.post(READ, files=files, headers={"X-Request-ID": "known"})
        client.post(READ, files=files, params={"settings": "secret-recipe"})
        client.get("/api/" + "x" * 1000)
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


def test_without_cors_no_other_origin_is_allowed(client, seven):
    answer = client.post(READ, content=seven, headers={"Origin": "https://a.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_with_cors_only_the_configured_origin_is_allowed(seven):
    with serving(cors_origins=("https://a.example",)) as running, running.client() as client:
        ask = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
        assert client.options(READ, headers=ask).headers["access-control-allow-origin"] == "https://a.example"
        assert client.options(READ, headers={**ask, "Origin": "https://b.example"}).status_code == 400
        answer = client.post(READ, content=b"none", headers={"Origin": "https://a.example"})
        assert answer.headers["access-control-allow-origin"] == "https://a.example", "problems must be readable too"
        assert "access-control-allow-credentials" not in answer.headers


def statuses(running, seven, addresses):
    """Send one request per address, forwarded for it, and return the statuses."""
    headers = [{"X-Forwarded-For": address} for address in addresses]
    with running.client() as client:
        return [client.post(READ, content=seven, headers=each).status_code for each in headers]


def test_a_client_over_the_rate_limit_gets_429(seven):
    with serving(rate_per_minute=1, burst=2) as running, running.client() as client:
        answers = [client.post(READ, content=seven) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[-1].headers["content-type"] == "application/problem+json"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert client.get(HEALTH).status_code == 200, "probes request it often"


def test_a_forwarding_header_does_not_circumvent_the_limit(seven):
    with serving(rate_per_minute=1, burst=1) as running:
        assert statuses(running, seven, ["192.0.2.1", "192.0.2.2", "192.0.2.3:1234"]) == [200, 429, 429]


def test_a_trusted_proxy_is_believed(seven):
    with serving(rate_per_minute=1, burst=1, trusted_proxies=("127.0.0.0/8",)) as running:
        assert statuses(running, seven, ["192.0.2.1", "192.0.2.2", "192.0.2.1"]) == [200, 200, 429]
        assert statuses(running, seven, ["192.0.2.77, 192.0.2.3", "192.0.2.88, 192.0.2.3"]) == [200, 429], (
            "only the last address is the proxy's own entry"
        )


def test_an_untrusted_proxy_is_not_believed(seven):
    with serving(rate_per_minute=1, burst=1, trusted_proxies=("10.0.0.0/8",)) as running:
        assert statuses(running, seven, ["192.0.2.1", "192.0.2.2"]) == [200, 429]


def test_metrics_count_requests_once_they_are_enabled(seven):
    with serving(metrics=True) as running, running.client() as client:
        client.post(READ, content=seven)
        client.post(READ, content=b"none")
        answer = client.get(METRICS)
    assert answer.headers["content-type"].startswith("text/plain")
    samples = {}
    for family in text_string_to_metric_families(answer.text):
        for sample in family.samples:
            samples[sample.name, *sample.labels.values()] = sample.value
    assert samples["digits_readings_total", "ok"] == 1
    assert samples["digits_marks_total", "accepted"] == 1
    assert samples["digits_marks_total", "separator"] == 0
    assert samples["digits_marks_total", "refused"] == 0
    assert samples["digits_http_errors_total", "415"] == 1
    assert samples["digits_read_seconds_count",] == 1
    assert samples["digits_api_waiting",] == 0
    assert samples["process_resident_memory_bytes",] > 1e7


def test_metrics_are_neither_served_nor_described_by_default(client):
    assert client.get(METRICS).status_code == 404
    assert METRICS not in client.get("/api/openapi.json").text
