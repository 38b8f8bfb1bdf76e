import asyncio
import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import pytest

from digitcore.api import work
from digitcore.api.work import AHEAD, Pool
from digitcore.errors import RequestError


def run(coroutine):
    """Run it on a thread of its own, as the browser tests leave an event loop running on this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asyncio.wait_for(coroutine, 20)).result()


async def settled():
    await asyncio.sleep(0.05)


def test_work_is_done_on_another_thread():
    async def use():
        pool = Pool(1, 0)
        name = await pool.run(lambda: threading.current_thread().name)
        await pool.close()
        return name

    assert run(use()).startswith("api")


def test_an_error_reaches_who_waits_and_the_place_is_free_again():
    async def use():
        pool = Pool(1, 0)
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await pool.run(lambda: 1 // 0)
        assert (pool.working, pool.waiting) == (0, 0)
        assert await pool.run(lambda: 7) == 7
        await pool.close()

    run(use())


def test_one_more_than_fits_is_refused_and_the_others_are_done(monkeypatch):
    monkeypatch.setattr(work, "PATIENCE_S", 0.01)

    async def use():
        pool, gate = Pool(2, 3), threading.Event()
        tasks = [asyncio.create_task(pool.run(gate.wait)) for _ in range(5)]
        await settled()
        assert (pool.working, pool.waiting) == (2, 3)
        with pytest.raises(RequestError) as caught:
            await pool.run(gate.wait)
        assert (caught.value.status, caught.value.retry_after_s) == (503, 1)
        with pytest.raises(RequestError):
            await pool.wait_until_not_full()
        gate.set()
        assert await asyncio.gather(*tasks) == [True] * 5
        await pool.wait_until_not_full()
        await pool.close()

    run(use())


def test_who_leaves_while_waiting_leaves_nothing_behind():
    async def use():
        pool, gate, done = Pool(1, 10), threading.Event(), []
        first = asyncio.create_task(pool.run(gate.wait))
        others = [asyncio.create_task(pool.run(lambda: done.append(True))) for _ in range(4 + AHEAD)]
        await settled()
        for task in others:
            task.cancel()
        await settled()
        assert pool.waiting <= AHEAD, "only what lies ready for a worker may wait until its turn"
        gate.set()
        await first
        await settled()
        assert (pool.working, pool.waiting, done) == (0, 0, [])
        await pool.close()

    run(use())


def test_work_that_was_given_up_lets_its_picture_go():
    class Picture:
        pass

    async def use():
        pool, gate, picture = Pool(1, 10), threading.Event(), Picture()
        seen = weakref.ref(picture)
        first = asyncio.create_task(pool.run(gate.wait))
        ready = asyncio.create_task(pool.run(lambda held=picture: held))
        del picture
        await settled()
        ready.cancel()
        await asyncio.wait([ready])
        del ready
        gc.collect()
        assert seen() is None
        gate.set()
        await first
        await pool.close()

    run(use())
