"""Tests of the credentials of `digitcore.video.ice` with coturn as the relay and with aiortc, which the server uses for WebRTC."""

import asyncio
import re
import time

import psutil
import pytest
from aiortc import RTCPeerConnection, RTCSessionDescription
from streamlit_webrtc.config import compile_rtc_configuration

from digitcore.video.ice import TURN_USER, make_ice_configuration
from digitcore.video.ice_settings import DEFAULT_LIFETIME_S, RELAY_ONLY, TURN_SECRET
from testing.browser.loops import run
from testing.browser.turn import turn_server

CONNECT_TIMEOUT_S = 120


@pytest.fixture(scope="module")
def relay():
    with turn_server() as running:
        yield running


def with_relays_only(description):
    """Return a session description without candidates that aren't relayed, as a browser with the ICE transport policy `relay` makes it."""
    lines = [line for line in description.sdp.splitlines() if not line.startswith("a=candidate") or " typ relay " in line]
    return RTCSessionDescription("\r\n".join([*lines, ""]), description.type)


def relayed_addresses(description):
    return re.findall(r"a=candidate:\S+ \d udp \d+ (\S+) \d+ typ relay", description.sdp)


async def agree(caller, callee):
    """Exchange offer and answer, and return both session descriptions."""
    await caller.setLocalDescription(await caller.createOffer())
    offer = with_relays_only(caller.localDescription)
    await callee.setRemoteDescription(offer)
    await callee.setLocalDescription(await callee.createAnswer())
    answer = with_relays_only(callee.localDescription)
    await caller.setRemoteDescription(answer)
    return offer, answer


async def send(message, configuration, timeout_s=CONNECT_TIMEOUT_S):
    """Send a message between two peers through relays alone; return the received message and the session descriptions."""
    caller, callee = (RTCPeerConnection(compile_rtc_configuration(configuration)) for _ in range(2))
    arrived = asyncio.get_running_loop().create_future()
    channel = caller.createDataChannel("digits")
    channel.on("open", lambda: channel.send(message))
    callee.on("datachannel", lambda opened: opened.on("message", arrived.set_result))
    try:
        descriptions = await agree(caller, callee)
        return await asyncio.wait_for(arrived, timeout_s), descriptions
    finally:
        await asyncio.gather(caller.close(), callee.close())


async def offered_with(configuration):
    """Return the session description of a peer that offers a data channel."""
    peer = RTCPeerConnection(compile_rtc_configuration(configuration))
    peer.createDataChannel("digits")
    await peer.setLocalDescription(await peer.createOffer())
    description = peer.localDescription
    await peer.close()
    return description


def test_two_peers_meet_through_the_relay_alone(relay):
    now_s = time.time()
    made = make_ice_configuration({**relay.settings, RELAY_ONLY: "yes"}, now_s)
    message, descriptions = run(send("a seven", made.rtc_configuration))
    assert message == "a seven"
    assert all(set(relayed_addresses(each)) == {"127.0.0.1"} for each in descriptions)
    user = f"{int(now_s) + DEFAULT_LIFETIME_S}:{TURN_USER}"
    assert relay.log.count(f"user <{user}>: incoming packet ALLOCATE processed, success") >= 2
    assert f"user <{user}>: incoming packet CHANNEL_BIND processed, success" in relay.log
    relay.wait_for_log(f"peer usage: realm=<tests>, username=<{user}>")


@pytest.mark.parametrize(
    ("changes", "age_s"),
    [({TURN_SECRET: "another"}, 0), ({}, DEFAULT_LIFETIME_S + 60)],
    ids=["another secret", "expired"],
)
def test_credentials_of_another_secret_and_expired_ones_are_refused(changes, age_s):
    with turn_server() as relay:
        made = make_ice_configuration({**relay.settings, **changes}, time.time() - age_s)
        assert relayed_addresses(run(offered_with(made.rtc_configuration))) == []
        relay.wait_for_log("error 401: Unauthorized")
        assert "ALLOCATE processed, success" not in relay.log


def test_nobody_outside_this_machine_reaches_the_relay_of_the_tests(relay):
    connections = psutil.Process(relay.process.pid).net_connections()
    assert {each.laddr.ip for each in connections if each.laddr} == {"127.0.0.1"}


def test_the_relay_ends_with_its_block():
    with turn_server() as relay:
        assert relay.process.poll() is None
    assert relay.process.poll() is not None
