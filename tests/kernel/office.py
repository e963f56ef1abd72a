"""An outbox with its sender, sending only when told, at a time that stands still."""

from collections.abc import Callable
from typing import Any, TypeVar

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot import outbox, roster
from bot.db import Database
from bot.deps import Deps
from bot.outbox import Address, OutboxRow, Post, Status
from bot.playground.server import FakeSlack
from bot.sender import Sender
from handlers.outbox import tell_concerned
from tests.kernel.hand import Hand
from tests.support import BEN, KUDOS, TEAM

Found = TypeVar("Found")

STEP = 0.25  # seconds, the shortest pause of the sender
LONG = 12  # seconds from which on a second more or less is the same


class Office:
    """Posts and sends as the bot does, by the hand's clock."""

    def __init__(self, database: Database, slack: FakeSlack, hand: Hand) -> None:
        self.database = database
        self.slack = slack
        self.hand = hand
        self._timeout = aiohttp.ClientTimeout(total=0.5)

    async def __aenter__(self) -> "Office":
        self._session = aiohttp.ClientSession(timeout=self._timeout)
        client = AsyncWebClient(
            token=self.slack.bot_token,
            base_url=self.slack.api_url,
            session=self._session,
            retry_handlers=[],
        )
        self.deps = Deps(self.database, self.hand.now, client)
        self.sender = self.new_sender()
        await self.write(lambda session: roster.remember(session, self.slack.workspace.people()))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    def new_sender(self) -> Sender:
        """Another sender, as another process has one."""
        return Sender(self.deps, TEAM, notice=tell_concerned)

    async def write(self, work: Callable[[Session], Found]) -> Found:
        return await self.database.write(TEAM, work)

    async def post(self, *causes: str, lane: str | None = KUDOS, **more: Any) -> None:
        """Have a message posted whose text is its cause."""
        address = Address(lane, route="recognition_channel", owner=BEN)
        posts = [Post(cause, address, {"text": cause}, **more) for cause in causes]
        await self.write(lambda session: outbox.post(session, *posts, now=self.hand.now()))

    async def revise(self, cause: str, words: str) -> None:
        await self.write(lambda session: outbox.revise(session, cause, {"text": words}))

    async def take_back(self, cause: str, words: str) -> None:
        await self.write(lambda session: outbox.take_back(session, cause, {"text": words}))

    async def show(self, cause: str, words: str = "") -> None:
        address = Address(KUDOS, route="recognition_channel", owner=BEN)
        post = Post(cause, address, {"text": words or cause})
        await self.write(lambda session: outbox.show(session, post, now=self.hand.now()))

    async def send(self, *senders: Sender) -> None:
        """Send all that is due at this moment."""
        for sender in senders or (self.sender,):
            while True:
                await sender.send_due()
                if not await sender.finish():
                    break

    async def send_for(self, seconds: float) -> None:
        """Let time go by, sending whenever something is due."""
        await self.send()
        step = STEP if seconds < LONG else 1
        for _ in range(round(seconds / step)):
            self.hand.move(step)
            await self.send()

    async def row(self, cause: str) -> OutboxRow:
        def query(session: Session) -> OutboxRow:
            return session.exec(select(OutboxRow).where(OutboxRow.cause == cause)).one()

        return await self.database.read(TEAM, query)

    async def status(self, cause: str) -> Status:
        return Status((await self.row(cause)).status)

    def texts(self, channel: str = KUDOS) -> list[str]:
        """What stands in a channel, in its order."""
        return [str(message["text"]) for message in self.slack.messages(channel)]

    def told(self, person: str) -> list[str]:
        """What was said to a person in direct messages."""
        return [str(message["text"]) for message in self.slack.dm(person)]

    def calls(self, method: str) -> int:
        """How often Slack took a call of this method."""
        return sum(call["method"] == method for call in self.slack.calls)
