import asyncio
import gc
import os
import signal
import weakref
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from gettext import NullTranslations

import psutil
import pytest

from digitcore.api import pool as pool_module
from digitcore.api import processes
from digitcore.api.pool import PREFETCHED_JOBS_PER_WORKER, WorkerPool
from digitcore.api.processes import WorkerProcesses
from digitcore.errors import DamagedImageError, RequestError
from digitcore.messages import Message
from testing.file_gate import file_gate
from tests.digitcore.api.conftest import TIMEOUT_S, wait_until


def run(coroutine):
    """Run a coroutine on a thread of its own, since the browser tests leave an event loop running on this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asyncio.wait_for(coroutine, TIMEOUT_S)).result()


@pytest.fixture
def gate():
    with file_gate() as each:
        yield each


async def give_callbacks_time():
    await asyncio.sleep(0.05)


def test_each_worker_is_a_process_of_its_own(gate):
    async def use():
        pool = WorkerPool(2, 0)
        tasks = [asyncio.create_task(pool.run(partial(_pid_once, gate.wait))) for _ in range(2)]
        await give_callbacks_time()
        gate.open()
        pids = await asyncio.gather(*tasks)
        await pool.close()
        return pids

    assert len({*run(use()), os.getpid()}) == 3


def _pid_once(wait):
    wait()
    return os.getpid()


class That(NullTranslations):
    def gettext(self, message):
        return message.replace("This", "That")


def _fail():
    raise DamagedImageError(Message("This {what} is {{damaged}}.", what="picture"))


def test_an_error_of_a_job_is_raised_unchanged_and_its_slot_is_freed():
    async def use():
        pool = WorkerPool(1, 0)
        for _ in range(3):
            with pytest.raises(DamagedImageError) as caught:
                await pool.run(_fail)
        assert (pool.working, pool.waiting) == (0, 0)
        assert await pool.run(partial(int, "7")) == 7
        await pool.close()
        return caught.value.message

    message = run(use())
    assert message == "This picture is {damaged}."
    assert message.translated(That()) == "That picture is {damaged}."


def test_a_job_over_the_limit_is_refused_and_the_others_are_run(monkeypatch, gate):
    monkeypatch.setattr(pool_module, "FULL_QUEUE_WAIT_S", 0.01)

    async def use():
        pool = WorkerPool(2, 3)
        tasks = [asyncio.create_task(pool.run(gate.wait)) for _ in range(5)]
        await give_callbacks_time()
        assert (pool.working, pool.waiting) == (2, 3)
        with pytest.raises(RequestError) as caught:
            await pool.run(gate.wait)
        assert (caught.value.status, caught.value.retry_after_s) == (503, 1)
        with pytest.raises(RequestError):
            await pool.wait_until_not_full()
        gate.open()
        assert await asyncio.gather(*tasks) == [True] * 5
        await pool.wait_until_not_full()
        await pool.close()

    run(use())


def test_a_cancelled_job_leaves_nothing_in_the_queue(tmp_path, gate):
    async def use():
        pool = WorkerPool(1, 10)
        first = asyncio.create_task(pool.run(gate.wait))
        others = [
            asyncio.create_task(pool.run(partial(_create_file, tmp_path, number))) for number in range(4 + PREFETCHED_JOBS_PER_WORKER)
        ]
        await give_callbacks_time()
        for task in others:
            task.cancel()
        await give_callbacks_time()
        assert pool.waiting <= PREFETCHED_JOBS_PER_WORKER, "only prefetched jobs may stay queued"
        gate.open()
        await first
        await pool.close()
        await give_callbacks_time()
        assert (pool.working, pool.waiting) == (0, 0)

    run(use())
    assert len(list(tmp_path.iterdir())) <= PREFETCHED_JOBS_PER_WORKER, "cancelled jobs must not run"


def _create_file(folder, number):
    (folder / str(number)).touch()


def test_a_job_that_is_cancelled_in_the_queue_frees_its_picture(gate):
    class Picture:
        pass

    def hold(picture):
        return picture

    async def use():
        pool, picture = WorkerPool(1, 10), Picture()
        reference = weakref.ref(picture)
        first = [asyncio.create_task(pool.run(gate.wait)) for _ in range(1 + PREFETCHED_JOBS_PER_WORKER)]
        await give_callbacks_time()
        queued = asyncio.create_task(pool.run(partial(hold, picture)))
        del picture
        await give_callbacks_time()
        queued.cancel()
        await asyncio.wait([queued])
        del queued
        gc.collect()
        assert reference() is None
        gate.open()
        await asyncio.gather(*first)
        await pool.close()

    run(use())


def test_a_process_that_dies_fails_its_job_and_is_replaced():
    async def use():
        pool = WorkerPool(1, 10)
        for _ in range(2):
            with pytest.raises(RequestError) as caught:
                await pool.run(partial(os._exit, 1))
            assert (caught.value.status, caught.value.retry_after_s) == (503, 1)
            assert await pool.run(partial(int, "7")) == 7
        assert (pool.working, pool.waiting) == (0, 0)
        await pool.close()

    run(use())


def test_a_job_for_which_no_process_can_be_started_frees_its_slot(monkeypatch):
    def refuse(*_):
        raise OSError("no more processes")

    async def use():
        pool = WorkerPool(1, 0)
        monkeypatch.setattr(WorkerProcesses, "submit", refuse)
        for _ in range(3 + PREFETCHED_JOBS_PER_WORKER):
            with pytest.raises(OSError, match="no more processes"):
                await pool.run(os.getpid)
        monkeypatch.undo()
        assert (pool.working, pool.waiting) == (0, 0)
        assert await pool.run(os.getpid) != os.getpid()
        await pool.close()

    run(use())


def test_worker_processes_ignore_signals_and_end_with_the_pool():
    async def use():
        pool = WorkerPool(1, 0)
        pid = await pool.run(os.getpid)
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(pid, number)
        assert await pool.run(os.getpid) == pid
        await pool.close()
        return pid

    assert not psutil.pid_exists(run(use()))


def test_an_idle_process_ends_and_is_started_again(monkeypatch):
    monkeypatch.setattr(processes, "IDLE_TIMEOUT_S", 0.2)

    async def use():
        pool = WorkerPool(1, 0)
        first = await pool.run(os.getpid)
        await asyncio.to_thread(wait_until, lambda: not psutil.pid_exists(first))
        second = await pool.run(os.getpid)
        await pool.close()
        return first, second

    first, second = run(use())
    assert first != second
