"""Who is let in: the people of this workspace, whatever they type, press or send."""

from datetime import datetime, timedelta

from bot import roster
from handlers.request import Request

KNOWN_FOR = timedelta(minutes=1)
PEOPLE_CHANGE = ("team_join", "user_change")  # the events that tell of somebody


class Door:
    """Lets people in, and knows them again for a minute, unless Slack tells of somebody meanwhile.

    To look everybody up each time would cost as much as a good part of what they ask for.
    """

    def __init__(self) -> None:
        self._let_in: dict[str, datetime] = {}

    async def let_in(self, request: Request) -> None:
        """Raise UserError where the person is none of this workspace, or not any more."""
        # What stands in a shared channel can be pressed by people of another organisation as well.
        known = self._let_in  # another one where people change while this person is looked up
        since = known.get(request.user)
        if since is not None and since <= request.now < since + KNOWN_FOR:
            return
        await request.read(lambda session: roster.must_be_ours(session, request.user))
        known[request.user] = request.now

    def forget(self) -> None:
        """Look everybody up again."""
        self._let_in = {}
