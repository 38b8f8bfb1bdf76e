"""End a worker process whose reading takes too long.

Reading is bounded by limits on bytes, pixels and structure; a file that takes long all the same must not occupy a worker for good. A
thread couldn't interrupt a decoder that holds the interpreter lock, so the kernel ends the process: SIGALRM is left at its default action.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

READING_TIMEOUT_S: Final = 10.0
"""The default: fifty times as long as a page of 12 megapixels takes on one core."""


@contextmanager
def end_process_after(limit_s: float) -> Iterator[None]:
    """End this process if the block takes longer than allowed; do nothing on Windows, which has no such timer.

    There is one timer for the whole process, so a process must read one image at a time.

    Args:
        limit_s: the most seconds, more than 0.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return
    previous_s, _ = signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, previous_s)
