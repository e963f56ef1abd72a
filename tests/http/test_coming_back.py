"""What a browser comes back with installs once, and what went wrong is said on a page in words."""

import io
import logging
from typing import Any
from urllib.parse import urlencode

import pytest

from bot import httpmode, logs
from bot.playground.grid import Grid
from tests.http.conftest import OURS, THEIRS, Served, browser
from tests.http.test_installing import installed
from tests.support import ANA


async def test_an_installation_belongs_to_the_browser_that_began_it(
    served: Served, grid: Grid
) -> None:
    async with browser() as theirs, browser() as ours:
        query = grid.allow(OURS, ANA, await served.begin(theirs))
        await served.begin(ours)
        assert (await served.come_back(ours, query)).startswith("400 ")
    assert installed(served) == []


async def test_what_comes_back_twice_installs_once(served: Served, grid: Grid) -> None:
    async with browser() as session:
        query = grid.allow(OURS, ANA, await served.begin(session))
        assert (await served.come_back(session, query)).startswith("200 ")
        assert (await served.come_back(session, query)).startswith("401 ")
        another = grid.allow(THEIRS, ANA, f"{grid.url}/oauth/v2/authorize?{_of(query)}")
        assert (await served.come_back(session, another)).startswith("401 ")
    assert installed(served) == [OURS]


def _of(query: str) -> str:
    """What a page asked for that came back so."""
    state = query.split("state=")[1]
    return f"client_id=12.34&scope=commands&state={state}"


@pytest.mark.parametrize("code", ["made-up", "%0Aforged line", "x" * 5000, "<b>"])
async def test_a_code_that_slack_did_not_give_installs_nothing_and_writes_no_line(
    served: Served, grid: Grid, heard: io.StringIO, code: str
) -> None:
    async with browser() as session:
        query = grid.allow(OURS, ANA, await served.begin(session))
        state = query.split("state=")[1]
        page = await served.come_back(session, f"code={code}&state={state}")
    assert page.startswith("401 ")
    assert "Slack did not confirm it, or does not answer just now. Nothing was kept." in page
    assert "<b>" not in page
    assert installed(served) == []
    assert "\nforged line" not in heard.getvalue()


@pytest.mark.parametrize("said", ["<script>x</script>", '"><img src=x>', "made-up:<b>words</b>"])
async def test_nothing_that_an_address_says_is_on_the_page(served: Served, said: str) -> None:
    async with browser() as session:
        page = await served.come_back(session, urlencode({"error": said}))
    assert "Slack did not say why." in page
    assert not any(part in page for part in ("<script", "<img", "<b>", "made-up"))


async def test_a_code_that_slack_gave_is_not_in_the_log(
    served: Served, grid: Grid, heard: io.StringIO
) -> None:
    async with browser() as session:
        query = grid.allow(OURS, ANA, await served.begin(session))
        code = query.split("code=")[1].split("&")[0]
        grid._codes.clear()
        assert (await served.come_back(session, query)).startswith("401 ")
    line = logs.Line().format(logging.makeLogRecord({"msg": heard.getvalue()}))
    assert "with code: … - error" in line
    assert code not in line


async def test_where_slack_does_not_answer_the_page_says_so(
    served: Served, grid: Grid, heard: io.StringIO
) -> None:
    async with browser() as session:
        query = grid.allow(OURS, ANA, await served.begin(session))
        await grid.stop()
        page = await served.come_back(session, query)
    assert page.startswith("401 ")
    assert "does not answer just now. Nothing was kept." in page
    assert installed(served) == []
    assert "ClientConnectorError" in heard.getvalue()


@pytest.mark.parametrize(("answer", "status"), [({"ok": True}, "401 "), ([1], "500 ")])
async def test_an_answer_that_slack_never_gives_installs_nothing_and_shows_a_page(
    served: Served, grid: Grid, monkeypatch: pytest.MonkeyPatch, answer: Any, status: str
) -> None:
    monkeypatch.setattr(grid, "_access", lambda *_: answer)
    async with browser() as session:
        page = await served.come_back(session, grid.allow(OURS, ANA, await served.begin(session)))
    assert page.startswith(status), page
    assert "Try again" in page or "Please try again." in page
    assert "Traceback" not in page
    assert installed(served) == []


async def test_nobody_on_the_way_keeps_the_page_that_came_back_with_a_code(
    served: Served, grid: Grid
) -> None:
    async with browser() as session:
        query = grid.allow(OURS, ANA, await served.begin(session))
        cookies = "; ".join(f"{each.key}={each.value}" for each in session.cookie_jar)
        for _ in range(2):  # it is installed, and is not
            address = f"{served.url}{httpmode.INSTALLED}?{query}"
            async with session.get(address, headers={"cookie": cookies}) as page:
                assert page.headers["cache-control"] == "no-store"
                assert page.headers["referrer-policy"] == "no-referrer"
