"""Build the Dockerfile with buildah, without a container engine, as root on Debian or a derivative.

`python -m testing.image.buildah` installs buildah. Unless the environment variable `BASE` names a base image, one like Debian's slim image,
with Debian's Python, is made with debootstrap once and kept in the user's cache, so that no image registry is needed.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from testing.browser import debian
from testing.browser.server import ROOT

PROGRAMS: Final = ("buildah", "debootstrap")
BASE_SETTING: Final = "BASE"
"""Environment variable with the name of the base image."""

SUITE: Final = "bookworm"
PACKAGES: Final = "python3,python3-venv,ca-certificates"
EXCLUDED_FOLDERS: Final = ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale", "usr/share/man")
"""Folders without use in the image; Debian's slim images leave them out, too."""

BUILD_TIMEOUT_S: Final = 1200
"""A build downloads 300 MB and writes a gigabyte several times, which takes two minutes on a fast machine."""


@dataclass(frozen=True, slots=True)
class Image:
    """A built image, whose files are mounted at a folder."""

    root: Path
    config: dict[str, Any]
    """The container configuration in Docker's format: `Cmd`, `Env`, `User`, `Healthcheck` and so on."""

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables of its `ENV` instructions."""
        return dict(each.split("=", 1) for each in self.config["Env"])

    @property
    def health_check(self) -> list[str]:
        """Return the command of its `HEALTHCHECK` instruction."""
        return list(self.config["Healthcheck"]["Test"][1:])

    def size_mb(self) -> float:
        """Return the uncompressed size of all its files in MB (millions of bytes)."""
        return int(_run("du", "--bytes", "--summarize", str(self.root)).split()[0]) / 1e6


def ensure() -> None:
    """Install the programs that are missing.

    Raises:
        RuntimeError: a program can't be installed, or the user isn't root; the message describes what to do.
    """
    for program in PROGRAMS:
        if not shutil.which(program):
            debian.install(program)
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing or os.geteuid() != 0:
        needs = f"{' and '.join(missing or PROGRAMS)}, and root"
        raise RuntimeError(
            f"The test of the image needs {needs}: run `make image-test` as root on Debian or Ubuntu, for example in a container."
        )


def cache() -> Path:
    """Return the project's folder in the user's cache; create it if it is missing."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "digit-reader"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def built(target: str = "serve") -> Iterator[Image]:
    """Build a target of the Dockerfile, and mount its files until the block ends."""
    with tempfile.TemporaryDirectory(dir=cache(), prefix="image-") as folder:
        buildah = ["buildah", "--root", f"{folder}/store", "--runroot", f"{folder}/run", "--storage-driver", "vfs"]
        base = os.environ.get(BASE_SETTING) or _import_base(buildah, folder)
        options = ["--isolation", "chroot", "--format", "docker", "--layers=false", "--target", target, "--build-arg", f"BASE={base}"]
        certificates = "--volume=/etc/ssl/certs:/etc/ssl/certs:ro"  # pip trusts the same authorities as this machine
        try:
            _run(*buildah, "build", *options, certificates, "--tag", "tested", str(ROOT))
            container = _run(*buildah, "from", "--pull-never", "localhost/tested").strip()
            root = Path(_run(*buildah, "mount", container).strip())
            inspected = json.loads(_run(*buildah, "inspect", "--type", "image", "localhost/tested"))
            yield Image(root, inspected["Docker"]["config"])
        finally:
            _run(*buildah, "rm", "--all")


def _import_base(buildah: list[str], folder: str) -> str:
    """Import the base made by debootstrap as an image of buildah's store, and return its name there."""
    archive = cache() / f"{SUITE}.tar"
    if not archive.exists():
        _make_base(archive)
    recipe = Path(folder) / "Dockerfile"
    recipe.write_text(f"FROM scratch\nADD {archive.name} /\n", encoding="utf-8")
    _run(*buildah, "build", "--isolation", "chroot", "--file", str(recipe), "--tag", SUITE, str(archive.parent))
    return f"localhost/{SUITE}"


def _make_base(archive: Path) -> None:
    with tempfile.TemporaryDirectory(dir=archive.parent, prefix="base-") as folder:
        _run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, f"{folder}/root")
        for excluded in EXCLUDED_FOLDERS:
            shutil.rmtree(f"{folder}/root/{excluded}")
        _run("tar", "--create", "--file", f"{folder}/base.tar", "--directory", f"{folder}/root", "--exclude=./dev/*", ".")
        Path(f"{folder}/base.tar").rename(archive)


def _run(*command: str) -> str:
    """Run a command, and return its standard output.

    Raises:
        RuntimeError: its exit code isn't 0; the message contains the end of its output.
    """
    completed = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_TIMEOUT_S, check=False)
    if completed.returncode:
        raise RuntimeError(
            f"{' '.join(command)} ended with {completed.returncode}:\n{completed.stdout[-4000:]}\n{completed.stderr[-4000:]}"
        )
    return completed.stdout


if __name__ == "__main__":
    try:
        ensure()
    except RuntimeError as error:
        sys.exit(str(error))
    print(f"Programs for the test of the image: {', '.join(PROGRAMS)}")
