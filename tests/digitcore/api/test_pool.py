"""The queue in front of real worker processes, which all tests share."""

import asyncio
import gc
import os
import weakref
from functools import partial
from gettext import NullTranslations

import psutil
import pytest

from digitcore.api import pool as pool_module
from digitcore.api.pool import FULL_QUEUE_WAIT_S, INTERRUPTED, PREFETCHED_JOBS_PER_WORKER, WorkerPool
from digitcore.api.processes import WorkerProcesses
from digitcore.errors import DamagedImageError, RequestError
from testing.browser.loops import run
from tests.digitcore.api import jobs
from tests.digitcore.api.conftest import SHARED_COUNT, until
from tests.digitcore.api.virtual_time import now, run_in_virtual_time

SUBMITTED = SHARED_COUNT * (1 + PREFETCHED_JOBS_PER_WORKER)
"""The jobs that are submitted to the shared processes at most."""

BUSY = ("The server is too busy. Try again in a moment.", 503, 1)


@pytest.fixture
def create(_shared_processes):
    """Return a function that creates a pool on the shared processes."""
    return partial(WorkerPool, SHARED_COUNT)


def properties(error):
    return error.message, error.status, error.retry_after_s


def counts(pool):
    return pool.working, pool.waiting


async def occupy(pool, gate, jobs):
    """Add jobs that end once the gate is opened, and return their tasks."""
    tasks = [asyncio.create_task(pool.run(gate.wait)) for _ in range(jobs)]
    await asyncio.sleep(0)
    return tasks


def test_a_job_is_run_by_another_process(create):
    assert run(create(0).run(os.getpid)) != os.getpid()


def test_each_worker_is_a_process_of_its_own(create, gate, tmp_path):
    async def use():
        pool = create(0)
        tasks = [asyncio.create_task(pool.run(partial(jobs.create_file_and_wait, tmp_path, gate.wait))) for _ in range(SHARED_COUNT)]
        await until(lambda: len(list(tmp_path.iterdir())) == SHARED_COUNT)
        assert counts(pool) == (SHARED_COUNT, 0)
        gate.open()
        assert await asyncio.gather(*tasks) == [True] * SHARED_COUNT

    run(use())


class That(NullTranslations):
    def gettext(self, message):
        return message.replace("This", "That")


def test_an_error_of_a_job_is_raised_unchanged_and_its_slot_is_freed(create):
    async def use():
        pool = create(0)
        for _ in range(SUBMITTED + 1):
            with pytest.raises(DamagedImageError) as caught:
                await pool.run(jobs.fail)
        assert counts(pool) == (0, 0)
        assert await pool.run(partial(int, "7")) == 7
        return caught.value.message

    message = run(use())
    assert message == "This picture is {damaged}."
    assert message.translated(That()) == "That picture is {damaged}."


@pytest.mark.parametrize("waiting", [0, 1, 3])
def test_a_job_over_the_limit_is_refused_and_the_others_are_run(create, gate, waiting):
    async def use():
        pool = create(waiting)
        tasks = await occupy(pool, gate, SHARED_COUNT + waiting - 1)
        await pool.wait_until_not_full()
        tasks += await occupy(pool, gate, 1)
        assert counts(pool) == (SHARED_COUNT, waiting)
        with pytest.raises(RequestError) as caught:
            await pool.run(gate.wait)
        assert properties(caught.value) == BUSY
        assert counts(pool) == (SHARED_COUNT, waiting)
        gate.open()
        assert await asyncio.gather(*tasks) == [True] * (SHARED_COUNT + waiting)
        assert counts(pool) == (0, 0)

    run(use())


def test_a_request_waits_a_moment_at_a_full_queue(create, gate):
    async def use():
        pool = create(1)
        tasks = await occupy(pool, gate, SHARED_COUNT + 1)
        with pytest.raises(RequestError) as caught:
            await pool.wait_until_not_full()
        assert (properties(caught.value), now()) == (BUSY, FULL_QUEUE_WAIT_S)
        gate.open()
        await asyncio.gather(*tasks)

    run_in_virtual_time(use())


def test_a_request_is_accepted_if_the_queue_gets_shorter_meanwhile(create, gate):
    async def use():
        pool = create(3)
        tasks = await occupy(pool, gate, SHARED_COUNT + 3)
        waiting = asyncio.create_task(pool.wait_until_not_full())
        await asyncio.sleep(FULL_QUEUE_WAIT_S / 2)
        tasks.pop().cancel()
        await waiting
        assert now() == FULL_QUEUE_WAIT_S
        gate.open()
        await asyncio.gather(*tasks)

    run_in_virtual_time(use())


def test_a_request_does_not_wait_at_a_queue_that_is_not_full(create, gate):
    async def use():
        pool = create(1)
        tasks = await occupy(pool, gate, SHARED_COUNT)
        await pool.wait_until_not_full()
        assert now() == 0
        gate.open()
        await asyncio.gather(*tasks)

    run_in_virtual_time(use())


