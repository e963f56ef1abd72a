"""When somebody opens Home."""

from sqlmodel import Session

from bot import charter, roster
from bot.answers import Kind, answer_of
from bot.blocks import home as blocks
from bot.blocks import kit
from bot.errors import UserError
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
    answer = await answer_of(request.deps.slack.views_publish(user_id=request.user, view=view))
    if answer.kind is not Kind.TAKEN:
        raise UserError(f"Slack did not take {request.user}'s Home: {answer.error}.")


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
