"""A workspace is at work from when it is installed until it is taken out, and at once not then."""

from bot.playground.grid import Grid
from tests.http.conftest import OURS, THEIRS, Served
from tests.support import ANA, GENERAL


async def test_a_workspace_is_at_work_once_it_is_installed(served: Served, grid: Grid) -> None:
    ours = grid.workspaces[OURS]
    page = await served.install(OURS)
    assert page.startswith("200 "), page
    await ours.until(lambda: ours.dm(ANA), 20)
    outcome = await ours.command(ANA, GENERAL, "/mission help")
    assert outcome.ok, outcome.error
    assert ours.refusals == []
    assert grid.workspaces[THEIRS].calls == []
