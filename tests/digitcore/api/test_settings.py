import tomllib
from pathlib import Path

import pytest

from digitcore import SettingsError
from digitcore.api import ApiSettings

ROOT = Path(__file__).resolve().parents[3]


def test_optional_access_is_off_by_default():
    settings = ApiSettings.from_environment({})
    assert (settings.metrics, settings.cors_origins, settings.trusted_proxies) == (False, (), ())
    assert settings.workers >= 1


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


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("WORKERS", "0", "must be an integer of at least 1 and at most 1,000,000, received '0'."),
        ("WORKERS", "two", "must be an integer of at least 1"),
        ("WORKERS", "1000001", "at most 1,000,000, received '1000001'."),
        ("WAITING", "-1", "must be an integer of at least 0"),
        ("BODY_TIMEOUT_S", "0", "must be a number of at least 0.1"),
        ("BODY_TIMEOUT_S", "nan", "must be a number of at least 0.1"),
        ("BODY_LIMIT_MIB", "500", "DIGITS_API_BODIES_MIB must be at least DIGITS_API_BODY_LIMIT_MIB (500)."),
        ("METRICS", "maybe", "must be yes or no, received 'maybe'."),
        ("TRUSTED_PROXIES", "*", "addresses or networks like 10.0.0.0/8, received '*'."),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "addresses or networks"),
        ("CORS_ORIGINS", "example.org", "origins like https://example.org, or * for all, received 'example.org'."),
        ("CORS_ORIGINS", "https://example.org/path", "origins like"),
        ("METRIC", "yes", "There is no setting DIGITS_API_METRIC"),
    ],
)
def test_a_bad_setting_is_named_with_its_range_and_value(name, value, expected):
    with pytest.raises(SettingsError, match="DIGITS_API_") as caught:
        ApiSettings.from_environment({f"DIGITS_API_{name}": value})
    assert expected in str(caught.value)


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
