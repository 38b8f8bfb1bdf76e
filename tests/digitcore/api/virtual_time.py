"""Run coroutines on an event loop whose clock skips idle time, so that each timeout expires at once and at its exact time."""

import asyncio
import selectors
from concurrent.futures import ThreadPoolExecutor

DEADLOCK_TIMEOUT_S = 60


class _SkippingSelector(selectors.DefaultSelector):
    """A selector that adds the time until the next timer to its clock instead of waiting for it."""

    skipped_s = 0.0

    def select(self, timeout=None):
        if timeout is None:  # there is no timer: only another thread or process can go on
            ready = super().select(DEADLOCK_TIMEOUT_S)
            assert ready, "every task waits, and nothing will wake one"
            return ready
        ready = super().select(0)
        if not ready:
            self.skipped_s += timeout
        return ready


class SkippingLoop(asyncio.SelectorEventLoop):
    """An event loop that starts at time 0 and takes no time."""

    def __init__(self):
        self._skipping_selector = _SkippingSelector()
        super().__init__(self._skipping_selector)

    def time(self):
        return self._skipping_selector.skipped_s


def run_in_virtual_time(coroutine):
    """Run a coroutine; a thread or process that it awaits must not compete with a timer.

    It runs in a new thread, since the browser tests leave an event loop running in the current one.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_run, coroutine).result()


def _run(coroutine):
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(coroutine)


def now():
    """Return the time of the running event loop."""
    return asyncio.get_running_loop().time()
