"""What is installed and passed on: hashes, digests, licences, and the list of what the image contains."""

import json
import os
import re
import shutil
import subprocess
import urllib.request

import pytest
import yaml

from testing.audit import PIN
from testing.browser.server import ROOT
from testing.image import dockerfile

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))
DIGEST = re.compile(r"@sha256:[0-9a-f]{64}$")
UNITS = [ROOT / "deploy" / "systemd" / "digits@.service", ROOT / "deploy" / "nginx" / "digits-nginx.service"]
MAKE = shutil.which("make") or "make"
MAX_EXPOSURE = 2.0
"""Of 10, by `systemd-analyze security`; 9.6 for a unit without any restriction."""


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_each_requirement_is_pinned_with_its_hashes(path):
    text = path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert len(PIN.findall(text)) == len(lines) > 0


def test_pip_checks_the_hashes_of_everything_that_it_installs_into_the_image():
    commands = [command.split() for command in dockerfile.shell_commands() if re.search(r"\bpip.* install\b", command)]
    assert len(commands) == 2
    assert all("--require-hashes" in words for words in commands)
    assert [words[words.index("-r") + 1] for words in commands] == ["/tmp/requirements-serve.txt", "/tmp/requirements.txt"]  # noqa: S108


def test_the_base_image_is_pinned_by_its_digest_and_can_be_replaced():
    bases = [line.removeprefix("ARG BASE=") for line in dockerfile.instructions() if line.startswith("ARG BASE=")]
    assert len(bases) == 1
    assert DIGEST.search(bases[0])
    parents = {line.split()[1] for line in dockerfile.instructions() if line.startswith("FROM ")}
    assert parents - set(dockerfile.stages()) == {"${BASE}"}


def images(manifest):
    """List the images that a manifest names, at any depth."""
    if isinstance(manifest, dict):
        own = [value for name, value in manifest.items() if name == "image" and isinstance(value, str)]
        return own + [each for value in manifest.values() for each in images(value)]
    return [each for value in manifest for each in images(value)] if isinstance(manifest, list) else []


def images_of_others():
    named = set()
    for path in [ROOT / "deploy" / "compose.yaml", *(ROOT / "deploy" / "kubernetes").glob("*.yaml")]:
        named |= {each for manifest in yaml.safe_load_all(path.read_text(encoding="utf-8")) for each in images(manifest)}
    return {each for each in named if "digit-reader" not in each}


def test_images_of_others_are_pinned_by_their_digests():
    assert {each.split(":")[0] for each in images_of_others()} == {"nginx", "coturn/coturn"}
    assert all(DIGEST.search(each) for each in images_of_others())


