"""A workspace is at work from when it is installed until it is taken out, and at once not then."""

import asyncio
import io
from datetime import timedelta
from functools import partial

import pytest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session

import app
from bot import connection, httpmode, installations, web, workspaces
from bot.clock import real_now
from bot.db import Database
from bot.playground.grid import Grid, OneOfMany
from bot.vault import cipher_of
from tests.http.conftest import OURS, THEIRS, Served, serving
from tests.kernel.installing import installation
from tests.stored import everything, rows
from tests.support import ANA, BEN, GENERAL, KUDOS, STATEMENT, set_up, soon

INSTALLED = "SELECT team_id FROM installation ORDER BY team_id"
DEPARTED = "SELECT team_id FROM departure ORDER BY team_id"


async def works(one: OneOfMany) -> bool:
    """Whether a person is answered there."""
    return (await one.command(ANA, GENERAL, "/mission help")).ok


async def at_work(served: Served, *teams: str) -> list[OneOfMany]:
    """Install it there, and wait until owners were told what to set up."""
    found = [served.grid.workspaces[team] for team in teams]
    for one in found:
        page = await served.install(one.team)
        assert page.startswith("200 "), page
    for one in found:
        await one.until(partial(one.dm, ANA), 20)
    return found


def installed(served: Served, query: str = INSTALLED) -> list[str]:
    return [team for (team,) in rows(served.settings.database_url, query)]


async def test_a_workspace_is_at_work_once_it_is_installed_and_no_other(
    served: Served, grid: Grid
) -> None:
    (ours,) = await at_work(served, OURS)
    assert await works(ours)
    assert ours.refusals == []
    assert grid.workspaces[THEIRS].calls == []
    assert installed(served) == [OURS]


async def test_no_token_and_no_secret_is_on_the_disk_or_on_the_page(
    served: Served, grid: Grid
) -> None:
    page = await served.install(OURS)
    database = Database.open(served.settings.database_url)
    stored = everything(database)
    database.close()
    token, given = grid.workspaces[OURS].installation.bot_token, grid.credentials
    assert "Truenorth is in your workspace" in page
    assert OURS.encode() in stored
    for secret in (token, given.client_secret, given.signing_secret):
        assert secret.encode() not in stored
        assert secret not in page


async def test_what_is_taken_out_is_at_work_no_more_at_once(served: Served, grid: Grid) -> None:
    ours, theirs = await at_work(served, OURS, THEIRS)
    await set_up(ours)
    await grid.uninstall(OURS)
    assert installed(served) == [THEIRS]
    assert installed(served, DEPARTED) == [OURS]
    before, asked = len(grid.late), len(theirs.calls)
    assert not await works(ours)
    served.ahead = timedelta(days=8)  # when much would be due
    await set_up(theirs)
    assert len(theirs.calls) > asked
    assert grid.late[before:] == []


