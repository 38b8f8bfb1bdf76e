import signal
import subprocess
import sys

import pytest

from digitcore import interrupt
from digitcore.interrupt import end_program_on_interrupt, is_program
from testing.batch_runs import ENVIRONMENT

PROGRAM = ["python3", "-m", "digitcore", "read"]


@pytest.fixture(autouse=True)
def _handler():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (PROGRAM, True),
        (["python3", "-X", "dev", "-m", "digitcore"], True),
        (["python3", "/usr/bin/digit-reader", "batch"], True),
        (["digit-reader.exe"], True),
        (["python3", "-m", "app"], False),
        (["python3", "-W", "error", "-I", "-m", "digitcore"], True),
        (["python3", "-I", "/usr/bin/digit-reader"], True),
        (["python3", "-m", "pytest", "digitcore"], False),
        (["python3", "-m", "pytest", "-m", "digitcore"], False),
        (["python3", "script.py", "-m", "digitcore"], False),
        (["python3", "-c", "import digitcore"], False),
        (["python3", "script.py", "digit-reader"], False),
        (["python3"], False),
        ([], False),
    ],
)
def test_the_program_is_told_from_others_that_import_it(command, expected):
    assert is_program(command) is expected
    end_program_on_interrupt(command)
    assert (signal.getsignal(signal.SIGINT) is not signal.default_int_handler) is expected


@pytest.mark.parametrize("handler", [signal.SIG_IGN, lambda *_: None])
def test_another_handler_is_kept(handler):
    signal.signal(signal.SIGINT, handler)
    end_program_on_interrupt(PROGRAM)
    assert signal.getsignal(signal.SIGINT) is handler


def test_as_a_library_it_changes_no_handler():
    program = "import signal, digitcore; print(signal.getsignal(signal.SIGINT) is signal.default_int_handler)"
    start = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); " + program
    done = subprocess.run([sys.executable, "-c", start], env=ENVIRONMENT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True"


def test_ctrl_c_ends_another_command_without_a_traceback():
    lines = (
        "import os, signal, sys",
        "signal.signal(signal.SIGINT, signal.default_int_handler)",
        f"sys.orig_argv = {PROGRAM}",
        "import digitcore",
        "os.kill(os.getpid(), signal.SIGINT)",
        "print('not stopped')",
    )
    program = "\n".join(lines)
    done = subprocess.run([sys.executable, "-c", program], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "digitcore: Stopped.\n")


def test_little_is_imported_before_the_handler_is_set():
    program = f"import runpy, sys; before = set(sys.modules); exec(open({interrupt.__file__!r}).read()); print(*set(sys.modules) - before)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) <= {"__future__", "enum", "signal"}
