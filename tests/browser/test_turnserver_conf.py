"""Tests of `deploy/turn/turnserver.conf` with coturn, on loopback, with a secret and a certificate made for the test."""

import asyncio
import re
import socket
import ssl
import time
from pathlib import Path

import pytest
from aioice.stun import TransactionFailed
from aioice.turn import TurnClientUdpProtocol

from digitcore.video.ice import make_ice_configuration
from testing.browser.loops import run
from testing.browser.server import REQUEST_TIMEOUT_S
from testing.browser.turn import ADDRESS, BINDING_REQUEST, turn_server
from testing.deploy.certificate import make_certificate

CONFIGURATION = Path(__file__).resolve().parents[2] / "deploy" / "turn" / "turnserver.conf"
BINDING_RESPONSE = bytes.fromhex("0101")
FORBIDDEN = 403


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(scope="module")
def relay(certificate):
    with turn_server(f"--cert={certificate[0]}", f"--pkey={certificate[1]}", configuration=CONFIGURATION) as running:
        yield running


async def channel_error(relay, peer):
    """Request an allocation and a channel to a peer without sending data; return the error code, or None on success."""
    server = make_ice_configuration(relay.settings, time.time()).servers[0]
    address, loop = (ADDRESS, relay.port), asyncio.get_running_loop()
    client = TurnClientUdpProtocol(
        address, username=server["username"], password=server["credential"], lifetime=600, channel_refresh_time=500
    )
    await loop.create_datagram_endpoint(lambda: client, remote_addr=address)
    await client.connect()
    try:
        await client.channel_bind(0x4000, (peer, 9))
    except TransactionFailed as error:
        return error.response.error_code
    finally:
        await client.delete()
    return None


def test_coturn_knows_every_line(relay):
    assert re.findall("(?i).*(?:bad config|unknown|error|warning).*", relay.log) == []
    assert relay.log.count("Black listing") == CONFIGURATION.read_text(encoding="utf-8").count("\ndenied-peer-ip=")


@pytest.mark.parametrize(
    "peer",
    ["127.0.0.1", "0.0.0.1", "10.1.2.3", "100.64.0.1", "169.254.169.254", "172.31.0.1", "192.168.1.1", "224.0.0.1", "255.255.255.255"],
)
def test_nothing_that_a_visitor_could_not_reach_by_himself_is_relayed_to(relay, peer):
    assert run(channel_error(relay, peer)) == FORBIDDEN


def test_public_addresses_are_relayed_to(relay):
    assert run(channel_error(relay, "192.0.1.1")) is None


def test_without_a_secret_of_ones_own_nobody_is_let_in():
    settings = CONFIGURATION.read_text(encoding="utf-8").splitlines()
    assert "use-auth-secret" in settings
    assert not [line for line in settings if line.startswith("static-auth-secret")]


def test_tls_is_answered_with_the_certificate(relay, certificate):
    trust = ssl.create_default_context(cafile=str(certificate[0]))
    with (
        socket.create_connection((ADDRESS, relay.tls_port), timeout=REQUEST_TIMEOUT_S) as plain,
        trust.wrap_socket(plain, server_hostname=ADDRESS) as secure,
    ):
        secure.sendall(BINDING_REQUEST)
        assert secure.recv(1024).startswith(BINDING_RESPONSE)
