"""When whoever runs Truenorth has somebody erased: asked twice, done at once, and receipted."""

import asyncio
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from sqlmodel import Session

from bot import decisions, docket, erasing, migrate, pseudonym, standing, tenancy, whole
from bot.config import Settings
from bot.db import Database
from bot.erasing import Erased
from bot.errors import NotSaved, Unconfirmed
from bot.fates import FATES
from bot.outbox import Post
from bot.pseudonym import SLACK_ID, Somebody
from bot.recognitions import Recognition
from bot.rituals import recognition, story
from bot.stories import Story
from handlers import corrections
from handlers import recognition as recognition_handlers
from handlers import story as story_handlers
from handlers.corrections import Forgotten
from handlers.decision import show_at
from handlers.reviewing import miss_nobody_at

PATIENCE = 3600.0  # seconds; nobody waits for it in Slack
AGAIN_SECONDS = 1.0  # until the index is renewed again, where Truenorth renews it as well

Forget = Callable[[Database, str], Awaitable[None]]
Now = Callable[[], datetime]


@dataclass(frozen=True)
class Asked:
    """Who is to be erased, where, without being asked again or not, and where the receipt goes."""

    person: str
    team: str | None = None
    sure: bool = False
    receipt: Path | None = None


class _Rehearsed(Exception):  # noqa: N818 - it undoes what was tried, and nothing went wrong
    def __init__(self, done: Erased) -> None:
        super().__init__()
        self.done = done


def erase(session: Session, person: str, *, now: datetime) -> Erased:
    """Erase somebody from the bound team, and have Slack show what others see without them."""
    who = Somebody(person, pseudonym.new())
    stale, concerned = erasing.waiting_to_show(session), erasing.decisions_of(session, who)
    withdrawn, may_stand = Counter[str](), list[Post]()
    for kind, posts in _withdraw(session, who, now):
        withdrawn[kind] += 1
        may_stand += posts
    done = erasing.erase(session, who, now=now)
    done.emptied += withdrawn
    for one in concerned:
        show_at(session, standing.of(session, decisions.must_be_there(session, one)), now=now)
    for stands in docket.answered_for(session, who.instead):
        miss_nobody_at(session, stands, now=now)
    session.flush()
    done.unknown = len(may_stand)
    done.reworded = erasing.waiting_to_show(session) - stale
    return done


def _withdraw(
    session: Session, who: Somebody, now: datetime
) -> Iterator[tuple[str, Sequence[Post]]]:
    """Withdraw what they gave and told; yield the kind of each, and what may still show it."""
    for one in erasing.standing_records(session, Recognition, who):
        given = recognition.withdraw(session, recognition_id=one, by=who.id, now=now)
        posts = list(recognition_handlers.messages(given.given))
        forgotten = Forgotten(given.given.recognition, "", posts)
        yield Recognition.KIND, corrections.take_back(session, forgotten)
    for one in erasing.standing_records(session, Story, who):
        told = story.withdraw(session, story_id=one, by=who.id, now=now).told
        posts = list(story_handlers.messages(told))
        yield Story.KIND, corrections.take_back(session, Forgotten(told.story, "", posts))


async def run(chosen: Settings, asked: Asked, *, forget: Forget, now: Now) -> int:
    """Say what will be erased, ask, do it, and give a receipt; return the exit code."""
    try:
        _check(chosen, asked)
        database = Database.open(chosen.database_url)
        try:
            return await _run(database, asked, forget, now())
        finally:
            database.close()
    except (NotSaved, Unconfirmed) as error:
        print(error, file=sys.stderr)
        return 1


def _check(chosen: Settings, asked: Asked) -> None:
    if not SLACK_ID.fullmatch(asked.person):
        raise NotSaved("Nothing was erased: name the person by the id in Slack, like U0123ABCD.")
    if chosen.database_path is not None and not chosen.database_path.is_file():
        raise NotSaved(f"Nothing was erased: {chosen.database_path} is not there.")
    if asked.receipt is not None:
        whole.must_be_new(asked.receipt)


