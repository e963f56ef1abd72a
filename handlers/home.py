"""When somebody opens Home."""

from sqlmodel import Session

from bot import charter, roster
from bot.blocks import home as blocks
from bot.blocks import kit
from bot.rituals import mission
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear that Home was opened."""
    routes.on_event("app_home_opened", opened)


async def opened(request: Request) -> None:
    """Show the person their Home."""
    if request.event.get("tab", "home") != "home":
        return
    view = await request.read(lambda session: view_for(session, request.user))
    await request.deps.slack.views_publish(user_id=request.user, view=view)


def view_for(session: Session, person: str) -> kit.View:
    """Return the Home of this person."""
    owner = roster.is_owner(session, person)
    return blocks.view(
        charter.in_force(session),
        zone=roster.zone_of(session, person),
        owner=owner,
        missing=mission.missing(session) if owner else [],
        who=charter.who_writes(session),
    )
