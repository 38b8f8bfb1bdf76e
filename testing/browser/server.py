"""Run the app's server in a separate process on loopback, for tests and benchmarks."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from digitcore.api.memory import process_tree_memory_bytes

ROOT: Final = Path(__file__).resolve().parents[2]
NO_WATCHER: Final = {"STREAMLIT_SERVER_FILE_WATCHER_TYPE": "none"}
"""As in `make run` and in the container image: source files don't change."""

START_TIMEOUT_S: Final = 900
STOP_TIMEOUT_S: Final = 60
REQUEST_TIMEOUT_S: Final = 300
"""Timeout of a test's HTTP request, generous for a machine that is busy with other work."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server of the app."""

    url: str
    process: subprocess.Popen[bytes]
    log_path: Path

    @property
    def address(self) -> str:
        """Return its host and port, `127.0.0.1:8501` for example, as a proxy's configuration lists it."""
        return self.url.removeprefix("http://")

    @property
    def log(self) -> str:
        """Return its standard output and standard error so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def memory_mib(self) -> float:
        """Return the memory of the server and all processes that it started, in MiB; shared pages count once (Linux)."""
        return process_tree_memory_bytes(self.process.pid) / 2**20

    def resident_mib(self) -> float:
        """Return its resident memory in MiB (Linux)."""
        for line in Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("the server has no resident memory: it ended")

    def mapped_files(self) -> str:
        """Return the memory map of its process, which lists its native libraries (Linux, proc_pid_maps(5))."""
        return Path(f"/proc/{self.process.pid}/maps").read_text(encoding="utf-8")


@contextmanager
def serve(
    root: Path = ROOT, environment: Mapping[str, str] | None = None, runner: str = "app", prefix: Sequence[str] = ()
) -> Iterator[Server]:
    """Run the app until the block ends.

    Args:
        root: folder of the app.
        environment: environment variables to set, in addition to those of this process.
        runner: `app` for `python -m app`, as in `make run`; `streamlit` for Streamlit's own command; or `uvicorn`.
        prefix: the beginning of the command line, which runs the rest, such as that of a control group.

    Raises:
        RuntimeError: the server doesn't start within `START_TIMEOUT_S`.
    """
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        log_path = Path(folder) / "log"
        command = [*prefix, sys.executable, "-m", *_arguments(runner, port)]
        with log_path.open("wb") as log:
            process = subprocess.Popen(command, cwd=root, env={**os.environ, **NO_WATCHER, **(environment or {})}, stdout=log, stderr=log)
        server = Server(f"http://127.0.0.1:{port}", process, log_path)
        try:
            _wait_until_healthy(server)
            yield server
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Stop a process with SIGTERM, or with SIGKILL if it is still running after `STOP_TIMEOUT_S`."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Find a free TCP port on loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _arguments(runner: str, port: int) -> list[str]:
    if runner == "uvicorn":
        # Without a limit, a connection that a browser opens in advance, at the moment of the shutdown, delays the end until it is closed.
        limit = ["--timeout-graceful-shutdown", "5"]
        return ["uvicorn", "streamlit_app:app", "--host", "127.0.0.1", "--port", str(port), *limit]
    command = ["app"] if runner == "app" else ["streamlit", "run", "streamlit_app.py"]
    return [*command, "--server.address", "127.0.0.1", "--server.port", str(port)]


def _wait_until_healthy(server: Server) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=REQUEST_TIMEOUT_S) as response:  # noqa: S310  loopback
                if response.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{server.log}")
