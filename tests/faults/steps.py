"""Counts the bot's steps and kills it at one of them; only in the bot's own process."""

import os
import re
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from signal import Signals
from typing import Any

from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_base_client import AsyncBaseClient
from sqlalchemy import Engine, event

from bot.lanes import Claim
from bot.sender import Sender
from bot.writer import Writer

TABLE = re.compile(r"^(INSERT|UPDATE|DELETE|SELECT)\b(?:.*?\b(?:INTO|FROM)|)\s+(\w+)", re.DOTALL)
AT_START = "start"


@dataclass(frozen=True)
class Plan:
    """When to die: at the `nth` step of those called `named` (of all, where that is empty).

    Steps count from the first envelope of the kind `since`, or from the start. 0 never comes. With
    another signal it does what that says.
    """

    since: str = AT_START
    named: str = ""
    nth: int = 0
    what: Signals = Signals.SIGKILL

    def is_met(self, steps: Sequence[str]) -> bool:
        """Whether these steps lead to the end."""
        return 0 < self.nth <= sum(self.means(step) for step in steps)

    def means(self, step: str) -> bool:
        """Whether this is one of the steps that the plan is about."""
        return self.named in ("", step)


class Steps:
    """The steps so far. Each is written down before anything happens, so that the file tells."""

    def __init__(self, plan: Plan, *, path: Path) -> None:
        self._plan = plan
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self._counting = plan.since == AT_START
        self._met = 0
        self._lock = threading.Lock()  # the writer, the readers and the loop all step

    def heard(self, kind: str) -> None:
        """Begin to count where this is what the plan waits for."""
        if kind == self._plan.since:
            self._counting = True
        self.step(f"received {kind}")

    def step(self, name: str) -> None:
        """Note the step, and end here where this is the one."""
        with self._lock:
            if not self._counting:
                return
            os.write(self._file, f"{name}\n".encode())
            if not self._plan.means(name):
                return
            self._met += 1
            if self._met == self._plan.nth:
                os.kill(os.getpid(), self._plan.what)


def install(steps: Steps) -> None:
    """Step at every statement, commit, claim of a message, call to Slack and acknowledgement."""
    _watch_statements(steps)
    _watch_claims(steps)
    _watch_calls(steps)
    _watch_socket(steps)


def statement_name(statement: str) -> str:
    """Name a statement by its verb and its table."""
    found = TABLE.match(statement.strip())
    return f"{found[1]} {found[2]}" if found else statement.partition("=")[0]


def _watch_statements(steps: Steps) -> None:
    transaction = threading.local()  # what it changed, of whom one names it

    def before(_1: Any, _2: Any, statement: str, *_3: Any) -> None:
        name = statement_name(statement)
        if name.startswith(("INSERT", "UPDATE", "DELETE")):
            transaction.changed = [*_changed(transaction), name.partition(" ")[2]]
        steps.step(f"before {name}")

    def after(_1: Any, _2: Any, statement: str, *_3: Any) -> None:
        steps.step(f"after {statement_name(statement)}")

    def before_commit(_: Any) -> None:
        steps.step(f"before COMMIT of {_named(_changed(transaction))}")

    commit = Writer._commit

    def watched_commit(writer: Writer, connection: Any, done: Any) -> None:
        commit(writer, connection, done)
        if done:
            changed, transaction.changed = _changed(transaction), []
            steps.step(f"after COMMIT of {_named(changed)}")

    def rolled_back(_: Any) -> None:
        transaction.changed = []

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    event.listen(Engine, "commit", before_commit)
    event.listen(Engine, "rollback", rolled_back)
    Writer._commit = watched_commit  # type: ignore[method-assign, assignment]


def _changed(transaction: threading.local) -> list[str]:
    return list(getattr(transaction, "changed", []))


def _named(changed: list[str]) -> str:
    # A person's command may share its commit with the sender's work.
    return "inbound" if "inbound" in changed else next(iter(changed), "")


def _watch_claims(steps: Steps) -> None:
    send = Sender._send

    async def watched(sender: Sender, claim: Claim) -> None:
        steps.step(f"claimed for {claim.method}")
        await send(sender, claim)

    Sender._send = watched  # type: ignore[method-assign, assignment]


def _watch_calls(steps: Steps) -> None:
    call = AsyncBaseClient.api_call

    async def watched(client: AsyncBaseClient, api_method: str, **arguments: Any) -> Any:
        steps.step(f"before {api_method}")
        try:
            return await call(client, api_method, **arguments)
        finally:
            steps.step(f"after {api_method}")

    AsyncBaseClient.api_call = watched  # type: ignore[method-assign, assignment]


def _watch_socket(steps: Steps) -> None:
    listeners = SocketModeClient.run_message_listeners
    answer: Callable[..., Awaitable[None]] = SocketModeClient.send_socket_mode_response

    async def heard(client: SocketModeClient, message: dict[str, Any], raw: str) -> None:
        steps.heard(_kind(message))
        await listeners(client, message, raw)

    async def acknowledged(client: SocketModeClient, response: Any) -> None:
        steps.step("before ack")
        await answer(client, response)
        steps.step("after ack")

    SocketModeClient.run_message_listeners = heard  # type: ignore[method-assign, assignment]
    SocketModeClient.send_socket_mode_response = (  # type: ignore[method-assign]
        acknowledged  # type: ignore[assignment]
    )


def _kind(message: dict[str, Any]) -> str:
    payload = message.get("payload") or {}
    return str(payload.get("type") or message.get("type"))
