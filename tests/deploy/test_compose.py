"""Tests of `deploy/compose.yaml` against the Compose schema, and of the files, addresses and settings in it."""

import json
import re
import subprocess
from importlib.resources import files

import jsonschema
import pytest
import yaml

from app.header_footer import SOURCE_URL_SETTING
from app.server.security_headers import FRAME_ANCESTORS_SETTING, SELF, frame_ancestors
from digitcore.api.settings import PREFIX, ApiSettings
from digitcore.video.ice import make_ice_configuration
from digitcore.video.ice_settings import SETTING_NAMES
from digitcore.video.settings import MAXIMUM_STREAMS
from testing.browser.server import ROOT
from testing.deploy.nginx import CONFIGURATION

COMPOSE = ROOT / "deploy" / "compose.yaml"
APPS = ["app-1", "app-2", "app-3"]
DEFAULT = re.compile(r"\$\{(\w+):-([^}]*)\}")


def with_defaults(value):
    """Replace every variable in parsed YAML by its default, as Compose does if no variable is set."""
    if isinstance(value, dict):
        return {name: with_defaults(each) for name, each in value.items()}
    if isinstance(value, list):
        return [with_defaults(each) for each in value]
    return DEFAULT.sub(r"\2", value).replace("$$", "$") if isinstance(value, str) else value


@pytest.fixture(scope="module")
def composed():
    return with_defaults(yaml.safe_load(COMPOSE.read_text(encoding="utf-8")))


def test_it_is_what_the_compose_specification_allows(composed):
    schema = json.loads(files("check_jsonschema").joinpath("builtin_schemas/vendor/compose-spec.json").read_text(encoding="utf-8"))
    validator = jsonschema.validators.validator_for(schema)(schema)
    assert [each.message for each in validator.iter_errors(composed)] == []
    assert not validator.is_valid({**composed, "services": {"app-1": {"imagine": "digit-reader"}}})


def test_every_variable_has_a_default():
    assert set(re.findall(r"(?<!\$)\$\{?\w+[^}\s]*\}?", COMPOSE.read_text(encoding="utf-8"))) == {
        each[0] for each in re.finditer(DEFAULT, COMPOSE.read_text(encoding="utf-8"))
    }


def test_the_app_knows_every_setting_and_takes_the_defaults(composed):
    for name in APPS:
        environment = composed["services"][name]["environment"]
        api = {each for each in environment if each.startswith(PREFIX)}
        assert set(environment) - api <= {*SETTING_NAMES, MAXIMUM_STREAMS, SOURCE_URL_SETTING, FRAME_ANCESTORS_SETTING}
        assert frame_ancestors(environment) == (SELF,)
        settings = ApiSettings.from_environment(environment)
        assert settings.trusted_proxies == (composed["services"]["nginx"]["networks"]["inside"]["ipv4_address"],)
        assert settings.workers == composed["services"][name]["cpus"]
        assert not settings.metrics
        assert make_ice_configuration({**environment}, 0).rtc_configuration == {"iceServers": []}


def test_nginx_asks_the_replicas_at_their_addresses(composed):
    places = [f"{composed['services'][name]['networks']['inside']['ipv4_address']}:8501" for name in APPS]
    listed = re.search(r"upstream any \{(.*?)\}", (CONFIGURATION / "replicas.conf").read_text(encoding="utf-8"), re.DOTALL)
    assert re.findall(r"server (\S+)", listed[1]) == places
    assert sorted(each for each in composed["services"] if each.startswith("app-")) == APPS


def test_every_file_that_is_mounted_is_there(composed):
    mounted = [volume.split(":")[0] for service in composed["services"].values() for volume in service.get("volumes", ())]
    missing = {each for each in mounted if not (COMPOSE.parent / each).exists()}
    assert len(mounted) == 4
    assert missing == {"./tls"}  # the user's own certificate


def test_published_ports_are_those_that_nginx_listens_to(composed):
    inner = {int(each.split(":")[1]) for each in composed["services"]["nginx"]["ports"]}
    listened = re.findall(r"listen (\d+)", (CONFIGURATION / "tls.conf").read_text(encoding="utf-8"))
    assert inner == {int(each) for each in listened} == {8080, 8443}
    assert not any("ports" in composed["services"][name] for name in APPS)


def test_only_the_relay_shares_anything_with_the_host(composed):
    assert set(composed["services"]) == {*APPS, "nginx", "turn"}  # those of the next test
    shared = {"privileged", "pid", "ipc", "userns_mode", "devices", "network_mode", "cap_add"}
    assert {name: shared & set(service) for name, service in composed["services"].items() if shared & set(service)} == {
        "turn": {"network_mode", "cap_add"}
    }
    assert composed["services"]["turn"]["cap_add"] == ["NET_BIND_SERVICE"]


@pytest.mark.parametrize("name", [*APPS, "nginx", "turn"])
def test_nothing_runs_with_more_rights_than_it_needs(composed, name):
    service = composed["services"][name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["mem_limit"]
    assert service["pids_limit"] > 0
    assert "privileged" not in service


def test_the_relay_gets_its_secret_by_a_file_and_does_not_start_without(composed, tmp_path):
    service = composed["services"]["turn"]
    assert service["profiles"] == ["turn"]
    # In this order, since the project itself may be below /tmp.
    script = service["entrypoint"][2].replace("/tmp/", f"{tmp_path}/").replace("/etc/coturn", str(ROOT / "deploy" / "turn"))  # noqa: S108
    script = script.replace("exec turnserver -c", "cat")
    run = []
    for secret in ("s3", ""):
        environment = {"REALM": "turn.here", "SECRET": secret}
        run.append(subprocess.run(["/bin/sh", "-euc", script], env=environment, capture_output=True, check=False))
    settings = run[0].stdout.decode().splitlines()
    assert "realm=turn.here" in settings
    assert settings[-1] == "static-auth-secret=s3"
    assert (tmp_path / "turnserver.conf").stat().st_mode & 0o077 == 0
    assert run[1].returncode != 0
    assert b"Set DIGITS_TURN_SECRET." in run[1].stderr
