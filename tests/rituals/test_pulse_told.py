"""What the practice workspace says of the pulse ahead: at the hour that people mean."""

from datetime import timedelta

from bot.playground.server import FakeSlack
from tests.support import KIM, Bot, pass_time


async def test_the_pulse_and_its_reminder_are_told_at_the_workspaces_hour(
    slack: FakeSlack, asking: Bot
) -> None:
    """Though Kim, in Seoul, is asked and reminded nine hours before."""

    def listed() -> list[tuple[str, str]]:
        shown = slack.workspace.clock.ahead.shown(slack.now())
        return [(one["name"], one["at"]) for one in shown]

    await slack.until(lambda: len(listed()) == 5)
    assert listed() == [
        ("Pulse for 1 person", "2026-01-06T15:00:00+00:00"),
        ("Pulse reminder", "2026-01-08T10:00:00+00:00"),
        ("Pulse reminder", "2026-01-09T10:00:00+00:00"),
        ("Digest of the week", "2026-01-09T15:00:00+00:00"),
        ("Pulse closes", "2026-01-09T16:00:00+00:00"),
    ]
    before = len(slack.dm(KIM))
    await pass_time(slack, timedelta(days=1, hours=16))  # two in the morning in Lisbon
    assert len(slack.dm(KIM)) == before + 1
