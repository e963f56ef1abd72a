"""When somebody joins, changes or leaves."""

from sqlmodel import Session

from bot import agenda, charter, docket, outbox, roster
from bot.blocks import welcome as blocks
from bot.rituals import welcome
from handlers.request import Request
from handlers.reviewing import miss_nobody
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear what Slack says of its users."""
    for event in ("team_join", "user_change"):
        routes.on_event(event, remember)


async def remember(request: Request) -> None:
    """Keep what Slack says of this person now; who is new is welcomed."""
    user, joining = request.event["user"], request.event["type"] == "team_join"

    def save(session: Session) -> None:
        new = welcome.new_among(session, [user["id"]], joining=joining)
        was_here, lived = _is_full_member(session, user["id"]), _home(session, user["id"])
        roster.remember(session, [user])
        if _home(session, user["id"]) != lived:  # it may be time there before anywhere else
            agenda.keep(session, request.deps.agenda, now=request.now)
        reached = welcome.reached(session, new, now=request.now)
        if reached:
            posts = blocks.posts(charter.must_be_in_force(session), reached)
            outbox.post(session, *posts, now=request.now)
        if was_here != _is_full_member(session, user["id"]):
            for stands in docket.answered_for(session, user["id"]):
                miss_nobody(session, stands, request)

    await request.write(save)


def _home(session: Session, slack_id: str) -> str | None:
    """Return in which zone somebody lives who is here."""
    known = roster.person(session, slack_id)
    return str(known.timezone) if known is not None and known.is_member else None


def _is_full_member(session: Session, slack_id: str) -> bool:
    known = roster.person(session, slack_id)
    return known is not None and known.is_full_member
