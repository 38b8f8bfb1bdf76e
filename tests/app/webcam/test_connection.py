import io
import logging
import sys
import time
import traceback
import urllib.error
import urllib.request
from types import ModuleType, SimpleNamespace

import pytest
import streamlit as st
from streamlit import config

from app.webcam import connection
from app.webcam.connection import CACHE_LIFETIME_S, current_connection, host_settings
from digitcore.errors import RelayProviderError
from digitcore.video.ice_settings import ICE_PROVIDER, RELAY_ONLY, SETTING_NAMES, STUN_URLS, TURN_LIFETIME, TURN_SECRET, TURN_URLS

TURN = "turn:turn.example.org:3478?transport=udp"
NEEDLE = "s3cretNeedle"
NOW_S = 1_800_000_000.0
CLOUDFLARE = {ICE_PROVIDER: "cloudflare", "CLOUDFLARE_TURN_KEY_ID": "id", "CLOUDFLARE_TURN_KEY_API_TOKEN": NEEDLE}
TWILIO = {ICE_PROVIDER: "twilio", "TWILIO_ACCOUNT_SID": "AC1", "TWILIO_AUTH_TOKEN": NEEDLE}


@pytest.fixture
def environment(monkeypatch):
    """Return a function that sets the environment, from which all the settings are removed."""
    for name in SETTING_NAMES:
        monkeypatch.delenv(name, raising=False)
    st.cache_data.clear()
    return lambda settings: [monkeypatch.setenv(name, value) for name, value in settings.items()]


@pytest.fixture
def secrets(environment, tmp_path):
    """Return a function that writes Streamlit's secrets; environment and secrets are restored afterwards."""
    before = config.get_option("secrets.files")
    path = tmp_path / "secrets.toml"
    config.set_option("secrets.files", [str(path)])
    st.secrets._reset()

    def write(text):
        path.write_text(text, encoding="utf-8")
        st.secrets._reset()

    yield write
    st.secrets._reset()
    config.set_option("secrets.files", before)


@pytest.fixture
def clock(monkeypatch):
    now = SimpleNamespace(s=NOW_S)
    monkeypatch.setattr(time, "time", lambda: now.s)
    return now


def expires_s(made):
    return int(made.servers[0]["username"].split(":")[0])


@pytest.mark.usefixtures("secrets")
def test_without_settings_and_without_secrets_video_stays_local(caplog):
    with caplog.at_level(logging.WARNING):
        assert current_connection().mode == "local"
    assert "secrets" not in caplog.text


def test_settings_come_from_the_environment(secrets, environment):
    environment({STUN_URLS: "stun:a", RELAY_ONLY: "", "OTHER": "x"})
    assert host_settings() == {STUN_URLS: "stun:a"}


def test_settings_come_from_secrets_in_toml(secrets):
    secrets(f'{TURN_URLS} = ["turn:a", "turns:a"]\n{TURN_SECRET} = "north"\n{RELAY_ONLY} = true\n{TURN_LIFETIME} = 60\n')
    assert host_settings() == {TURN_URLS: "turn:a turns:a", TURN_SECRET: "north", RELAY_ONLY: "True", TURN_LIFETIME: "60"}
    assert current_connection().relay_only


def test_the_environment_takes_precedence_over_secrets(secrets, environment):
    secrets(f'{STUN_URLS} = ["stun:secret"]\n')
    environment({STUN_URLS: "stun:environment"})
    assert host_settings() == {STUN_URLS: "stun:environment"}


def test_unreadable_secrets_count_as_none(secrets):
    secrets("no toml at all")
    assert host_settings() == {}


def test_runs_close_together_get_the_same_credentials_and_later_runs_new_ones(secrets, environment, clock):
    environment({TURN_URLS: TURN, TURN_SECRET: "north"})
    clock.s = NOW_S // CACHE_LIFETIME_S * CACHE_LIFETIME_S
    first = current_connection()
    clock.s += CACHE_LIFETIME_S - 1
    assert current_connection() == first
    clock.s += 1
    assert current_connection() != first


