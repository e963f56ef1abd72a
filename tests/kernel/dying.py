"""Commands as processes that are killed at one of their steps."""

import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

import app
from tests.faults.process import CONTEXT
from tests.faults.steps import Plan, Steps, statement_name

SECONDS = 60
TOUCHES = ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "sqlite3.connect")


@dataclass(frozen=True)
class Ended:
    """How a command ended: what it said, and the steps that it came to."""

    exitcode: int | None
    said: str
    steps: Sequence[str]

    @property
    def was_killed(self) -> bool:
        """Whether it came to the step at which it was to die."""
        return self.exitcode == -9


def command(
    *arguments: str, url: str, folder: Path, nth: int = 0, room: int = resource.RLIM_INFINITY
) -> Ended:
    """Run the program with these arguments; it is killed at its nth step, if that comes.

    Its steps are the statements that it runs, and what it does to the files of this folder. No
    file has room for more bytes than these.
    """
    steps, said = (folder.parent / f"{folder.name}.{each}" for each in ("steps", "said"))
    for each in (steps, said):
        each.unlink(missing_ok=True)
    child = CONTEXT.Process(target=_run, args=(arguments, url, folder, nth, room, steps, said))
    child.start()
    child.join(SECONDS)
    return Ended(child.exitcode, said.read_text(), steps.read_text().splitlines())


def _run(
    arguments: Sequence[str], url: str, folder: Path, nth: int, room: int, steps: Path, said: Path
) -> None:
    output = os.open(said, os.O_WRONLY | os.O_CREAT)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(output, stream.fileno())
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
    os.environ |= {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DATABASE_URL": url}
    counted = Steps(Plan(nth=nth), path=steps)
    sys.addaudithook(_noting(counted, folder))
    event.listen(Engine, "before_cursor_execute", lambda *given: _note(counted, given[2]))
    event.listen(Engine, "commit", lambda _: counted.step("COMMIT"))
    sys.exit(app.main(arguments))


def _note(counted: Steps, statement: str) -> None:
    counted.step(" ".join(statement_name(statement).split()))  # a line for each step


def _noting(counted: Steps, folder: Path) -> Callable[[str, tuple[Any, ...]], None]:
    def note(what: str, about: tuple[Any, ...]) -> None:
        if what in TOUCHES and str(folder) in str(about[0]):
            counted.step(f"{what} {str(about[0]).rpartition('/')[2]}")

    return note


def deaths(whole: Ended, *, at_most: int) -> Iterator[int]:
    """Yield at which steps to die: all, or where there are many, some of each kind and the last."""
    firsts = {whole.steps.index(step) + 1 for step in whole.steps}
    many = len(whole.steps)
    spread = {1 + many * part // at_most for part in range(at_most)}
    wanted = sorted(
        {*spread, *range(max(1, many - at_most // 4), many + 1), *sorted(firsts)[:at_most]}
    )
    yield from wanted if many > at_most else range(1, many + 1)
