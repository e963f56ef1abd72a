"""What is done aside, in a process of its own: its results, its errors, and its ends."""

import asyncio
import math
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import NoReturn

import pytest

from bot import aside as aside_module
from bot.aside import WorkerDied, aside, end_aside

ROOT = Path(__file__).parent.parent.parent

BEGINNING_SECONDS = 30
LONGEST_PID = 20  # characters


@pytest.fixture(autouse=True)
async def ended() -> AsyncIterator[None]:
    yield
    await end_aside()


def say_and_add(one: int, *, other: int) -> int:
    print("this goes where errors go")
    return one + other


def loaded() -> set[str]:
    return set(sys.modules)


def fail(words: str) -> NoReturn:
    raise ValueError(words)


class UntoldError(Exception):
    """One that cannot travel: it is made of two things and knows only one."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one + other)


def fail_untold() -> NoReturn:
    raise UntoldError("neither here", " nor there")


def never(call: str) -> NoReturn:
    Path(call).write_text(str(os.getpid()))
    while True:
        signal.pause()


def die() -> NoReturn:
    os._exit(1)


def die_once(remembered: str) -> str:
    if Path(remembered).exists():
        return "survived"
    Path(remembered).touch()
    os._exit(1)


def unpicklable() -> object:
    return lambda: 1


async def begun(call: Path) -> int:
    """Return the process of a call that never ends, once it has begun."""
    # Opened without waiting for the other side, so that a call that never begins is no hang.
    watched, told = os.open(call, os.O_RDONLY | os.O_NONBLOCK), asyncio.Event()
    asyncio.get_running_loop().add_reader(watched, told.set)
    try:
        async with asyncio.timeout(BEGINNING_SECONDS):
            await told.wait()
        return int(os.read(watched, LONGEST_PID))
    finally:
        asyncio.get_running_loop().remove_reader(watched)
        os.close(watched)


async def gone(pid: int) -> None:
    """Return once the process has ended."""
    try:
        watched = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(watched, ended.set)
    await ended.wait()
    asyncio.get_running_loop().remove_reader(watched)
    os.close(watched)


def is_there(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@pytest.fixture
def call(tmp_path: Path) -> Path:
    os.mkfifo(tmp_path / "call")
    return tmp_path / "call"


async def test_it_returns_what_the_function_returns_and_what_it_prints_does_no_harm() -> None:
    assert await aside(say_and_add, 1, other=2) == 3
    assert await aside(math.sqrt, 16) == 4


async def test_one_process_does_it_all_and_it_is_not_ours() -> None:
    pids = [await aside(os.getpid) for _ in range(3)]
    assert len(set(pids)) == 1
    assert pids[0] != os.getpid()


async def test_it_knows_nothing_of_the_bot_but_what_it_is_asked_for() -> None:
    modules = await aside(loaded)
    assert not modules & {"slack_bolt", "sqlalchemy", "aiohttp", "app"}


async def test_much_goes_there_and_comes_back() -> None:
    much = bytes(3_000_000)
    assert await aside(bytes.__add__, much, much) == much + much


async def test_those_who_ask_at_once_each_get_their_own_answer() -> None:
    answers = await asyncio.gather(*(aside(say_and_add, n, other=n) for n in range(20)))
    assert answers == [2 * n for n in range(20)]


async def test_an_error_arrives_as_itself_with_where_it_came_from() -> None:
    with pytest.raises(ValueError, match="no such share") as caught:
        await aside(fail, "no such share")
    assert "in fail" in caught.value.__notes__[0]
    assert await aside(say_and_add, 1, other=1) == 2


@pytest.mark.parametrize(
    ("function", "words"),
    [(fail_untold, "neither here nor there"), (unpicklable, "pickle")],
)
async def test_what_cannot_travel_arrives_as_words(function: object, words: str) -> None:
    with pytest.raises((RuntimeError, AttributeError, TypeError), match=words):
        await aside(function)  # type: ignore[arg-type]
    assert await aside(say_and_add, 1, other=1) == 2


async def test_a_cancelled_call_ends_its_process_and_the_next_one_gets_its_own_answer(
    call: Path,
) -> None:
    endless = asyncio.create_task(aside(never, str(call)))
    pid = await begun(call)
    waiting = asyncio.create_task(aside(say_and_add, 2, other=3))
    endless.cancel()
    with pytest.raises(asyncio.CancelledError):
        await endless
    assert await waiting == 5
    await gone(pid)


async def test_who_gives_up_while_waiting_for_a_turn_ends_nobodys_work(tmp_path: Path) -> None:
    pid = await aside(os.getpid)
    call = asyncio.create_task(aside(say_and_add, 2, other=3))
    impatient = asyncio.create_task(aside(say_and_add, 2, other=3))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await call == 5
    assert await aside(os.getpid) == pid


async def test_what_never_ends_is_given_up(call: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    await aside(os.getpid)
    monkeypatch.setattr(aside_module, "LONGEST_SECONDS", 6.0)  # which it may take to begin
    endless = asyncio.create_task(aside(never, str(call)))
    pid = await begun(call)
    with pytest.raises(TimeoutError):
        await endless
    assert not is_there(pid)
    monkeypatch.undo()
    assert await aside(say_and_add, 1, other=1) == 2


async def test_a_process_that_was_killed_while_idle_is_replaced() -> None:
    pid = await aside(os.getpid)
    os.kill(pid, signal.SIGKILL)
    assert await aside(say_and_add, 1, other=1) == 2
    assert await aside(os.getpid) != pid


async def test_work_whose_process_died_is_done_once_more(tmp_path: Path) -> None:
    assert await aside(die_once, str(tmp_path / "died")) == "survived"


async def test_work_that_ends_its_process_twice_is_an_error_and_the_next_is_done() -> None:
    with pytest.raises(WorkerDied, match="twice"):
        await aside(die)
    assert await aside(say_and_add, 1, other=1) == 2


async def test_it_ends_when_idle_and_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside_module, "IDLE_SECONDS", 0.0)
    pid = await aside(os.getpid)
    await gone(pid)
    monkeypatch.undo()
    assert await aside(os.getpid) != pid


async def test_who_asks_again_is_not_cut_off_by_an_earlier_idleness() -> None:
    pid = await aside(os.getpid)
    worker = aside_module._workers[asyncio.get_running_loop()]
    earlier = worker._when_idle
    assert await aside(os.getpid) == pid
    assert earlier is not None
    assert earlier.cancelled()
    assert worker._when_idle is not None
    assert not worker._when_idle.cancelled()


async def test_ending_it_leaves_no_process() -> None:
    pid = await aside(os.getpid)
    await end_aside()
    assert not is_there(pid)
    await end_aside()  # nothing is there to be ended


def test_it_ends_with_the_bot_however_that_ends() -> None:
    script = (
        "import asyncio, os, signal\n"
        "from bot.aside import aside\n"
        "async def main():\n"
        "    print(await aside(os.getpid), flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL
    asyncio.run(gone(int(done.stdout)))


def test_it_is_found_from_another_folder(tmp_path: Path) -> None:
    (tmp_path / "pickle.py").write_text("raise ImportError('somebody else')")
    script = (
        "import asyncio, sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from bot.aside import aside, end_aside\n"
        "from bot.quarters import Quarter\n"
        "async def main():\n"
        "    print(await aside(Quarter, 2026, 3))\n"
        "    await end_aside()\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout == "Quarter(year=2026, number=3)\n", done.stderr


HEAVY = ("scipy", "matplotlib", "numpy", "statsmodels")


def test_the_bot_itself_never_loads_what_is_done_aside() -> None:
    script = (
        "import sys, pkgutil, importlib, app, bot\n"
        "for each in pkgutil.iter_modules(bot.__path__, 'bot.'):\n"
        "    importlib.import_module(each.name)\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
