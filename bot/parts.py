"""What many workspaces are served with, put in from above: the rituals are not known below."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, Protocol

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bot.agenda import Agenda
from bot.deps import Deps
from bot.health import Naming


class AtWork(Protocol):
    """One workspace, and all that runs for it."""

    @property
    def app(self) -> AsyncApp:
        """What answers its people."""

    async def begin(self) -> None:
        """Do what comes first."""

    def wake(self) -> None:
        """Look at once whether there is something to do."""

    def work(self) -> list[Coroutine[Any, Any, None]]:
        """Return all that is to run, side by side."""


@dataclass(frozen=True)
class Parts:
    """What knows the rituals, of which there is nothing here.

    `at_work` makes what works for a workspace, `erase` erases whatever is of those that have been
    without Truenorth for `days`, and `called` names the listener of what Slack sent.
    """

    at_work: Callable[[Deps, AuthorizeResult], AtWork]
    erase: Callable[..., Awaitable[None]]
    called: Naming
    agenda: Agenda
