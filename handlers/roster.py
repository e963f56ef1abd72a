"""When somebody joins, changes or leaves."""

from bot import roster
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear what Slack says of its users."""
    for event in ("team_join", "user_change"):
        routes.on_event(event, remember)


async def remember(request: Request) -> None:
    """Keep what Slack says of this person now."""
    user = request.event["user"]
    await request.write(lambda session: roster.remember(session, [user]))
