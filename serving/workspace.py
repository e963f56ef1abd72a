"""One workspace, and all that runs for it."""

import gc
from collections.abc import Coroutine
from functools import partial
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

import handlers
import schedules
from bot import agenda, settings
from bot.deps import Deps
from bot.sender import Sender
from handlers.asking import as_it_stands
from handlers.outbox import tell_concerned
from schedules import roster
from schedules.drawing import Drawer
from schedules.exporting import Exporter
from schedules.home import Refresher
from schedules.pulse import Closer
from schedules.search import Keeper
from schedules.teams import Reader
from schedules.telling import Teller
from schedules.worker import Worker


def build(deps: Deps, us: AuthorizeResult) -> AsyncApp:
    """Put the app of a workspace together; whoever hands requests to it knows they are Slack's."""

    async def always_us() -> AuthorizeResult:
        return us

    # Without a name Bolt reads the source of every module to find one, and a client that brings
    # a token is warned about.
    client = AsyncWebClient(
        base_url=deps.slack.base_url, session=deps.slack.session, retry_handlers=[]
    )
    app = AsyncApp(
        name="truenorth",
        client=client,
        authorize=always_us,
        process_before_response=True,
        request_verification_enabled=False,
        raise_error_for_unhandled_request=True,
    )
    handlers.register_all(app, deps, team=str(us.team_id))
    return app


def spare_what_stays() -> None:
    """Have the collector leave alone what is there from the start and stays.

    To go through all of it takes a tenth of a second in which nobody is answered, again and again.
    """
    gc.collect()
    gc.freeze()


class Workspace:
    """What sends, looks and keeps for one workspace, from when it is begun until it is cancelled.

    The `teller` is there where somebody moves the clock.
    """

    def __init__(self, deps: Deps, team: str, teller: Teller | None = None) -> None:
        self.deps, self.team = deps, team
        self.sender = Sender(deps, team, notice=tell_concerned, wording=as_it_stands)
        self.reader = Reader(deps, team)
        self._exporter, self._tellers = Exporter(deps, team), [teller] if teller else []
        self._refresher = Refresher(deps, team)
        self._workers = [Closer(deps, team), Drawer(deps, team), self._exporter]
        self.sender.on_sent = partial(wake, self._exporter, *self._tellers)

    def wake(self) -> None:
        """Have whatever was written be sent at once, and shown on Home soon."""
        wake(self.sender, self._refresher, *self._workers, *self._tellers)

    async def begin(self) -> None:
        """Keep where the workspace is, and when everything that comes round is next."""
        await self.deps.database.write(self.team, partial(_begin, deps=self.deps))

    def work(self) -> list[Coroutine[Any, Any, None]]:
        """Return all that is to run, side by side."""
        deps, team = self.deps, self.team
        others = [Keeper(deps, team), schedules.Ticker(deps, team), roster.Learner(deps, team)]
        every: list[Sender | Refresher | Reader | Worker | Teller]
        every = [self.sender, self._refresher, self.reader, *others, *self._workers, *self._tellers]
        return [roster.learn(deps, team=team), *(each.run() for each in every)]


def _begin(session: Session, *, deps: Deps) -> None:
    settings.change(session, address=deps.address or None)
    agenda.keep(session, deps.agenda, now=deps.now())


def wake(*sleepers: Sender | Refresher | Worker | Teller) -> None:
    """Wake all of them."""
    for sleeper in sleepers:
        sleeper.wake()