@pytest.mark.parametrize("offset_s", [0, 1, CACHE_LIFETIME_S - 1, CACHE_LIFETIME_S])
def test_credentials_are_valid_for_their_whole_lifetime_whenever_a_stream_starts(secrets, environment, clock, offset_s):
    environment({TURN_URLS: TURN, TURN_SECRET: "north", TURN_LIFETIME: "60"})
    current_connection()
    clock.s += offset_s
    assert 60 <= expires_s(current_connection()) - clock.s <= 60 + CACHE_LIFETIME_S


def test_a_provider_is_asked_again_after_a_while_and_not_by_every_run(secrets, environment, clock, monkeypatch):
    asked = []

    def answer(request, timeout):
        asked.append(request)
        made = io.BytesIO(
            b'{"iceServers": [{"urls": ["turn:turn.cloudflare.com:3478"], "username": "u%d", "credential": "c"}]}' % len(asked)
        )
        made.status = 201  # type: ignore[attr-defined]
        return made

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    environment(CLOUDFLARE)
    assert [current_connection().servers[0]["username"] for _ in range(3)] == ["u1"] * 3
    assert asked[0].full_url.endswith("/keys/id/credentials/generate-ice-servers")
    assert asked[0].get_header("Authorization") == f"Bearer {NEEDLE}"
    clock.s += CACHE_LIFETIME_S
    assert current_connection().servers[0]["username"] == "u2"


@pytest.mark.parametrize(
    "error",
    [
        urllib.error.URLError(f"refused {NEEDLE}"),
        TimeoutError(NEEDLE),
        ValueError(NEEDLE),
        RuntimeError(NEEDLE),
        ConnectionResetError(NEEDLE),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_provider_that_fails_is_one_clear_error_without_secrets(secrets, environment, monkeypatch, caplog, error):
    def fail(*_, **__):
        raise error

    monkeypatch.setattr(urllib.request, "urlopen", fail)
    environment(CLOUDFLARE)
    with caplog.at_level(logging.DEBUG), pytest.raises(RelayProviderError, match="Cloudflare gave no relay") as caught:
        current_connection()
    assert "Cloudflare gave no relay" in caplog.text
    assert NEEDLE not in caplog.text + "".join(traceback.format_exception(caught.value))


def test_a_provider_that_failed_once_is_asked_again_by_the_next_run(secrets, environment, monkeypatch):
    answers = [TimeoutError(), io.BytesIO(b'{"username": "u", "credential": "c"}')]

    def answer(*_, **__):
        made = answers.pop(0)
        if isinstance(made, Exception):
            raise made
        made.status = 200  # type: ignore[attr-defined]
        return made

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    environment({ICE_PROVIDER: "hugging-face", "HF_TOKEN": NEEDLE})
    with pytest.raises(RelayProviderError, match="Hugging Face gave no relay"):
        current_connection()
    assert current_connection().servers == ({"urls": ["turn:gradio-turn.com:80"], "username": "u", "credential": "c"},)


def test_twilio_without_its_package_is_one_clear_error(secrets, environment, monkeypatch):
    monkeypatch.setitem(sys.modules, "twilio.rest", None)
    environment(TWILIO)
    with pytest.raises(
        RelayProviderError,
        match="pip install twilio",
    ):
        current_connection()


def test_twilio_is_asked_through_its_package(secrets, environment, monkeypatch):
    entries = [
        {"url": "stun:global.stun.twilio.com:3478", "urls": "stun:global.stun.twilio.com:3478"},
        {"url": TURN, "urls": TURN, "username": "u", "credential": "c"},
    ]
    client = SimpleNamespace(tokens=SimpleNamespace(create=lambda **_: SimpleNamespace(ice_servers=entries)))
    monkeypatch.setitem(sys.modules, "twilio", ModuleType("twilio"))
    monkeypatch.setitem(sys.modules, "twilio.rest", SimpleNamespace(Client=lambda *_: client))
    environment(TWILIO)
    assert current_connection().rtc_configuration == {
        "iceServers": [{"urls": ["stun:global.stun.twilio.com:3478"]}, {"urls": [TURN], "username": "u", "credential": "c"}]
    }
    assert set(connection.PROVIDER_CLIENTS) == {"cloudflare", "twilio", "hugging-face"}
