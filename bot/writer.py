"""The one thread that writes: a fair queue, whose waiting work shares a durable commit."""

import queue
import threading
import time
from typing import Any

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError
from sqlmodel import Session

from bot.deadline import Pace, Stage
from bot.engine import Store, at_work, is_unknown, trouble
from bot.errors import Unconfirmed
from bot.memory import Memory
from bot.task import Done, Task, committed, failed
from bot.tenancy import team_bound

JOINED: Any = "rollback_only"  # a session's commit leaves the transaction to the writer
MOST_TOGETHER = 64
SECONDS_TOGETHER = 0.05  # of work before what is done is committed
HOPE = 0.6  # of its pace: it gets faster once a crowd has been let in


class Writer:
    """Runs tasks one after the other, each in a savepoint; those that wait commit together."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._memory = Memory()
        self._pace = Pace()
        self._tasks: queue.SimpleQueue[Task | None] = queue.SimpleQueue()
        self._held_back: list[Task] = []  # at most one, whose turn comes after the commit
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._thread.start()

    def submit(self, task: Task) -> None:
        """Have the task run in its turn; its result is there once it is committed.

        Raises NotSaved at once where its turn would come too late: in a crowd, those who cannot be
        served would otherwise all be told in the same last moment, and some of them after it.
        """
        ahead = self._tasks.qsize() * self._pace.seconds
        if ahead * HOPE > task.job.remaining:
            raise task.job.give_up()
        self._tasks.put(task)

    def close(self) -> None:
        """Finish every task that was submitted, then end."""
        self._tasks.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (task := self._next()) is not None:
            for undone in self._together(task, alone=task.alone):
                self._together(undone, alone=True)

    def _next(self) -> Task | None:
        return self._held_back.pop() if self._held_back else self._tasks.get()

    def _together(self, first: Task, *, alone: bool = False) -> list[Task]:
        """Run the task, and in the same transaction those of its team that wait behind it.

        Returns those that were undone because of another one: they have to run again.
        """
        done: list[Done] = []
        began = time.monotonic()
        try:
            with at_work(first.job), self._store.writer.connect() as connection:
                connection.begin()  # before the first session, which would commit its own
                self._store.take_turn(connection, first.team)
                self._memory.look(self._store.written_by_others(connection))
                self._fill(connection, first, done, alone=alone)
                self._commit(connection, done)
        except _UndoneError:
            self._memory.forget()
            return [one.task for one in done]
        except BaseException as error:  # noqa: BLE001 - raised where the results are waited for
            self._memory.forget()
            failed([first, *(one.task for one in done)], _as_told(error))
            return []
        committed(done)
        if not alone and done:
            self._pace.learn(time.monotonic() - began, pieces=len(done))
        return []

    def _fill(self, connection: Connection, first: Task, done: list[Done], *, alone: bool) -> None:
        until = time.monotonic() + SECONDS_TOGETHER
        task: Task | None = first
        while task is not None:
            self._one(connection, task, done)
            if alone or len(done) >= MOST_TOGETHER or time.monotonic() >= until:
                return
            task = self._waiting(first.team)

    def _waiting(self, team: str) -> Task | None:
        try:
            task = self._tasks.get_nowait()
        except queue.Empty:
            return None
        if task is None:
            self._tasks.put(None)  # the end, but only after what is under way
        elif task.alone or task.team != team:
            self._held_back.append(task)
            return None
        return task

    def _one(self, connection: Connection, task: Task, done: list[Done]) -> None:
        self._store.begin_task(connection, task.job)
        session = Session(connection, expire_on_commit=False, join_transaction_mode=JOINED)
        memory = self._memory.of(session, team=task.team)
        try:
            task.job.advance(Stage.RUNNING)
            with at_work(task.job), team_bound(task.team), memory:
                result = task.work(session)
                session.flush()  # the commit is everybody's
                task.job.advance(Stage.COMMITTING)
            self._store.end_task(connection)
            done.append(Done(task, result, bool(session.info.get("outgoing"))))
        except BaseException as error:  # noqa: BLE001 - raised where the result is waited for
            failed([task], _as_told(error))
            if not self._store.undo_task(connection):  # of everybody's, not only this
                session.invalidate()
                raise _UndoneError from error
        finally:
            session.close()

    def _commit(self, connection: Connection, done: list[Done]) -> None:
        if not done:
            return
        # From here on the work may be on the disk, whatever the driver says afterwards.
        with at_work(None):
            try:
                connection.commit()
            except DatabaseError as error:
                if is_unknown(error):
                    raise Unconfirmed from error
                raise


class _UndoneError(Exception):
    """A transaction that several tasks shared was undone."""


def _as_told(error: BaseException) -> BaseException:
    if isinstance(error, DatabaseError):
        told = trouble(error)
        if told is not None:
            told.__cause__ = error
            return told
    return error
