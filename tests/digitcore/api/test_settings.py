import os
import tomllib
from pathlib import Path

import pytest
from pydantic import ValidationError

from digitcore import SettingsError
from digitcore.api import ApiSettings

ROOT = Path(__file__).resolve().parents[3]


def test_the_defaults_are_those_of_the_documentation():
    settings = ApiSettings.from_environment({})
    assert settings.model_dump() == {
        "workers": os.cpu_count() or 1,
        "waiting": 64,
        "body_limit_mib": 50,
        "bodies_mib": 128,
        "body_timeout_s": 10,
        "reading_timeout_s": 10,
        "rate_per_minute": 0,
        "burst": 20,
        "trusted_proxies": (),
        "cors_origins": (),
        "metrics": False,
        "logs": True,
    }


def test_the_limit_of_a_body_in_bytes_follows_from_that_in_mebibytes():
    assert ApiSettings(body_limit_mib=3).body_limit_bytes == 3_145_728


def test_the_largest_body_is_the_largest_upload_of_the_pages():
    streamlit = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert ApiSettings.from_environment({}).body_limit_mib == streamlit["server"]["maxUploadSize"]


def test_every_setting_is_read():
    environment = {
        "DIGITS_API_WORKERS": "3",
        "DIGITS_API_WAITING": "0",
        "DIGITS_API_BODY_LIMIT_MIB": "5",
        "DIGITS_API_BODIES_MIB": "9",
        "DIGITS_API_BODY_TIMEOUT_S": "2.5",
        "DIGITS_API_READING_TIMEOUT_S": "20",
        "DIGITS_API_RATE_PER_MINUTE": "60",
        "DIGITS_API_BURST": "7",
        "DIGITS_API_TRUSTED_PROXIES": "10.0.0.1, fd00::/8",
        "DIGITS_API_CORS_ORIGINS": "https://a.example http://b.example:8080",
        "DIGITS_API_METRICS": "Yes",
        "DIGITS_API_LOGS": "off",
        "DIGITS_MAXIMUM_STREAMS": "a setting of another part",
    }
    settings = ApiSettings.from_environment(environment)
    defaults = ApiSettings.from_environment({})
    assert all(getattr(settings, name) != getattr(defaults, name) for name in ApiSettings.model_fields if name != "workers")
    assert settings.workers == 3
    assert settings.trusted_proxies == ("10.0.0.1", "fd00::/8")
    assert settings.cors_origins == ("https://a.example", "http://b.example:8080")


POSITIVE = "must be an integer of at least 1 and at most 1,000,000"
NOT_NEGATIVE = "must be an integer of at least 0 and at most 1,000,000"
SECONDS = "must be a number of at least 0.1 and at most 1,000,000"
NETWORKS = "must be a list of addresses or networks like 10.0.0.0/8"
ORIGINS = "must be a list of origins like https://example.org, or * for all"


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        *((name, ["0", "two", "1000001", "1.5"], POSITIVE) for name in ("WORKERS", "BODY_LIMIT_MIB", "BODIES_MIB", "BURST")),
        *((name, ["-1", "many", "1000001"], NOT_NEGATIVE) for name in ("WAITING", "RATE_PER_MINUTE")),
        ("BODY_TIMEOUT_S", ["0", "0.09", "1000000.1", "nan", "inf", "soon"], SECONDS),
        ("READING_TIMEOUT_S", ["0", "0.09", "1000000.1", "nan", "inf", "soon"], SECONDS),
        *((name, ["maybe", "2"], "must be yes or no") for name in ("METRICS", "LOGS")),
        ("TRUSTED_PROXIES", ["*", "10.0.0.1/8", "10.0.0"], NETWORKS),
        ("CORS_ORIGINS", ["example.org", "https://example.org/path", "https://a.example:123456", "ftp://a.example", "**"], ORIGINS),
    ],
)
def test_a_bad_setting_is_named_with_its_range_and_value(name, values, expected):
    for value in values:
        with pytest.raises(SettingsError) as caught:
            ApiSettings.from_environment({f"DIGITS_API_{name}": value})
        assert caught.value.message == f"DIGITS_API_{name} {expected}, received {value!r}."