async def _run(database: Database, asked: Asked, forget: Forget, now: datetime) -> int:
    with database.readers.connect() as connection:
        if not migrate.is_latest(connection):
            raise NotSaved("Another version made this database. Start this one on it once before.")
        teams = [one for one in tenancy.teams(connection) if asked.team in (None, one)]
    if asked.team and not teams:
        raise NotSaved(f"Nothing was erased: there is no workspace {asked.team} here.")
    found = [(team, await _rehearsed(database, team, asked.person, now)) for team in teams]
    named = [(team, plan) for team, plan in found if not plan.is_nothing]
    if not named:
        print(f"Nothing names {asked.person} any more. Looking after what may be left of before.")
    elif not _is_meant(asked, named):
        print("Nothing was erased.", file=sys.stderr)
        return 1
    receipt = [
        _receipt(await _write(database, team, asked.person, now), team, "was") for team, _ in named
    ]
    for team in teams:
        await _forgotten(database, team, forget)
    await database.forget_erased(*FATES)
    _give(receipt, asked, now)
    return 0


async def _rehearsed(database: Database, team: str, person: str, now: datetime) -> Erased:
    """Return what would be done, by doing it and undoing it."""

    def try_it(session: Session) -> None:
        raise _Rehearsed(erase(session, person, now=now))

    try:
        await database.write(team, try_it, patience=PATIENCE, alone=True)
    except _Rehearsed as tried:
        return tried.done
    raise AssertionError("a rehearsal always ends so")


async def _write(database: Database, team: str, person: str, now: datetime) -> Erased:
    work = partial(erase, person=person, now=now)
    return await database.write(team, work, patience=PATIENCE, alone=True)


def _is_meant(asked: Asked, named: Sequence[tuple[str, Erased]]) -> bool:
    for team, plan in named:
        print(_receipt(plan, team, "will be"))
        if plan.is_here:
            print(HERE)
    if asked.sure:
        return True
    print(f"This cannot be undone. Type {asked.person} again to erase it: ", end="", flush=True)
    return sys.stdin.readline().strip() == asked.person


async def _forgotten(database: Database, team: str, forget: Forget) -> None:
    while True:
        try:
            return await forget(database, team)
        except RuntimeError:  # Truenorth renews the index just now
            await asyncio.sleep(AGAIN_SECONDS)


def _give(receipt: Sequence[str], asked: Asked, now: datetime) -> None:
    told = "\n".join([f"{now:%Y-%m-%d %H:%M} UTC", *receipt, STAYS])
    print(told)
    if asked.receipt is not None:
        with whole.made(asked.receipt) as place:
            place.write_text(f"{told}\n")
        print(f"The receipt is in {asked.receipt}.")


HERE = """\
  Their account is active in Slack. Truenorth goes on hearing of it from there, id, name and time
  zone, as of somebody new. Deactivate it first to keep it from that."""
STAYS = """What stays: what others wrote, where it does not name the account; what was decided, \
without the name; the figures and comments of closed rounds of the pulse, in which nobody can be \
found; backups and exports made before, and what Slack itself keeps."""


def _receipt(done: Erased, team: str, will: str) -> str:
    """Say what was done, or will be, without saying to whom."""
    lines = [
        f"In {team}, one person {will} erased:",
        _counted("deleted", done.deleted),
        _counted("kept, their words erased", done.emptied),
        _counted("kept, the name taken out of", done.unnamed),
        f"  messages that Slack shows otherwise then: {done.reworded:,}",
        f"  direct messages to them, which stay in Slack for them alone: {done.to_them:,}",
    ]
    if done.unknown:
        said = f"  messages of which Slack never said whether they arrived: {done.unknown:,}"
        lines.append(f"{said}, which may still be seen there")
    return "\n".join(lines)


def _counted(what: str, rows: Counter[str]) -> str:
    each = ", ".join(f"{name} {count:,}" for name, count in sorted(rows.items()))
    return f"  {what}: {each or 'nothing'}"
