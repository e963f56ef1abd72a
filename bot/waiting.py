"""Waiting for something to happen, but not for ever."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

FINISHING_SECONDS = 5.0  # that a call to Slack which is under way has, once Truenorth ends


async def until(event: asyncio.Event, seconds: float) -> bool:
    """Wait until the event is set, for so long at most; say whether it is."""
    try:
        async with asyncio.timeout(seconds):  # unlike wait_for, it never loses a cancellation
            await event.wait()
    except TimeoutError:
        return False
    return True


async def to_its_end(work: Coroutine[Any, Any, T]) -> T:
    """Await the work; where that is cancelled the work goes on to its end, for some seconds."""
    working = asyncio.create_task(work)
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working], timeout=FINISHING_SECONDS)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        raise
