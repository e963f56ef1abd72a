"""What waits for a person on their Home, and pressing it there."""

from typing import Any

from bot.playground.server import FakeSlack
from tests.support import Doc, text_of

UNREAD = ["Version 1 of our mission stands below, for you to read.", "I have read it"]


def waits(slack: FakeSlack, who: str) -> list[str]:
    """What Slack shows as waiting on this person's Home, a line for each piece."""
    view = slack.home(who)
    assert view is not None, slack.picture()
    lines = text_of(view).splitlines()
    if "Waiting for you" not in lines:
        return []
    return lines[lines.index("Waiting for you") + 1 : lines.index("Our mission")]


async def on_home(slack: FakeSlack, who: str, action: str, block: str | None = None) -> Any:
    """Press something on Home."""
    view = slack.home(who)
    assert view is not None, slack.picture()
    return await slack.click(who, view=view["id"], action_id=action, block_id=block)


async def form_on_home(slack: FakeSlack, who: str, action: str, block: str | None = None) -> Doc:
    """Press something on Home that opens a form, and return that."""
    before = slack.views(who)
    assert (await on_home(slack, who, action, block)).ok
    (form,) = [view for view in slack.views(who) if view not in before]
    return form
