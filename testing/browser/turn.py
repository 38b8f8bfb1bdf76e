"""Run a TURN server, coturn, on loopback for the tests; `python -m testing.browser.turn` installs it."""

import os
import random
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from digitcore.video.ice_settings import TURN_SECRET, TURN_URLS
from testing.browser import debian
from testing.browser.server import stop

NAME: Final = "turnserver"
ADDRESS: Final = "127.0.0.1"
RELAY_PORTS: Final = 30
"""Number of ports for relayed addresses; each end of a stream uses one or two."""

CANDIDATE_PORTS: Final = range(61_000, 65_000)
"""Ports above the range from which Linux assigns ephemeral ports by default."""

SYSTEMD: Final = Path("/run/systemd/system")
"""Folder that exists if systemd runs the services; see sd_booted(3)."""

START_TIMEOUT_S: Final = 120

BINDING_REQUEST: Final = bytes.fromhex("00010000 2112a442") + b"are-you-up??"
"""A STUN binding request (RFC 8489): type and length, magic cookie, transaction id."""


@dataclass(frozen=True, slots=True)
class TurnServer:
    """A running TURN server."""

    port: int
    process: subprocess.Popen[bytes]
    log_path: Path
    secret: str = field(repr=False)

    @property
    def tls_port(self) -> int:
        """Return the port for TLS, which is open if the configuration enables TLS."""
        return self.port + 1

    @property
    def url(self) -> str:
        """Return its URL, for `iceServers`."""
        return f"turn:{ADDRESS}:{self.port}?transport=udp"

    @property
    def settings(self) -> dict[str, str]:
        """Return the environment variables of an app that uses it."""
        return {TURN_URLS: self.url, TURN_SECRET: self.secret}

    @property
    def log(self) -> str:
        """Return its output so far: clients, allocations, and the amount of relayed data."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def wait_for_log(self, text: str, timeout_s: float = 60) -> None:
        """Wait until its output contains a text."""
        deadline = time.monotonic() + timeout_s
        while text not in self.log:
            if time.monotonic() > deadline:
                raise AssertionError(f"{text!r} is not in the log:\n{self.log}")
            time.sleep(0.05)


def find() -> str | None:
    """Return the path of an installed coturn; None if there is none."""
    return shutil.which(NAME)


def ensure() -> str:
    """Return the path of a coturn; install one if there is none.

    Raises:
        RuntimeError: there is none and it can't be installed; the message describes what to do.
    """
    if not find():
        debian.install("coturn")
        if SYSTEMD.is_dir():  # the package starts a service that listens on all interfaces
            debian.run("systemctl", "--quiet", "disable", "--now", "coturn")
    if path := find():
        return path
    raise RuntimeError("The tests of relayed video need coturn: install it with your system's package manager, then run `make test` again.")


@contextmanager
def turn_server(*options: str, configuration: Path | None = None) -> Iterator[TurnServer]:
    """Run coturn on loopback, with a shared secret, until the block ends.

    Args:
        options: further command-line options.
        configuration: a file with all other settings; by default, peers on loopback are allowed, which tests need.
    """
    path = find()
    if path is None:
        raise RuntimeError("no coturn: run `make test`, which installs one")
    with tempfile.TemporaryDirectory() as folder:
        port, secret = _free_block(2 + RELAY_PORTS), secrets.token_hex()
        settings = ["-c", str(configuration)] if configuration else ["-n", "--allow-loopback-peers", "--no-tls", "--no-dtls", "--no-cli"]
        command = [path, *settings, *_arguments(port, secret, Path(folder)), *options]
        log_path = Path(folder) / "log"
        with log_path.open("wb") as log:
            process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        with ExitStack() as stack:
            stack.callback(stop, process)
            server = TurnServer(port, process, log_path, secret)
            _wait_until_up(server)
            yield server


def _arguments(port: int, secret: str, folder: Path) -> list[str]:
    return [
        *(f"--listening-ip={ADDRESS}", f"--relay-ip={ADDRESS}", f"--listening-port={port}"),
        *(f"--tls-listening-port={port + 1}", f"--min-port={port + 2}", f"--max-port={port + 1 + RELAY_PORTS}"),
        *("--realm=tests", "--use-auth-secret", f"--static-auth-secret={secret}"),
        *(f"--userdb={folder / 'users'}", f"--pidfile={folder / 'pid'}", "--log-file=stdout", "--simple-log", "--verbose"),
    ]


def _free_block(count: int) -> int:
    """Return the first of `count` consecutive free ports on loopback."""
    ports = random.Random(os.getpid())  # noqa: S311  only so that tests in parallel try different ports
    for _ in range(100):
        first = ports.choice(CANDIDATE_PORTS)
        if all(map(_is_free, range(first, first + count))):
            return first
    raise RuntimeError(f"found no {count} consecutive free ports")


def _is_free(port: int) -> bool:
    with socket.socket(type=socket.SOCK_STREAM) as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
        try:
            tcp.bind((ADDRESS, port))
            udp.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def _wait_until_up(server: TurnServer) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    with socket.socket(type=socket.SOCK_DGRAM) as client:
        client.settimeout(0.1)
        client.connect((ADDRESS, server.port))
        while time.monotonic() < deadline and server.process.poll() is None:
            try:
                client.send(BINDING_REQUEST)
                client.recv(1024)
            except OSError:
                time.sleep(0.05)
            else:
                return
    raise RuntimeError(f"coturn did not start:\n{server.log}")


if __name__ == "__main__":
    try:
        print(f"TURN server for the tests: {ensure()}")
    except RuntimeError as error:
        sys.exit(str(error))
