"""What is said to who clicked goes to Slack, wherever the click says that it should go."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import kit
from bot.deps import Deps
from bot.playground.server import FakeSlack
from handlers.request import Request
from tests.rights.sending import Sender
from tests.support import KIM, T0, TEAM, Bot, Doc, text_of

SLACK, GOVERNMENT = "https://slack.com/api/", "https://slack-gov.com/api/"
OURS = "http://127.0.0.1:8400/api/"
SECRET = "Only for Kim."


def asked(url: object, *, api: str = SLACK, session: Any = None) -> Request:
    """A click that says where it is to be answered."""
    nobody: Any = None
    slack = AsyncWebClient(base_url=api, session=session)
    body = {"response_url": url, "user": {"id": KIM}, "trigger_id": "t"}
    return Request(Deps(nobody, lambda: T0, slack), TEAM, body, nobody, T0)


@pytest.mark.parametrize(
    ("api", "url"),
    [
        (SLACK, "https://hooks.slack.com/actions/T1/1/x"),
        (SLACK, "https://hooks.slack.com/commands/T1/1/x"),
        (SLACK, "https://slack.com/response/x"),
        (GOVERNMENT, "https://hooks.slack-gov.com/actions/T1/1/x"),
        (OURS, "http://127.0.0.1:8400/response/x"),
        ("https://somebody:secret@slack.example/api/", "https://slack.example/response/x"),
    ],
)
def test_a_click_is_answered_at_slacks_host(api: str, url: str) -> None:
    assert asked(url, api=api).answer_to == url


ELSEWHERE = [
    "",
    None,
    7,
    {"url": "https://hooks.slack.com/x"},
    "https://evil.example/actions/T1/1/x",
    "http://hooks.slack.com/actions/T1/1/x",
    "https://hooks.slack.com",
    "https://hooks.slack.com:8443/x",
    "https://hooks.slack.com@evil.example/x",
    "https://hooks.slack.com:x@evil.example/x",
    "https://evil.example@hooks.slack.com/x",
    "https://hooks.slack.com.evil.example/x",
    "https://hooks.slack.com%2fevil.example/x",
    "https://hooks.slack.com\\@evil.example/x",
    "https://hooks.slack.com#@evil.example/",
    "https://hooks.slack.com?@evil.example/",
    "https://hooks-slack.com/x",
    "https://xhooks.slack.com/x",
    "https://evil.slack.com/x",
    "https://hooks.ѕlack.com/x",
    "HTTPS://HOOKS.SLACK.COM/x",
    " https://hooks.slack.com/x",
    "https:\n//hooks.slack.com/x",
    "https:hooks.slack.com/x",
    "//hooks.slack.com/x",
    "https://127.0.0.1/x",
    "https://[::1]/x",
    "https://169.254.169.254/latest/meta-data/",
    "http://localhost:8400/response/x",
    "file:///etc/passwd",
]


@pytest.mark.parametrize("url", ELSEWHERE, ids=str)
@pytest.mark.parametrize("api", [SLACK, OURS])
def test_a_click_is_answered_nowhere_else(api: str, url: object) -> None:
    assert asked(url, api=api).answer_to is None


@dataclass
class Host:
    """Somebody who answers, and what was sent to them."""

    url: str = ""
    away: str = ""
    got: list[tuple[str, Doc]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((request.path, await request.json()))
        if request.path == "/away":
            raise web.HTTPTemporaryRedirect(self.away)  # which has the whole message sent again
        return web.Response(status=404 if request.path == "/gone" else 200)


@pytest.fixture
async def hosts() -> AsyncIterator[tuple[Host, Host]]:
    """Slack, and somebody else to whom Slack sends on."""
    slack, other = Host(), Host()
    runners = []
    for host in (slack, other):
        site = web.Application()
        site.router.add_post("/{path}", host.take)
        runners.append(web.AppRunner(site))
        await runners[-1].setup()
        await web.TCPSite(runners[-1], "127.0.0.1", 0).start()
        host.url = f"http://127.0.0.1:{runners[-1].addresses[0][1]}/"
    slack.away = f"{other.url}taken"
    yield slack, other
    for runner in runners:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("path", "logged"),
    [
        ("taken", []),
        ("away", ["Slack did not take the answer to a click: 307"]),
        ("gone", ["Slack did not take the answer to a click: 404"]),
    ],
)
async def test_an_answer_follows_nobody_to_another_host(
    hosts: tuple[Host, Host], caplog: pytest.LogCaptureFixture, path: str, logged: list[str]
) -> None:
    slack, other = hosts
    async with aiohttp.ClientSession() as session:
        click = asked(f"{slack.url}{path}", api=slack.url, session=session)
        await click.whisper(kit.sentence(SECRET))
    assert [(where, sent["text"]) for where, sent in slack.got] == [(f"/{path}", SECRET)]
    assert other.got == []
    said = [one.getMessage() for one in caplog.records if one.name.startswith("handlers")]
    assert said == logged


async def test_who_clicks_something_that_asks_for_an_answer_elsewhere_is_told_by_slack(
    slack: FakeSlack, mission: Bot, hosts: tuple[Host, Host]
) -> None:
    _, other = hosts
    kim = Sender(slack, KIM)
    where = f"{slack.api_url.removesuffix('/api/')}@{other.url.removeprefix('http://')}taken"
    for url in (f"{other.url}taken", where):
        assert "by another version of Truenorth" in await kim.press(
            "applaud", "nothing", response_url=url
        )
        assert "by another version" in text_of(kim.opened[-1])  # in Slack, above what was clicked
    assert slack.ephemerals(KIM) == []
    assert other.got == []
