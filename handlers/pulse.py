"""When somebody answers, comments, asks what is open, or what the answers say."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot import ballot, due, outbox, roster, rounds, settings, teams
from bot.ballot import Ballot, ClosedError
from bot.blocks import asking, kit
from bot.blocks import pulse as blocks
from bot.blocks import results as result_blocks
from bot.errors import UserError
from bot.outbox import Message
from bot.rituals import pulse as pulse_rules
from bot.rituals.pulse import Opened
from bot.rounds import Kind
from handlers.request import Request
from handlers.routes import Routes

Shown = tuple[Ballot, ZoneInfo]  # what is shown to one person, and where they live
EARLIER = 5  # rounds of which it is told when their keys were destroyed


def register(routes: Routes) -> None:
    """Hear the command, its words, the buttons of the questions, and the comment's form."""
    routes.commands["pulse"] = pulse
    for action in asking.ANSWERS:
        routes.actions[action] = answer
    routes.actions[asking.CHANGE] = change
    routes.actions[asking.OPEN] = open_form
    routes.actions[asking.COMMENT] = open_comment
    routes.actions[asking.PRIVACY] = show_privacy
    routes.views[asking.COMMENT] = comment


async def pulse(request: Request) -> None:
    """Do what the first word says; without one, show what is open."""
    word = request.words.split(maxsplit=1)[0].casefold() if request.words else ""
    listener = WORDS.get(word)
    if listener is None:
        raise UserError(f"I do not know that word. {_ways()}")
    await listener(request.with_words("".join(request.words.split(maxsplit=1)[1:])))


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
        return asking.card(first, zone=zone)

    await request.say(await request.read(query))


def _next_at(session: Session) -> datetime | None:
    date = due.date_of(session, "pulse")
    return date.at if date else None


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


async def _show(request: Request, shown: Shown, *, again: Sequence[str] = ()) -> None:
    """Show the questions as they are now where they were tapped: in the message or the form."""
    mine, zone = shown
    if "view" in request.body:
        await request.change_form(asking.form(mine, zone=zone, again=again))
    else:
        await request.replace(asking.card(mine, zone=zone, again=again))


async def _with_the_next(request: Request) -> UserError:
    def query(session: Session) -> str:
        return blocks.closed(_next_at(session), zone=roster.zone_of(session, request.user))

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
        theirs = result_blocks.of_team(closed, str(team.id), called=team.name)
        return kit.message(whole["text"], *whole["blocks"], kit.divider(), *theirs["blocks"])

    await request.say(await request.read(query))


async def privacy(request: Request) -> None:
    """Show what is stored about who asks, and since when nothing leads from earlier answers."""
    await request.say(await request.read(lambda session: _privacy(session, request)))


async def show_privacy(request: Request) -> None:
    """The same from a message that asks, which stays as it is."""
    await request.whisper(await request.read(lambda session: _privacy(session, request)))


def _privacy(session: Session, request: Request) -> Message:
    zone = roster.zone_of(session, request.user)
    waiting = rounds.open_for(session, request.user, now=request.now)
    held = [ballot.held(session, one, person=request.user) for one in waiting]
    return blocks.privacy(held, rounds.without_key(session, most=EARLIER), zone=zone)


async def open_now(request: Request) -> None:
    """Open the week's round now, for an owner."""
    who, now = request.user, request.now
    await _begin(request, lambda session: pulse_rules.open_now(session, by=who, now=now))


async def ask_everybody(request: Request) -> None:
    """Ask everybody one question, for an owner."""
    asked: dict[str, Any] = {"by": request.user, "question": request.words, "now": request.now}
    await _begin(request, lambda session: pulse_rules.ask_everybody(session, **asked))


async def _begin(request: Request, opening: Callable[[Session], Opened]) -> None:
    def begin(session: Session) -> Message:
        opened = opening(session)
        posts = asking.posts(opened.round, opened.invited)
        outbox.post(session, *posts, now=request.now)
        zone = settings.of_team(session).zone
        return blocks.opened(opened.round, people=len(opened.invited), zone=zone)

    said = await request.once(begin)
    await request.say(said or kit.sentence("Everybody is being asked already."))


WORDS = {
    "": show_open,
    "results": results,
    "privacy": privacy,
    "now": open_now,
    "ask": ask_everybody,
}
