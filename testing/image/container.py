"""Run an image in a container made of Linux namespaces, as container engines do: read-only files, its own processes, an unprivileged user.

The container shares the machine's network; the app inside listens on loopback only.
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
"""Shell script that enters the container: its mounts are in separate namespaces, and by `exec` the app becomes process 1."""

START_TIMEOUT_S: Final = 60
STOP_TIMEOUT_S: Final = 10
"""Time that Docker gives a container to stop before it kills it."""

COMMAND_TIMEOUT_S: Final = 120
POLLING_S: Final = 0.02
"""Pause between two health checks."""


@dataclass(frozen=True, slots=True)
class Container:
    """A container in which the app is running."""

    image: Image
    port: int
    process: subprocess.Popen[bytes]
    log_path: Path
    started_s: float
    """Time from the start of its process until it was healthy."""

    @property
    def url(self) -> str:
        """Return the URL of the app."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        """Return its standard output and standard error so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def is_healthy(self) -> bool:
        """Run the image's own health check."""
        return is_healthy(self.image, self.port)

    def stop(self) -> int:
        """Send the image's stop signal, as an engine does, and return the exit code.

        Raises:
            subprocess.TimeoutExpired: it is still running after `STOP_TIMEOUT_S`; an engine would kill it.
        """
        _send(self.process, signal.Signals[self.image.config["StopSignal"]])
        return self.process.wait(STOP_TIMEOUT_S)


@contextmanager
def running(image: Image, **environment: str) -> Iterator[Container]:
    """Run the image's command until the block ends, which starts once the container is healthy.

    Args:
        image: the built image.
        environment: environment variables to set, in addition to the image's own.
    """
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        log_path = Path(folder) / "log"
        start = time.monotonic()
        with log_path.open("wb") as log:
            command = _container_command(image, image.config["Cmd"], _address_settings(port) | environment)
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            while not is_healthy(image, port):
                if process.poll() is not None or time.monotonic() > start + START_TIMEOUT_S:
                    raise RuntimeError(f"the container did not become healthy:\n{log_path.read_text(encoding='utf-8')}")
                time.sleep(POLLING_S)
            yield Container(image, port, process, log_path, time.monotonic() - start)
        finally:
            _send(process, signal.SIGKILL)  # and all its processes with it
            process.wait()


def _send(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Send a signal to the first process of a container, if it is still running.

    `unshare --kill-child` is not enough: the kernel clears that setting when the child changes its user; see PR_SET_PDEATHSIG(2const).
    """
    if process.poll() is None:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split()
        for child in children:
            os.kill(int(child), number)
        if not children:
            process.kill()


def is_healthy(image: Image, port: int) -> bool:
    """Run the image's health check against a port on loopback."""
    return execute(image, *image.health_check, **_address_settings(port)).returncode == 0


def execute(image: Image, *command: str, tmpfs: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a new container until it exits.

    Args:
        image: the built image.
        command: the command and its arguments.
        tmpfs: a folder at which a writable file system in memory is mounted; none if empty.
        environment: environment variables to set, in addition to the image's own.
    """
    entering = _container_command(image, command, environment, tmpfs)
    return subprocess.run(entering, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_S, check=False)


def _address_settings(port: int) -> dict[str, str]:
    """Return the environment variables for the address at which the app listens."""
    return {"STREAMLIT_SERVER_ADDRESS": "127.0.0.1", "STREAMLIT_SERVER_PORT": str(port)}


def _container_command(image: Image, command: list[str] | tuple[str, ...], environment: dict[str, str], tmpfs: str = "") -> list[str]:
    """Return the command line that runs a command in a new container."""
    variables = [f"{name}={value}" for name, value in (image.environment | environment).items()]
    namespaces = ["unshare", "--mount", "--pid", "--ipc", "--uts", "--fork", "--kill-child"]
    arguments = [str(image.root), tmpfs, image.config["User"], image.config["WorkingDir"]]
    return [*namespaces, "sh", "-euc", ENTER, "enter", *arguments, *variables, *command]