def test_of_a_list_the_bad_item_is_named():
    with pytest.raises(SettingsError) as caught:
        ApiSettings.from_environment({"DIGITS_API_TRUSTED_PROXIES": "10.0.0.1, proxy, 10.0.0.2"})
    assert caught.value.message == f"DIGITS_API_TRUSTED_PROXIES {NETWORKS}, received 'proxy'."


@pytest.mark.parametrize(
    ("name", "values"),
    [
        *((name, ["1", "1000000"]) for name in ("workers", "bodies_mib", "burst")),
        *((name, ["0", "1000000"]) for name in ("waiting", "rate_per_minute")),
        ("body_timeout_s", ["0.1", "1000000"]),
    ],
)
def test_the_ends_of_a_range_are_allowed(name, values):
    for value in values:
        settings = ApiSettings.from_environment({"DIGITS_API_BODY_LIMIT_MIB": "1", f"DIGITS_API_{name.upper()}": value})
        assert getattr(settings, name) == float(value)


def test_one_body_must_fit_into_the_memory_of_all():
    assert ApiSettings(body_limit_mib=128).body_limit_mib == 128
    with pytest.raises(SettingsError) as caught:
        ApiSettings.from_environment({"DIGITS_API_BODY_LIMIT_MIB": "129"})
    assert caught.value.message == "DIGITS_API_BODIES_MIB must be at least DIGITS_API_BODY_LIMIT_MIB (129)."


@pytest.mark.parametrize("name", ["DIGITS_API_METRIC", "DIGITS_API_", "DIGITS_API_workers"])
def test_an_unknown_setting_is_refused_with_the_known_ones(name):
    with pytest.raises(SettingsError) as caught:
        ApiSettings.from_environment({"DIGITS_API_WAITING": "3", name: "yes"})
    names = (
        *(
            "WORKERS",
            "WAITING",
            "BODY_LIMIT_MIB",
            "BODIES_MIB",
            "BODY_TIMEOUT_S",
            "READING_TIMEOUT_S",
            "RATE_PER_MINUTE",
            "BURST",
            "TRUSTED_PROXIES",
        ),
        *("CORS_ORIGINS", "METRICS", "LOGS"),
    )
    allowed = ", ".join(f"DIGITS_API_{each}" for each in names)
    assert caught.value.message == f"There is no setting {name}. Allowed: {allowed}."


@pytest.mark.parametrize("value", ["10.0.0.1,fd00::/8", " 10.0.0.1 fd00::/8 ", ",10.0.0.1,, \t\n,fd00::/8,"])
def test_a_list_is_separated_by_commas_or_white_space(value):
    assert ApiSettings.from_environment({"DIGITS_API_TRUSTED_PROXIES": value}).trusted_proxies == ("10.0.0.1", "fd00::/8")


def test_all_origins_can_be_allowed():
    assert ApiSettings.from_environment({"DIGITS_API_CORS_ORIGINS": "*"}).cors_origins == ("*",)


@pytest.mark.parametrize("value", ["yes", "on", "true", "1", "YES"])
def test_a_switch_can_be_turned_on_in_several_ways(value):
    assert ApiSettings.from_environment({"DIGITS_API_METRICS": value}).metrics is True


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_setting_means_the_default(blank):
    environment = {f"DIGITS_API_{name.upper()}": blank for name in ApiSettings.model_fields}
    assert ApiSettings.from_environment(environment) == ApiSettings()


def test_the_constructor_reads_no_environment(monkeypatch):
    monkeypatch.setenv("DIGITS_API_WAITING", "3")
    assert ApiSettings().waiting == 64
    assert ApiSettings.from_environment().waiting == 3


def test_names_are_case_sensitive():
    assert ApiSettings.from_environment({"digits_api_waiting": "3"}).waiting == 64


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        ApiSettings().waiting = 3


@pytest.mark.parametrize("wrong", [{"waits": 3}, {"trusted_proxies": 7}, {"waiting": -1}])
def test_the_constructor_refuses_what_is_wrong(wrong):
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        ApiSettings(**wrong)
