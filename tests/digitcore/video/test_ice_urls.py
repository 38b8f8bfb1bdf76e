import pytest
from aiortc.rtcicetransport import connection_kwargs, parse_stun_turn_uri
from hypothesis import strategies as st
from streamlit_webrtc.config import compile_rtc_configuration

from digitcore.video.ice_urls import is_usable_url
from tests.properties import example, given

hosts = st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?", fullmatch=True)
ports = st.one_of(st.just(""), st.integers(0, 99_999).map(":{}".format))
texts = st.text("stunrs:/?=.@[]portudcn 0123456789-", max_size=40)
addresses = st.one_of(
    texts,
    st.builds(
        "{}:{}{}{}".format,
        st.sampled_from(["stun", "turn", "turns", "stuns", "http"]),
        hosts,
        ports,
        st.sampled_from(["", "?transport=udp", "?transport=tcp", "?x=1"]),
    ),
)


@given(addresses)
@example("turns:a?transport=udp")  # neither side would use it
@example("turn:[::1]:3478")
@example("turn:ann:word@a")
@example("turn:a:65536")
@example("turn:a\n")
def test_accepted_addresses_can_be_used_by_aiortc(address):
    if is_usable_url(address):
        parsed = parse_stun_turn_uri(address)
        assert 0 < parsed["port"] < 65_536
        server = compile_rtc_configuration({"iceServers": [{"urls": [address], "username": "u", "credential": "c"}]}).iceServers
        assert len(connection_kwargs(server)) in (1, 5)


@pytest.mark.parametrize(
    "address", ["stun:a", "stun:192.0.2.1:1", "turn:a.b:65535", "turn:a?transport=tcp", "turns:a:443", "turns:a?transport=tcp"]
)
def test_usual_addresses_are_accepted(address):
    assert is_usable_url(address)


@pytest.mark.parametrize(
    "address",
    ["stuns:a", "stun:a?transport=udp", "turns:a?transport=udp", "turn:[::1]", "turn:u:p@a", "turn:a:0", "turn:a:65536", "turn:", "a"],
)
def test_addresses_that_one_side_could_not_use_are_rejected(address):
    assert not is_usable_url(address)
