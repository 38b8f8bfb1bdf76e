import traceback
from base64 import b64decode
from hashlib import sha1

import pytest
from hypothesis import strategies as st
from streamlit_webrtc.config import compile_rtc_configuration

from digitcore.errors import ConnectionSettingError, DigitError, RelayProviderError
from digitcore.messages import Message
from digitcore.video.ice import TURN_USER, make_ice_configuration
from digitcore.video.ice_settings import (
    DEFAULT_LIFETIME_S,
    ICE_PROVIDER,
    MAX_LIFETIME_S,
    RELAY_ONLY,
    SETTING_NAMES,
    STUN_URLS,
    TURN_CREDENTIAL,
    TURN_LIFETIME,
    TURN_SECRET,
    TURN_URLS,
    TURN_USERNAME,
)
from digitcore.video.relay_providers import PROVIDERS
from tests.properties import given

NOW_S = 1_800_000_000
STUN, TURN, TURNS = "stun:stun.example.org:3478", "turn:turn.example.org:3478?transport=udp", "turns:turn.example.org?transport=tcp"
SECRET = {TURN_URLS: TURN, TURN_SECRET: "north"}
STATIC = {TURN_URLS: TURN, TURN_USERNAME: "ann", TURN_CREDENTIAL: "pass word"}
CLOUDFLARE = {ICE_PROVIDER: "cloudflare", **dict.fromkeys(PROVIDERS["cloudflare"].credentials, "key")}
PROVIDER_SERVERS = [
    {"urls": ["stun:stun.example.org", "stun:stun.example.org:53"]},
    {"urls": [TURN, TURNS], "username": "u", "credential": "c", "ttl": 3},
]


def configure(settings, servers=PROVIDER_SERVERS):
    return make_ice_configuration(settings, NOW_S, dict.fromkeys(PROVIDERS, lambda _: servers))


def test_without_settings_video_is_local():
    local = make_ice_configuration({}, NOW_S)
    assert (local.mode, local.servers, local.relay_only) == ("local", (), False)
    assert local.rtc_configuration == {"iceServers": []}
    assert "local network" in local.description


def test_a_local_configuration_has_an_explicit_empty_list_of_servers():
    # aiortc uses a public STUN server if there is no list.
    assert compile_rtc_configuration(make_ice_configuration({}, NOW_S).rtc_configuration).iceServers == []


@pytest.mark.parametrize("separated", [f"{STUN}, stun:b", f"{STUN} stun:b", f" ,{STUN},\n stun:b, "])
def test_addresses_are_separated_by_commas_or_white_space(separated):
    stun = configure({STUN_URLS: separated})
    assert stun.mode == "stun"
    assert stun.rtc_configuration == {"iceServers": [{"urls": [STUN, "stun:b"]}]}


def test_static_credentials_are_used_unchanged():
    static = configure({**STATIC, STUN_URLS: STUN})
    assert static.mode == "turn_static"
    assert static.rtc_configuration["iceServers"] == [
        {"urls": [STUN]},
        {"urls": [TURN], "username": "ann", "credential": "pass word"},
    ]


def digest(text):
    return sha1(text, usedforsecurity=False).digest()


def hmac_sha1(key, text):
    """Compute an HMAC by its definition (RFC 2104)."""
    block = (key if len(key) <= 64 else digest(key)).ljust(64, b"\0")
    return digest(bytes(byte ^ 0x5C for byte in block) + digest(bytes(byte ^ 0x36 for byte in block) + text))


def test_the_oracle_agrees_with_a_published_case():
    # RFC 2202, test case 2 for HMAC-SHA-1
    assert hmac_sha1(b"Jefe", b"what do ya want for nothing?").hex() == "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"


@given(secret=st.text(min_size=1, max_size=100).map(str.strip).filter(len))
def test_a_secret_gives_the_credential_that_a_relay_computes(secret):
    server = configure({**SECRET, TURN_SECRET: secret, TURN_LIFETIME: "60"}).servers[0]
    assert server["username"] == f"{NOW_S + 60}:{TURN_USER}"
    assert b64decode(server["credential"]) == hmac_sha1(secret.encode(), server["username"].encode())


