"""When somebody asks what is open or what the answers say, or an owner asks everybody."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from bot import ballot, calendar, outbox, own, roster, rounds, settings, teams
from bot.blocks import asking, kit
from bot.blocks import pulse as blocks
from bot.blocks import results as result_blocks
from bot.errors import UserError
from bot.outbox import Message
from bot.rituals import pulse as pulse_rules
from bot.rituals.pulse import Opened
from handlers.request import Request
from handlers.routes import Routes

EARLIER = 5  # rounds of which it is told when their keys were destroyed


def register(routes: Routes) -> None:
    """Hear the command, its words, the buttons of the questions, and the comment's form."""
    routes.commands["pulse"] = pulse
    routes.actions[asking.PRIVACY] = show_privacy
    routes.actions[result_blocks.COMMENTS] = open_comments
    routes.views[blocks.QUESTIONS] = choose_questions


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
            return blocks.nothing_open(calendar.announced(session), zone=zone)
        first = ballot.of_person(session, waiting[0], person=request.user)
        return asking.card(first, zone=zone)

    await request.say(await request.read(query))


async def results(request: Request) -> None:
    """Show what the last round says: the whole to everybody, their team's to who is in it."""
    await request.say(await request.read(lambda session: _results(session, request)))


def _results(session: Session, request: Request) -> Message:
    closed = next(iter(rounds.without_key(session, most=1)), None)
    if closed is None:
        return kit.sentence("No round has been counted yet.")
    comments = len(rounds.comments_of(session, closed.id))
    more = [result_blocks.comments_button(closed, comments)] if comments else []
    team = teams.reports_in(session, person=request.user)
    led = teams.teams_led_by(session, person=request.user)
    others = [team] if team and team.id not in {one.id for one in led} else []
    for one in [*led, *others]:
        theirs = result_blocks.of_team(closed, str(one.id), called=one.name)
        more += [kit.divider(), *theirs["blocks"]]
    zone = roster.zone_of(session, request.user)
    return result_blocks.summary(closed, zone=zone, more=more)


async def open_comments(request: Request) -> None:
    """Show the comments of a round that is closed."""
    round_id = asking.about(request.value)

    def query(session: Session) -> kit.View:
        closed = rounds.by_id(session, round_id)
        if closed is None:
            raise UserError("This round is not here any more.")
        return result_blocks.comments(closed, rounds.comments_of(session, round_id))

    await request.open(await request.read(query))


async def privacy(request: Request) -> None:
    """Show what is stored about who asks, and since when nothing leads from earlier answers."""
    await request.say(await request.read(lambda session: _privacy(session, request)))


async def show_privacy(request: Request) -> None:
    """The same from what asks, which stays as it is; over a form it is one more to read."""
    told = await request.read(lambda session: _privacy(session, request))
    if "view" in request.body:
        await request.open(blocks.privacy_notice(told))
    else:
        await request.whisper(told)


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
        chosen, people = settings.of_team(session), len(opened.invited)
        has_channel = chosen.updates_channel is not None
        return blocks.opened(opened.round, people=people, zone=chosen.zone, has_channel=has_channel)

    said = await request.once(begin)
    await request.say(said or kit.sentence("Everybody is being asked already."))


async def open_questions(request: Request) -> None:
    """Open the form for the owners' own questions."""

    def query(session: Session) -> kit.View:
        roster.must_be_owner(session, request.user)
        return blocks.questions_form(own.in_use(session))

    await request.open(await request.read(query))
    await request.ack()


async def choose_questions(request: Request) -> None:
    """Save the owners' own questions."""
    lines, who = blocks.read_questions_form(request.view), request.user
    await request.once(lambda session: own.choose(session, lines, by=who, now=request.now))


async def show_help(request: Request) -> None:
    """Show what can be written after the command."""
    await request.say(kit.ways("Ways to use the pulse", blocks.HELP))


WORDS = {
    "": show_open,
    "results": results,
    "privacy": privacy,
    "now": open_now,
    "ask": ask_everybody,
    "questions": open_questions,
    "help": show_help,
}
