"""A process is stopped, and goes on after its work went to others: nothing is there twice."""

from datetime import timedelta
from pathlib import Path
from signal import SIGSTOP

import pytest

from tests.faults.fleet import sharing
from tests.faults.scenes import ONE_LINE
from tests.faults.steps import Plan
from tests.support import KUDOS

pytestmark = pytest.mark.postgres

LEASE = timedelta(seconds=2)  # instead of twenty
PATIENCE = 1.0  # seconds that it waits for Slack, instead of ten
SECONDS = 20.0  # until others have done it

KEPT = "after COMMIT of"  # what became of the message

STOPS = {
    "when it has claimed the post": ("claimed for chat.postMessage", 1),
    "when Slack has taken the post": ("after chat.postMessage", 1),
}


@pytest.mark.parametrize("when", STOPS)
async def test_a_process_is_stopped(
    tmp_path: Path, prepared: bytes, database_url: str, when: str
) -> None:
    async with sharing(tmp_path, prepared, database_url) as fleet:
        fleet.patience, fleet.lease = PATIENCE, LEASE
        slack = fleet.slack
        stopped = fleet.begin(Plan("slash_commands", *STOPS[when], SIGSTOP))
        fleet.seats.append(stopped)
        await slack.until(fleet.ready, SECONDS)
        outcome = await ONE_LINE.act(fleet)
        await slack.until(lambda: not stopped.alive, SECONDS)
        await fleet.take_over(stopped)
        await slack.until(lambda: slack.messages(KUDOS) and fleet.quiet(), SECONDS)
        done = len(stopped.steps)
        stopped.carry_on()
        await slack.until(lambda: KEPT in str(stopped.steps[done:]), SECONDS)
        await fleet.settle()
        ONE_LINE.verify(fleet, outcome)
