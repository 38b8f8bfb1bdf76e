import subprocess
import sys

import psutil
import pytest

from digitcore.api.memory import MemoryBudget, _process_memory_bytes, process_tree_memory_bytes
from digitcore.errors import RequestError

HELD_BYTES = 50_000_000


def test_memory_is_reserved_and_released():
    budget = MemoryBudget(10)
    assert budget.used_bytes == 0
    budget.reserve(6)
    budget.reserve(3)
    assert budget.used_bytes == 9
    budget.release(6)
    budget.release(1)
    assert budget.used_bytes == 2
    budget.reserve(8)
    assert budget.used_bytes == 10


def test_what_does_not_fit_is_refused_and_not_reserved():
    budget = MemoryBudget(10)
    budget.reserve(6)
    with pytest.raises(RequestError) as caught:
        budget.reserve(5)
    error = caught.value
    assert error.message == "The server is processing too many pictures. Try again in a moment."
    assert (error.status, error.retry_after_s, budget.used_bytes) == (503, 1, 6)


# A shell starts a process that holds memory and forks, so that two processes share the memory.
HOLDER = f"import os; held = b'x' * {HELD_BYTES}; child = os.fork(); child and print(os.getpid(), child, flush=True); input()"


@pytest.fixture(scope="module")
def shell():
    """A process that holds no memory itself, with two descendants that share `HELD_BYTES`, and their process ids."""
    command = ["sh", "-c", '"$0" -I -S -c "$1"; :', sys.executable, HOLDER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        yield process.pid, [int(pid) for pid in process.stdout.readline().split()]
        process.stdin.close()


@pytest.mark.skipif(not psutil.LINUX, reason="only Linux knows what processes share")
def test_memory_that_descendants_share_counts_once(shell):
    pid, (holder, child) = shell
    assert psutil.Process(holder).ppid() == pid
    assert psutil.Process(child).ppid() == holder
    assert HELD_BYTES < process_tree_memory_bytes(pid) < 1.8 * HELD_BYTES
    assert HELD_BYTES < process_tree_memory_bytes(holder) < 1.8 * HELD_BYTES
    assert HELD_BYTES / 4 < _process_memory_bytes(psutil.Process(child)) < HELD_BYTES


def test_descendants_are_no_part_of_one_process(shell):
    pid, _ = shell
    assert _process_memory_bytes(psutil.Process(pid)) < HELD_BYTES / 5 < process_tree_memory_bytes(pid)


def test_without_an_id_this_process_is_measured(shell):
    _, (holder, _) = shell
    assert process_tree_memory_bytes(holder) < process_tree_memory_bytes()


def test_a_process_that_has_just_ended_takes_no_memory():
    process = psutil.Popen([sys.executable, "-I", "-S", "-c", ""])
    process.wait()
    assert _process_memory_bytes(process) == 0


def test_a_process_that_does_not_exist_cannot_be_measured():
    process = psutil.Popen([sys.executable, "-I", "-S", "-c", ""])
    process.wait()
    with pytest.raises(psutil.NoSuchProcess):
        process_tree_memory_bytes(process.pid)