@given(now_s=st.floats(0, 4e9), lifetime_s=st.integers(1, MAX_LIFETIME_S))
def test_credentials_expire_one_lifetime_from_now(now_s, lifetime_s):
    username = make_ice_configuration({**SECRET, TURN_LIFETIME: str(lifetime_s)}, now_s).servers[0]["username"]
    assert int(username.removesuffix(f":{TURN_USER}")) == int(now_s) + lifetime_s


def test_credentials_are_valid_for_an_hour_by_default():
    assert configure(SECRET).servers[0]["username"] == f"{NOW_S + 3_600}:{TURN_USER}"
    assert DEFAULT_LIFETIME_S == 3_600


@given(secret=st.text(min_size=1).filter(str.strip), later_s=st.integers(1, 10**6))
def test_credentials_differ_by_time_and_secret(secret, later_s):
    credentials = {
        make_ice_configuration({TURN_URLS: TURN, TURN_SECRET: each}, NOW_S + after_s).servers[0]["credential"]
        for each in (secret, secret.strip() + "x")
        for after_s in (0, later_s)
    }
    assert len(credentials) == 4


@pytest.mark.parametrize("yes", ["1", "true", "Yes", "ON", " yes "])
def test_the_transport_policy_is_set_for_relay_only(yes):
    assert configure({**SECRET, RELAY_ONLY: yes}).rtc_configuration["iceTransportPolicy"] == "relay"
    for no in ("", "0", "false", "No", "off"):
        assert "iceTransportPolicy" not in configure({**SECRET, RELAY_ONLY: no}).rtc_configuration


def test_every_mode_has_its_own_description():
    modes = [{}, {STUN_URLS: STUN}, SECRET, {**SECRET, RELAY_ONLY: "1"}, CLOUDFLARE, {**CLOUDFLARE, RELAY_ONLY: "1"}]
    descriptions = [configure(settings).description for settings in modes]
    assert len(set(descriptions)) == len(modes)
    assert all(isinstance(description, Message) for description in descriptions)
    assert configure(STATIC).description == configure(SECRET).description
    assert "Cloudflare" in configure(CLOUDFLARE).description


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({TURN_URLS: TURN}, f"{TURN_URLS} needs credentials. Set {TURN_SECRET}, or both {TURN_USERNAME} and {TURN_CREDENTIAL}"),
        ({TURN_URLS: TURN, TURN_USERNAME: "ann"}, "needs credentials"),
        ({TURN_URLS: TURN, TURN_CREDENTIAL: "word"}, "needs credentials"),
        ({**STATIC, TURN_SECRET: "north"}, f"either {TURN_SECRET}, or"),
        ({TURN_SECRET: "north"}, f"{TURN_SECRET} is set, but no relay. Set {TURN_URLS}"),
        ({TURN_USERNAME: "ann", TURN_CREDENTIAL: "word"}, f"{TURN_USERNAME}, {TURN_CREDENTIAL} is set, but no relay"),
        ({**CLOUDFLARE, **SECRET}, f"Both {ICE_PROVIDER} and {TURN_URLS}, {TURN_SECRET} are set"),
        ({ICE_PROVIDER: "acme"}, "Use one of: cloudflare, twilio, hugging-face"),
        ({ICE_PROVIDER: "twilio", "TWILIO_ACCOUNT_SID": "AC1"}, "Twilio needs credentials. Set TWILIO_AUTH_TOKEN too"),
        ({ICE_PROVIDER: "hugging-face"}, "Set HF_TOKEN"),
        ({STUN_URLS: f"{STUN}, {TURN}"}, f"Address number 2 in {STUN_URLS} can't be used. Write it like stun:"),
        ({**SECRET, TURN_URLS: "https://turn.example.org"}, f"Address number 1 in {TURN_URLS}"),
        ({STUN_URLS: ","}, f"Address number 1 in {STUN_URLS}"),
        ({**SECRET, TURN_LIFETIME: "0"}, f"{TURN_LIFETIME} must be an integer from 1 to 2592000"),
        ({**SECRET, TURN_LIFETIME: "-5"}, TURN_LIFETIME),
        ({**SECRET, TURN_LIFETIME: "1.5"}, TURN_LIFETIME),
        ({**SECRET, TURN_LIFETIME: "an hour"}, TURN_LIFETIME),
        ({**SECRET, TURN_LIFETIME: str(MAX_LIFETIME_S + 1)}, TURN_LIFETIME),
        ({RELAY_ONLY: "yes"}, f"{RELAY_ONLY} needs a relay. Set {TURN_URLS} or {ICE_PROVIDER}"),
        ({STUN_URLS: STUN, RELAY_ONLY: "yes"}, f"{RELAY_ONLY} needs a relay"),
        ({**SECRET, RELAY_ONLY: "perhaps"}, f"{RELAY_ONLY} must be yes or no"),
    ],
)
def test_the_error_of_a_bad_setting_names_it_with_a_remedy(settings, expected):
    with pytest.raises(ConnectionSettingError) as caught:
        configure(settings)
    assert expected in caught.value.message
    assert isinstance(caught.value.message, Message)


