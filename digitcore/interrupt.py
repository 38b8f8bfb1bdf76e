"""End a program that is stopped by Ctrl-C while it imports its modules, with a sentence and without a traceback.

Python has imported most of what this module imports before it runs a program: whatever takes time here is time without the handler.
"""

from __future__ import annotations

import os
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType
    from typing import Final

PROGRAMS: Final = ("digitcore", "digit-reader")
"""The package's name, as in `python -m digitcore`, and its console command."""

_OPTIONS_WITH_A_VALUE: Final = ("-W", "-X", "--check-hash-based-pycs")
"""Python's own options that the next word belongs to, other than those that say what to run."""

_RESUMABLE_COMMAND: Final = "batch"


def end_program_on_interrupt(command: Sequence[str] = tuple(sys.orig_argv)) -> None:
    """Handle SIGINT if this process is the command-line program; as a library, and where SIGINT is ignored, change nothing.

    It is called before the package's slow imports. A `KeyboardInterrupt` raised there may end up in a module written in C, which reports it
    as a failed import.

    Args:
        command: the command line of the process.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler and is_program(command):
        signal.signal(signal.SIGINT, _end)


def is_program(command: Sequence[str]) -> bool:
    """Return whether a command line starts this package's program, not another one that imports it.

    Examples:
        >>> is_program(["python3", "-m", "digitcore", "read", "a.png"]), is_program(["python3", "script.py", "digitcore"])
        (True, False)
    """
    words = iter(command[1:])
    for word in words:
        if word == "-m":
            return next(words, "") == PROGRAMS[0]
        if word in _OPTIONS_WITH_A_VALUE:
            next(words, None)
        elif not word.startswith("-"):
            return _stem(word) == PROGRAMS[1]
    return _stem(command[0]) == PROGRAMS[1] if command else False


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]  # noqa: PTH119, PTH122  pathlib takes long to import


def _end(number: int, _frame: FrameType | None) -> None:
    """End the process at once, as a shell expects: no files are open but, at most, one that `read` writes."""
    kept = " Results so far are kept: run the same command again to resume." if _RESUMABLE_COMMAND in sys.orig_argv else ""
    os.write(sys.stderr.fileno(), f"digitcore: Stopped.{kept}\n".encode())
    os._exit(128 + number)
