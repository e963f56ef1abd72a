"""When somebody opens Home."""

import logging

from sqlmodel import Session

from bot import homes, roster
from bot.blocks import home as blocks
from bot.errors import NotSaved, UserError
from bot.homes import Outcome, Page
from bot.rituals import home
from handlers.request import Request
from handlers.routes import Routes

log = logging.getLogger(__name__)


def register(routes: Routes) -> None:
    """Hear that Home was opened, and that something on it was pressed."""
    routes.on_event("app_home_opened", opened)
    routes.after_home.append(pressed)


async def opened(request: Request) -> None:
    """Show the person their Home; where Slack has it already, nothing is sent."""
    if request.event.get("tab", "home") != "home":
        return
    person = request.user
    await request.write(lambda session: _remember(session, request))
    anew = not request.event.get("view")  # Slack has none: the app was installed again
    published = await publish(request, anew=anew)
    if not (published.shown or published.never):  # not acknowledged, so that Slack asks again
        raise UserError(f"The Home of {person} is not shown yet.")


def _remember(session: Session, request: Request) -> None:
    if roster.why_not_ours(session, request.user) is None:
        homes.opened(session, request.user, now=request.now)


async def pressed(request: Request) -> None:
    """Show what is left, also where the same was pressed before.

    What was pressed is done, whether that can be shown now or not: Home follows a moment later.
    """
    try:
        await publish(request)
    except NotSaved as error:
        log.warning("the Home of %s is not shown yet: %s", request.user, error.message)


async def publish(request: Request, *, anew: bool = False) -> Outcome:
    """Have Slack show the person's Home as it is now, unless it does."""
    person, deps = request.user, request.deps

    def page(session: Session) -> Page:
        return blocks.page(
            home.content(session, person=person, now=deps.now()), address=deps.address
        )

    return await homes.publish(deps, team=request.team, person=person, page=page, anew=anew)
