"""Run coroutines in tests while another event loop is running."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

REMAINING_TASKS_TIMEOUT_S: Final = 5

Result = TypeVar("Result")


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in a new thread, since the browser tests leave an event loop running in the current one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _with_remaining_tasks(coroutine)).result()


async def _with_remaining_tasks(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Await a coroutine, then the tasks that it left: a closed peer connection releases its relay allocation in a separate task."""
    try:
        return await coroutine
    finally:
        if remaining := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(remaining, timeout=REMAINING_TASKS_TIMEOUT_S)
