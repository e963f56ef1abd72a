"""When somebody joins, changes or leaves."""

from sqlmodel import Session

from bot import charter, docket, nudges, outbox, roster
from bot.blocks import nudges as nudge_blocks
from bot.blocks import welcome as blocks
from bot.rituals import welcome
from handlers.decision import show
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear what Slack says of its users."""
    for event in ("team_join", "user_change"):
        routes.on_event(event, remember)


async def remember(request: Request) -> None:
    """Keep what Slack says of this person now; who is new is welcomed, who left is not any more."""
    user, joining = request.event["user"], request.event["type"] == "team_join"

    def save(session: Session) -> None:
        new = welcome.new_among(session, [user["id"]], joining=joining)
        roster.remember(session, [user])
        if user.get("deleted"):
            welcome.give_up(session, user["id"])
        moments = welcome.moments(session, new, now=request.now)
        if moments:
            posts = blocks.posts(charter.must_be_in_force(session), moments)
            outbox.post(session, *posts, now=request.now)
        if user.get("deleted"):
            ask_drivers(session, request)

    await request.write(save)


def ask_drivers(session: Session, request: Request) -> None:
    """Ask, once, who approves decisions instead of who left; their cards say so."""
    for stands in docket.left_by_approvers(session):
        show(session, stands, request)
        nudges.tell_drivers_home(session, stands, now=request.now)
        outbox.post(session, *nudge_blocks.replacing(stands), now=request.now)
