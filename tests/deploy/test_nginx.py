"""Tests of the proxy with HTTP clients, in front of fake replicas that return the requests as they received them."""

import configparser
import re
import socket

import httpx
import psutil
import pytest

from app.server.security_headers import security_headers
from testing.browser.server import REQUEST_TIMEOUT_S
from testing.deploy.mirror import mirror
from testing.deploy.nginx import CONFIGURATION, proxy, run_replicas_script

MAX_BODY_BYTES = 51 * 2**20


@pytest.fixture
def mirrors():
    with mirror() as first, mirror() as second:
        yield first, second


@pytest.fixture
def front(mirrors):
    with proxy([each.address for each in mirrors]) as running:
        yield running


@pytest.fixture
def client(front):
    with httpx.Client(base_url=front.url, timeout=REQUEST_TIMEOUT_S) as client:
        yield client


def problem_of(answer):
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["status"] == answer.status_code
    return answer.json()


def test_a_visitor_gets_a_cookie_with_his_first_page_and_what_is_his_goes_to_the_replica_that_gave_it(client, mirrors):
    for _ in range(6):
        client.cookies.clear()
        home = client.get("/upload").json()["place"]
        assert re.fullmatch("[12]-[0-9a-f]{32}", client.cookies["digits_replica"])
        own = [
            "/_stcore/upload_file/session/file",
            "/media/1.png",
            "/component/canvas/index.html",
            "/_stcore/bidi-components/canvas/index.js",
        ]
        assert {client.put(path, content=b"x").json()["place"] for path in own} == {home}
    assert all(each.seen for each in mirrors)


def test_the_cookie_stays_as_it_is_and_scripts_cannot_read_it(client):
    given = client.get("/").headers["set-cookie"]
    assert given.endswith("; Path=/; HttpOnly; SameSite=Lax")
    assert "set-cookie" not in client.get("/webcam").headers


@pytest.mark.parametrize("forged", ["9-" + 32 * "a", "1-short", "1", "1-" + 32 * "A", '1-";x=', "127.0.0.1:1"])
def test_a_cookie_that_is_none_of_ours_is_replaced(client, forged):
    answer = client.get("/", headers={"Cookie": f"digits_replica={forged}"})
    assert answer.status_code == 200
    assert re.match("digits_replica=[12]-[0-9a-f]{32};", answer.headers["set-cookie"])


def test_a_visitor_whose_replica_is_gone_gets_pages_but_his_uploads_go_nowhere_else(client, mirrors):
    gone = next(each for each in mirrors if each.address == client.get("/").json()["place"])
    gone.kill()
    assert client.get("/").status_code == 200
    assert client.put("/_stcore/upload_file/session/file", content=b"x").status_code == 503
    assert not [each for other in mirrors for each in other.seen if each["method"] == "PUT"]


def test_a_reading_is_asked_for_again_elsewhere_when_a_replica_is_gone(client, mirrors):
    assert {client.post("/api/v1/read", content=b"picture").json()["place"] for _ in range(8)} == {each.address for each in mirrors}
    mirrors[0].kill()
    answers = [client.post("/api/v1/read", content=b"picture") for _ in range(20)]
    assert {(each.status_code, each.json()["place"], each.json()["bytes"]) for each in answers} == {(200, mirrors[1].address, 7)}


def test_a_reading_is_asked_for_again_elsewhere_when_a_replica_dies_over_it(client, mirrors):
    mirrors[0].hangs_up = True
    answers = [client.post("/api/v1/read", content=bytes(300_000)) for _ in range(4)]
    assert {(each.status_code, each.json()["place"], each.json()["bytes"]) for each in answers} == {(200, mirrors[1].address, 300_000)}
    assert mirrors[0].seen


def test_a_replica_that_is_too_busy_says_so_itself_and_the_others_are_left_alone(client, mirrors):
    for each in mirrors:
        each.status = 503
    answers = [client.post("/api/v1/read", content=b"picture") for _ in range(6)]
    assert {(each.status_code, each.headers["retry-after"]) for each in answers} == {(503, "1")}
    assert sum(len(each.seen) for each in mirrors) == 6


