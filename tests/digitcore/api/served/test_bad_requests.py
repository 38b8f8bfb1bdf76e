"""Every kind of bad request gets the right status and a problem as body, and leaves the pool idle (checked by the fixture `client`)."""

import json
import socket
import time

import httpx
import pytest

from digitcore.api import pool
from digitcore.api.middleware import MAX_HEADER_BYTES
from tests.digitcore.api.conftest import TIMEOUT_S, wait_until
from tests.digitcore.api.served.conftest import serving

READ = "/api/v1/read"
FORM = {"content-type": "multipart/form-data; boundary=edge"}
MIB = 2**20


def check_problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "request_id"}
    assert problem["status"] == status
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert problem["detail"].endswith(".")
    assert "Traceback" not in answer.text
    return problem["detail"]


def part(name, content, filename=None):
    disposition = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename else "")
    return f"--edge\r\nContent-Disposition: {disposition}\r\n\r\n".encode() + content + b"\r\n"


def test_two_files_are_refused(client, seven):
    files = [("file", ("a.png", seven)), ("file", ("b.png", seven))]
    assert "2 files" in check_problem(client.post(READ, files=files), 400)
    assert "2 files" in check_problem(client.post(READ, files=[files[0], ("other", ("b.png", seven))]), 400)
    assert "2 files" in check_problem(client.post(READ, files=[files[0]], data={"file": "text"}), 400)


def test_a_hundred_files_are_refused(client, seven):
    check_problem(client.post(READ, files=[("file", ("a.png", seven))] * 100), 400)


@pytest.mark.parametrize(
    "body",
    [
        part("other", b"picture", "a.png") + b"--edge--\r\n",
        part("file", b"only text") + b"--edge--\r\n",
        part("text", b"only text") + b"--edge--\r\n",
        b"--edge--\r\n",
        b"",
        b"no form at all",
    ],
)
def test_a_form_without_a_picture_is_refused(client, body):
    assert "`file`" in check_problem(client.post(READ, content=body, headers=FORM), 400)


def test_an_incomplete_form_is_refused(client, seven):
    check_problem(client.post(READ, content=part("file", seven[:100], "a.png")[:-2], headers=FORM), 400)


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/mixed; charset=none"])
def test_a_form_without_a_boundary_is_refused(client, seven, kind):
    check_problem(client.post(READ, content=seven, headers={"content-type": kind}), 400)


def test_an_empty_request_is_refused(client):
    assert "empty" in check_problem(client.post(READ), 400)
    assert "empty" in check_problem(client.post(READ, files={"file": ("a.png", b"")}), 400)


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/pdf", "video/mp4", "application/x-www-form-urlencoded"])
def test_another_type_is_refused(client, seven, kind):
    check_problem(client.post(READ, content=seven, headers={"content-type": kind}), 415)


def test_a_compressed_body_is_refused(client, seven):
    check_problem(client.post(READ, content=seven, headers={"content-encoding": "gzip"}), 415)


def test_other_content_is_refused_whatever_type_it_claims(client):
    check_problem(client.post(READ, content=b"PK\x03\x04", headers={"content-type": "image/png"}), 415)


def chunks(count):
    for _ in range(count):
        yield bytes(MIB)


def test_200_megabytes_are_refused_announced_chunked_or_in_a_form(client):
    announced = client.post(READ, content=chunks(200), headers={"content-length": str(200 * MIB)})
    assert "50 MB" in check_problem(announced, 413)
    assert "50 MB" in check_problem(client.post(READ, content=chunks(200)), 413)
    as_form = [part("file", b"", "a.png")[:-2], *chunks(200)]
    assert "50 MB" in check_problem(client.post(READ, content=iter(as_form), headers=FORM), 413)


def exchange(running, sent, then=b"", every_s=0.0, times=0):
    """Send some bytes, then others repeatedly, and return the response."""
    with running.connect() as connection:
        connection.sendall(sent)
        try:
            for _ in range(times):
                time.sleep(every_s)
                connection.sendall(then)
        except OSError:  # the server has closed
            pass
        return read_response(connection)


def read_response(connection):
    connection.settimeout(TIMEOUT_S)
    received = b""
    while b"\r\n\r\n" not in received or len(received.partition(b"\r\n\r\n")[2]) < _length(received):
        piece = connection.recv(65536)
        if not piece:
            break
        received += piece
    head, _, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    return httpx.Response(int(lines[0].split()[1]), headers=[line.split(": ", 1) for line in lines[1:]], content=body)


def _length(received):
    head = received.partition(b"\r\n\r\n")[0].lower()
    return int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0])


