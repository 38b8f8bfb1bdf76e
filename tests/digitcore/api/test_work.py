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

from digitcore.api import processes, work
from digitcore.api.processes import Processes, memory_bytes
from digitcore.api.work import AHEAD, Pool
from digitcore.errors import DamagedImageError, RequestError
from digitcore.messages import Message
from testing.api_gate import gate
from tests.digitcore.api.conftest import wait_until


def run(coroutine):
    """Run it on a thread of its own, as the browser tests leave an event loop running on this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asyncio.wait_for(coroutine, 60)).result()


@pytest.fixture
def shut():
    with gate() as each:
        yield each


async def settled():
    await asyncio.sleep(0.05)


def test_work_is_done_by_other_processes_one_for_each_worker(shut):
    async def use():
        pool = Pool(2, 0)
        tasks = [asyncio.create_task(pool.run(partial(_pid_once, shut.wait))) for _ in range(2)]
        await settled()
        shut.open()
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


def test_an_error_reaches_who_waits_as_it_was_raised_and_the_place_is_free_again():
    async def use():
        pool = Pool(1, 0)
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


def test_one_more_than_fits_is_refused_and_the_others_are_done(monkeypatch, shut):
    monkeypatch.setattr(work, "PATIENCE_S", 0.01)

    async def use():
        pool = Pool(2, 3)
        tasks = [asyncio.create_task(pool.run(shut.wait)) for _ in range(5)]
        await settled()
        assert (pool.working, pool.waiting) == (2, 3)
        with pytest.raises(RequestError) as caught:
            await pool.run(shut.wait)
        assert (caught.value.status, caught.value.retry_after_s) == (503, 1)
        with pytest.raises(RequestError):
            await pool.wait_until_not_full()
        shut.open()
        assert await asyncio.gather(*tasks) == [True] * 5
        await pool.wait_until_not_full()
        await pool.close()

    run(use())


def test_who_leaves_while_waiting_leaves_nothing_behind(tmp_path, shut):
    async def use():
        pool = Pool(1, 10)
        first = asyncio.create_task(pool.run(shut.wait))
        others = [asyncio.create_task(pool.run(partial(_leave_a_trace, tmp_path, number))) for number in range(4 + AHEAD)]
        await settled()
        for task in others:
            task.cancel()
        await settled()
        assert pool.waiting <= AHEAD, "only what lies ready for a worker may wait until its turn"
        shut.open()
        await first
        await pool.close()
        await settled()
        assert (pool.working, pool.waiting) == (0, 0)

    run(use())
    assert len(list(tmp_path.iterdir())) <= AHEAD, "what still stood in line isn't done"


def _leave_a_trace(folder, number):
    (folder / str(number)).touch()


def test_work_that_was_given_up_in_line_lets_its_picture_go(shut):
    class Picture:
        pass

    async def use():
        pool, picture = Pool(1, 10), Picture()
        seen = weakref.ref(picture)
        first = [asyncio.create_task(pool.run(shut.wait)) for _ in range(1 + AHEAD)]
        await settled()
        in_line = asyncio.create_task(pool.run(lambda held=picture: held))
        del picture
        await settled()
        in_line.cancel()
        await asyncio.wait([in_line])
        del in_line
        gc.collect()
        assert seen() is None
        shut.open()
        await asyncio.gather(*first)
        await pool.close()

    run(use())


def test_a_process_that_dies_costs_what_it_had_and_another_takes_its_place():
    async def use():
        pool = Pool(1, 10)
        for _ in range(2):
            with pytest.raises(RequestError) as caught:
                await pool.run(partial(os._exit, 1))
            assert (caught.value.status, caught.value.retry_after_s) == (503, 1)
            assert await pool.run(partial(int, "7")) == 7
        assert (pool.working, pool.waiting) == (0, 0)
        await pool.close()

    run(use())


def test_work_that_no_process_can_be_started_for_gives_its_place_back(monkeypatch):
    def refuse(*_):
        raise OSError("no more processes")

    async def use():
        pool = Pool(1, 0)
        monkeypatch.setattr(Processes, "submit", refuse)
        for _ in range(3 + AHEAD):
            with pytest.raises(OSError, match="no more processes"):
                await pool.run(os.getpid)
        monkeypatch.undo()
        assert (pool.working, pool.waiting) == (0, 0)
        assert await pool.run(os.getpid) != os.getpid()
        await pool.close()

    run(use())


def test_who_would_end_all_processes_at_once_leaves_them_to_the_server():
    async def use():
        pool = Pool(1, 0)
        pid = await pool.run(os.getpid)
        for number in (signal.SIGINT, signal.SIGTERM):
            os.kill(pid, number)
        assert await pool.run(os.getpid) == pid
        await pool.close()
        return pid

    assert not psutil.pid_exists(run(use()))


def test_a_process_that_has_nothing_to_do_ends_and_comes_again(monkeypatch):
    monkeypatch.setattr(processes, "IDLE_S", 0.2)

    async def use():
        pool = Pool(1, 0)
        first = await pool.run(os.getpid)
        await asyncio.to_thread(wait_until, lambda: not psutil.pid_exists(first))
        second = await pool.run(os.getpid)
        await pool.close()
        return first, second

    first, second = run(use())
    assert first != second


def test_memory_is_of_the_server_and_what_it_started():
    async def use():
        pool = Pool(1, 0)
        alone = memory_bytes()
        pid = await pool.run(os.getpid)
        both, other = memory_bytes(), memory_bytes(pid)
        await pool.close()
        return alone, other, both

    alone, other, both = run(use())
    assert both > alone
    assert 20e6 < other < both