def test_while_no_replica_is_there_programs_get_a_problem_and_people_a_sentence_in_their_language(client, mirrors):
    for each in mirrors:
        each.kill()
    answer = client.post("/api/v1/read", content=b"picture", headers={"X-Request-ID": "mine"})
    assert (answer.status_code, answer.headers["retry-after"], answer.headers["x-request-id"]) == (503, "5", "mine")
    assert problem_of(answer)["request_id"] == "mine"
    assert "not available right now" in problem_of(answer)["detail"]
    page = client.get("/", headers={"Accept-Language": "es-ES,es;q=0.9"})
    assert (page.status_code, page.headers["retry-after"]) == (503, "5")
    assert "no está disponible" in page.text
    assert "not available right now" in client.get("/").text


@pytest.mark.parametrize("path", ["/", "/api/v1/model", "/_stcore/stream", "/media/1.png"])
def test_who_asks_is_what_the_proxy_sees_and_not_what_he_says(client, path):
    claims = {"X-Forwarded-For": "203.0.113.1", "X-Forwarded-Proto": "https", "Forwarded": "for=203.0.113.1", "Host": "digits.example:81"}
    seen = client.get(path, headers=claims).json()["headers"]
    assert (seen["X-Forwarded-For"], seen["X-Forwarded-Proto"], seen["Host"]) == ("127.0.0.1", "http", "digits.example:81")
    assert "Forwarded" not in seen


def test_only_the_pages_own_address_speaks_websocket(client):
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade"}
    assert client.get("/_stcore/stream", headers=upgrade).json()["headers"]["Upgrade"] == "websocket"
    assert "Upgrade" not in client.get("/api/v1/model", headers=upgrade).json()["headers"]


def test_behind_another_proxy_it_is_what_that_one_says(mirrors):
    with proxy([each.address for each in mirrors], "behind") as front:
        claims = {"X-Forwarded-For": "192.0.2.9, 203.0.113.1", "X-Forwarded-Proto": "https"}
        answer = httpx.get(front.url, headers=claims, timeout=REQUEST_TIMEOUT_S)
        assert answer.json()["headers"]["X-Forwarded-For"] == "203.0.113.1"
        assert answer.json()["headers"]["X-Forwarded-Proto"] == "https"
        assert answer.headers["set-cookie"].endswith("; Secure")
        assert "max-age" in answer.headers["strict-transport-security"]
        assert front.wait_for("/")[-1]["client"] == "203.0.113.1"


@pytest.mark.parametrize(("given", "kept"), [("my-own.id_7", True), ("two words", False), ('"quoted"', False), (200 * "x", False)])
def test_one_id_goes_through_log_and_replica(client, front, given, kept):
    passed = client.get("/api/v1/model", headers={"X-Request-ID": given}).json()["headers"]["X-Request-ID"]
    assert (passed == given) is kept
    assert kept or re.fullmatch("[0-9a-f]{32}", passed)
    assert front.wait_for("/api/v1/model")[-1]["request_id"] == passed


def test_the_log_has_no_queries_and_no_names_of_sessions_and_uploads(client, front):
    client.get("/inspector?threshold=otsu")
    client.put("/_stcore/upload_file/secret-session/secret-file", content=b"x")
    client.get("/media/secret.png")
    front.wait_for("/media/")
    text = (front.folder / "access.log").read_text(encoding="utf-8")
    assert [each["path"] for each in front.log] == ["/inspector", "/_stcore/upload_file/", "/media/"]
    assert "otsu" not in text
    assert "secret" not in text


@pytest.mark.parametrize("path", ["/api/v1/read", "/_stcore/upload_file/session/file"])
def test_a_body_that_is_too_large_never_reaches_a_replica(client, mirrors, path):
    answer = client.post(path, content=bytes(MAX_BODY_BYTES + 1))
    assert answer.status_code == 413
    assert not [each for other in mirrors for each in other.seen]
    if path.startswith("/api/"):
        assert "50 MB" in problem_of(answer)["detail"]


def test_a_body_of_the_largest_size_passes_and_none_of_it_stays(client, front):
    assert client.post("/api/v1/read", content=bytes(MAX_BODY_BYTES)).json()["bytes"] == MAX_BODY_BYTES
    assert [each for each in front.folder.joinpath("bodies").rglob("*") if each.is_file()] == []


