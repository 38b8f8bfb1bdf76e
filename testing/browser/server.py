"""A real server in a process of its own, on loopback, for tests and benchmarks."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from digitcore.api.memory import process_tree_memory_bytes

ROOT: Final = Path(__file__).resolve().parents[2]
START_TIMEOUT_S: Final = 300
STOP_TIMEOUT_S: Final = 60
REQUEST_TIMEOUT_S: Final = 120
"""How long the answer to a request of a test may take, on a machine that is busy with other work."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    url: str
    process: subprocess.Popen[bytes]
    log_path: Path

    @property
    def place(self) -> str:
        """Return its address and port, as a proxy's configuration has them."""
        return self.url.removeprefix("http://")

    @property
    def log(self) -> str:
        """Return its output."""
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
        """Return the files mapped into its memory, its native libraries among them (Linux)."""
        return Path(f"/proc/{self.process.pid}/maps").read_text(encoding="utf-8")


@contextmanager
def serve(root: Path = ROOT, environment: Mapping[str, str] | None = None, runner: str = "streamlit") -> Iterator[Server]:
    """Run the app from `root`, by Streamlit's own command or by uvicorn, until the block ends."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        log_path = Path(folder) / "log"
        command = [sys.executable, "-m", *_arguments(runner, port)]
        with log_path.open("wb") as log:
            process = subprocess.Popen(command, cwd=root, env={**os.environ, **(environment or {})}, stdout=log, stderr=log)
        server = Server(f"http://127.0.0.1:{port}", process, log_path)
        try:
            _wait_until_healthy(server)
            yield server
        finally:
            stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process, politely at first."""
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    """Find a free port of loopback."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _arguments(runner: str, port: int) -> list[str]:
    if runner == "uvicorn":
        return ["uvicorn", "streamlit_app:app", "--host", "127.0.0.1", "--port", str(port)]
    return ["streamlit", "run", "streamlit_app.py", "--server.address", "127.0.0.1", "--server.port", str(port)]


def _wait_until_healthy(server: Server) -> None:
    end = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < end and server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=REQUEST_TIMEOUT_S) as answer:  # noqa: S310  loopback
                if answer.read() == b"ok":
                    return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"the server did not start:\n{server.log}")
