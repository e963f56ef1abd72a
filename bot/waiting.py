"""Waiting for something to happen, but not for ever."""

import asyncio


async def until(event: asyncio.Event, seconds: float) -> bool:
    """Wait until the event is set, for so long at most; say whether it is."""
    try:
        async with asyncio.timeout(seconds):  # unlike wait_for, it never loses a cancellation
            await event.wait()
    except TimeoutError:
        return False
    return True
