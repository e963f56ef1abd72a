"""When somebody asks how recognition spreads."""

from sqlmodel import Session

from bot import charter, roster
from bot.blocks import mission as mission_blocks
from bot.blocks import reports as blocks
from bot.blocks import typed
from bot.outbox import Message
from bot.rituals import reports
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear the word that asks for it after /mission."""
    routes.words["values"] = values


async def values(request: Request) -> None:
    """Show how recognition spreads over the values in a quarter, to whoever asks."""
    await request.say(await request.read(lambda session: balance_for(session, request)))


def balance_for(session: Session, request: Request) -> Message:
    """Return the answer for the quarter that was typed, or what stands in place of a mission."""
    if charter.in_force(session) is None:
        owner = roster.is_owner(session, request.user)
        return mission_blocks.not_set_up(owner=owner, who=charter.who_writes(session))
    words = typed.plain(request.words, names={})
    quarter = reports.quarter_asked(session, words, now=request.now)
    return blocks.balance(reports.balance(session, quarter, now=request.now))
