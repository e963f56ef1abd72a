"""When somebody answers, comments, asks what is open, or what the answers say."""

from datetime import datetime

from sqlmodel import Session

from bot import ballot, due, roster, rounds, teams
from bot.ballot import ClosedError
from bot.blocks import kit
from bot.blocks import pulse as blocks
from bot.blocks import results as result_blocks
from bot.errors import UserError
from bot.outbox import Message
from bot.rounds import Kind
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear the command, its words, the buttons of the questions, and the comment's form."""
    routes.commands["pulse"] = pulse
    for action in blocks.ANSWERS:
        routes.actions[action] = answer
    routes.actions[blocks.CHANGE] = change
    routes.actions[blocks.COMMENT] = open_comment
    routes.views[blocks.COMMENT] = comment


async def pulse(request: Request) -> None:
    """Do what the first word says; without one, show what is open."""
    word = request.words.split(maxsplit=1)[0].casefold() if request.words else ""
    listener = WORDS.get(word)
    if listener is None:
        raise UserError(f"I do not know that word. {_ways()}")
    await listener(request)


def _ways() -> str:
    return "After it you can write: " + ", ".join(word for word in WORDS if word) + "."


async def show_open(request: Request) -> None:
    """Show what is open for who asks."""

    def query(session: Session) -> Message:
        zone = roster.zone_of(session, request.user)
        waiting = rounds.open_for(session, request.user, now=request.now)
        if not waiting:
            return blocks.nothing_open(_next_at(session), zone=zone)
        first = ballot.of_person(session, waiting[0], person=request.user)
        return blocks.card(first, zone=zone)

    await request.say(await request.read(query))


def _next_at(session: Session) -> datetime | None:
    date = due.date_of(session, "pulse")
    return date.at if date else None


async def answer(request: Request) -> None:
    """Store one answer; the message that was tapped shows that it is recorded, never what."""
    round_id, question, point = blocks.chosen(request.value)

    def store(session: Session) -> Message:
        stored = ballot.answer(
            session,
            round_id,
            person=request.user,
            question=question,
            point=point,
            now=request.now,
        )
        return blocks.card(stored, zone=roster.zone_of(session, request.user))

    try:
        await request.replace(await request.write(store))
    except ClosedError as error:
        raise await _with_the_next(request) from error


async def _with_the_next(request: Request) -> UserError:
    def query(session: Session) -> str:
        return blocks.closed(_next_at(session), zone=roster.zone_of(session, request.user))

    return UserError(await request.read(query))


async def change(request: Request) -> None:
    """Show the choices of an answered question again."""
    round_id, question = blocks.to_change(request.value)

    def query(session: Session) -> Message:
        asked = ballot.must_be_open(session, round_id, person=request.user, now=request.now)
        mine = ballot.of_person(session, asked, person=request.user)
        zone = roster.zone_of(session, request.user)
        return blocks.card(mine, zone=zone, again=[question])

    try:
        await request.replace(await request.read(query))
    except ClosedError as error:
        raise await _with_the_next(request) from error


async def open_comment(request: Request) -> None:
    """Open the form for the comment."""
    round_id = blocks.about(request.value)

    def query(session: Session) -> kit.View:
        asked = ballot.must_be_open(session, round_id, person=request.user, now=request.now)
        words = ballot.comment_of(session, asked, person=request.user)
        return blocks.comment_form(ballot.of_person(session, asked, person=request.user), words)

    await request.open(await request.read(query))


async def comment(request: Request) -> None:
    """Store the comment."""
    round_id, words = blocks.read_comment_form(request.view)
    await request.write(
        lambda session: ballot.comment(
            session, round_id, person=request.user, words=words, now=request.now
        )
    )


async def results(request: Request) -> None:
    """Show what the last round says: the whole to everybody, their team's to who is in it."""

    def query(session: Session) -> Message:
        closed = next(iter(rounds.counted(session, Kind.WEEKLY, most=1)), None)
        if closed is None:
            return kit.sentence("No round has been counted yet.")
        zone = roster.zone_of(session, request.user)
        whole = result_blocks.summary(closed, zone=zone)
        team = teams.reports_in(session, person=request.user)
        if team is None:
            return whole
        theirs = result_blocks.of_team(closed, str(team.id), name=team.name)
        return kit.message(whole["text"], *whole["blocks"], kit.divider(), *theirs["blocks"])

    await request.say(await request.read(query))


WORDS = {"": show_open, "results": results}
