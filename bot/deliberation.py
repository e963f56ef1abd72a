"""While a decision is open: its checklist, its scores, and what its approvers say."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col, select

from bot import decisions, fulltext, gist, ledger, naming, roster, scorecard, standing
from bot.decisions import Decision, DecisionRole, Role, Status
from bot.errors import UserError, length_of, raise_together
from bot.ledger import LedgerLine
from bot.rights import Part, Right
from bot.rows import ask, insert_once, swap, write_over
from bot.scorecard import Points
from bot.standing import Answer, Answered, Approval, Spoken, Standing, Verdict
from bot.tenancy import Utc

LONGEST_NOTE = 300  # characters
SHORTEST_REASON = 10
LONGEST_REASON = 1000

Said = tuple[Answer | None, str]  # to a question: an answer and a note
Answers = Mapping[int, Said]  # by the question's position


class ChangedError(UserError):
    """Somebody else changed the decision since the form showed it, so nothing was saved."""

    def __init__(self) -> None:
        super().__init__("Nothing was saved: this decision changed meanwhile. Please look again.")


def check(
    session: Session, decision_id: int, *, by: str, answers: Answers, seen: Answers, now: datetime
) -> Standing:
    """Keep what was said to questions of the checklist over what was said before.

    `seen` is what stood there when the person began. Raises UserError where it is not open, or
    not theirs to say, and ChangedError where somebody said something else to one meanwhile.
    """
    stands = must_be_open(session, decision_id, by=by)
    must_answer(session, stands, by=by)
    new = {}
    for position, (answer, note) in answers.items():
        if position not in range(len(stands.gates)):
            raise UserError("This decision has no such question. Nothing was saved.")
        check_length(note, LONGEST_NOTE, field=f"note_{position}")
        if answer is None:
            raise UserError("Choose an answer as well.", field=f"gate_{position}")
        stood = stands.gates[position].said
        if stood == (answer, note.strip()):
            continue
        if stood != seen.get(position, stood):
            raise ChangedError
        new[position] = {"answer": answer.value, "note": note.strip()}
    for position, said in new.items():
        row = {"decision_id": decision_id, "position": position, **said, "person": by, "at": now}
        write_over(session, Answered, [row], key=("decision_id", "position"))
    if not new:
        return stands
    return changed(session, stands, "checked", by=by, now=now, gates=sorted(new))


def score(session: Session, decision_id: int, *, by: str, points: Points) -> Standing:
    """Keep what the person gives each option for each value, over what they gave before."""
    stands = must_be_open(session, decision_id, by=by)
    decision, values = stands.decision, [value.id for value in stands.values]
    items = len(decision.options)
    scorecard.give(session, decision.cause, points, person=by, items=items, values=values)
    return standing.of(session, decision)


def say(
    session: Session,
    decision_id: int,
    *,
    by: str,
    verdict: Verdict,
    reason: str = "",
    now: datetime,
) -> Standing:
    """Keep an approver's verdict over what they said before; an objection needs a reason.

    The reason of an objection stays on record when they approve afterwards.
    Raises UserError where it is not open, they are no approver, or the reason does not do.
    """
    stands = must_be_open(session, decision_id, by=by)
    mine = must_approve(session, stands, by=by)
    reason = reason.strip()
    if verdict is Verdict.OBJECTED:
        check_reason(reason, "Say what speaks against it")
    else:
        reason = mine.reason
    if (mine.verdict, mine.reason) == (verdict, reason):
        return stands
    row = {"decision_id": decision_id, "person": by, "verdict": verdict.value, "reason": reason}
    write_over(session, Spoken, [row | {"at": now}], key=("decision_id", "person"))
    return changed(session, stands, verdict.value, by=by, now=now)


def must_answer(session: Session, stands: Standing, *, by: str) -> None:
    """Raise UserError where the checklist is not this person's to answer."""
    if not Right.CHECK.allows(decisions.parts(session, stands.decision, by=by)):
        raise UserError("Only its people answer the checklist. Nothing was saved.")


def must_approve(session: Session, stands: Standing, *, by: str) -> Approval:
    """Return what the approver said so far; raise UserError where this person is none now."""
    parts = decisions.parts(session, stands.decision, by=by)
    if Right.SAY.allows(parts):
        return next(one for one in stands.approvals if one.person == by)
    if Part.APPROVER in parts:
        raise UserError("A guest cannot approve a decision, or object to it. Nothing was saved.")
    raise UserError("Only its approvers say yes or no to this decision. Nothing was saved.")


def replace_approver(
    session: Session, decision_id: int, *, by: str, gone: str, instead: str | None, now: datetime
) -> Standing:
    """Have somebody else approve in the place of one who cannot any more, or nobody.

    Raises UserError where it is not the driver who asks, or the other one cannot approve.
    """
    stands = must_be_open(session, decision_id, by=by)
    must_drive(session, stands.decision, by=by)
    approvers = [one.person for one in stands.approvals]
    must_be_gone(stands, gone)
    if instead is not None:
        raise_together([UserError(each, field="approver") for each in refused(session, [instead])])
        if instead in approvers:
            raise UserError("They approve already. Choose somebody else.", field="approver")
    about = {"decision_id": decision_id, "role": Role.APPROVER.value}
    columns = (getattr(DecisionRole, name) == value for name, value in about.items())
    session.execute(delete(DecisionRole).where(*columns, col(DecisionRole.person) == gone))
    if instead is not None:
        position = approvers.index(gone)
        insert_once(session, DecisionRole, **about, person=instead, position=position)
    return changed(session, stands, "replaced", by=by, now=now, gone=gone)


