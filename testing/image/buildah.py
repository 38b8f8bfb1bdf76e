"""The real Dockerfile, built without any engine: by buildah, as root, on Debian or a relative. `python -m testing.image.buildah` gets it.

Where no base is named, a stand-in for Debian's slim image with its Python is made with debootstrap, once, and kept in the user's cache: no
registry of images has to be reached.
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
SUITE: Final = "bookworm"
PACKAGES: Final = "python3,python3-venv,ca-certificates"
USELESS: Final = ("var/cache/apt", "var/lib/apt/lists", "usr/share/doc", "usr/share/locale", "usr/share/man")
"""What Debian's slim images leave out, too."""

BUILD_TIMEOUT_S: Final = 1200
"""Downloads 300 MB, and writes a gigabyte several times: two minutes where that is fast."""


@dataclass(frozen=True, slots=True)
class Image:
    """A built image, its files laid out in a folder."""

    root: Path
    config: dict[str, Any]
    """What it says of how to run it, in Docker's words: `Cmd`, `Env`, `User`, `Healthcheck` and so on."""

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables of its `ENV` lines."""
        return dict(each.split("=", 1) for each in self.config["Env"])

    @property
    def health_check(self) -> list[str]:
        """Return the command of its `HEALTHCHECK`."""
        return list(self.config["Healthcheck"]["Test"][1:])

    def size_mb(self) -> float:
        """Return the size of all its files, in millions of bytes, uncompressed."""
        return int(_run("du", "--bytes", "--summarize", str(self.root)).split()[0]) / 1e6


def ensure() -> None:
    """Install what is missing.

    Raises:
        RuntimeError: something can't be installed or used, with what to do.
    """
    for program in PROGRAMS:
        if not shutil.which(program):
            debian.install(program)
    missing = [program for program in PROGRAMS if not shutil.which(program)]
    if missing or os.geteuid() != 0:
        needs = f"{' and '.join(missing or PROGRAMS)}, and root"
        raise RuntimeError(f"The test of the image needs {needs}: run `make image-test` as root on Debian or Ubuntu, in a container, say.")


def cache() -> Path:
    """Return the project's folder in the user's cache."""
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "digit-reader"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@contextmanager
def built(target: str = "serve") -> Iterator[Image]:
    """Build a target of the Dockerfile, and lay its files out, until the block ends."""
    with tempfile.TemporaryDirectory(dir=cache(), prefix="image-") as folder:
        buildah = ["buildah", "--root", f"{folder}/store", "--runroot", f"{folder}/run", "--storage-driver", "vfs"]
        base = os.environ.get(BASE_SETTING) or _imported(buildah, folder)
        options = ["--isolation", "chroot", "--format", "docker", "--layers=false", "--target", target, "--build-arg", f"BASE={base}"]
        trusted = "--volume=/etc/ssl/certs:/etc/ssl/certs:ro"  # pip trusts whom this machine trusts
        try:
            _run(*buildah, "build", *options, trusted, "--tag", "tested", str(ROOT))
            container = _run(*buildah, "from", "--pull-never", "localhost/tested").strip()
            root = Path(_run(*buildah, "mount", container).strip())
            described = json.loads(_run(*buildah, "inspect", "--type", "image", "localhost/tested"))
            yield Image(root, described["Docker"]["config"])
        finally:
            _run(*buildah, "rm", "--all")


def _imported(buildah: list[str], folder: str) -> str:
    """Import the stand-in base as an image of this store; return its name there."""
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
        for useless in USELESS:
            shutil.rmtree(f"{folder}/root/{useless}")
        _run("tar", "--create", "--file", f"{folder}/base.tar", "--directory", f"{folder}/root", "--exclude=./dev/*", ".")
        Path(f"{folder}/base.tar").rename(archive)


def _run(*command: str) -> str:
    """Run a command; what it printed, or an error with all that it said."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=BUILD_TIMEOUT_S, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}")
    return done.stdout


if __name__ == "__main__":
    try:
        ensure()
    except RuntimeError as error:
        sys.exit(str(error))
    print(f"For the test of the image: {', '.join(PROGRAMS)}")
