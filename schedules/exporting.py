"""Files that somebody asked for: shared with them once the message that announces them is there."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlmodel import Session

from bot import attachments, cards, decisions, outbox, roster, settings, standing
from bot.answers import Answer, Kind
from bot.attachments import Thread
from bot.blocks import exports, madr
from bot.decisions import Decision
from bot.errors import NotSaved
from bot.outbox import Message
from bot.uploads import File, share
from bot.waiting import to_its_end
from schedules.packing import pack
from schedules.worker import Worker

log = logging.getLogger(__name__)

FORGOTTEN = timedelta(days=1)  # what could not be shared until then was asked for in vain
UNHEARD_OF = timedelta(minutes=10)  # far more than it takes: whoever shared it died of something


def decision_of(session: Session, decision_id: int, *, person: str) -> Decision | None:
    """Return the decision as long as the person can see it."""
    found = decisions.by_id(session, decision_id)
    return found if found and decisions.can_see(session, found, by=person) else None


def decision_file(session: Session, decision_id: int, person: str) -> Sequence[File]:
    """Return a decision's file; none where the person may not see it any more."""
    decision = decision_of(session, decision_id, person=person)
    if decision is None:
        return []
    card = cards.for_reader(session, standing.of(session, decision), person)
    names = roster.names(session, [*card.stands.people, *(g.person for g in card.stands.gates)])
    zone = settings.of_team(session).zone
    content = madr.document(card, names, zone=zone).encode()
    return [File(content, madr.file_name(decision), f"Decision {decision.name}")]


class Exporter(Worker):
    """Shares what was asked for at most once; whatever goes wrong then is said and not repeated."""

    name = "exporting"

    async def work(self) -> float:
        """Share what is to be shared."""
        while (thread := await self._next()) is not None:
            await self._share(thread)
        return self.looks_again

    async def _next(self) -> Thread | None:
        since = self.deps.now() - FORGOTTEN
        return await self.deps.database.read(
            self.team, partial(attachments.first_export, since=since)
        )

    async def _share(self, thread: Thread) -> None:
        files = await self._made(thread)
        await to_its_end(self._hand_over(thread, files))

    async def _hand_over(self, thread: Thread, files: Sequence[File] | None) -> None:
        if not await self.deps.database.write(self.team, partial(self._begin, thread=thread)):
            return
        answer = Answer(Kind.NOBODY_KNOWS, "cut off") if files else Answer(Kind.NEVER, "not made")
        try:
            if files:
                answer = await share(self.deps.slack, *files, channel=str(thread.channel))
        finally:
            how = Kind.TAKEN if files == [] else answer.kind
            if how is not Kind.TAKEN:
                log.warning("the file of %s is left out: %s", thread.cause, answer.error)
            end = partial(self._end, thread=thread, how=how)
            await self.deps.database.write(self.team, end)

    def _begin(self, session: Session, *, thread: Thread) -> bool:
        """Begin it, and have the person told should nobody ever hear of its end."""
        now = self.deps.now()
        if not attachments.begin(session, thread.cause, now=now):
            return False
        _, person = attachments.export_of(thread.cause)
        message = self._did_not_come(session, thread, unknown=True)
        told = outbox.direct(attachments.trouble_cause(thread.cause), person, message)
        outbox.post(session, replace(told, send_after=now + UNHEARD_OF), now=now)
        return True

    def _end(self, session: Session, *, thread: Thread, how: Kind) -> None:
        cause = attachments.trouble_cause(thread.cause)
        message = self._did_not_come(session, thread, unknown=how is Kind.NOBODY_KNOWS)
        if how is Kind.TAKEN:
            outbox.take_back(session, cause, message)
        else:
            session.info["outgoing"] = True  # also where it says the same
            outbox.revise(session, cause, message, not_before=self.deps.now())

    def _did_not_come(self, session: Session, thread: Thread, *, unknown: bool) -> Message:
        decision_id, person = attachments.export_of(thread.cause)
        decision = decision_of(session, decision_id, person=person) if decision_id else None
        return exports.did_not_come(decision, unknown=unknown)

    async def _made(self, thread: Thread) -> Sequence[File] | None:
        """What is to be shared; nothing where it may not be seen any more, None where it fails."""
        (files,) = await asyncio.gather(self._files(thread), return_exceptions=True)
        if isinstance(files, NotSaved):  # the next time may be better
            raise files
        if isinstance(files, BaseException):
            log.error("making %s failed: %s", thread.cause, type(files).__name__, exc_info=files)
            return None
        return files

    async def _files(self, thread: Thread) -> Sequence[File]:
        decision_id, person = attachments.export_of(thread.cause)
        if decision_id is None:
            return await pack(self.deps, self.team, person)
        return await self.deps.database.read(
            self.team, partial(decision_file, decision_id=decision_id, person=person)
        )
