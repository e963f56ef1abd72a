"""When somebody joins, changes or leaves."""

from sqlmodel import Session

from bot import charter, outbox, roster
from bot.blocks import welcome as blocks
from bot.outbox import Address, Post
from bot.rituals import welcome
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear what Slack says of its users."""
    routes.on_event("team_join", greet)
    routes.on_event("user_change", remember)


async def remember(request: Request) -> None:
    """Keep what Slack says of this person now; who left is not welcomed any more."""
    user = request.event["user"]

    def save(session: Session) -> None:
        roster.remember(session, [user])
        if user.get("deleted"):
            welcome.give_up(session, user["id"])

    await request.write(save)


async def greet(request: Request) -> None:
    """Keep who joined, and have them welcomed in their working hours, once."""
    user = request.event["user"]

    def save(session: Session) -> None:
        before = roster.person(session, user["id"])
        was_here = before is not None and before.has_left
        roster.remember(session, [user])
        post_welcome(session, user["id"], was_here=was_here, request=request)

    await request.write(save)


def post_welcome(session: Session, person: str, *, was_here: bool, request: Request) -> None:
    """Have the welcome sent when it is time, if it is to be."""
    at = welcome.moment_for(session, person, was_here=was_here, now=request.now)
    if at is None:
        return
    message = blocks.message(charter.must_be_in_force(session))
    cause, address = welcome.cause_of(person), Address(person)
    post = Post(cause, address, message, send_after=at, urgent=False)
    outbox.post(session, post, now=request.now)
