"""Compare `NOTICE` and the licences of the image with the compiled libraries that the installed wheels contain."""

import importlib.metadata
import re
import subprocess
import sys

import pytest
from packaging.licenses import canonicalize_license_expression

from testing.browser.server import ROOT

NOTICE = (ROOT / "NOTICE").read_text(encoding="utf-8")
REQUIREMENTS = (ROOT / "requirements-serve.txt").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", "")
SECTIONS = dict(re.findall(r"^In the wheels of `([\w-]+)` (.*?)\n\n(?=\S)", NOTICE, re.MULTILINE | re.DOTALL))
"""Name of a package: the versions, and the lines of its libraries."""

IMAGE_PYTHON = re.search(r"^ARG BASE=python:(\d\.\d+)-", DOCKERFILE, re.MULTILINE)[1]
IMAGE_PLATFORM = "x86_64-manylinux_2_28"
PINNED = sorted(set(re.findall(r"^([\w.-]+)==", REQUIREMENTS, re.MULTILINE)))


def family(name):
    """Remove hashes and versions from the name of a library's file: `libx264-d6533a8d.so.165` is `libx264`."""
    return re.sub(r"(-r0)?(-[0-9a-f]{8})+\..*$", "", name)


def bundled_libraries(package):
    """Return the names of the libraries in the folder `*.libs` of an installed wheel, which is empty if it has none."""
    try:
        files = importlib.metadata.files(package) or []
    except importlib.metadata.PackageNotFoundError:
        return set()
    return {family(each.name) for each in files if each.parts[0].endswith(".libs")}


def named_libraries(package):
    """Return the names in the first column of a package's section."""
    columns = [re.split(r" {2,}", line.strip())[0] for line in SECTIONS[package].splitlines() if line.startswith("    lib")]
    return {name for column in columns for name in column.rstrip(",").split(", ")}


@pytest.mark.parametrize("package", PINNED)
def test_the_notice_names_each_library_that_a_wheel_contains(package):
    libraries = bundled_libraries(package)
    if package in SECTIONS:
        assert libraries <= named_libraries(package)
    else:
        assert libraries == set()


def test_the_notice_gives_the_versions_that_are_pinned():
    for package, section in SECTIONS.items():
        versions = set(re.findall(r"\d+(?:\.\d+){2,}", section.split("\n", 1)[0]))
        assert versions == set(re.findall(rf"^{package}==(\S+)", REQUIREMENTS, re.MULTILINE)), package


@pytest.mark.parametrize("package", PINNED)
def test_the_notice_names_each_package_under_a_copyleft_licence(package):
    try:
        metadata = importlib.metadata.metadata(package)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("it isn't installed on this platform")
    fields = [each for name in ("License-Expression", "Classifier") for each in metadata.get_all(name, [])]
    fields += [each.split("\n", 1)[0] for each in metadata.get_all("License", [])]
    if re.search(r"GPL|MPL|Mozilla|General Public", " ".join(fields)):
        assert f"`{package}`" in NOTICE


def test_the_image_contains_the_notice_and_names_its_licences():
    assert re.search(r"^COPY .*\bLICENSE NOTICE ", DOCKERFILE, re.MULTILINE)
    expression = re.search(r'image\.licenses="([^"]+)"', DOCKERFILE)[1]
    assert canonicalize_license_expression(expression) == expression
    in_notice = set(re.findall(r"\b(?:L?GPL|MPL)-\d\.\d(?:-or-later)?", NOTICE))
    assert in_notice <= set(expression.split())


@pytest.mark.nightly
def test_the_notice_names_each_library_that_the_image_gets_with_av(tmp_path):
    versions = re.findall(r"^av==(\S+) ; (.*?) \\\n((?: +--hash=\S+(?: \\)?\n)+)", REQUIREMENTS, re.MULTILINE)
    (tmp_path / "av.txt").write_text("".join(f"av=={version} ; {marker} \\\n{hashes}" for version, marker, hashes in versions))
    chosen = ["--python-version", IMAGE_PYTHON, "--python-platform", IMAGE_PLATFORM, "--target", str(tmp_path / "installed")]
    options = ["--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes", "-r", str(tmp_path / "av.txt")]
    uv = [sys.executable, "-m", "uv", "pip", "install"]
    done = subprocess.run([*uv, *chosen, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    libraries = {family(each.name) for each in (tmp_path / "installed" / "av.libs").iterdir()}
    assert {"libx264", "libx265"} < libraries <= named_libraries("av")
