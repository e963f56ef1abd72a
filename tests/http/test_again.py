"""What Slack, or somebody who overheard it, sends again has its effect once."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bot.playground.grid import Grid
from tests.http.conftest import OURS, Served
from tests.http.test_installing import INSTALLED, at_work, installed, works
from tests.stored import rows
from tests.support import BEN, KUDOS, give, set_up, soon

COUNT = "SELECT count(*) FROM recognition"


async def test_a_command_that_is_sent_again_counts_once(served: Served, grid: Grid) -> None:
    (ours,) = await at_work(served, OURS)
    await set_up(ours)
    await give(ours, BEN, "@kim carried it through the night #care")
    body, headers = next(one for one in grid.line.sent if b"recognize" in one[0])
    for _ in range(3):
        await grid.line.send(body, headers, seconds=3)
    assert rows(served.settings.database_url, COUNT) == [(1,)]
    await soon(ours, lambda: ours.messages(KUDOS))
    posts = [post for post in ours.messages(KUDOS) if "through the night" in str(post)]
    assert len(posts) == 1


async def test_an_event_that_nobody_took_comes_again_and_says_so(
    served: Served, grid: Grid
) -> None:
    (ours,) = await at_work(served, OURS)
    there, grid.line.url = grid.line.url, "http://127.0.0.1:1/"
    ours.workspace.add_person(id="U0NEW", name="new", real_name="Nora New")
    user = ours.workspace.person("U0NEW")
    tried = ours.events.send({"type": "team_join", "user": user})
    assert tried is not None
    await tried.wait()
    grid.line.url = there
    known = "SELECT count(*) FROM person WHERE slack_id = 'U0NEW'"
    url = served.settings.database_url
    await soon(ours, lambda: rows(url, known) == [(1,)])
    again = [headers for body, headers in grid.line.sent if "x-slack-retry-num" in headers]
    assert again[-1]["x-slack-retry-reason"] == "connection_failed"


@pytest.mark.sqlite
async def test_what_could_not_be_kept_is_to_be_sent_again(served: Served, grid: Grid) -> None:
    (ours,) = await at_work(served, OURS)
    path = served.settings.database_path
    assert path is not None
    now = int(datetime.now(UTC).timestamp())
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not await grid.tell(OURS, {"type": "app_uninstalled"}, event_time=now + 1)
        other.execute("ROLLBACK")
    assert installed(served, INSTALLED) == [OURS]
    assert await grid.tell(OURS, {"type": "app_uninstalled"}, event_time=now + 1)
    assert installed(served, INSTALLED) == []
    assert not await works(ours)
