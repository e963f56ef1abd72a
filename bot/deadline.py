"""When a person has waited long enough: a piece of work either commits in time or never."""

import asyncio
import threading
import time
from enum import Enum
from weakref import WeakKeyDictionary

from bot.errors import NotSaved, Unconfirmed

PACE_MEMORY = 16  # pieces of work
TOO_SLOW = "Nothing was saved: the database was busy for too long. Please try again in a moment."


# Of the tasks in which somebody waits for an answer of ours. Tasks that they start do not count.
_arrivals: "WeakKeyDictionary[asyncio.Task[object], float]" = WeakKeyDictionary()


def count_from_now() -> None:
    """Count the running task's patience from here, however long it takes until it writes."""
    task = asyncio.current_task()
    if task is not None:
        _arrivals[task] = time.monotonic()


def _waited() -> float:
    # The writer's thread and whoever starts by themselves wait for nothing yet.
    now = time.monotonic()
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return 0.0
    return 0.0 if task is None else now - _arrivals.get(task, now)


class Pace:
    """How many seconds a piece of work takes, learned from those before."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def learn(self, seconds: float, *, pieces: int) -> None:
        """Learn from so many pieces; no single one says much."""
        self.seconds += (seconds / pieces - self.seconds) * pieces / (pieces + PACE_MEMORY)


class Stage(Enum):
    """How far a piece of work has come."""

    QUEUED = "queued"
    RUNNING = "running"
    COMMITTING = "committing"
    GIVEN_UP = "given up"


class Job:
    """One piece of work and its deadline: decides, once, between committing and giving up.

    Patience is in seconds, from when what is waited for arrived.
    """

    def __init__(self, *, patience: float) -> None:
        self.deadline = time.monotonic() + patience - _waited()
        self._stage = Stage.QUEUED
        self._lock = threading.Lock()

    @property
    def remaining(self) -> float:
        """Seconds until the deadline, never below zero."""
        return max(0.0, self.deadline - time.monotonic())

    def advance(self, stage: Stage) -> None:
        """Go on to the stage, or raise NotSaved where the time is over."""
        with self._lock:
            if self._stage is Stage.GIVEN_UP or self.remaining == 0.0:
                self._stage = Stage.GIVEN_UP
                raise NotSaved(TOO_SLOW)
            self._stage = stage

    def give_up(self) -> NotSaved | Unconfirmed:
        """Keep the work from committing where that is still possible, and say which it is."""
        with self._lock:
            if self._stage is Stage.COMMITTING:
                return Unconfirmed()
            self._stage = Stage.GIVEN_UP
            return NotSaved(TOO_SLOW)
