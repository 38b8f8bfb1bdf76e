"""Work that ends when it is told to, in whichever process it is done."""

import tempfile
import time
from contextlib import contextmanager
from functools import partial
from pathlib import Path

TIMEOUT_S = 20


class Gate:
    """Shut until it is opened."""

    def __init__(self, folder):
        self._path = folder / "open"
        self.wait = partial(_wait_for, self._path)

    def open(self):
        self._path.touch()


@contextmanager
def gate():
    """One that is there until all who wait have gone through."""
    with tempfile.TemporaryDirectory() as folder:
        yield Gate(Path(folder))


def _wait_for(path):
    end = time.monotonic() + TIMEOUT_S
    while not path.exists():
        assert time.monotonic() < end, "the gate was never opened"
        time.sleep(0.005)
    return True
