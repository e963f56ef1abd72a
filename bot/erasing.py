"""Everything that names somebody, or that they wrote, dealt with as `bot.fates` says."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Column, Table, Text, cast, delete, select, update
from sqlmodel import Session, SQLModel, col
from sqlmodel import select as select_rows

from bot import chores, fulltext, ledger, outbox, pseudonym, roster
from bot.decisions import DecisionRole
from bot.fates import FATES, Fate
from bot.fulltext import Entry
from bot.kinds import KINDS
from bot.outbox import OutboxRow
from bot.pseudonym import Somebody
from bot.recognitions import Recognition
from bot.responses import respondent
from bot.roster import Person
from bot.rounds import Invitation, Round, RoundKey, Status
from bot.rows import insert_rows
from bot.standing import Answered, Spoken
from bot.stories import Story
from bot.tenancy import current_team


@dataclass
class Erased:
    """What was done in one workspace: in how many rows of each table, and what Slack shows.

    They were a member who `is_here`, so that Slack goes on telling of them.
    `to_them` are the direct messages that stay in their own conversation; `unknown` are messages of
    which Slack never said whether they arrived, so that they may stand for good.
    """

    deleted: Counter[str] = field(default_factory=Counter)
    unnamed: Counter[str] = field(default_factory=Counter)
    emptied: Counter[str] = field(default_factory=Counter)
    is_here: bool = False
    to_them: int = 0
    reworded: int = 0
    unknown: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nothing named them."""
        return not (self.deleted or self.unnamed or self.emptied)


def erase(session: Session, who: Somebody, *, now: datetime) -> Erased:
    """Do to everything of the team what is decided of it, once their records are withdrawn."""
    session.flush()
    known = roster.person(session, who.id)
    is_here = known is not None and known.is_member
    done = Erased(is_here=is_here, to_them=_to_them(session, who))
    _excuse(session, who)
    before = list(_entries(session, who))
    for fate, work in _WORK.items():
        for table, column in _columns(fate):
            work(session, table, column, who, done)
    session.expire_all()
    after = {one.id: one for one in _again(session, before)}
    for entry in before:
        fulltext.change(session, entry, after[entry.id])
    session.info.pop("people", None)
    session.info.pop("team_settings", None)
    if not done.is_nothing:
        ledger.append(session, "person.erased", at=now)
        chores.ask_for(session, chores.LEARN)
    if done.unnamed:
        here = {"slack_id": who.instead, "name": pseudonym.SOMEBODY, "has_left": True}
        insert_rows(session, Person, [here | dict.fromkeys(_FLAGS, False)])
    return done


_FLAGS = ("is_bot", "is_guest", "is_pending", "is_external", "is_admin")


def decisions_of(session: Session, who: Somebody) -> Sequence[int]:
    """Return the decisions that the person had to do with."""
    found: set[int] = set()
    for table in (DecisionRole, Answered, Spoken):
        theirs = select_rows(table.decision_id).where(table.person == who.id)
        found |= set(session.exec(theirs))
    return sorted(found)


def standing_records(
    session: Session, kind: type[Recognition] | type[Story], who: Somebody
) -> Sequence[int]:
    """Return the person's records of a kind that were not withdrawn."""
    theirs = (col(kind.author) == who.id, col(kind.withdrawn_at).is_(None))
    return session.exec(select_rows(kind.id).where(*theirs)).all()


def waiting_to_show(session: Session) -> int:
    """Return how many messages Slack is to show otherwise than it does."""
    stale = select_rows(OutboxRow.id).where(OutboxRow.status == outbox.Status.STALE)
    return len(session.exec(stale).all())


def _columns(fate: Fate) -> Iterator[tuple[Table, Column[Any]]]:
    for name, columns in FATES.items():
        table = SQLModel.metadata.tables[name]
        yield from ((table, table.c[column]) for column, of in columns.items() if of is fate)


def _here(table: Table) -> Any:
    return table.c.team_id == current_team()


def _to_them(session: Session, who: Somebody) -> int:
    sent = select_rows(OutboxRow.id).where(OutboxRow.lane == who.id, col(OutboxRow.ts).is_not(None))
    return len(session.exec(sent).all())


def _excuse(session: Session, who: Somebody) -> None:
    """Have rounds that are not closed not wait for their answer."""
    open_rounds = select_rows(Round.id).where(Round.status != Status.CLOSED)
    theirs = (col(Invitation.person) == who.id, col(Invitation.round_id).in_(open_rounds))
    session.execute(
        update(Invitation).where(*theirs).values(is_excused=True),
        execution_options={"synchronize_session": False},
    )


Work = Callable[[Session, Table, Any, Somebody, Erased], None]


