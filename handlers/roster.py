"""When somebody joins, changes or leaves."""

from typing import Any

from sqlmodel import Session

from bot import charter, outbox, roster
from bot.blocks import welcome as blocks
from bot.outbox import Address, Post
from bot.rituals import welcome
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear what Slack says of its users."""
    for event in ("team_join", "user_change"):
        routes.on_event(event, remember)


async def remember(request: Request) -> None:
    """Keep what Slack says of this person now; who is new is welcomed, who left is not any more."""
    user = request.event["user"]

    def save(session: Session) -> None:
        is_new = comes_now(session, request.event)
        roster.remember(session, [user])
        if user.get("deleted"):
            welcome.give_up(session, user["id"])
        elif is_new:
            greet(session, user["id"], request)

    await request.write(save)


def comes_now(session: Session, event: dict[str, Any]) -> bool:
    """Say whether somebody comes by what happened who was never here: unknown, or only invited."""
    before = roster.person(session, event["user"]["id"])
    return before.is_pending if before is not None else event["type"] == "team_join"


def greet(session: Session, person: str, request: Request) -> None:
    """Have the person welcomed once it is time, if they are to be."""
    at = welcome.moment_for(session, person, now=request.now)
    if at is None:
        return
    message = blocks.message(charter.must_be_in_force(session))
    cause, address = welcome.cause_of(person), Address(person)
    post = Post(cause, address, message, send_after=at, urgent=False)
    outbox.post(session, post, now=request.now)
