"""Tests of the app behind nginx with HTTP clients."""

import gzip
import http.client
import re
import socket
import ssl
import tomllib
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import streamlit

from app.server.http_protocol import MAX_HEAD_BYTES
from app.server.long_addresses import too_long_response
from app.server.security_headers import security_headers
from digitcore.api.settings import ApiSettings
from digitcore.io.encode import encode_image
from synthetic.paper import Scene, photograph
from testing.browser.server import REQUEST_TIMEOUT_S, ROOT
from testing.deploy.certificate import make_certificate
from testing.deploy.nginx import CONFIGURATION, proxy

METRICS = "/api/v1/metrics"
DIAGNOSTIC_PATHS = ["/_stcore/metrics", "/_stcore/agent/openapi.json", "/_stcore/agent/mcp", "/_stcore/script-health-check"]
PATH_VARIANTS = [
    "/api/v1/metrics/",
    "/api/v1/metrics?x=1",
    "/api//v1/metrics",
    "/api/v1/%6detrics",
    "/api/v1%2Fmetrics",
    "/api/v1/./metrics",
    "/media/../api/v1/metrics",
    "/media/..%2Fapi/v1/metrics",
    "//_stcore/metrics",
    "/%5fstcore/metrics",
    "/_stcore/health/../metrics",
    "/static/%2e%2e/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/",
]


@pytest.fixture(scope="module")
def picture():
    return encode_image(photograph("407", "round", (480, 360), 150, Scene(light_fall=0.3), 1), "png")


def get_unchanged(url, path):
    """Request a path exactly as it is written, without normalization; return the status and the body."""
    parts = urlsplit(url)
    with closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=REQUEST_TIMEOUT_S)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def test_what_a_replica_tells_its_own_network_is_shut_from_outside(front, replicas):
    assert get_unchanged(replicas[0].url, METRICS)[0] == 200
    assert get_unchanged(front.url, METRICS)[0] == 404


@pytest.mark.parametrize("path", DIAGNOSTIC_PATHS)
def test_what_streamlit_tells_of_itself_is_shut_by_the_app_too(front, replicas, path):
    assert [get_unchanged(each.url, path)[0] for each in (front, *replicas)] == [404, 404, 404]


@pytest.mark.parametrize("path", PATH_VARIANTS)
def test_no_other_spelling_opens_it(front, path):
    status, body = get_unchanged(front.url, path)
    assert status in (400, 404)
    assert b"# TYPE" not in body


@pytest.mark.parametrize("path", [each for each in PATH_VARIANTS if "_stcore" in each])
def test_no_other_spelling_opens_streamlits_diagnostics_without_the_proxy(replicas, path):
    status, body = get_unchanged(replicas[0].url, path)
    assert status in (400, 404)
    assert b"# TYPE" not in body


STATIC = Path(streamlit.__file__).parent / "static"
SCRIPT = next(STATIC.glob("static/js/index*.js")).relative_to(STATIC)
ANSWERED_PATHS = {
    "/": 200,
    "/upload": 200,
    "/favicon.png": 200,
    "/preview.png": 200,
    "/nowhere": 200,
    f"/{SCRIPT}": 200,
    "/media/nothing.png": 404,
    "/component/nothing/index.html": 404,
    "/_stcore/health": 200,
    "/_stcore/host-config": 200,
    "/_stcore/metrics": 404,
    "/api/v1/health": 200,
    "/api/openapi.json": 200,
    "/api/nothing": 404,
    "/api/v1/read": 405,
}


@pytest.mark.parametrize(("path", "status"), ANSWERED_PATHS.items())
def test_every_answer_has_each_security_header_once_with_and_without_the_proxy(front, replicas, path, status):
    for server in (replicas[0], front):
        answer = httpx.get(f"{server.url}{path}", timeout=REQUEST_TIMEOUT_S)
        assert answer.status_code == status
        assert {name: len(answer.headers.get_list(name)) for name in security_headers()} == dict.fromkeys(security_headers(), 1)
        if server is not front or path != "/_stcore/metrics":
            assert {name: answer.headers[name] for name in security_headers()} == security_headers()