def _forget_code(session: Session, table: Table, column: Any, who: Somebody, done: Erased) -> None:
    codes = [respondent(key, who.id) for key in session.exec(select_rows(RoundKey.key))]
    gone = session.execute(delete(table).where(_here(table), column.in_(codes)))
    done.deleted += _counted(table, gone)


def _counted(table: Table, result: Any) -> Counter[str]:
    return +Counter({table.name: int(result.rowcount)})


def _delete(session: Session, table: Table, column: Any, who: Somebody, done: Erased) -> None:
    gone = session.execute(delete(table).where(_here(table), column == who.id))
    done.deleted += _counted(table, gone)


def _delete_among(session: Session, table: Table, column: Any, who: Somebody, done: Erased) -> None:
    for row, _, _ in _naming(session, table, column, who):
        session.execute(delete(table).where(_here(table), table.c.id == row))
        done.deleted[table.name] += 1


def _naming(
    session: Session, table: Table, column: Any, who: Somebody
) -> list[tuple[int, Any, Any]]:
    """Return the rows that name them in this column: what it holds, and is to hold instead."""
    holding = cast(column, Text).like(f"%{who.id}%")
    found = session.execute(select(table.c.id, column).where(_here(table), holding)).all()
    changed = [(row, value, who.absent_from(value)) for row, value in found]
    return [(row, value, new) for row, value, new in changed if new != value]


def _empty(session: Session, table: Table, column: Any, who: Somebody, done: Erased) -> None:
    writer = table.c.author if "author" in table.c else table.c.person
    wrote = (_here(table), writer == who.id, column != "")
    done.emptied += _counted(
        table, session.execute(update(table).where(*wrote).values({column: ""}))
    )
    _reword(session, table, column, who, done)


def _reword(session: Session, table: Table, column: Any, who: Somebody, done: Erased) -> None:
    for row, _, new in _naming(session, table, column, who):
        this = (_here(table), table.c.id == row)
        session.execute(update(table).where(*this).values({column: new}))
        done.unnamed[table.name] += 1


def _show(session: Session, table: Table, column: Any, who: Somebody, done: Erased) -> None:
    holding = cast(col(OutboxRow.message), Text).like(f"%{who.id}%")
    for row in session.exec(select_rows(OutboxRow).where(holding)):
        message = who.absent_from(row.message)
        if message != row.message:
            outbox.reword(session, row, message)
            done.unnamed[table.name] += 1
    session.flush()


def _take_out(session: Session, table: Table, column: Any, who: Somebody, done: Erased) -> None:
    for row, listed, _ in _naming(session, table, column, who):
        others = [one for one in listed if one != who.id]
        this = (_here(table), table.c.id == row)
        session.execute(update(table).where(*this).values({column: others}))
        done.deleted[table.name] += 1


def _put(
    session: Session, table: Table, column: Any, who: Somebody, done: Erased, *, name: bool
) -> None:
    value = {column: who.instead if name else None}
    result = session.execute(update(table).where(_here(table), column == who.id).values(value))
    done.unnamed += _counted(table, result)


# In this order: their own words are known by their name, which goes last.
_WORK: Mapping[Fate, Work] = {
    Fate.CODE: _forget_code,
    Fate.GOES: _delete,
    Fate.GOES_TOO: _delete_among,
    Fate.THEIRS: _empty,
    Fate.WORDS: _reword,
    Fate.SHOWN: _show,
    Fate.INSIDE: _reword,
    Fate.TAKEN_OUT: _take_out,
    Fate.NOBODYS: partial(_put, name=False),
    Fate.RENAMED: partial(_put, name=True),
}
_SPEAK = (Fate.THEIRS, Fate.WORDS)


def _entries(session: Session, who: Somebody) -> Iterator[Entry]:
    """Return what can be found and names them, as it is found now."""
    for kind in KINDS.values():
        table = SQLModel.metadata.tables[str(kind.record.__tablename__)]
        ids: set[int] = set()
        for speaks, column in (each for fate in _SPEAK for each in _columns(fate)):
            if speaks is table:
                ids |= {row for row, *_ in _naming(session, table, column, who)}
            elif speaks.name == "charter_value" and table.name == "charter_version":
                ids |= set(_versions(session, speaks, column, who))
        for one in sorted(ids):
            yield from kind.entries(session, [one])


def _versions(session: Session, table: Table, column: Any, who: Somebody) -> Iterator[int]:
    for row, *_ in _naming(session, table, column, who):
        yield from session.execute(
            select(table.c.version_id).where(_here(table), table.c.id == row)
        ).scalars()


def _again(session: Session, before: Sequence[Entry]) -> Iterator[Entry]:
    for entry in before:
        yield from KINDS[entry.kind].entries(session, [entry.id])