@pytest.mark.parametrize("engine", ["docker", "skopeo"])
def test_todays_digest_of_each_pinned_image_is_looked_up_with_either_program(engine, tmp_path):
    for program in ("docker", "skopeo"):
        (tmp_path / program).write_text("#!/bin/sh\n" + ('echo "asked $*"' if program == engine else "exit 1"), encoding="utf-8")
        (tmp_path / program).chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    printed = subprocess.run([MAKE, "base-digest"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stdout
    pinned = re.search(r"^ARG BASE=(\S+)", DOCKERFILE, re.MULTILINE)[1]
    for name, digest in (each.split("@") for each in {pinned, *images_of_others()}):
        assert re.search(rf"^{name}\n  pinned {digest}\n  today  asked .*{name}$", printed, re.MULTILINE), name


def test_without_a_registry_no_digest_is_printed(tmp_path):
    for program in ("docker", "skopeo"):
        (tmp_path / program).write_text("#!/bin/sh\nexit 1", encoding="utf-8")
        (tmp_path / program).chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run([MAKE, "base-digest"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "sha256" not in done.stdout


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_systemd_unit_is_confined(path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd isn't installed")
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "Unknown" in done.stderr or "unrecognized option" in done.stderr:
        pytest.skip("this systemd can't analyze a unit that isn't installed")
    exposure = float(re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)[1])
    assert exposure <= MAX_EXPOSURE


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_systemd_understands_every_line_of_a_unit(path, tmp_path):
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd isn't installed")
    text = re.sub(r"^(Exec\w+)=\S+", r"\1=/bin/true", path.read_text(encoding="utf-8"), flags=re.MULTILINE)  # the programs needn't be here
    assert verify(tmp_path / path.name, text) == ""
    assert "Imagined" in verify(tmp_path / path.name, text.replace("[Service]", "[Service]\nImagined=yes"))


def verify(path, text):
    """Return what `systemd-analyze verify` finds in a unit."""
    path.write_text(text, encoding="utf-8")
    command = ["systemd-analyze", "verify", "--man=no", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "".join(line for line in done.stderr.splitlines(keepends=True) if path.name.split(".")[0].rstrip("@") in line)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_systemd_unit_limits_files_memory_and_processes(path):
    text = path.read_text(encoding="utf-8")
    for name in ("LimitNOFILE", "MemoryMax", "TasksMax", "CapabilityBoundingSet", "PrivateDevices", "RestrictAddressFamilies"):
        assert re.search(rf"^{name}=", text, re.MULTILINE), name


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_systemd_unit_has_no_rights_that_it_does_not_need(path):
    lines = set(path.read_text(encoding="utf-8").splitlines())
    wanted = {"ProtectSystem=strict", "SystemCallFilter=@system-service", "SystemCallArchitectures=native", "UMask=0077"}
    wanted |= {f"{name}=yes" for name in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "ProtectControlGroups")}
    wanted |= {f"ProtectKernel{name}=yes" for name in ("Logs", "Modules", "Tunables")}
    wanted |= {f"Restrict{name}=yes" for name in ("Namespaces", "Realtime", "SUIDSGID")}
    assert wanted - lines == set()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_systemd_unit_runs_as_an_ordinary_user_with_at_most_the_right_to_low_ports(path):
    settings = dict(line.split("=", 1) for line in path.read_text(encoding="utf-8").splitlines() if re.match(r"\w+=", line))
    assert settings.get("DynamicUser") == "yes" or settings["User"] == "www-data"
    assert settings["CapabilityBoundingSet"] == ("CAP_NET_BIND_SERVICE" if "nginx" in path.name else "")
    assert settings.get("AmbientCapabilities", "") == settings["CapabilityBoundingSet"]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_systemd_unit_names_a_section_of_the_documentation(path):
    page, section = re.match(r'#.* (docs/\S+\.md), "(.+)"\.\n', path.read_text(encoding="utf-8")).groups()
    assert re.search(rf"^#+ {re.escape(section)}$", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.nightly
def test_the_list_of_what_the_image_contains_has_each_package_with_its_hashes(tmp_path):
    subprocess.run([MAKE, "sbom", f"SBOM={tmp_path / 'sbom.json'}"], cwd=ROOT, check=True, capture_output=True)
    bill = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))  # cyclonedx-py has checked it against the schema
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    listed = {
        (each["name"], each["version"]): {found["content"] for reference in each["externalReferences"] for found in reference["hashes"]}
        for each in bill["components"]
    }
    pinned = PIN.findall((ROOT / "requirements-serve.txt").read_text(encoding="utf-8"))
    assert listed == {(name, version): set(re.findall("[0-9a-f]{64}", hashes)) for name, version, hashes in pinned}


def audit_service_answers():
    """Ask for one pinned version, as pip-audit does for all; a mirror of the package index needn't have this service."""
    name, version, _ = PIN.findall((ROOT / "requirements-serve.txt").read_text(encoding="utf-8"))[0]
    try:
        with urllib.request.urlopen(f"https://pypi.org/pypi/{name}/{version}/json", timeout=30) as answer:
            return "vulnerabilities" in json.load(answer)
    except (OSError, ValueError):
        return False


@pytest.mark.nightly
def test_no_requirement_has_a_known_vulnerability():
    if not audit_service_answers():
        pytest.skip("the list of known vulnerabilities, https://pypi.org/pypi/…/json, can't be reached")
    done = subprocess.run([MAKE, "audit"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