def test_answers_to_pictures_have_the_security_headers_too(front, replicas, picture):
    for url in (replicas[0].url, front.url):
        for content, status in ((picture, 200), (b"no picture", 415), (bytes(51 * 2**20), 413)):
            answer = httpx.post(f"{url}/api/v1/read", content=content, timeout=REQUEST_TIMEOUT_S)
            assert answer.status_code == status
            assert {name: answer.headers.get_list(name) for name in security_headers()} == {
                name: [value] for name, value in security_headers().items()
            }


def test_a_picture_is_read_through_the_proxy_by_both_replicas(front, picture):
    before = len(front.log)
    answers = [
        httpx.post(f"{front.url}/api/v1/read", files={"file": ("407.png", picture, "image/png")}, timeout=REQUEST_TIMEOUT_S)
        for _ in range(6)
    ]
    assert [(each.status_code, each.json().get("text")) for each in answers] == 6 * [(200, "407")]
    assert len({each["replica"] for each in front.wait_for("/api/v1/read", 6)[-6:]}) == 2
    assert len(front.log) > before


@pytest.mark.parametrize("path", ["/api/v1/health", "/api/v1/model", "/api/openapi.json", "/_stcore/health", "/_stcore/host-config"])
def test_what_is_open_answers(front, path):
    assert httpx.get(f"{front.url}{path}", timeout=REQUEST_TIMEOUT_S).status_code == 200


def test_an_id_comes_back_to_who_asked(front, picture):
    headers = {"X-Request-ID": "mine-7", "Content-Type": "image/png"}
    answer = httpx.post(f"{front.url}/api/v1/read", content=picture, headers=headers, timeout=REQUEST_TIMEOUT_S)
    assert answer.headers["x-request-id"] == "mine-7"


def test_scripts_and_pages_are_compressed_and_pictures_are_not(front, replicas):
    page = get_unchanged(replicas[0].url, "/")[1]
    script = re.search(rb'src="\.(/static/js/index[^"]+)"', page)[1].decode()
    with (
        httpx.Client(base_url=front.url, timeout=REQUEST_TIMEOUT_S) as client,
        client.stream("GET", script, headers={"Accept-Encoding": "gzip"}) as answer,
    ):
        compressed = b"".join(answer.iter_raw())
        assert answer.headers["content-encoding"] == "gzip"
        assert "Accept-Encoding" in answer.headers["vary"]
    plain = get_unchanged(replicas[0].url, script)[1]
    assert gzip.decompress(compressed) == plain
    assert len(compressed) < 0.5 * len(plain)
    assert "content-encoding" not in httpx.get(f"{front.url}/favicon.png", timeout=REQUEST_TIMEOUT_S).headers


def test_one_limit_of_a_file_holds_in_the_proxy_in_the_pages_and_in_the_api():
    streamlit = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    limit = re.search(r"client_max_body_size (\d+)m;", (CONFIGURATION / "http.conf").read_text(encoding="utf-8"))
    pages_mib, api_mib = streamlit["server"]["maxUploadSize"], ApiSettings(workers=1).body_limit_mib
    assert pages_mib == api_mib == int(limit[1]) - 1
    limits_in_messages = re.findall(r"more than (\d+) MB", (CONFIGURATION / "site.conf").read_text(encoding="utf-8"))
    assert limits_in_messages == [str(api_mib)]


def test_too_large_is_said_by_the_proxy_in_the_words_of_the_app(front, replicas):
    answers = [
        httpx.post(f"{url}/api/v1/read", content=bytes(52 * 2**20), timeout=REQUEST_TIMEOUT_S) for url in (front.url, replicas[0].url)
    ]
    assert [each.status_code for each in answers] == [413, 413]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]
    assert answers[0].headers["content-type"] == answers[1].headers["content-type"] == "application/problem+json"
    assert set(answers[0].json()) == set(answers[1].json())


