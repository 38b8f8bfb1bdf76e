import tomllib
from pathlib import Path

import pytest

from digitcore import SettingsError
from digitcore.api import ApiSettings

ROOT = Path(__file__).resolve().parents[3]


def test_nothing_is_open_unless_it_is_asked_for():
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
        "DIGITS_MAXIMUM_STREAMS": "somebody else's",
    }
    settings = ApiSettings.from_environment(environment)
    defaults = ApiSettings.from_environment({})
    assert all(getattr(settings, name) != getattr(defaults, name) for name in ApiSettings.__dataclass_fields__ if name != "workers")
    assert settings.workers == 3
    assert settings.trusted_proxies == ("10.0.0.1", "fd00::/8")
    assert settings.cors_origins == ("https://a.example", "http://b.example:8080")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("WORKERS", "0", "whole number from 1"),
        ("WORKERS", "two", "whole number"),
        ("WAITING", "-1", "whole number from 0"),
        ("BODY_TIMEOUT_S", "0", "number from 0.1"),
        ("BODY_TIMEOUT_S", "nan", "number from 0.1"),
        ("BODY_LIMIT_MIB", "500", "at least as large"),
        ("METRICS", "maybe", "yes or no"),
        ("TRUSTED_PROXIES", "*", "addresses or networks"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "addresses or networks"),
        ("CORS_ORIGINS", "example.org", "origins like"),
        ("CORS_ORIGINS", "https://example.org/path", "origins like"),
        ("METRIC", "yes", "There is no setting DIGITS_API_METRIC"),
    ],
)
def test_a_bad_setting_is_named_with_what_is_allowed(name, value, said):
    with pytest.raises(SettingsError, match="DIGITS_API_") as caught:
        ApiSettings.from_environment({f"DIGITS_API_{name}": value})
    assert said in str(caught.value)
