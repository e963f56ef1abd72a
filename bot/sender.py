"""Takes messages out of the outbox and into Slack, each exactly once, at Slack's pace."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlmodel import Session

from bot import lanes, latest, outbox
from bot.answers import Answer, Kind, answer_of
from bot.deps import Deps
from bot.errors import NotSaved, Unconfirmed
from bot.lanes import AT_ONCE, Claim
from bot.latest import Wording, as_written
from bot.lookup import find_posted
from bot.outbox import OutboxRow, Status
from bot.waiting import FINISHING_SECONDS, until

log = logging.getLogger(__name__)

T = TypeVar("T")

BREATH_SECONDS = 0.02  # so that a burst of commits costs one look, not one each
LONG_BREATH_SECONDS = 0.1  # while what is there already has to wait for its turn
IDLE_SECONDS = 30.0  # looks again even if nobody woke it
TROUBLE_REST = timedelta(seconds=5)  # lets the database come back
TOKEN_REST = timedelta(minutes=1)
DOUBT_REST = timedelta(seconds=2)  # lets a message that Slack still works on appear
EVENT_TYPE = "truenorth_outbox"

# Called in the transaction that finds a message cannot be posted, to tell those concerned.
Notice = Callable[[Session, OutboxRow, datetime], None]
Conclusion = Callable[[Session, Claim, Answer], None]


class Sender:
    """One paced sender of a team; several, in several processes, share the work."""

    def __init__(
        self, deps: Deps, team: str, *, notice: Notice, wording: Wording = as_written
    ) -> None:
        self.deps, self.team, self.notice = deps, team, notice
        self.holder = secrets.token_hex(8)
        self._claim = partial(latest.claim, holder=self.holder, wording=wording)
        self.on_sent: Callable[[], None] = lambda: None
        self._awake, self._moved = asyncio.Event(), asyncio.Event()
        self._under_way: dict[asyncio.Task[None], str] = {}  # and the lane of each

    def wake(self) -> None:
        """Look for messages at once."""
        self._awake.set()

    def hurry(self) -> None:
        """Look at once, without a breath: the clock was moved, and with it everything's turn."""
        self._moved.set()
        self.wake()

    async def run(self) -> None:
        """Send whatever is due, whenever it is, until cancelled."""
        try:
            while True:
                self._awake.clear()
                self._moved.clear()
                soonest = await self._send_what_can_be()
                rest = self._seconds(soonest, least=0.0, most=IDLE_SECONDS)
                await until(self._awake, rest)
                most = LONG_BREATH_SECONDS if soonest else BREATH_SECONDS
                breath = self._seconds(soonest, least=BREATH_SECONDS, most=most)
                await until(self._moved, breath)
        finally:
            await self.finish(FINISHING_SECONDS)

    async def _send_what_can_be(self) -> datetime | None:
        try:
            return await self.send_due()
        except (NotSaved, Unconfirmed) as error:
            log.warning("the outbox has to wait: %s", error.message)
            return self.deps.now() + TROUBLE_REST

    async def send_due(self) -> datetime | None:
        """Start sending all that is due now; return when something may be due next."""
        starting = asyncio.create_task(self._start_due())
        try:
            return await asyncio.shield(starting)
        except asyncio.CancelledError:
            with suppress(NotSaved, Unconfirmed):  # they would take the cancellation's place
                await starting  # what was claimed is sent, or it would be in doubt later
            raise

    async def _start_due(self) -> datetime | None:
        claims, soonest = await self._write(self._claim_due)
        for claim in claims:
            task = asyncio.create_task(self._send(claim))
            self._under_way[task] = str(claim.row.lane)
            task.add_done_callback(self._done)
        return soonest

    def _claim_due(self, session: Session) -> tuple[list[Claim], datetime | None]:
        # A lease counts on a clock that can jump, so our own calls are known to us besides.
        now, busy = self.deps.now(), list(self._under_way.values())
        claims: list[Claim] = []
        while len(busy) < AT_ONCE:
            claim = self._claim(session, now=now, besides=busy)
            if claim is None:
                return claims, lanes.next_time(session, now=now)
            claims.append(claim)
            busy.append(str(claim.row.lane))
        return claims, None

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self.on_sent()
        self.wake()
        if not task.cancelled() and (error := task.exception()):
            log.error("sending failed: %s", type(error).__name__, exc_info=error)

    def _seconds(self, soonest: datetime | None, *, least: float, most: float) -> float:
        left = (soonest - self.deps.now()).total_seconds() if soonest else most
        return min(max(left, least), most)

    async def finish(self, seconds: float | None = None) -> bool:
        """Wait for the calls under way, for so long at most; say whether there were any.

        What is given up then is in doubt: whoever sends next looks whether it is there.
        """
        under_way = list(self._under_way)
        if under_way:
            _, left = await asyncio.wait(under_way, timeout=seconds)
            for task in left:
                task.cancel()
        return bool(under_way)

    async def _write(self, work: Callable[[Session], T]) -> T:
        return await self.deps.database.write(self.team, work)

    async def _send(self, claim: Claim) -> None:
        steps: dict[str, Callable[[Claim], Awaitable[Callable[[Session], None]]]] = {
            "chat.postMessage": self._post,
            "chat.update": self._update,
            "conversations.history": self._look,
        }
        # Whoever was stopped for a while wakes up where another holds the lane.
        is_ours = self.deps.now() < claim.until
        await self._write(await steps[claim.method](claim) if is_ours else self._untried(claim))

    def _untried(self, claim: Claim) -> Callable[[Session], None]:
        log.warning("message %s: claimed too long ago, and not sent", claim.row.id)
        return lambda session: self._settle(session, claim, status=claim.was)

    async def _post(self, claim: Claim) -> Callable[[Session], None]:
        row = claim.row
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"id": str(row.id)}}
        message = row.message | {"channel": str(row.lane), "thread_ts": row.thread_ts}
        call = self.deps.slack.chat_postMessage(metadata=metadata, unfurl_links=False, **message)
        return self._conclusion(claim, await answer_of(call, to_person=claim.to_person))

    async def _update(self, claim: Claim) -> Callable[[Session], None]:
        row = claim.row
        call = self.deps.slack.chat_update(channel=str(row.channel), ts=str(row.ts), **row.message)
        return self._conclusion(claim, await answer_of(call, to_person=claim.to_person))

    async def _look(self, claim: Claim) -> Callable[[Session], None]:
        found = await find_posted(self.deps.slack, claim.row, event_type=EVENT_TYPE)
        if isinstance(found, Answer):
            return self._after_looking_failed(claim, found)
        if found is None:
            return lambda session: self._settle(session, claim, status=Status.WAITING)
        # Which wording was posted is not known, so show the latest once more.
        return lambda session: self._settle(
            session, claim, status=Status.STALE, channel=found.channel, ts=found.ts
        )

    def _after_looking_failed(self, claim: Claim, answer: Answer) -> Callable[[Session], None]:
        passing = (Kind.SLOW_DOWN, Kind.TRY_AGAIN, Kind.NOBODY_KNOWS, Kind.TOKEN)
        if answer.kind in passing and answer.error != "missing_scope":
            return self._conclusion(claim, answer)
        return lambda session: self._stop(session, claim, answer, status=Status.UNKNOWN)

    def _conclusion(self, claim: Claim, answer: Answer) -> Callable[[Session], None]:
        conclusions: dict[Kind, Conclusion] = {
            Kind.TAKEN: self._taken,
            Kind.SLOW_DOWN: self._slow_down,
            Kind.TRY_AGAIN: self._try_again,
            Kind.NOBODY_KNOWS: self._doubt,
            Kind.CHANNEL: partial(self._stop, status=Status.BLOCKED),
            Kind.PERSON: partial(self._stop, status=Status.REFUSED),
            Kind.TOKEN: self._pause,
            Kind.GONE: partial(self._stop, status=Status.GONE),
            Kind.NEVER: partial(self._stop, status=Status.REFUSED),
        }
        if answer.kind is not Kind.TAKEN:
            log.warning("message %s: %s %s", claim.row.id, claim.method, answer.error)
        return lambda session: conclusions[answer.kind](session, claim, answer)

    def _taken(self, session: Session, claim: Claim, answer: Answer) -> None:
        data = answer.data or {}
        current = outbox.by_id(session, claim.row.id)
        stale = current is not None and current.revision > claim.row.revision
        self._settle(
            session,
            claim,
            status=Status.STALE if stale else Status.SENT,
            shown_revision=claim.row.revision,
            channel=data.get("channel") or claim.row.channel or claim.row.lane,
            ts=data["ts"],
            trouble=None,
        )

    def _slow_down(self, session: Session, claim: Claim, answer: Answer) -> None:
        now = self.deps.now()
        lanes.rest(session, claim.method, until=now + timedelta(seconds=answer.after), now=now)
        self._settle(session, claim, status=claim.was)

    def _try_again(self, session: Session, claim: Claim, answer: Answer) -> None:
        self._settle(session, claim, rest=self._patience(claim), status=claim.was)

    def _doubt(self, session: Session, claim: Claim, answer: Answer) -> None:
        # An update shows the same however often it is made, so only a post is in doubt.
        status = Status.STALE if claim.method == "chat.update" else Status.DOUBTFUL
        rest = max(DOUBT_REST, self._patience(claim))
        self._settle(session, claim, rest=rest, status=status)

    def _stop(self, session: Session, claim: Claim, answer: Answer, *, status: Status) -> None:
        """Try no more, and tell those concerned of what is not in Slack."""
        self._settle(session, claim, status=status, trouble=answer.error)
        current = outbox.by_id(session, claim.row.id)
        if current is not None and current.ts is None:
            self.notice(session, current, self.deps.now())

    def _pause(self, session: Session, claim: Claim, answer: Answer) -> None:
        log.error("Slack refuses the bot's token (%s); nothing is lost, run doctor", answer.error)
        now = self.deps.now()
        for method in lanes.METHOD_PACE:
            lanes.rest(session, method, until=now + TOKEN_REST, now=now)
        self._settle(session, claim, status=claim.was)

    def _patience(self, claim: Claim) -> timedelta:
        return timedelta(seconds=min(2 ** min(claim.row.attempts, 6), 60))

    def _settle(
        self, session: Session, claim: Claim, *, rest: timedelta | None = None, **changes: Any
    ) -> None:
        free_at = self.deps.now() + (rest or lanes.CHANNEL_PACE)
        outbox.settle(session, claim.row, **changes)
        lanes.let_go(session, str(claim.row.lane), holder=self.holder, free_at=free_at)
