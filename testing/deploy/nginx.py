"""The real nginx on loopback with the configuration of `deploy/nginx/`: found or got by `python -m testing.deploy.nginx`."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from testing.browser import debian
from testing.browser.server import ROOT, free_port, stop
from testing.browser.turn import SYSTEMD

CONFIGURATION: Final = ROOT / "deploy" / "nginx"
NAME: Final = "nginx"
PLACES: Final = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
"""Debian keeps it where only the administrator's shell looks."""

NOBODY: Final = 65_534
"""Whose rights it gets where the tests are run by root; so it can do no more than in a container that is somebody else's."""

START_TIMEOUT_S: Final = 120


@dataclass(frozen=True, slots=True)
class Proxy:
    """A running nginx."""

    port: int
    tls_port: int
    process: subprocess.Popen[bytes]
    folder: Path

    @property
    def url(self) -> str:
        """Return its address by http."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        """Return its address by https, where its configuration has one."""
        return f"https://127.0.0.1:{self.tls_port}"

    @property
    def log(self) -> list[dict[str, Any]]:
        """Return its access log, one entry for each finished request."""
        return [json.loads(line) for line in (self.folder / "access.log").read_text(encoding="utf-8").splitlines()]

    @property
    def complaints(self) -> str:
        """Return its error log."""
        return (self.folder / "errors").read_text(encoding="utf-8")

    def wait_for(self, path: str, count: int = 1, timeout_s: float = 60) -> list[dict[str, Any]]:
        """Wait for so many log entries of a path: an entry is written a moment after its answer."""
        end = time.monotonic() + timeout_s
        while len(found := [each for each in self.log if each["path"] == path]) < count:
            if time.monotonic() > end:
                raise AssertionError(f"{len(found)} of {count} requests of {path} are in the log")
            time.sleep(0.02)
        return found


def find() -> str | None:
    """Return the path of an installed nginx."""
    return shutil.which(NAME, path=PLACES)


def ensure() -> str:
    """Return the path of an nginx; install one where there is none.

    Raises:
        RuntimeError: there is none and none can be installed, with what to do.
    """
    if not find():
        debian.install(NAME)
        # The package starts a service, which listens to the world.
        if SYSTEMD.is_dir():
            debian.run("systemctl", "--quiet", "disable", "--now", NAME)
        elif shutil.which("invoke-rc.d", path=PLACES):
            debian.run("invoke-rc.d", "--quiet", NAME, "stop")
    if path := find():
        return path
    raise RuntimeError("The tests of the proxy need nginx: install it with your system's package manager, then run `make test` again.")


def write_replicas(*addresses: str) -> subprocess.CompletedProcess[str]:
    """Write what `replicas.sh` prints for these."""
    return subprocess.run(["/bin/sh", CONFIGURATION / "replicas.sh", *addresses], capture_output=True, check=False, text=True)


@contextmanager
def proxy(replicas: Sequence[str], main: str = "plain", certificate: tuple[Path, Path] | None = None) -> Iterator[Proxy]:
    """Run nginx on loopback, with the rights of nobody, until the block ends.

    Args:
        replicas: each one's address and port.
        main: which of the configuration's main files.
        certificate: the files of a certificate and of its key, for `tls`.
    """
    path = find()
    if path is None:
        raise RuntimeError("no nginx: run `make test`, which installs one")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        port, tls_port = free_port(), free_port()
        _copy(folder, replicas, (port, tls_port), certificate)
        command = [path, "-p", f"{folder}/", "-c", str(folder / f"{main}.conf"), "-g", "daemon off;"]
        with (folder / "errors").open("wb") as errors:
            process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stderr=errors, **_unprivileged(folder))
        running = Proxy(port, tls_port, process, folder)
        try:
            _wait_until_up(running)
            yield running
        finally:
            stop(process)


def _copy(folder: Path, replicas: Sequence[str], ports: tuple[int, int], certificate: tuple[Path, Path] | None) -> None:
    """Put the configuration there as one who runs it does: replicas, ports and certificate his own, and nothing else changed."""
    for file in CONFIGURATION.glob("*.conf"):
        text = file.read_text(encoding="utf-8")
        for wanted, given in zip((8080, 8443), ports, strict=True):
            text = text.replace(f"listen {wanted}", f"listen 127.0.0.1:{given}")
        text = text.replace("/etc/digits-tls/", f"{folder}/")
        (folder / file.name).write_text(text, encoding="utf-8")
    (folder / "replicas.conf").write_text(write_replicas(*replicas).stdout, encoding="utf-8")
    for source, name in zip(certificate or (), ("fullchain.pem", "privkey.pem"), strict=False):
        shutil.copyfile(source, folder / name)


def _unprivileged(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    for path in (folder, *folder.iterdir()):
        os.chown(path, NOBODY, NOBODY)
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []}


def _wait_until_up(running: Proxy) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < end and running.process.poll() is None:
        if (running.folder / "nginx.pid").is_file() and (running.folder / "nginx.pid").stat().st_size:
            return
        time.sleep(0.02)
    raise RuntimeError(f"nginx did not start:\n{running.complaints}")


if __name__ == "__main__":
    try:
        print(f"nginx for the tests: {ensure()}")
    except RuntimeError as error:
        sys.exit(str(error))
