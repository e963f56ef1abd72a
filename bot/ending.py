"""The end of the process: asked for by a signal, and there in time whatever hangs."""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bot.aside import kill_aside

log = logging.getLogger(__name__)

SIGNALS = (signal.SIGTERM, signal.SIGINT)
# Ten are what `docker stop` waits. What is cut off is as after a power cut: nothing is lost.
LONGEST_SECONDS = 9.0
LAST_WORDS_SECONDS = 0.2


@contextmanager
def ended_by_signals(stop: asyncio.Event) -> Iterator[None]:
    """Have SIGTERM and Ctrl-C set `stop`; the process is gone within ten seconds of the first.

    That is counted beside the loop, which may be what hangs.
    """
    loop = asyncio.get_running_loop()

    def heed(_number: int, _frame: object) -> None:
        if not stop.is_set():
            threading.Thread(target=_end_by_force, name="end", daemon=True).start()
        loop.call_soon_threadsafe(stop.set)

    before = {number: signal.signal(number, heed) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _end_by_force() -> None:
    time.sleep(LONGEST_SECONDS)
    # Not said here: what is written to may be what hangs.
    words = "Truenorth did not end in time and is cut off; what it had begun is done at the start"
    saying = threading.Thread(target=log.critical, args=(words,), daemon=True)
    saying.start()
    saying.join(LAST_WORDS_SECONDS)
    kill_aside()
    os._exit(1)
