"""Runs coroutines in tests, whatever else runs."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, TypeVar

REST_TIMEOUT_S: Final = 5

Result = TypeVar("Result")


def run(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """Run it on a thread of its own: the browser tests leave an event loop running on this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _with_the_rest(coroutine)).result()


async def _with_the_rest(coroutine: Coroutine[Any, Any, Result]) -> Result:
    """With what it started and left: a relayed peer that is closed gives its allocation back by a task of its own."""
    try:
        return await coroutine
    finally:
        if rest := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(rest, timeout=REST_TIMEOUT_S)
