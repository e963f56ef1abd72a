"""The end of the process: asked for by a signal, and there in time whatever hangs."""

import asyncio
import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from bot.aside import kill_aside

log = logging.getLogger(__name__)

SIGNALS = (signal.SIGTERM, signal.SIGINT)
# Ten are what `docker stop` waits. What is cut off is as after a power cut: nothing is lost.
LONGEST_SECONDS = 9.0
LAST_WORDS_SECONDS = 0.2


@contextmanager
def ended_by_signals(stop: asyncio.Event) -> Iterator[None]:
    """Have SIGTERM and Ctrl-C set `stop`; the process is gone within ten seconds of the first."""
    loop = asyncio.get_running_loop()
    with ended_in_time(lambda *_: loop.call_soon_threadsafe(stop.set)):
        yield


@contextmanager
def ended_in_time(heed: Callable[..., Any] | None = None) -> Iterator[None]:
    """Have the process be gone within ten seconds of the first SIGTERM or Ctrl-C.

    That is counted beside the loop, which may be what hangs. What heeds signals is `heed`, or
    whatever did before.
    """
    before = {int(number): signal.getsignal(number) for number in SIGNALS}
    counting = threading.Lock()

    def heeding(number: int, frame: FrameType | None) -> None:
        if counting.acquire(blocking=False):
            threading.Thread(target=_end_by_force, name="end", daemon=True).start()
        further = heed or before[number]
        if callable(further):
            further(number, frame)

    for number in SIGNALS:
        signal.signal(number, heeding)
    try:
        yield
    finally:
        for number in SIGNALS:
            signal.signal(number, before[number])


@contextmanager
def ended_with_parent() -> Iterator[None]:
    """Have a process that another one began end as on SIGTERM once that is no more.

    Whoever starts Truenorth anew would find its ports taken.
    """
    parent, loop = multiprocessing.parent_process(), asyncio.get_running_loop()
    if parent is None:
        yield
        return

    def end() -> None:
        loop.remove_reader(parent.sentinel)
        log.warning("what began this process is no more")
        os.kill(os.getpid(), signal.SIGTERM)

    loop.add_reader(parent.sentinel, end)
    try:
        yield
    finally:
        loop.remove_reader(parent.sentinel)


def _end_by_force() -> None:
    time.sleep(LONGEST_SECONDS)
    # Not said here: what is written to may be what hangs.
    words = "Truenorth did not end in time and is cut off; what it had begun is done at the start"
    saying = threading.Thread(target=log.critical, args=(words,), daemon=True)
    saying.start()
    saying.join(LAST_WORDS_SECONDS)
    kill_aside()
    os._exit(1)
