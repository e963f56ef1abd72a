"""When Truenorth starts: learn who is here, page by page, while everything else runs."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot import agenda, cards, charter, chores, docket, handover, nudges, outbox, roster, settings
from bot.answers import Kind, answer_of
from bot.blocks import decision as card_blocks
from bot.blocks import mission as blocks
from bot.blocks import nudges as nudge_blocks
from bot.blocks import welcome as welcome_blocks
from bot.deps import Deps
from bot.errors import NotSaved, Unconfirmed
from bot.rituals import welcome
from bot.standing import Standing
from schedules.worker import Worker

log = logging.getLogger(__name__)

PAGE = 200
PATIENCE = 10.0  # seconds before the next try where Slack does not answer


async def learn(deps: Deps, *, team: str) -> None:
    """Load everybody, then tell the owners where there is no mission yet."""
    cursor: str | None = ""
    while cursor is not None:
        page = await _page(deps, cursor)
        users = page.get("members") or []
        await _save(deps, team, partial(_keep, users=users, now=deps.now()))
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
    await _save(deps, team, lambda session: _complete(session, deps))


class Learner(Worker):
    """Loads everybody anew once somebody was erased: whoever is here all the same starts anew."""

    name = "learning who is here"
    looks_again = 30.0

    async def work(self) -> float:
        """Do it where it is asked for."""
        until = await self.deps.database.read(self.team, partial(chores.last, what=chores.LEARN))
        if until is not None:
            await learn(self.deps, team=self.team)
            done = partial(chores.done, what=chores.LEARN, until=until)
            await self.deps.database.write(self.team, done)
        return self.looks_again


def _keep(session: Session, *, users: Sequence[dict[str, Any]], now: datetime) -> None:
    """Keep what Slack says of these users, and welcome who joined while nobody listened."""
    new = welcome.new_among(session, [user["id"] for user in users])
    roster.remember(session, users)
    reached = welcome.reached(session, new, now=now)
    if reached:
        posts = welcome_blocks.posts(charter.must_be_in_force(session), reached)
        outbox.post(session, *posts, now=now)


async def _page(deps: Deps, cursor: str) -> dict[str, Any]:
    while True:
        answer = await answer_of(deps.slack.users_list(limit=PAGE, cursor=cursor or None))
        if answer.kind is Kind.TAKEN and answer.data is not None:
            return answer.data
        log.warning("users.list: %s", answer.error)
        await asyncio.sleep(answer.after or PATIENCE)


async def _save(deps: Deps, team: str, work: Callable[[Session], None]) -> None:
    while True:
        try:
            return await deps.database.write(team, work)
        except (NotSaved, Unconfirmed) as error:  # writing the same twice is harmless
            log.warning("the people here are not saved yet: %s", error.message)
            await asyncio.sleep(PATIENCE)


def _complete(session: Session, deps: Deps) -> None:
    now = deps.now()
    settings.change(session, roster_loaded_at=now)
    agenda.keep(session, deps.agenda, now=now)  # what comes round may wait for somebody to be here
    ask_owners(session, now)
    for stands in docket.left(session, now=now):
        _catch_up(session, stands, now)


def _catch_up(session: Session, stands: Standing, now: datetime) -> None:
    """Do for a decision what was missed while nobody listened to who leaves and who comes back."""
    outbox.show(session, *card_blocks.posts(cards.of(session, stands)), now=now)
    if not (stands.is_driverless and handover.is_asked(session, stands, now=now)):
        handover.follow(session, stands, now=now)
    if stands.decision.driverless_at is not None and not stands.is_driverless:
        for cause in nudges.asked_to_drive(session, stands.decision):
            outbox.take_back(session, cause, nudge_blocks.driven(stands))
    nudges.tell_drivers_home(session, stands, now=now)
    candidates = handover.candidates(session, stands)
    outbox.show(session, *nudge_blocks.asking(stands, candidates, now=now), now=now)


def ask_owners(session: Session, now: datetime) -> None:
    """Tell each owner once what to set up, as long as there is no mission."""
    if charter.in_force(session) is not None:
        return
    for owner in roster.owners(session):
        message = blocks.not_set_up(owner=True, who="")
        post = outbox.direct(f"setup:{owner.slack_id}", owner.slack_id, message)
        outbox.post(session, post, now=now)
