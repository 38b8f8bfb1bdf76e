"""Run nginx on loopback with the configuration in `deploy/nginx/`; `python -m testing.deploy.nginx` installs it."""

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
SEARCH_PATH: Final = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
"""Debian installs nginx in a folder that is only in the search path of root."""

UNPRIVILEGED_ID: Final = 65_534
"""User and group ID under which nginx runs if root runs the tests, so that it lacks root's permissions, as in a container."""

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
        """Return its URL over HTTP."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def tls_url(self) -> str:
        """Return its URL over HTTPS, which works with the configuration `tls`."""
        return f"https://127.0.0.1:{self.tls_port}"

    @property
    def log(self) -> list[dict[str, Any]]:
        """Return its access log, one entry for each finished request."""
        return [json.loads(line) for line in (self.folder / "access.log").read_text(encoding="utf-8").splitlines()]

    @property
    def error_log(self) -> str:
        """Return its error log."""
        return (self.folder / "errors").read_text(encoding="utf-8")

    def wait_for(self, path: str, count: int = 1, timeout_s: float = 60) -> list[dict[str, Any]]:
        """Wait until the access log has `count` entries of a path, and return them; nginx writes an entry after its response."""
        deadline = time.monotonic() + timeout_s
        while len(found := [each for each in self.log if each["path"] == path]) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(found)} of {count} requests of {path} are in the access log")
            time.sleep(0.02)
        return found


def find() -> str | None:
    """Return the path of an installed nginx; None if there is none."""
    return shutil.which(NAME, path=SEARCH_PATH)


def ensure() -> str:
    """Return the path of an nginx; install one if there is none.

    Raises:
        RuntimeError: there is none and it can't be installed; the message describes what to do.
    """
    if not find():
        debian.install(NAME)
        # The package starts a service that listens on all interfaces.
        if SYSTEMD.is_dir():
            debian.run("systemctl", "--quiet", "disable", "--now", NAME)
        elif shutil.which("invoke-rc.d", path=SEARCH_PATH):
            debian.run("invoke-rc.d", "--quiet", NAME, "stop")
    if path := find():
        return path
    raise RuntimeError("The tests of the proxy need nginx: install it with your system's package manager, then run `make test` again.")


def run_replicas_script(*addresses: str) -> subprocess.CompletedProcess[str]:
    """Run `replicas.sh` with these addresses, and return its exit code and output."""
    return subprocess.run(["/bin/sh", CONFIGURATION / "replicas.sh", *addresses], capture_output=True, check=False, text=True)


@contextmanager
def proxy(replicas: Sequence[str], main: str = "plain", certificate: tuple[Path, Path] | None = None) -> Iterator[Proxy]:
    """Run nginx on loopback, never as root, until the block ends.

    Args:
        replicas: host and port of each replica.
        main: name of the main configuration file: `plain`, `tls` or `behind`.
        certificate: paths of a certificate and its key, for `tls`.
    """
    path = find()
    if path is None:
        raise RuntimeError("no nginx: run `make test`, which installs one")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        port, tls_port = free_port(), free_port()
        _write_configuration(folder, replicas, (port, tls_port), certificate)
        command = [path, "-p", f"{folder}/", "-c", str(folder / f"{main}.conf"), "-g", "daemon off;"]
        with (folder / "errors").open("wb") as errors:
            process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stderr=errors, **_unprivileged(folder))
        running = Proxy(port, tls_port, process, folder)
        try:
            _wait_until_up(running)
            yield running
        finally:
            stop(process)


def _write_configuration(folder: Path, replicas: Sequence[str], ports: tuple[int, int], certificate: tuple[Path, Path] | None) -> None:
    """Copy the configuration into a folder, and change only the replicas, the ports and the certificate."""
    for file in CONFIGURATION.glob("*.conf"):
        text = file.read_text(encoding="utf-8")
        for original, port in zip((8080, 8443), ports, strict=True):
            text = text.replace(f"listen {original}", f"listen 127.0.0.1:{port}")
        text = text.replace("/etc/digits-tls/", f"{folder}/")
        (folder / file.name).write_text(text, encoding="utf-8")
    (folder / "replicas.conf").write_text(run_replicas_script(*replicas).stdout, encoding="utf-8")
    for source, name in zip(certificate or (), ("fullchain.pem", "privkey.pem"), strict=False):
        shutil.copyfile(source, folder / name)


def _unprivileged(folder: Path) -> dict[str, Any]:
    """Change the folder's owner to an unprivileged user if root runs the tests.

    Returns:
        The arguments of `Popen` that start nginx as that user; empty if another user runs the tests.
    """
    if os.geteuid() != 0:
        return {}
    for path in (folder, *folder.iterdir()):
        os.chown(path, UNPRIVILEGED_ID, UNPRIVILEGED_ID)
    return {"user": UNPRIVILEGED_ID, "group": UNPRIVILEGED_ID, "extra_groups": []}


def _wait_until_up(running: Proxy) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and running.process.poll() is None:
        if (running.folder / "nginx.pid").is_file() and (running.folder / "nginx.pid").stat().st_size:
            return
        time.sleep(0.02)
    raise RuntimeError(f"nginx did not start:\n{running.error_log}")


if __name__ == "__main__":
    try:
        print(f"nginx for the tests: {ensure()}")
    except RuntimeError as error:
        sys.exit(str(error))
