"""Check that no single input takes much time or memory while it is fuzzed."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

MAX_PEAK_MIB: Final = 350
"""The most memory that one input may take above what the process had before."""

MAX_PROCESSOR_S: Final = 6.0
"""The most processor time of one input: two seconds, times three as instrumented code is slower."""

_PROCESS: Final = Path("/proc/self")
_RESET_PEAK: Final = "5"
"""What resets the peak of the resident memory (`proc_pid_clear_refs(5)`)."""


def bounded(target: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """Return a target that also fails if an input takes too much time or memory.

    Args:
        target: takes an input.
    """

    def run(content: bytes) -> None:
        (_PROCESS / "clear_refs").write_text(_RESET_PEAK, encoding="ascii")
        before_mib, before_s = _memory_mib("VmRSS"), time.process_time()
        target(content)
        peak_mib, processor_s = _memory_mib("VmHWM") - before_mib, time.process_time() - before_s
        if peak_mib > MAX_PEAK_MIB:
            raise AssertionError(f"this input takes {peak_mib:.0f} MiB")
        if processor_s > MAX_PROCESSOR_S:
            raise AssertionError(f"this input takes {processor_s:.1f} s")

    return run


def _memory_mib(name: str) -> float:
    """Return a line of the process's status in MiB."""
    lines = (_PROCESS / "status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:"))
