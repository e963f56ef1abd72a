"""A process of its own for pictures: begun when needed, ended when idle.

What they import would slow the bot's start and stay in its memory. The process is one of our own
and none of `multiprocessing`, whose children import the whole bot again before they do anything.
"""

import asyncio
import os
import pickle
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, ParamSpec, TypeVar, cast
from weakref import WeakKeyDictionary

from bot.logs import BESIDE, trace

P = ParamSpec("P")
R = TypeVar("R")

IDLE_SECONDS = 60.0  # until the process ends for want of work
LONGEST_SECONDS = 60.0  # for one piece of work
HEAD = 8  # bytes that say how long what follows is

_ROOT = Path(__file__).parent.parent
_WORK = "import sys; sys.path.insert(0, sys.argv[1]); from bot.aside import work; work()"


class WorkerDied(RuntimeError):
    """The process ended before it answered, twice: what it was asked for may be what ends it."""


async def aside(function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
    """Return what a function returns, or raise what it raises, while the loop goes on.

    The function stands at the top of a module and is pure, so it may run twice: once more where
    its process died. Arguments and result travel as pickles. Calls run one after the other. A
    cancelled call ends the process, one of over a minute as well, with TimeoutError.
    """
    worker = _workers.setdefault(asyncio.get_running_loop(), _Worker())
    answer = await worker.ask(pickle.dumps((function, args, kwargs)))
    returned, value = pickle.loads(answer)
    if returned:
        return value  # type: ignore[no-any-return]
    raise value


async def end_aside() -> None:
    """End the process, if there is one, once it has answered; a later call begins another."""
    if worker := _workers.get(asyncio.get_running_loop()):
        await worker.end()


def kill_aside() -> None:
    """End every such process at once, from whichever thread, because ours ends."""
    for worker in list(_workers.values()):
        worker.kill()


class _Worker:
    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._when_idle: asyncio.TimerHandle | None = None

    async def ask(self, request: bytes) -> bytes:
        async with self._turn:
            self._stay()
            try:
                async with asyncio.timeout(LONGEST_SECONDS):
                    answer = await self._insist(request)
            except BaseException:
                await self._end()  # an answer nobody waits for must not be the next one's
                raise
            self._when_idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._leave)
            return answer

    async def end(self) -> None:
        async with self._turn:
            await self._end()

    def kill(self) -> None:
        process = self._process
        if process is not None and process.returncode is None:
            os.kill(process.pid, signal.SIGKILL)

    async def _end(self) -> None:
        self._stay()
        process, self._process = self._process, None
        if process is None:
            return
        if process.returncode is None:
            process.kill()
        _pipes(process)[0].close()
        await process.communicate()  # what it still said has to be read, or its pipe stays open

    async def _insist(self, request: bytes) -> bytes:
        try:
            return await self._exchange(request)
        except (asyncio.IncompleteReadError, ConnectionError):
            await self._end()  # it may have died while it was idle
        try:
            return await self._exchange(request)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise WorkerDied("the process for pictures died twice") from error

    async def _exchange(self, request: bytes) -> bytes:
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-c", _WORK, str(_ROOT), stdin=PIPE, stdout=PIPE
            )
        stdin, stdout = _pipes(self._process)
        stdin.write(len(request).to_bytes(HEAD) + request)
        await stdin.drain()
        return await stdout.readexactly(int.from_bytes(await stdout.readexactly(HEAD)))

    def _stay(self) -> None:
        if self._when_idle is not None:
            self._when_idle.cancel()
            self._when_idle = None

    def _leave(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _pipes(process)[0].close()  # it ends where there is nothing more to hear


_workers: "WeakKeyDictionary[asyncio.AbstractEventLoop, _Worker]" = WeakKeyDictionary()


def _pipes(process: Process) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
    return cast(asyncio.StreamWriter, process.stdin), cast(asyncio.StreamReader, process.stdout)


def work() -> None:
    """Answer requests until there are none any more: what the process does.

    Whatever a function prints goes where errors go, since the answers have the output.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the bot's, which then ends us
    os.nice(10)  # whoever waits for the bot comes first
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    while head := sys.stdin.buffer.read(HEAD):
        answer = _answer(sys.stdin.buffer.read(int.from_bytes(head)))
        _say(answers, answer)


def _answer(request: bytes) -> bytes:
    try:
        function, args, kwargs = pickle.loads(request)
        return pickle.dumps((True, function(*args, **kwargs)))
    except Exception as error:  # noqa: BLE001 - raised where the answer is waited for
        error.add_note(f"{BESIDE}{trace(error)}\n")
        return _as_pickle(error)


def _as_pickle(error: Exception) -> bytes:
    try:
        pickle.loads(pickled := pickle.dumps((False, error)))
    except Exception:  # noqa: BLE001 - some errors cannot travel, so their words do
        stand_in = RuntimeError(f"{type(error).__name__}: {error}")
        stand_in.__notes__ = error.__notes__
        return pickle.dumps((False, stand_in))
    return pickled


def _say(answers: BinaryIO, answer: bytes) -> None:
    answers.write(len(answer).to_bytes(HEAD) + answer)
    answers.flush()
