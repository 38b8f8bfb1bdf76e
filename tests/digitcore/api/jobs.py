"""Jobs for worker processes, in a module that they can import without pytest."""

import os
import signal
import threading

from digitcore.errors import DamagedImageError
from digitcore.messages import Message


def create_file(folder, name):
    (folder / str(name)).touch()


def create_file_and_wait(folder, wait):
    """Create a file that is named like the process that runs this, then wait."""
    create_file(folder, os.getpid())
    return wait()


def fail():
    raise DamagedImageError(Message("This {what} is {{damaged}}.", what="picture"))


def describe_process():
    """Return how the process that runs this was set up: whether it ignores signals, its threads, and its parent."""
    ignores = [signal.getsignal(number) is signal.SIG_IGN for number in (signal.SIGINT, signal.SIGTERM)]
    return ignores, {thread.name for thread in threading.enumerate()}, os.getppid()
