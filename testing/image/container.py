"""A container as engines make it, of Linux's own parts: the image's files read-only, its own processes, its user without any right.

The network is the machine's: the app inside listens to loopback alone.
"""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from testing.browser.server import free_port
from testing.image.buildah import Image

ENTER: Final = """
root=$1 tmpfs=$2 user=$3 folder=$4; shift 4
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t proc proc "$root/proc"
[ -z "$tmpfs" ] || mount -t tmpfs -o mode=1777 tmpfs "$root$tmpfs"
mount --rbind /dev "$root/dev"
exec setpriv --no-new-privs chroot --userspec="$user" --groups= "$root" /usr/bin/env -i -C "$folder" "$@"
"""
"""Runs in namespaces of its own, so that nothing is mounted outside; every `exec` keeps the process, so that the app is number 1."""

START_TIMEOUT_S: Final = 60
STOP_TIMEOUT_S: Final = 10
"""What Docker gives a container before it kills it."""

COMMAND_TIMEOUT_S: Final = 120
LOOK_EVERY_S: Final = 0.02


@dataclass(frozen=True, slots=True)
class Container:
    """The app, running in a container."""

    image: Image
    port: int
    process: subprocess.Popen[bytes]
    log_path: Path
    started_s: float
    """From the start of its process until it was healthy."""

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Return its output."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def is_healthy(self) -> bool:
        """Run the image's own health check."""
        return is_healthy(self.image, self.port)

    def stop(self) -> int:
        """Ask it to end as an engine does; its exit code.

        Raises:
            subprocess.TimeoutExpired: it would have been killed.
        """
        _send(self.process, signal.Signals[self.image.config["StopSignal"]])
        return self.process.wait(STOP_TIMEOUT_S)


@contextmanager
def running(image: Image, **environment: str) -> Iterator[Container]:
    """Run the image's own command, until the block ends; healthy at its start."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        log_path = Path(folder) / "log"
        start = time.monotonic()
        with log_path.open("wb") as log:
            command = _entering(image, image.config["Cmd"], _listening(port) | environment)
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            while not is_healthy(image, port):
                if process.poll() is not None or time.monotonic() > start + START_TIMEOUT_S:
                    raise RuntimeError(f"the container did not get healthy:\n{log_path.read_text(encoding='utf-8')}")
                time.sleep(LOOK_EVERY_S)
            yield Container(image, port, process, log_path, time.monotonic() - start)
        finally:
            _send(process, signal.SIGKILL)  # and all its processes with it
            process.wait()


def _send(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to the first process of a container, if it has not ended.

    `unshare --kill-child` is not enough: the kernel forgets that wish when the child becomes another user.
    """
    if process.poll() is None:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
        for child in children:
            os.kill(int(child), number)
        if not children:
            process.kill()


def is_healthy(image: Image, port: int) -> bool:
    """Run the image's health check against what listens there."""
    return execute(image, *image.health_check, **_listening(port)).returncode == 0


def execute(image: Image, *command: str, tmpfs: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a container of its own, to its end; with a folder of memory to write to, where one is named."""
    entering = _entering(image, command, environment, tmpfs)
    return subprocess.run(entering, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S, check=False)


def _listening(port: int) -> dict[str, str]:
    return {"STREAMLIT_SERVER_ADDRESS": "127.0.0.1", "STREAMLIT_SERVER_PORT": str(port)}


def _entering(image: Image, command: list[str] | tuple[str, ...], environment: dict[str, str], tmpfs: str = "") -> list[str]:
    variables = [f"{name}={value}" for name, value in (image.environment | environment).items()]
    own = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]
    where = [str(image.root), tmpfs, image.config["User"], image.config["WorkingDir"]]
    return [*own, "sh", "-euc", ENTER, "enter", *where, *variables, *command]
