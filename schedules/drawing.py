"""The picture of the trend, in the thread of a weekly round's result once that is in Slack."""

import asyncio
import logging
from functools import partial

from sqlmodel import Session

from bot import attachments, settings, wholes
from bot.answers import Kind as Outcome
from bot.aside import aside
from bot.attachments import Thread
from bot.blocks import kit, trend
from bot.blocks.trend import Trend
from bot.pictures import trend as drawn
from bot.questions import bank
from bot.rounds import Kind, Round
from bot.uploads import File, share
from bot.waiting import to_its_end
from schedules.worker import Worker

log = logging.getLogger(__name__)

BUSY_SECONDS = 0.5  # while a result is on its way to Slack


def in_words(session: Session, closed: Round) -> list[kit.Block]:
    """What the picture of this round will show, for its result to say; none for a single question.

    Where the picture is dropped, nothing is lost.
    """
    return trend.note(_trend(session)) if closed.kind == Kind.WEEKLY else []


def _trend(session: Session) -> Trend | None:
    mission = bank().mission.slug
    weekly = wholes.last(session, Kind.WEEKLY, mission, most=trend.MOST)
    return trend.of_mission(weekly, zone=settings.of_team(session).zone)


def _look(session: Session) -> tuple[Thread | None, Trend | None]:
    thread = attachments.waiting(session)
    return thread, _trend(session) if thread and thread.ts else None


class Drawer(Worker):
    """Draws the picture of the latest result and shares it, at most once.

    Whatever goes wrong once it was begun, also the end of this process, it is not begun again.
    """

    name = "a picture"

    async def work(self) -> float:
        """Share what is to be shared."""
        return BUSY_SECONDS if await self.draw_next() else self.looks_again

    async def draw_next(self) -> bool:
        """Share the picture of the latest result; say whether that is on its way to Slack yet."""
        thread, found = await self.deps.database.read(self.team, _look)
        if thread is None:
            return False
        if thread.channel is None or thread.ts is None:
            return True
        file = await self._drawn(found, thread.cause) if found else None
        await to_its_end(self._share(file, thread.cause, channel=thread.channel, ts=thread.ts))
        return False

    async def _drawn(self, found: Trend, cause: str) -> File | None:
        drawing = aside(drawn, trend.TITLE, found.rounds, [found.series])
        (picture,) = await asyncio.gather(drawing, return_exceptions=True)
        if isinstance(picture, BaseException):  # the next time would be no better
            log.error("drawing %s failed: %s", cause, type(picture).__name__, exc_info=picture)
            return None
        return File(picture.png, trend.FILE, trend.TITLE, picture.words, trend.COMMENT)

    async def _share(self, file: File | None, cause: str, *, channel: str, ts: str) -> None:
        begin = partial(attachments.begin, cause=cause, now=self.deps.now())
        if not await self.deps.database.write(self.team, begin) or file is None:
            return
        answer = await share(self.deps.slack, file, channel=channel, ts=ts)
        if answer.kind is not Outcome.TAKEN:
            log.warning("the picture of %s is left out: %s", cause, answer.error)