async def test_the_work_ends_before_it_is_kept_that_it_has(
    served: Served, grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    await at_work(served, OURS)
    order: list[str] = []
    end, forget = workspaces.Workspaces._end, installations.forget

    def ends(here: workspaces.Workspaces, team: str) -> None:
        order.append("ends")
        end(here, team)

    def forgets(session: Session) -> None:
        order.append("forgets")
        forget(session)

    monkeypatch.setattr(workspaces.Workspaces, "_end", ends)
    monkeypatch.setattr(installations, "forget", forgets)
    await grid.uninstall(OURS)
    assert order == ["ends", "forgets"]


@pytest.mark.parametrize("gone", ["token_revoked", "account_inactive"])
async def test_a_token_that_was_revoked_is_noticed_without_being_told(
    served: Served, grid: Grid, gone: str
) -> None:
    grid.gone = gone
    ours, theirs = await at_work(served, OURS, THEIRS)
    await grid.revoke(OURS)
    await ours.command(ANA, GENERAL, "/mission setup")  # which opens a form
    await theirs.until(lambda: installed(served) == [THEIRS], 10)
    known = len(grid.late)
    assert not await works(ours)
    assert await works(theirs)
    assert len(grid.late) == known


async def test_an_earlier_token_that_is_refused_late_ends_no_later_installation(
    served: Served, grid: Grid
) -> None:
    (ours,) = await at_work(served, OURS)
    earlier, here = ours.installation.bot_token, served.workspaces
    await served.install(OURS, BEN)
    assert here is not None
    await here.leave(OURS, at=real_now() + timedelta(seconds=5), with_token=earlier)
    assert (installed(served), installed(served, DEPARTED)) == ([OURS], [])


async def test_another_token_that_somebody_kept_is_worked_with_from_the_next_look_on(
    served: Served, grid: Grid
) -> None:
    (ours,) = await at_work(served, OURS)
    earlier, here = ours.installation.bot_token, served.workspaces
    assert here is not None
    await keep(served, OURS, "xoxb-another")
    ours.installation.bot_token = "xoxb-another"
    grid.revoked[earlier] = OURS
    await here.look()
    known = len(grid.late)
    assert (await ours.command(ANA, GENERAL, "/mission setup")).ok  # which opens a form
    assert ours.views(ANA)
    assert len(grid.late) == known


async def test_the_token_of_another_workspace_works_for_nobody(
    served: Served, grid: Grid, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (theirs,) = await at_work(served, THEIRS)
    monkeypatch.setattr(workspaces, "READY_SECONDS", 0.05)
    token = theirs.installation.bot_token
    await keep(served, OURS, token)
    waits = f"workspace {OURS} has to wait: CannotStart"
    await theirs.until(lambda: waits in caplog.text, 20)
    body = f"command=/mission&text=&user_id={ANA}&trigger_id=1.2&team_id={OURS}".encode()
    told = await grid.line.post(body, "application/x-www-form-urlencoded", seconds=3)
    assert "just beginning here, so nothing was saved" in told.payload["text"]
    assert rows(served.settings.database_url, "SELECT team_id FROM person") != []
    ours = "SELECT count(*) FROM person WHERE team_id = 'T0OURS'"
    assert rows(served.settings.database_url, ours) == [(0,)]


async def keep(served: Served, team: str, token: str) -> None:
    """Keep an installation as another process would."""
    http, database = served.settings.http, Database.open(served.settings.database_url)
    assert http is not None
    store = installations.Installations(
        database, client_id=http.client_id, cipher=cipher_of(http.keys)
    )
    await store.async_save(installation(team, bot_token=token))
    database.close()


async def test_the_bots_token_ends_the_work_and_a_persons_does_not(
    served: Served, grid: Grid
) -> None:
    (ours,) = await at_work(served, OURS)
    assert await grid.tell(OURS, {"type": "tokens_revoked", "tokens": {"oauth": [BEN]}})
    assert installed(served) == [OURS]
    assert await works(ours)
    assert await grid.tell(OURS, {"type": "tokens_revoked", "tokens": {"bot": ["U0BOT"]}})
    assert installed(served) == []


async def test_who_installs_it_again_finds_everything(served: Served, grid: Grid) -> None:
    (ours,) = await at_work(served, OURS)
    await set_up(ours)
    await grid.uninstall(OURS)
    await served.install(OURS, BEN)
    assert installed(served, DEPARTED) == []
    await ours.until(lambda: ours.sockets.connected)
    outcome = await ours.command(ANA, GENERAL, "/mission")
    assert outcome.ok, outcome.error
    assert STATEMENT in str(ours.ephemerals(ANA)[-1])
    assert ours.messages(KUDOS)


async def test_news_of_an_earlier_installation_ends_no_later_one(
    served: Served, grid: Grid
) -> None:
    (ours,) = await at_work(served, OURS)
    before = int(real_now().timestamp()) - 60
    assert await grid.tell(OURS, {"type": "app_uninstalled"}, event_time=before)
    assert installed(served) == [OURS]
    assert await works(ours)


async def test_a_start_begins_what_is_installed_and_notices_what_was_taken_out(
    grid: Grid, served: Served
) -> None:
    ours, theirs = await at_work(served, OURS, THEIRS)
    await grid.revoke(OURS)
    async with serving(web.application(served.settings, app.parts(served.settings))) as url:
        grid.line.url = f"{url}{httpmode.EVENTS}"
        await theirs.until(lambda: installed(served) == [THEIRS], 10)
        assert await works(theirs)
        assert not await works(ours)


async def test_what_one_process_installs_the_others_answer_for_and_end(
    grid: Grid, served: Served
) -> None:
    async with serving(web.application(served.settings, app.parts(served.settings))) as url:
        (ours,) = await at_work(served, OURS)
        first, grid.line.url = grid.line.url, f"{url}{httpmode.EVENTS}"
        assert await works(ours)
        await grid.uninstall(OURS)
        grid.line.url = first
        async with asyncio.timeout(workspaces.LOOK_SECONDS + 9):
            while await works(ours):
                continue
        known = len(grid.late)
        assert not await works(ours)
        assert len(grid.late) == known


async def test_no_token_and_no_code_is_in_the_log(
    served: Served, grid: Grid, heard: io.StringIO
) -> None:
    (ours,) = await at_work(served, OURS)
    token, given = ours.installation.bot_token, grid.credentials
    await works(ours)
    await grid.uninstall(OURS)
    told = heard.getvalue()
    assert "at work" in told
    for secret in (token, given.client_secret, given.signing_secret, "'code'", "'state'"):
        assert secret not in told


async def test_what_comes_before_a_workspace_is_at_work_is_told_or_sent_again(
    served: Served, grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()
    whole = connection.authorize

    async def slowly(slack: AsyncWebClient) -> AuthorizeResult:
        asked.set()
        await answer.wait()
        return await whole(slack)

    monkeypatch.setattr("bot.workspaces.authorize", slowly)
    monkeypatch.setattr(workspaces, "READY_SECONDS", 0.05)
    await served.install(OURS)
    await asked.wait()
    ours = grid.workspaces[OURS]
    outcome = await ours.command(ANA, GENERAL, "/mission help")
    assert outcome.ok
    assert "just beginning here, so nothing was saved" in str(ours.ephemerals(ANA)[-1])
    ours.workspace.add_person(id="U0NEW", name="new", real_name="Nora New")
    tried = ours.events.send({"type": "team_join", "user": ours.workspace.person("U0NEW")})
    assert tried is not None
    await tried.wait()
    answer.set()
    known = "SELECT count(*) FROM person WHERE slack_id = 'U0NEW'"
    await soon(ours, lambda: rows(served.settings.database_url, known) == [(1,)])


async def test_a_workspace_whose_work_broke_off_is_not_said_to_be_at_work(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole, here = asyncio.Event(), app.Workspace.work, served.workspaces

    async def breaks_off() -> None:
        await broken.wait()
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(app.Workspace, "work", lambda one: [*whole(one), breaks_off()])
    (ours,) = await at_work(served, OURS)
    assert here is not None
    assert await here.fare() == "ok"
    broken.set()
    await ours.until(lambda: here._here[OURS].workspace is None, 10)
    assert await here.fare() == "none (1 of 1 not at work)"


async def test_what_fails_in_one_look_is_tried_in_the_next(
    served: Served, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    whole, failed = installations.tokens, asyncio.Event()
    loop = asyncio.get_running_loop()

    def broken(*_: object) -> dict[str, str]:
        loop.call_soon_threadsafe(failed.set)
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(installations, "tokens", broken)
    await failed.wait()
    monkeypatch.setattr(installations, "tokens", whole)
    await at_work(served, OURS)
    assert any(one.exc_info for one in caplog.records)
