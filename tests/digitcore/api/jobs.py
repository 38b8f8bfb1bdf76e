"""Jobs for worker processes, in a module that they can import without pytest."""

import os
import re
import signal
import threading

from digitcore.errors import DamagedImageError
from digitcore.messages import Message
from digitcore.workers.deadline import end_process_after


def create_file(folder, name):
    (folder / str(name)).touch()


def create_file_and_wait(folder, wait):
    """Create a file that is named like the process that runs this, then wait."""
    create_file(folder, os.getpid())
    return wait()


def fail():
    raise DamagedImageError(Message("This {what} is {{damaged}}.", what="picture"))


def take_too_long():
    """Hold the interpreter lock for ever, as a decoder might, within a deadline."""
    with end_process_after(0.2):
        re.match("(a*)*b", "a" * 1_000)


def describe_process():
    """Return how the process that runs this was set up: whether it ignores signals, its threads, and its parent."""
    ignores = [signal.getsignal(number) is signal.SIG_IGN for number in (signal.SIGINT, signal.SIGTERM)]
    return ignores, {thread.name for thread in threading.enumerate()}, os.getppid()