def test_the_servers_of_a_provider_follow_the_hosts_own_stun_servers():
    servers = configure({**CLOUDFLARE, STUN_URLS: STUN, RELAY_ONLY: "yes"})
    assert servers.mode == "provider"
    assert servers.rtc_configuration == {
        "iceServers": [
            {"urls": [STUN]},
            {"urls": PROVIDER_SERVERS[0]["urls"]},
            {"urls": [TURN, TURNS], "username": "u", "credential": "c"},
        ],
        "iceTransportPolicy": "relay",
    }


def test_a_provider_is_called_with_its_credentials_and_only_if_chosen():
    calls = []

    def fetch(credentials):
        calls.append(credentials["HF_TOKEN"])
        return [{"urls": "turn:a:80", "username": "u", "credential": "c"}]

    assert make_ice_configuration({"HF_TOKEN": "t"}, NOW_S, {"hugging-face": fetch}).mode == "local"
    chosen = make_ice_configuration({"HF_TOKEN": " t ", ICE_PROVIDER: "Hugging-Face"}, NOW_S, {"hugging-face": fetch})
    assert (calls, chosen.servers[0]["urls"]) == (["t"], ["turn:a:80"])


@pytest.mark.parametrize(
    "servers",
    [
        [],
        None,
        {"urls": [TURN]},
        [{}],
        [None],
        [{"urls": None}],
        [{"urls": [3]}],
        [{"urls": [STUN]}],
        [{"urls": [TURN]}],
        [{"urls": ["turn:[::1]"], "username": "u", "credential": "c"}],
    ],
)
def test_a_provider_without_a_relay_is_named_in_the_error(servers):
    with pytest.raises(RelayProviderError, match=r"Cloudflare gave no relay.*CLOUDFLARE_TURN_KEY_ID, CLOUDFLARE_TURN_KEY_API_TOKEN"):
        configure(CLOUDFLARE, servers)


def test_a_provider_without_a_function_is_a_wrong_call():
    with pytest.raises(ValueError, match="expected a function that requests relays from cloudflare"):
        make_ice_configuration(CLOUDFLARE, NOW_S)


NEEDLE = "s3cretNeedle"
values = st.sampled_from(
    [NEEDLE, f"turn:{NEEDLE}", f"turn:u:{NEEDLE}@a", TURN, STUN, "cloudflare", "twilio", "yes", "60", "", f"turn:a {NEEDLE}", f"-{NEEDLE}"]
)


@given(st.dictionaries(st.sampled_from(SETTING_NAMES), values))
def test_no_error_and_no_repr_contains_the_value_of_a_setting(settings):
    try:
        shown = repr(configure(settings)) + configure(settings).description
    except DigitError as error:
        values = error.message.values  # type: ignore[attr-defined]  # a Message
        shown = "".join(traceback.format_exception(error)) + repr(values) + repr(error.__context__)
    assert NEEDLE not in shown


def test_modifying_an_rtc_configuration_does_not_modify_its_source():
    static = configure(STATIC)
    configuration = static.rtc_configuration
    configuration["iceServers"][0]["urls"].append("turn:other")
    configuration["iceServers"].clear()
    assert static.rtc_configuration == configure(STATIC).rtc_configuration
