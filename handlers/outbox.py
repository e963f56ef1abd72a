"""When a message could not be posted: who is told, and what they can do."""

from datetime import datetime

from sqlmodel import Session

from bot import doubt, ledger, outbox, roster, rounds
from bot.blocks import outbox as blocks
from bot.errors import UserError
from bot.outbox import Message, OutboxRow, Status
from bot.rituals import pulse
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear *Post again*, and what may have mended a channel."""
    routes.actions[blocks.POST_AGAIN] = post_again
    for event in ("member_joined_channel", "channel_unarchive", "group_unarchive"):
        routes.on_event(event, channel_mended)


async def post_again(request: Request) -> None:
    """Send a message again whose fate is unknown, because its owner says so."""
    who, now = request.user, request.now

    def again(session: Session) -> int:
        sent = doubt.post_again(session, request.value, by=who, now=now)
        if sent:
            ledger.append(session, "message.posted_again", at=now, actor=who, about=request.value)
        return sent

    sent = await request.write(again)
    if request.answer_to:
        await request.replace(blocks.posting_again(sent))
    elif not sent:  # on Home, which follows the ledger
        raise UserError(blocks.posting_again(sent)["text"])


async def channel_mended(request: Request) -> None:
    """Try again what waits for this channel."""
    channel = request.event["channel"]
    await request.write(lambda session: outbox.release(session, lane=channel))


def tell_concerned(session: Session, row: OutboxRow, now: datetime) -> None:
    """Tell whose message it is, and for a channel the owners, that it is not posted."""
    if row.status == Status.UNKNOWN and row.owner:
        ledger.append(session, "message.unknown", at=now, subject=row.id, concerns=[row.owner])
        ask_about(session, row, row.owner, now)
    elif row.status == Status.BLOCKED:
        tell_giver(session, row, now)
        tell_owners(session, row, now)
    elif row.status == Status.REFUSED and (found := rounds.to_people(row.cause)):
        round_id, reminds = found
        if not reminds:
            pulse.excuse(session, round_id, person=str(row.lane))
    elif row.status == Status.REFUSED and row.route and row.owner:
        refused = outbox.direct(f"refused:{row.id}", row.owner, blocks.refused(row))
        outbox.post(session, refused, now=now)


def ask_about(session: Session, row: OutboxRow, owner: str, now: datetime) -> None:
    """Ask the owner what became of a message: once about all direct messages of one record."""
    about = doubt.about_of(row.cause)
    cause = doubt.question(about, attempts=row.attempts)
    together = doubt.unknown(session, about)
    outbox.show(session, outbox.direct(cause, owner, blocks.fate_unknown(together)), now=now)


def tell_giver(session: Session, row: OutboxRow, now: datetime) -> None:
    """Tell whose message it is that it waits, once."""
    if row.owner:
        waits = outbox.direct(f"waits:{row.id}", row.owner, blocks.waits(row))
        outbox.post(session, waits, now=now)


def tell_owners(session: Session, row: OutboxRow, now: datetime) -> None:
    """Tell the owners how to mend it, once a day for the same trouble."""
    trouble = f"mend:{row.lane or row.route}:{row.trouble}:{now:%Y-%m-%d}"
    for owner in roster.owners(session):
        cause = f"{trouble}:{owner.slack_id}"
        outbox.post(session, outbox.direct(cause, owner.slack_id, blocks.mend(row)), now=now)


def take_back_notices(session: Session, cause: str, message: Message) -> None:
    """Have whatever its owner was told about a record's messages say this instead."""
    causes = list(doubt.questions(session, cause))
    row = outbox.by_cause(session, cause)
    if row is not None:
        causes += [f"waits:{row.id}", f"refused:{row.id}"]
    for one in causes:
        outbox.take_back(session, one, message)


def not_posted_yet(row: OutboxRow | None) -> str | None:
    """Return the sentence about a post that waits, None where it does not."""
    return blocks.not_posted_yet(row) if row else None
