"""What somebody asks of Truenorth, and the ways to answer."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import aiohttp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

from bot import inbound
from bot.blocks import kit
from bot.deps import Deps
from bot.errors import UserError
from bot.outbox import Message

log = logging.getLogger(__name__)

T = TypeVar("T")

OPENING_SECONDS = 2.0  # what a form may take to open, of the three that Slack waits
BESIDES_SECONDS = 0.7  # what is done while somebody still waits for the answer to their form


@dataclass(frozen=True)
class Request:
    """One command, click, submission or event, and how to answer it."""

    deps: Deps
    team: str
    body: dict[str, Any]
    ack: AsyncAck
    now: datetime
    words: str = ""

    @property
    def user(self) -> str:
        """Who asks."""
        user = self.body.get("user_id") or self.body.get("user") or self.event.get("user")
        return str(user["id"] if isinstance(user, dict) else user)

    @property
    def event(self) -> dict[str, Any]:
        """The event, empty for anything else."""
        return dict(self.body.get("event") or {})

    @property
    def view(self) -> dict[str, Any]:
        """The form that was submitted, or in which something was chosen."""
        if "view" not in self.body:
            raise UserError("This belongs into a form, so nothing was changed.")
        return dict(self.body["view"])

    @property
    def is_on_home(self) -> bool:
        """Whether something on Home was clicked."""
        return (self.body.get("view") or {}).get("type") == "home"

    @property
    def value(self) -> str:
        """What the clicked button, or the option chosen from its menu, is about."""
        action = self.body["actions"][0]
        return str(action.get("value") or (action.get("selected_option") or {}).get("value") or "")

    @property
    def answer_to(self) -> str | None:
        """Where a click is answered; None where it came from no message, or from none of Slack's.

        What is said there is for one person, so it goes to nobody but Slack.
        """
        url = str(self.body.get("response_url") or "")
        return url if url.startswith(_slacks_own(self.deps.slack)) else None

    @property
    def key(self) -> str:
        """What stays the same when Slack delivers this again."""
        if "view" in self.body and self.body["type"] == "view_submission":
            return f"view:{self.view['id']}:{self.view.get('hash')}"
        return f"trigger:{self.body['trigger_id']}"

    def with_words(self, words: str) -> "Request":
        """Return the same request, saying only this."""
        return replace(self, words=words)

    async def write(self, work: Callable[[Session], T]) -> T:
        """Run the work in one transaction."""
        return await self.deps.database.write(self.team, work)

    async def once(self, work: Callable[[Session], T], *, key: str | None = None) -> T | None:
        """Run the work in one transaction, unless Slack delivered this before."""

        def unless_known(session: Session) -> T | None:
            known = not inbound.first_time(session, key or self.key, at=self.now)
            return None if known else work(session)

        return await self.write(unless_known)

    async def read(self, query: Callable[[Session], T]) -> T:
        """Ask the database."""
        return await self.deps.database.read(self.team, query)

    async def say(self, message: Message) -> BoltResponse:
        """Answer a command so that only the person who asked sees it."""
        return await self.ack(**message)

    async def whisper(self, message: Message) -> None:
        """Tell the person who clicked, and nobody else; the clicked message stays."""
        await self._respond(response_type="ephemeral", replace_original=False, **message)

    async def replace(self, message: Message) -> None:
        """Put this in the place of the message that was clicked."""
        await self._respond(replace_original=True, **message)

    async def _respond(self, **answer: Any) -> None:
        # What the click did is done, whether Slack takes our answer or not.
        url, slack = self.answer_to, self.deps.slack
        if url is None or slack.session is None:
            log.warning("a click came without a way to answer it")
            return
        how: dict[str, Any] = {"proxy": slack.proxy, "ssl": slack.ssl, "allow_redirects": False}
        try:
            async with (
                asyncio.timeout(OPENING_SECONDS),
                slack.session.post(url, json=answer, **how) as taken,
            ):
                trouble = "" if taken.status < 300 else str(taken.status)
        except (aiohttp.ClientError, TimeoutError) as error:
            trouble = type(error).__name__
        if trouble:
            log.warning("Slack did not take the answer to a click: %s", trouble)

    async def open(self, view: kit.View) -> None:
        """Open a form, on top of the one it is asked from; raise UserError where Slack does not."""
        slack, trigger = self.deps.slack, self.body["trigger_id"]
        if (self.body.get("view") or {}).get("type") == "modal":
            call = slack.views_push(trigger_id=trigger, view=view)
        else:
            call = slack.views_open(trigger_id=trigger, view=view)
        try:
            async with asyncio.timeout(OPENING_SECONDS):
                await call
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            raise UserError(
                "Slack did not open the form, so nothing was saved. Please try again."
            ) from error

    async def change_form(self, view: kit.View) -> None:
        """Show the open form like this; what is typed in it stays where the inputs stay.

        A form that changed meanwhile, or was closed, is left as it is: nothing depends on this.
        """
        which = {"view_id": self.view["id"], "hash": self.view["hash"]}
        await self._update(view, which, seconds=OPENING_SECONDS)

    async def change_below(self, view: kit.View) -> None:
        """Show what the form was opened from like this, where it is still there."""
        below = {"view_id": self.view["previous_view_id"]}
        await self._update(view, below, seconds=BESIDES_SECONDS)

    async def _update(self, view: kit.View, which: dict[str, str], *, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.deps.slack.views_update(view=view, **which)
        except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("a form was not changed: %s", type(error).__name__)


def _slacks_own(slack: AsyncWebClient) -> tuple[str, ...]:
    """How every address of Slack's to answer to begins: what comes before ends the host's name."""
    api = urlsplit(slack.base_url)
    host = api.netloc.rpartition("@")[2]
    return "https://hooks.slack.com/", f"{api.scheme}://{host}/", f"{api.scheme}://hooks.{host}/"
