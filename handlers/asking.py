"""When somebody answers, changes an answer, or comments."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import ballot, calendar, roster, rounds
from bot.ballot import Ballot, ClosedError
from bot.blocks import asking, kit
from bot.blocks import pulse as blocks
from bot.errors import UserError
from bot.outbox import Message, OutboxRow
from handlers import home
from handlers.request import Request
from handlers.routes import Routes

Shown = tuple[Ballot, ZoneInfo]  # what is shown to one person, and where they live


def register(routes: Routes) -> None:
    """Hear the buttons of the questions, and the comment's form."""
    for action in asking.ANSWERS:
        routes.actions[action] = answer
    routes.actions[asking.CHANGE] = change
    routes.actions[asking.OPEN] = open_form
    routes.actions[asking.COMMENT] = open_comment
    routes.views[asking.COMMENT] = comment


async def answer(request: Request) -> None:
    """Store one answer; the message that was tapped shows that it is recorded, never what."""
    round_id, question, point = asking.chosen(request.value)

    def store(session: Session) -> Shown:
        stored = ballot.answer(
            session,
            round_id,
            person=request.user,
            question=question,
            point=point,
            now=request.now,
        )
        return stored, roster.zone_of(session, request.user)

    try:
        await _show(request, await request.write(store))
    except ClosedError as error:
        raise await _with_the_next(request) from error
    if "view" in request.body:  # an answer leaves no trace by which Home, below it, would follow
        await home.publish(request)


async def _show(request: Request, shown: Shown, *, again: Sequence[str] = ()) -> None:
    """Show the questions as they are now where they were tapped: in the message or the form."""
    mine, zone = shown
    if "view" in request.body:
        await request.change_form(asking.form(mine, zone=zone, again=again))
    else:
        await request.replace(asking.card(mine, zone=zone, again=again))


async def _with_the_next(request: Request) -> UserError:
    def query(session: Session) -> str:
        return blocks.closed(
            calendar.announced(session), zone=roster.zone_of(session, request.user)
        )

    return UserError(await request.read(query))


async def change(request: Request) -> None:
    """Show the choices of an answered question again."""
    round_id, question = asking.to_change(request.value)

    try:
        shown = await request.read(lambda session: _mine(session, request, round_id))
        await _show(request, shown, again=[question])
    except ClosedError as error:
        raise await _with_the_next(request) from error


def _mine(session: Session, request: Request, round_id: int) -> Shown:
    asked = ballot.must_be_open(session, round_id, person=request.user, now=request.now)
    mine = ballot.of_person(session, asked, person=request.user)
    return mine, roster.zone_of(session, request.user)


async def open_form(request: Request) -> None:
    """Show the questions in a form, where there is no message to tap."""
    round_id = asking.about(request.value)
    try:
        mine, zone = await request.read(lambda session: _mine(session, request, round_id))
    except ClosedError as error:
        raise await _with_the_next(request) from error
    await request.open(asking.form(mine, zone=zone))


async def open_comment(request: Request) -> None:
    """Open the form for the comment."""
    round_id = asking.about(request.value)

    def query(session: Session) -> kit.View:
        asked = ballot.must_be_open(session, round_id, person=request.user, now=request.now)
        words = ballot.comment_of(session, asked, person=request.user)
        return asking.comment_form(ballot.of_person(session, asked, person=request.user), words)

    await request.open(await request.read(query))


async def comment(request: Request) -> None:
    """Store the comment."""
    round_id, words = asking.read_comment_form(request.view)
    await request.write(
        lambda session: ballot.comment(
            session, round_id, person=request.user, words=words, now=request.now
        )
    )


def as_it_stands(session: Session, row: OutboxRow, now: datetime) -> Message | None:
    """Return what a message says that is sent now: one that asks, where its person stands.

    None where there is nothing to ask any more: the round is over, all of it is answered, or
    whoever was to be reminded takes part. So answering changes nothing in the outbox. None as well
    where it is to somebody who belongs to another organisation by now; what they got before is
    still taken back.
    """
    known = roster.person(session, str(row.lane)) if row.ts is None else None
    if known is not None and known.is_external:
        return None
    found = rounds.to_people(row.cause)
    if found is None:
        return row.message
    (round_id, reminds), person = found, str(row.lane)
    asked = rounds.must_be_there(session, round_id)
    if not asked.takes_answers(now):
        return None
    if not ballot.takes_part(session, asked, person=person):
        return row.message
    mine = ballot.of_person(session, asked, person=person)
    if reminds or mine.is_complete:
        return None
    return asking.card(mine, zone=roster.zone_of(session, person))
