"""A real TURN server on loopback for the tests: coturn, found or got by `python -m testing.browser.turn`."""

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
RELAYS: Final = 30
"""Relayed addresses at a time; each end of a stream takes one or two."""

ABOVE_EPHEMERAL: Final = range(61_000, 65_000)
"""Where Linux gives no port away by itself."""

SYSTEMD: Final = Path("/run/systemd/system")
"""Is there if services are run by systemd: see sd_booted(3)."""

START_TIMEOUT_S: Final = 120

BINDING_REQUEST: Final = bytes.fromhex("00010000 2112a442") + b"are-you-up??"
"""STUN's simplest question (RFC 8489): type, length, magic cookie, transaction."""


@dataclass(frozen=True, slots=True)
class TurnServer:
    """A running TURN server."""

    port: int
    process: subprocess.Popen[bytes]
    log_path: Path
    secret: str = field(repr=False)

    @property
    def tls_port(self) -> int:
        """Return the port for TLS, if its configuration has one."""
        return self.port + 1

    @property
    def url(self) -> str:
        """Return its address, for `iceServers`."""
        return f"turn:{ADDRESS}:{self.port}?transport=udp"

    @property
    def settings(self) -> dict[str, str]:
        """Return the settings of an app that uses it."""
        return {TURN_URLS: self.url, TURN_SECRET: self.secret}

    @property
    def log(self) -> str:
        """Return its output: clients, allocations, and how much was relayed."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def wait_for_log(self, text: str, timeout_s: float = 60) -> None:
        """Wait until it has printed this."""
        end = time.monotonic() + timeout_s
        while text not in self.log:
            if time.monotonic() > end:
                raise AssertionError(f"{text!r} is not in the log:\n{self.log}")
            time.sleep(0.05)


def find() -> str | None:
    """Return the path of an installed coturn."""
    return shutil.which(NAME)


def ensure() -> str:
    """Return the path of a coturn; install one where there is none.

    Raises:
        RuntimeError: there is none and none can be installed, with what to do.
    """
    if not find():
        debian.install("coturn")
        if SYSTEMD.is_dir():  # the package starts a service, which listens to the world
            debian.run("systemctl", "--quiet", "disable", "--now", "coturn")
    if path := find():
        return path
    raise RuntimeError("The tests of relayed video need coturn: install it with your system's package manager, then run `make test` again.")


@contextmanager
def turn_server(*options: str, configuration: Path | None = None) -> Iterator[TurnServer]:
    """Run coturn on loopback, with a shared secret, until the block ends.

    Args:
        options: more of its command line.
        configuration: a file with the rest of its settings; without one, peers on loopback are allowed, as tests need them.
    """
    path = find()
    if path is None:
        raise RuntimeError("no coturn: run `make test`, which installs one")
    with tempfile.TemporaryDirectory() as folder:
        port, secret = _free_block(2 + RELAYS), secrets.token_hex()
        rest = ["-c", str(configuration)] if configuration else ["-n", "--allow-loopback-peers", "--no-tls", "--no-dtls", "--no-cli"]
        command = [path, *rest, *_arguments(port, secret, Path(folder)), *options]
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
        *(f"--tls-listening-port={port + 1}", f"--min-port={port + 2}", f"--max-port={port + 1 + RELAYS}"),
        *("--realm=tests", "--use-auth-secret", f"--static-auth-secret={secret}"),
        *(f"--userdb={folder / 'users'}", f"--pidfile={folder / 'pid'}", "--log-file=stdout", "--simple-log", "--verbose"),
    ]


def _free_block(count: int) -> int:
    """Find the first of so many free consecutive ports on loopback."""
    ports = random.Random(os.getpid())  # noqa: S311  tests that run side by side should look in different places
    for _ in range(100):
        first = ports.choice(ABOVE_EPHEMERAL)
        if all(map(_is_free, range(first, first + count))):
            return first
    raise RuntimeError(f"no {count} free ports in a row")


def _is_free(port: int) -> bool:
    with socket.socket(type=socket.SOCK_STREAM) as stream, socket.socket(type=socket.SOCK_DGRAM) as datagrams:
        try:
            stream.bind((ADDRESS, port))
            datagrams.bind((ADDRESS, port))
        except OSError:
            return False
    return True


def _wait_until_up(server: TurnServer) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    with socket.socket(type=socket.SOCK_DGRAM) as asker:
        asker.settimeout(0.1)
        asker.connect((ADDRESS, server.port))
        while time.monotonic() < end and server.process.poll() is None:
            try:
                asker.send(BINDING_REQUEST)
                asker.recv(1024)
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