def request_head(*headers, path=READ, method="POST"):
    return "\r\n".join([f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode()


def test_chunks_without_an_end_are_refused(client, running):
    chunk = b"100000\r\n" + bytes(MIB) + b"\r\n"
    answer = exchange(running, request_head("Transfer-Encoding: chunked"), chunk, times=60)
    check_problem(answer, 413)
    assert answer.headers["connection"] == "close"


@pytest.fixture(scope="module")
def impatient():
    """The API with a short timeout for slow senders."""
    with serving(body_timeout_s=0.5) as each:
        yield each


@pytest.mark.parametrize("headers", [["Content-Length: 1000"], ["Transfer-Encoding: chunked"]])
def test_a_sender_who_stops_is_cut_off(impatient, headers):
    answer = exchange(impatient, request_head(*headers))
    assert "too slowly" in check_problem(answer, 408)
    wait_until(lambda: impatient.api._budget.used_bytes == 0)


def test_a_sender_of_single_bytes_is_cut_off(impatient):
    answer = exchange(impatient, request_head("Content-Length: 1000"), b"x", every_s=0.05, times=14)
    check_problem(answer, 408)


def test_a_slow_form_is_cut_off_too(impatient):
    sent = request_head("Content-Length: 1000", f"Content-Type: {FORM['content-type']}") + b"--edge"
    check_problem(exchange(impatient, sent), 408)


def test_a_client_that_disconnects_while_sending_releases_its_memory(client, running):
    with running.connect() as connection:
        connection.sendall(request_head("Content-Length: 100000") + bytes(50_000))
        wait_until(lambda: running.api._budget.used_bytes >= 50_000)
    wait_until(lambda: running.api._budget.used_bytes == 0)


def test_a_client_that_disconnects_while_waiting_leaves_the_queue(seven):
    with serving(workers=1, waiting=5) as running:
        running.occupy(2)
        with running.connect() as connection:
            connection.sendall(request_head(f"Content-Length: {len(seven)}") + seven)
            wait_until(lambda: running.pool.waiting == 2)
        wait_until(lambda: running.pool.waiting == 1)
        assert running.api._budget.used_bytes == 0
        running.gate.open()
        wait_until(running.is_idle)


def test_a_full_queue_refuses_requests_until_a_worker_is_free(monkeypatch, seven):
    monkeypatch.setattr(pool, "FULL_QUEUE_WAIT_S", 0.05)
    with serving(workers=1, waiting=1) as running, running.client() as client:
        running.occupy(2)
        answer = client.post(READ, content=seven)
        assert "busy" in check_problem(answer, 503)
        assert answer.headers["retry-after"] == "1"
        assert client.get("/api/v1/health").status_code == 200
        running.gate.open()
        wait_until(running.is_idle)
        assert client.post(READ, content=seven).json()["text"] == "7"


def test_bodies_that_take_too_much_memory_together_are_refused(seven):
    with serving(body_limit_mib=1, bodies_mib=1) as running, running.connect() as first, running.client() as client:
        first.sendall(request_head(f"Content-Length: {MIB}") + bytes(MIB - 10))
        wait_until(lambda: running.api._budget.used_bytes == MIB - 10)
        answer = client.post(READ, content=seven)
        assert "too many pictures" in check_problem(answer, 503)
        assert answer.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    "headers",
    [
        ["X-Long: " + "a" * (MAX_HEADER_BYTES + 1)],
        [f"X-{number}: {'b' * 100}" for number in range(400)],
    ],
)
def test_too_many_or_too_long_headers_are_refused(client, running, headers):
    check_problem(exchange(running, request_head(*headers, path="/api/v1/health", method="GET")), 431)


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("Content-Length: 99999999999999999", 413),
        ("Content-Type: \xff\xfe", 400),
        ("Content-Type: ;;;=", 400),
        ("X-Forwarded-For: nonsense, ::::", 400),
        ("Accept: nothing/at-all", 400),
    ],
)
def test_nonsensical_headers_are_answered_with_a_problem(client, running, header, status):
    sent = f"POST {READ} HTTP/1.1\r\nHost: 127.0.0.1\r\n{header}\r\n\r\n".encode("latin-1")
    check_problem(exchange(running, sent), status)


@pytest.mark.parametrize(
    "header", [b"Content-Length: -5", b"Content-Length: many", b"Content-Length: " + 5_000 * b"9", b"Transfer-Encoding: wish", b"No colon"]
)
def test_invalid_http_is_refused_by_the_server_itself(client, running, header):
    assert exchange(running, b"POST /api/v1/read HTTP/1.1\r\nHost: 127.0.0.1\r\n" + header + b"\r\n\r\n").status_code == 400


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v2/read", "/api/v1/read/", "/api/docs", "/api/v1/metrics", "/api/%00"])
def test_unknown_addresses_are_problems(client, path):
    check_problem(client.get(path), 404)


@pytest.mark.parametrize(("method", "path"), [("GET", READ), ("DELETE", READ), ("OPTIONS", READ), ("POST", "/api/v1/health")])
def test_unsupported_methods_are_problems_that_name_the_supported_ones(client, method, path):
    answer = client.request(method, path)
    check_problem(answer, 405)
    assert answer.headers["allow"]


def test_an_internal_error_is_described_in_the_log_only(monkeypatch, capsys, seven):
    def broken(*_):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("digitcore.api.endpoints.read_to_json", broken)
    with serving() as running, running.client() as client:
        answer = client.post(READ, content=seven)
        assert "secret" not in answer.text
        check_problem(answer, 500)
        wait_until(running.is_idle)
    line = json.loads(capsys.readouterr().out)
    assert "RuntimeError: secret detail" in line["exception"]
    assert line["request_id"] == answer.headers["x-request-id"]


def test_a_client_that_reads_no_response_blocks_nobody(client, running, seven):
    with running.connect() as connection:
        connection.sendall((request_head(f"Content-Length: {len(seven)}") + seven) * 20)
        connection.shutdown(socket.SHUT_WR)
        assert client.post(READ, content=seven).json()["text"] == "7"
