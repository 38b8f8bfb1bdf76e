import signal
import subprocess
import sys

import pytest

from digitcore.workers.deadline import end_process_after

PROGRAM = """
import re, threading
from digitcore.workers.deadline import end_process_after
def work():
    with end_process_after(0.2):
        {work}
{start}
print("done")
"""
ENDLESS = "re.match('(a*)*b', 'a' * 1000)"  # holds the interpreter lock
ON_MAIN_THREAD, ON_ANOTHER_THREAD = "work()", "thread = threading.Thread(target=work); thread.start(); thread.join()"


@pytest.mark.parametrize("start", [ON_MAIN_THREAD, ON_ANOTHER_THREAD], ids=["main thread", "another thread"])
def test_a_process_ends_even_while_a_decoder_holds_the_interpreter_lock(start):
    program = PROGRAM.format(work=ENDLESS, start=start)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == -signal.SIGALRM
    assert done.stdout == ""


def test_a_process_goes_on_after_a_block_that_ends_in_time():
    program = PROGRAM.format(work="pass", start=f"{ON_MAIN_THREAD}; import time; time.sleep(0.4)")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=300, check=True)
    assert done.stdout == "done\n"


def test_another_timer_of_the_process_is_restored():
    previous = signal.setitimer(signal.ITIMER_REAL, 500)
    try:
        with end_process_after(100):
            assert signal.getitimer(signal.ITIMER_REAL)[0] <= 100
        assert 100 < signal.getitimer(signal.ITIMER_REAL)[0] <= 500
    finally:
        signal.setitimer(signal.ITIMER_REAL, *previous)