def test_a_link_to_a_long_drawing_is_opened_through_the_proxy(front):
    status, body = get_unchanged(front.url, f"/?d={'x' * 40_000}")
    assert status == 200
    assert b"<title>Draw" in body


@pytest.mark.parametrize("size", [MAX_HEAD_BYTES, 4 * MAX_HEAD_BYTES])
def test_a_link_that_is_too_long_for_the_proxy_is_answered_in_the_words_of_the_app(front, size):
    with closing(http.client.HTTPConnection("127.0.0.1", front.port, timeout=REQUEST_TIMEOUT_S)) as connection:
        connection.request("GET", f"/?d={'x' * size}")
        answer = connection.getresponse()
        page = answer.read().decode()
    assert (answer.status, answer.headers["content-type"]) == (414, "text/html; charset=utf-8")
    assert {name: len(answer.headers.get_all(name)) for name in security_headers()} == dict.fromkeys(security_headers(), 1)
    apps_page = too_long_response(b"/", []).partition(b"\r\n\r\n")[2].decode()
    assert sentences(page) == sentences(apps_page)


def sentences(page):
    """Return what stands in the elements of a page, and where its links lead."""
    return re.findall(r">([^<>]+[.]) ?<", page), re.findall("href=['\"]([^'\"]+)['\"]", page)


@pytest.mark.parametrize(("origin", "status"), [("http://digits.example", 101), ("http://elsewhere.example", 403)])
def test_a_websocket_is_opened_under_the_name_of_the_site_and_for_no_other_page(front, origin, status):
    headers = {"Host": "digits.example", "Origin": origin, "Upgrade": "websocket", "Connection": "Upgrade"}
    request_headers = {**headers, "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA=="}
    with closing(http.client.HTTPConnection("127.0.0.1", front.port, timeout=REQUEST_TIMEOUT_S)) as connection:
        connection.request("GET", "/_stcore/stream", headers=request_headers)
        with connection.getresponse() as answer:
            assert answer.status == status
            assert bool(answer.headers["Set-Cookie"]) is (status == 101)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def secure(replicas, certificate):
    with proxy([each.address for each in replicas], "tls", certificate) as running:
        yield running


def test_https_is_answered_with_the_certificate_and_kept_to(secure, certificate):
    answer = httpx.get(secure.tls_url, verify=ssl.create_default_context(cafile=str(certificate[0])), timeout=REQUEST_TIMEOUT_S)
    assert answer.status_code == 200
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers["set-cookie"].endswith("; Secure")


def test_http_leads_to_https(secure):
    answer = httpx.post(f"{secure.url}/api/v1/read?x=1", content=b"x", headers={"Host": "digits.example"}, timeout=REQUEST_TIMEOUT_S)
    assert (answer.status_code, answer.headers["location"]) == (308, "https://digits.example/api/v1/read?x=1")


@pytest.mark.parametrize(("version", "negotiated"), [("TLSv1_1", None), ("TLSv1_2", "TLSv1.2"), ("TLSv1_3", "TLSv1.3")])
def test_only_tls_of_today_is_spoken(secure, certificate, version, negotiated):
    trust = ssl.create_default_context(cafile=str(certificate[0]))
    trust.set_ciphers("ALL:@SECLEVEL=0")  # otherwise the client itself refuses old versions
    trust.set_alpn_protocols(["h2"])
    if negotiated is None:
        with pytest.warns(DeprecationWarning, match="TLSv1_1"):
            trust.minimum_version = trust.maximum_version = ssl.TLSVersion[version]
        with pytest.raises(ssl.SSLError, match="PROTOCOL_VERSION"):
            handshake(trust, secure.tls_port)
    else:
        trust.minimum_version = trust.maximum_version = ssl.TLSVersion[version]
        assert handshake(trust, secure.tls_port) == (negotiated, "h2")


def handshake(trust, port):
    with (
        socket.create_connection(("127.0.0.1", port), timeout=REQUEST_TIMEOUT_S) as plain,
        trust.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
    ):
        return secured.version(), secured.selected_alpn_protocol()
