"""Block jobs, in this or in other processes, until a test opens a gate."""

import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

TIMEOUT_S = 120


class FileGate:
    """A gate that is closed until its file exists; `wait` can be pickled and blocks until the gate is open."""

    def __init__(self, folder):
        self._path = folder / "open"
        self.wait = partial(_wait_for, self._path)

    def open(self):
        """Open the gate; it can't be closed again."""
        self._path.touch()


@contextmanager
def file_gate():
    """Create a gate in a temporary folder; open it before the block ends, so that all waiting jobs can end."""
    with tempfile.TemporaryDirectory() as folder:
        yield FileGate(Path(folder))


def _wait_for(path):
    deadline = time.monotonic() + TIMEOUT_S
    while not path.exists():
        assert time.monotonic() < deadline, "the gate was never opened"
        time.sleep(0.005)
    return True
