"""What is installed and passed on: hashes, digests, licences, and the list of what the image contains."""

import importlib.util
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from testing.browser.server import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")
REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))
PIN = re.compile(r"^([\w.-]+)==(\S+?)(?: ;[^\\\n]*)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n?)+)", re.MULTILINE)
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
    commands = re.findall(r"pip install .*", DOCKERFILE)
    assert len(commands) == 2
    assert all("--require-hashes" in command for command in commands)


def test_the_base_image_is_pinned_by_its_digest_and_can_be_replaced():
    bases = re.findall(r"^ARG BASE=(\S+)$", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 1
    assert DIGEST.search(bases[0])
    others = {name for name in re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) if name not in re.findall(r" AS (\S+)", DOCKERFILE)}
    assert others == {"${BASE}"}


def images(manifest):
    """List the images that a manifest names, at any depth."""
    if isinstance(manifest, dict):
        own = [value for name, value in manifest.items() if name == "image" and isinstance(value, str)]
        return own + [each for value in manifest.values() for each in images(value)]
    return [each for value in manifest for each in images(value)] if isinstance(manifest, list) else []


def test_images_of_others_are_pinned_by_their_digests():
    named = set()
    for path in [ROOT / "deploy" / "compose.yaml", *(ROOT / "deploy" / "kubernetes").glob("*.yaml")]:
        named |= {each for manifest in yaml.safe_load_all(path.read_text(encoding="utf-8")) for each in images(manifest)}
    others = {each for each in named if "digit-reader" not in each}
    assert {each.split(":")[0] for each in others} == {"nginx", "coturn/coturn"}
    assert all(DIGEST.search(each) for each in others)


def bundled_libraries(package):
    """Return the names of the compiled libraries that an installed wheel contains, without versions and hashes."""
    folder = Path(importlib.util.find_spec(package).origin).parents[1]
    wheel = {"av": "av.libs", "cv2": "opencv_python_headless.libs"}[package]
    return {re.sub(r"(-r0)?-[0-9a-f]{8}\..*$", "", path.name) for path in (folder / wheel).glob("lib*")}


@pytest.mark.parametrize(("package", "following"), [("av", "opencv-python-headless"), ("cv2", "What follows")])
def test_the_notice_names_each_library_that_a_wheel_contains_and_no_other(package, following):
    libraries = bundled_libraries(package)
    if not libraries:
        pytest.skip("this platform's wheel has its libraries elsewhere")
    title = "opencv-python-headless" if package == "cv2" else "av"
    section = NOTICE.split(f"In the wheels of `{title}` for Linux:")[1].split(following)[0]
    columns = [re.split(r" {2,}", line.strip())[0] for line in section.splitlines() if line.startswith("    lib")]
    assert {name for names in columns for name in names.rstrip(",").split(", ")} == libraries


def test_the_image_contains_the_notice_and_names_its_licences():
    assert "LICENSE NOTICE" in DOCKERFILE
    licences = re.search(r'image\.licenses="([^"]+)"', DOCKERFILE)[1].split(" AND ")
    assert {"MIT", "GPL-2.0-or-later", "LGPL-3.0-or-later"} <= set(licences)


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
def test_a_systemd_unit_limits_files_memory_and_processes(path):
    text = path.read_text(encoding="utf-8")
    for name in ("LimitNOFILE", "MemoryMax", "TasksMax", "CapabilityBoundingSet", "PrivateDevices", "RestrictAddressFamilies"):
        assert re.search(rf"^{name}=", text, re.MULTILINE), name


@pytest.mark.nightly
def test_the_list_of_what_the_image_contains_has_each_package_with_its_hashes(tmp_path):
    subprocess.run([MAKE, "sbom", f"SBOM={tmp_path / 'sbom.json'}"], cwd=ROOT, check=True, capture_output=True)
    components = json.loads((tmp_path / "sbom.json").read_text(encoding="utf-8"))["components"]
    listed = {
        (each["name"], each["version"]): {found["content"] for reference in each["externalReferences"] for found in reference["hashes"]}
        for each in components
    }
    text = (ROOT / "requirements-serve.txt").read_text(encoding="utf-8")
    assert listed == {(name, version): set(re.findall("[0-9a-f]{64}", hashes)) for name, version, hashes in PIN.findall(text)}


@pytest.mark.nightly
def test_no_requirement_has_a_known_vulnerability():
    done = subprocess.run([MAKE, "audit"], cwd=ROOT, capture_output=True, text=True, check=False)
    if "could not be audited" in done.stdout or "ServiceError" in done.stderr or "ConnectionError" in done.stderr:
        pytest.skip("the list of known vulnerabilities can't be reached, or doesn't know a package")
    assert done.returncode == 0, done.stdout + done.stderr
