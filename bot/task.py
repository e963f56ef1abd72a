"""A piece of work for the writer, and how whoever waits for it hears of its end."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from bot.deadline import Job

Result = tuple[Any, bool]  # and whether there are messages to send


@dataclass(frozen=True)
class Task:
    """A piece of work of a team, and where its result is waited for.

    Work may be run twice, when the transaction that it shared was undone: it has no effect but in
    its session. What is to be `alone` takes long, so nobody's quick work shares its commit.
    """

    team: str
    work: Callable[[Session], Any]
    job: Job
    future: "asyncio.Future[Result]"
    alone: bool = False


@dataclass(frozen=True)
class Done:
    """A task that has run and waits for the commit."""

    task: Task
    result: Any
    outgoing: bool


Answer = tuple["asyncio.Future[Result]", Result | BaseException]


def committed(done: Iterable[Done]) -> None:
    """Tell those who wait what came of it, from the writer's thread."""
    _answer((one.task.future, (one.result, one.outgoing)) for one in done)


def failed(tasks: Iterable[Task], error: BaseException) -> None:
    """Raise the error where the tasks are waited for, unless they have been answered already."""
    if isinstance(error, StopIteration):  # no future takes it
        error = RuntimeError("work raised StopIteration")
    _answer((task.future, error) for task in tasks)


def _answer(answers: Iterable[Answer]) -> None:
    # To wake a loop costs more than an answer does, so those of one commit share it.
    of_loop: dict[asyncio.AbstractEventLoop, list[Answer]] = defaultdict(list)
    for answer in answers:
        of_loop[answer[0].get_loop()].append(answer)
    for loop, its in of_loop.items():
        with suppress(RuntimeError):  # the loop has ended, and everybody in it
            loop.call_soon_threadsafe(_settle, its)


def _settle(answers: list[Answer]) -> None:
    for future, outcome in answers:
        if future.done():
            continue
        if isinstance(outcome, BaseException):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
