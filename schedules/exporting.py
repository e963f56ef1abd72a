"""Decisions that somebody asked for as a file: shared with them once their message is there."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from bot import attachments, cards, decisions, roster, standing
from bot.answers import Kind
from bot.attachments import Thread
from bot.blocks import madr
from bot.uploads import File, share
from schedules.worker import Worker

log = logging.getLogger(__name__)

FORGOTTEN = timedelta(days=1)  # what could not be shared until then was asked for in vain


@dataclass(frozen=True)
class Export:
    """A file, and the message of the person whom it is for."""

    thread: Thread
    file: File | None


def look(session: Session, now: datetime) -> Export | None:
    """Return the first file that is to be shared; without one where it may not be seen any more."""
    thread = attachments.first_export(session, since=now - FORGOTTEN)
    if thread is None:
        return None
    decision_id, person = attachments.export_of(thread.cause)
    decision = decisions.by_id(session, decision_id)
    if decision is None or not decisions.can_see(session, decision, by=person):
        return Export(thread, None)
    card = cards.for_reader(session, standing.of(session, decision), person)
    names = roster.names(session, [*card.stands.people, *(g.person for g in card.stands.gates)])
    content = madr.document(card, names).encode()
    return Export(thread, File(content, madr.file_name(decision), f"Decision {decision.name}"))


class Exporter(Worker):
    """Shares each file at most once; whatever goes wrong once it was begun, it is not repeated."""

    name = "exporting"

    async def work(self) -> float:
        """Share what is to be shared."""
        while (export := await self._next()) is not None:
            await self._share(export)
        return self.looks_again

    async def _next(self) -> Export | None:
        return await self.deps.database.read(self.team, partial(look, now=self.deps.now()))

    async def _share(self, export: Export) -> None:
        thread = export.thread
        begin = partial(attachments.begin, cause=thread.cause, now=self.deps.now())
        if not await self.deps.database.write(self.team, begin) or export.file is None:
            return
        answer = await share(self.deps.slack, export.file, channel=str(thread.channel))
        if answer.kind is not Kind.TAKEN:
            log.warning("the file of %s is left out: %s", thread.cause, answer.error)