def test_a_slow_sender_keeps_no_replica_busy(front, mirrors):
    with socket.create_connection(("127.0.0.1", front.port), timeout=REQUEST_TIMEOUT_S) as slow:
        slow.sendall(b"POST /api/v1/read HTTP/1.1\r\nHost: here\r\nContent-Length: 1000\r\n\r\n" + bytes(500))
        assert httpx.post(f"{front.url}/api/v1/read", content=b"picture", timeout=REQUEST_TIMEOUT_S).status_code == 200
        assert [each["bytes"] for other in mirrors for each in other.seen] == [7]
        slow.sendall(bytes(500))
        assert slow.recv(1000).startswith(b"HTTP/1.1 200")


def policy_of(headers):
    return dict(each.strip().split(" ", 1) for each in headers["content-security-policy"].split(";"))


@pytest.mark.parametrize("path", ["/", "/nowhere", "/api/v1/model", "/media/x", "/static/x.js", "/_stcore/stream"])
def test_every_answer_says_once_what_browsers_may_do_with_it_in_the_words_of_the_app(client, mirrors, path):
    for each in mirrors:
        each.headers = security_headers(("'self'", "https://elsewhere.example"))
    headers = client.get(path).headers
    policy = policy_of(headers)
    assert policy["default-src"] == "'none'"
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "data:", "https:"} & set(policy["script-src"].split())
    assert policy["frame-ancestors"] == "'self' https://elsewhere.example"
    assert "camera=(self)" in headers["permissions-policy"]
    assert "microphone=()" in headers["permissions-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["server"] == "nginx"
    assert "strict-transport-security" not in headers
    assert "x-frame-options" not in headers
    assert {name: headers.get_list(name) for name in mirrors[0].headers} == {name: [value] for name, value in mirrors[0].headers.items()}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/api/v1/metrics", 404), ("/_stcore/metrics", 404), ("/", 503), ("/api/v1/model", 503), ("/_stcore/stream", 502), ("/%00", 400)],
)
def test_the_proxys_own_answers_allow_nothing(client, mirrors, path, status):
    for each in mirrors:
        each.kill()
    answer = client.get(path)
    headers = answer.headers
    assert answer.status_code == status
    assert policy_of(headers) == {"default-src": "'none'", "base-uri": "'none'", "form-action": "'none'", "frame-ancestors": "'self'"}
    assert headers["permissions-policy"] == "camera=(), microphone=()"
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"
    assert headers["server"] == "nginx"
    assert "strict-transport-security" not in headers
    assert {len(headers.get_list(name)) for name in security_headers()} == {1}


def test_it_runs_with_no_rights_and_listens_on_loopback_alone_here(front):
    processes = [psutil.Process(front.process.pid), *psutil.Process(front.process.pid).children()]
    assert len(processes) > 1
    assert all(0 not in each.uids() for each in processes)
    assert {each.laddr.ip for process in processes for each in process.net_connections()} == {"127.0.0.1"}


def test_it_says_nothing_of_itself_to_complain_of(front, client):
    client.get("/")
    assert front.error_log == ""


def test_the_committed_replicas_are_what_the_script_writes():
    committed = (CONFIGURATION / "replicas.conf").read_text(encoding="utf-8")
    addresses = committed.splitlines()[0].removeprefix("# Made by: sh replicas.sh ").split()
    made = run_replicas_script(*addresses)
    assert len(addresses) == 3
    assert made.stdout == committed


def test_the_script_says_how_it_is_used():
    made = run_replicas_script()
    assert (made.returncode, made.stdout) == (2, "")
    assert "Usage" in made.stderr


def test_the_service_of_systemd_runs_what_is_there_with_few_rights_and_in_memory():
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str
    unit.read(CONFIGURATION / "digits-nginx.service", encoding="utf-8")
    service = unit["Service"]
    folder, main = re.search(r"nginx -p (\S+)/ -c /etc/digits/(\S+) ", service["ExecStart"]).groups()
    assert folder == f"/run/{service['RuntimeDirectory']}" == service["WorkingDirectory"]
    assert (CONFIGURATION / main).is_file()
    assert service["User"] != "root"
    assert service["CapabilityBoundingSet"] == service["AmbientCapabilities"] == "CAP_NET_BIND_SERVICE"