def must_be_gone(stands: Standing, person: str) -> None:
    """Raise UserError where this is no approver who cannot say anything any more."""
    if person not in stands.gone:
        raise UserError("Nothing was changed: they are here, or somebody took their place.")


def refused(session: Session, people: Sequence[str], *, no_guests: bool = True) -> list[str]:
    """Return a sentence for each of the people who cannot answer for a decision."""
    here, refusals = naming.check(session, people)
    known = roster.people(session, here)
    guests = [one.name for one in known.values() if not Right.ANSWER_FOR.allows(one.parts)]
    why = [f"{name} is a guest, who may not see all of it." for name in guests if no_guests]
    return [*refusals, *why]


def check_reason(reason: str, asked: str) -> None:
    """Raise UserError at its field where a reason is missing or too long."""
    if length_of(reason) < SHORTEST_REASON:
        message = f"{asked}, in {SHORTEST_REASON} characters at least: it stays on record."
        raise UserError(message, field="reason")
    check_length(reason, LONGEST_REASON, field="reason")


def check_length(text: str, longest: int, *, field: str) -> None:
    """Raise UserError at its field where a text is too long."""
    if len(text) > longest:
        message = f"This is {len(text):,} characters; {longest:,} is the most. Please shorten it."
        raise UserError(message, field=field)


def must_be_open(session: Session, decision_id: int, *, by: str) -> Standing:
    """Return how the decision stands, or raise UserError where they cannot see or change it."""
    decision = decisions.seen(session, decisions.by_id(session, decision_id), by=by)
    if not decision.is_open:
        raise UserError(f"Nothing was saved. {decision.state}")
    return standing.of(session, decision)


def must_drive(session: Session, decision: Decision, *, by: str) -> None:
    """Raise UserError, saying whose it is, where this person does not drive the decision."""
    parts = decisions.parts(session, decision, by=by)
    if Right.DRIVE.allows(parts):
        return
    if Part.DRIVER in parts:
        raise UserError("A guest cannot drive a decision. Nothing was saved.")
    driver = roster.person(session, decision.driver)
    who = driver.name if driver else "whoever drives it"
    raise UserError(f"Only {who} can do that: they drive this decision. Nothing was saved.")


def changed(
    session: Session, stands: Standing, what: str, *, by: str, now: datetime, **details: object
) -> Standing:
    """Count a change, so that nobody decides over what they have not seen, and note it."""
    move(session, stands.decision, Status(stands.decision.status))
    return noted(session, stands.decision.id, what, by=by, now=now, **details)


def move(session: Session, decision: Decision, to: Status, **changes: object) -> None:
    """Bring the decision there; raise UserError where it is another one than was seen."""
    seen = {"id": decision.id, "status": decision.status, "version": decision.version}
    if not swap(session, Decision, seen, status=to.value, **changes):
        raise ChangedError
    if changes:
        now = decisions.must_be_there(session, decision.id)
        fulltext.change(session, gist.entry(decision), gist.entry(now))


def noted(
    session: Session, decision_id: int, what: str, *, by: str, now: datetime, **details: object
) -> Standing:
    """Write the ledger's line, and return how the decision stands now."""
    decision = decisions.must_be_there(session, decision_id)
    stands = standing.of(session, decision)
    kind = f"{Decision.KIND}.{what}" + ("_privately" if decision.is_private else "")
    details = {"concerns": stands.people, **details}
    ledger.append(session, kind, at=now, actor=by, subject=decision_id, **details)
    return stands


# What counts the version up while open.
CHANGES = ("checked", "approved", "objected", "replaced", "driven")
_MEANWHILE = (
    select(LedgerLine)
    .where(col(LedgerLine.kind).in_(bindparam("kinds", expanding=True)))
    .where(col(LedgerLine.at) >= bindparam("since", type_=Utc))
    .where(LedgerLine.subject == bindparam("one"))
    .order_by(col(LedgerLine.id).desc())
)


def meanwhile(session: Session, decision: Decision, *, since: int) -> list[tuple[str, str]]:
    """Return who did which of CHANGES since this version of an open decision, the first first."""
    kinds = [f"{Decision.KIND}.{what}{end}" for what in CHANGES for end in ("", "_privately")]
    about = {"kinds": kinds, "since": decision.created_at, "one": decision.id}
    lines = ask(session, _MEANWHILE, **about)[: max(decision.version - since, 0)]
    what = {line.id: line.kind.split(".")[1].removesuffix("_privately") for line in lines}
    return [(str(line.actor), what[line.id]) for line in reversed(lines)]