def test_a_cancelled_job_leaves_nothing_in_the_queue(create, tmp_path, gate):
    async def use():
        pool = create(10)
        first = await occupy(pool, gate, SHARED_COUNT)
        others = [asyncio.create_task(pool.run(partial(jobs.create_file, tmp_path, number))) for number in range(SHARED_COUNT + 4)]
        await asyncio.sleep(0)
        assert counts(pool) == (SHARED_COUNT, SHARED_COUNT + 4)
        for task in others:
            task.cancel()
        await asyncio.wait(others)
        assert all(task.cancelled() for task in others)
        assert pool.waiting <= SUBMITTED - SHARED_COUNT, "only prefetched jobs may stay queued"
        gate.open()
        await asyncio.gather(*first)
        await until(lambda: counts(pool) == (0, 0))

    run(use())
    assert len(list(tmp_path.iterdir())) <= SUBMITTED - SHARED_COUNT, "cancelled jobs must not run"


def test_jobs_that_were_cancelled_free_their_slots_without_a_fault(create, gate):
    faults = []

    async def use():
        asyncio.get_running_loop().set_exception_handler(lambda _, context: faults.append(context))
        pool = create(10)
        for _ in range(3):
            tasks = await occupy(pool, gate, SUBMITTED + 3)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
        gate.open()
        assert await asyncio.gather(*(pool.run(partial(int, "7")) for _ in range(SHARED_COUNT))) == [7] * SHARED_COUNT
        await until(lambda: counts(pool) == (0, 0))

    run(use())
    assert faults == []


def test_a_job_that_is_cancelled_in_the_queue_frees_its_picture(create, gate):
    class Picture:
        pass

    def hold(picture):
        return picture

    async def use():
        pool, picture = create(10), Picture()
        reference = weakref.ref(picture)
        first = await occupy(pool, gate, SUBMITTED)
        queued = asyncio.create_task(pool.run(partial(hold, picture)))
        del picture
        await asyncio.sleep(0)
        queued.cancel()
        await asyncio.wait([queued])
        del queued
        gc.collect()
        assert reference() is None
        gate.open()
        await asyncio.gather(*first)

    run(use())


def test_at_most_one_job_per_worker_is_submitted_in_advance(create, processes, gate, monkeypatch):
    submitted = []

    def submit(job):
        submitted.append(job)
        return WorkerProcesses.submit(processes, job)

    monkeypatch.setattr(processes, "submit", submit)

    async def use():
        pool = create(10)
        tasks = await occupy(pool, gate, SUBMITTED + 3)
        assert submitted == [gate.wait] * SUBMITTED
        gate.open()
        await asyncio.gather(*tasks)

    run(use())
    assert len(submitted) == SUBMITTED + 3


def test_a_job_for_which_no_process_can_be_started_frees_its_slot(create, processes, monkeypatch):
    def refuse(_job):
        raise OSError("no more processes")

    async def use():
        pool = create(0)
        monkeypatch.setattr(processes, "submit", refuse)
        for _ in range(SUBMITTED + 1):
            with pytest.raises(OSError, match="no more processes"):
                await pool.run(os.getpid)
        monkeypatch.undo()
        assert counts(pool) == (0, 0)
        assert await pool.run(os.getpid) != os.getpid()

    run(use())


def test_a_job_that_takes_too_long_fails_and_its_process_is_replaced():
    async def use():
        pool = WorkerPool(1, 10)
        with pytest.raises(RequestError) as caught:
            await pool.run(jobs.take_too_long)
        assert properties(caught.value) == (INTERRUPTED, 503, 1)
        after = await pool.run(os.getpid)
        await pool.close()
        return after

    assert run(use()) != os.getpid()


def test_a_process_that_dies_fails_its_job_and_is_replaced():
    async def use():
        pool = WorkerPool(1, 10)
        first = await pool.run(os.getpid)
        with pytest.raises(RequestError) as caught:
            await pool.run(partial(os._exit, 1))
        assert properties(caught.value) == (INTERRUPTED, 503, 1)
        assert counts(pool) == (0, 0)
        second = await pool.run(os.getpid)
        await pool.close()
        return first, second

    first, second = run(use())
    assert first != second
    assert not psutil.pid_exists(second)


def test_a_pool_without_a_job_can_be_closed():
    run(WorkerPool(1, 0).close())


def test_the_full_queue_is_waited_for_as_long_as_it_is_told(create, gate, monkeypatch):
    monkeypatch.setattr(pool_module, "FULL_QUEUE_WAIT_S", 7)

    async def use():
        tasks = await occupy(pool := create(0), gate, SHARED_COUNT)
        with pytest.raises(RequestError):
            await pool.wait_until_not_full()
        assert now() == 7
        gate.open()
        await asyncio.gather(*tasks)

    run_in_virtual_time(use())
