import asyncio
import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from digitcore.api.memory import MemoryBudget, process_tree_memory_bytes
from digitcore.api.pool import WorkerPool
from digitcore.errors import RequestError
from tests.digitcore.api.conftest import TIMEOUT_S


def test_memory_is_reserved_and_released():
    budget = MemoryBudget(10)
    budget.reserve(6)
    with pytest.raises(RequestError) as caught:
        budget.reserve(5)
    assert caught.value.status == 503
    assert budget.used_bytes == 6
    budget.release(6)
    budget.reserve(10)


def test_the_memory_of_a_process_includes_its_descendants():
    async def measure():
        pool = WorkerPool(1, 0)
        alone = process_tree_memory_bytes()
        pid = await pool.run(os.getpid)
        both, other = process_tree_memory_bytes(), process_tree_memory_bytes(pid)
        await pool.close()
        return alone, other, both

    with ThreadPoolExecutor(1) as thread:  # the browser tests leave an event loop running on this thread
        alone, other, both = thread.submit(asyncio.run, asyncio.wait_for(measure(), TIMEOUT_S)).result()
    assert both > alone
    assert 20e6 < other < both
