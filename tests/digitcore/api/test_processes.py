"""Real worker processes, started by each test that changes or ends them."""

import os
import signal
from contextlib import contextmanager, suppress
from functools import partial

import psutil
import pytest

from digitcore.api import processes as processes_module
from digitcore.api.processes import WorkerProcesses
from digitcore.errors import DamagedImageError
from tests.digitcore.api import jobs
from tests.digitcore.api.conftest import SHARED_COUNT, TIMEOUT_S, wait_until


@contextmanager
def started(count):
    """Yield processes that have done a job, and the ids of those that were started for it."""
    before = set(children())
    processes = WorkerProcesses(count)
    try:
        processes.submit(os.getpid).result(TIMEOUT_S)
        yield processes, set(children()) - before
    finally:
        processes.close()


def children():
    """Return the ids of this process's children, but not of loky's resource tracker, which is started once and stays."""
    pids = []
    for child in psutil.Process().children():
        with suppress(psutil.NoSuchProcess):
            pids += [] if "resource_tracker" in " ".join(child.cmdline()) else [child.pid]
    return pids


def test_a_worker_process_ignores_signals_and_watches_this_process(processes):
    ignores, threads, parent = processes.submit(jobs.describe_process).result(TIMEOUT_S)
    assert ignores == [True, True]
    assert "exit-with-parent" in threads
    assert parent == os.getpid()


def test_numpy_has_one_thread_in_a_worker_process(processes):
    assert processes.submit(partial(os.getenv, "OPENBLAS_NUM_THREADS")).result(TIMEOUT_S) == "1"


def test_signals_to_a_worker_process_interrupt_no_job(processes):
    for number in (signal.SIGINT, signal.SIGTERM):
        os.kill(processes.submit(os.getpid).result(TIMEOUT_S), number)
    assert [processes.submit(partial(int, "7")).result(TIMEOUT_S) for _ in range(5)] == [7] * 5


def test_jobs_run_in_other_processes_and_return_their_results(processes):
    pids = {processes.submit(os.getpid).result(TIMEOUT_S) for _ in range(5)}
    assert os.getpid() not in pids
    assert 1 <= len(pids) <= SHARED_COUNT


def test_an_error_of_a_job_is_the_error_of_its_future(processes):
    assert isinstance(processes.submit(jobs.fail).exception(TIMEOUT_S), DamagedImageError)


def test_as_many_processes_run_as_were_asked_for_and_end_when_closed_after_their_jobs():
    with started(1) as (processes, pids):
        futures = [processes.submit(os.getpid) for _ in range(3)]
    assert [future.result(0) for future in futures] == [*pids] * 3
    assert not set(children()) & pids


def test_without_a_job_no_process_is_started():
    before = children()
    WorkerProcesses(1).close()
    assert children() == before


@pytest.mark.filterwarnings("ignore:A worker stopped while some jobs")  # loky's, if the next one is idle for 0.2 s before its job comes
def test_an_idle_process_ends_and_is_started_again(monkeypatch):
    monkeypatch.setattr(processes_module, "IDLE_TIMEOUT_S", 0.2)
    with started(1) as (processes, pids):
        wait_until(lambda: not any(map(psutil.pid_exists, pids)))
        assert processes.submit(os.getpid).result(TIMEOUT_S) not in pids
