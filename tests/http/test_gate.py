"""What Slack did not sign just now is refused before anything in it is read."""

import asyncio
import io
import json
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from bot import envelope, gate, httpmode, web
from bot.db import Database
from bot.errors import NotSaved
from bot.migrate import migrate
from bot.playground.grid import Grid
from bot.playground.overhttp import signed
from tests.http.conftest import OURS, Served
from tests.stored import rows
from tests.support import ANA, BEN, give, set_up

FORM = "application/x-www-form-urlencoded"
SECRET = "of0nobody0but0slack0000000000000"
BODY = b'{"type":"url_verification","challenge":"c"}'


@pytest.fixture
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where anything is read of a request."""

    def read(*_: object, **__: object) -> None:
        raise AssertionError("it was read")

    monkeypatch.setattr(envelope, "read", read)


async def post(served: Served, body: Any, headers: dict[str, str]) -> int:
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{served.url}{httpmode.EVENTS}", data=body, headers=headers) as answer,
    ):
        assert await answer.text() == ""
        assert answer.status == 200 or answer.headers["connection"] == "close"
        return answer.status


def of(grid: Grid, body: bytes, *, age: float = 0.0) -> dict[str, str]:
    return signed(grid.credentials.signing_secret, body, time.time() - age)


async def test_slack_itself_is_answered(served: Served, grid: Grid) -> None:
    reply = await grid.line.post(BODY, "application/json", seconds=3)
    assert reply.payload == {"challenge": "c"}


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize("age", [301, 3600, -301])
async def test_what_is_old_or_of_the_future_is_refused(
    served: Served, grid: Grid, age: float
) -> None:
    assert await post(served, BODY, of(grid, BODY, age=age)) == 401


@pytest.mark.usefixtures("unread")
@pytest.mark.parametrize(
    "change",
    [
        {"x-slack-signature": ""},
        {"x-slack-signature": "v0=" + "0" * 64},
        {"x-slack-signature": "v1=" + "0" * 64},
        {"x-slack-signature": "v0=é" + "0" * 63},
        {"x-slack-request-timestamp": ""},
        {"x-slack-request-timestamp": "soon"},
        {"x-slack-request-timestamp": "-1"},
        {"x-slack-request-timestamp": "1e9"},
        {"x-slack-request-timestamp": "9" * 400},
        {"x-slack-request-timestamp": "٣"},
    ],
)
async def test_what_is_forged_is_refused(
    served: Served, grid: Grid, change: dict[str, str]
) -> None:
    for body in (BODY, b"ssl_check=1", b"\xff\xfe", b""):
        assert await post(served, body, of(grid, body) | change) == 401


@pytest.mark.usefixtures("unread")
async def test_who_has_another_secret_is_refused(served: Served) -> None:
    assert await post(served, BODY, signed(SECRET, BODY)) == 401


@pytest.mark.usefixtures("unread")
async def test_a_signature_is_good_for_its_own_body_and_time_alone(
    served: Served, grid: Grid
) -> None:
    headers = of(grid, BODY)
    assert await post(served, BODY + b" ", headers) == 401
    later = headers | {"x-slack-request-timestamp": str(int(time.time()) + 1)}
    assert await post(served, BODY, later) == 401


@pytest.mark.usefixtures("unread")
async def test_what_is_too_large_is_refused_without_being_read(served: Served, grid: Grid) -> None:
    large = b"x" * (gate.LARGEST + 1)
    assert await post(served, io.BytesIO(large), of(grid, large)) == 413

    async def in_pieces() -> Any:
        for _ in range(gate.LARGEST // 65536 + 2):
            yield b"x" * 65536

    assert await post(served, in_pieces(), of(grid, large)) == 413


async def test_what_says_that_it_is_too_large_is_not_waited_for() -> None:
    headers = signed(SECRET, BODY, 1000) | {"content-length": str(gate.LARGEST + 1)}

    async def receive() -> Any:
        raise AssertionError("it was read")

    request = Request(made(BODY, headers).scope, receive)
    with pytest.raises(gate.Refused) as refused:
        await gate.checked(request, secret=SECRET, now=1000)
    assert refused.value.status == 413


async def test_as_much_as_is_allowed_is_let_in(served: Served, grid: Grid) -> None:
    room = gate.LARGEST - len(BODY)
    body = BODY.replace(b'"c"', b'"c' + b"c" * (room) + b'"')
    assert len(body) == gate.LARGEST
    reply = await grid.line.post(body, "application/json", seconds=3)
    assert reply.acked


@pytest.mark.usefixtures("unread")
async def test_what_does_not_arrive_is_given_up(
    served: Served, grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "READING_SECONDS", 0.1)

    async def slowly() -> Any:
        yield b"{"
        await waiting.wait()

    waiting = asyncio.Event()
    assert await post(served, slowly(), of(grid, BODY)) == 408


def made(body: bytes, headers: dict[str, str]) -> Request:
    """A request as it arrives."""
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    parts = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Any:
        return next(parts)

    scope = {"type": "http", "method": "POST", "path": "/", "headers": raw, "query_string": b""}
    return Request(scope, receive)


async def asked(body: bytes, headers: dict[str, str], *, now: float) -> bytes:
    """What is let in of a request that never came before."""
    return (await gate.checked(made(body, headers), secret=SECRET, now=now))[0]


async def test_what_was_answered_is_refused_when_it_comes_again(
    served: Served, grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    await grid.line.post(BODY, "application/json", seconds=3)
    [(body, headers)] = grid.line.sent
    monkeypatch.setattr(web, "_answer", None)  # nothing in it is read
    assert [await post(served, body, headers) for _ in range(2)] == [401, 401]


async def test_what_could_not_be_answered_is_let_in_when_it_comes_again(
    served: Served, grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def later(*_: object) -> Any:
        raise NotSaved("Nothing was saved.")

    with monkeypatch.context() as busy:
        busy.setattr(web, "_answer", later)
        assert not (await grid.line.post(BODY, "application/json", seconds=3)).acked
    [(body, headers)] = grid.line.sent
    assert (await grid.line.send(body, headers, seconds=3)).acked
    assert not (await grid.line.send(body, headers, seconds=3)).acked


async def test_of_two_that_come_at_once_one_is_let_in(
    served: Served, grid: Grid, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived, answer, whole = asyncio.Event(), asyncio.Event(), web._answer

    async def slowly(*given: Any) -> Any:
        arrived.set()
        await answer.wait()
        return await whole(*given)

    monkeypatch.setattr(web, "_answer", slowly)
    first = asyncio.create_task(grid.line.post(BODY, "application/json", seconds=3))
    await arrived.wait()
    [(body, headers)] = grid.line.sent
    assert await post(served, body, headers) == 401
    answer.set()
    assert (await first).acked


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database.open(database_url)
    migrate(opened.writer)
    yield opened
    opened.close()


async def came(door: gate.Gate, second: int, *, now: float, status: int = 200) -> bool:
    """Whether what was signed at this second is let in."""
    try:
        async with door.let_in(made(BODY, signed(SECRET, BODY, second)), now=now) as let_in:
            let_in.answer = Response(status_code=status)
            return True
    except gate.Refused:
        return False


async def test_what_one_process_answered_another_refuses(database: Database) -> None:
    one, another = (gate.Gate(SECRET, database) for _ in range(2))
    assert [await came(each, 1000, now=1000) for each in (one, another, one)] == [
        True,
        False,
        False,
    ]
    assert [await came(each, 1001, now=1001, status=503) for each in (one, another)] == [True] * 2
    assert await came(one, 1001, now=1001)
    assert not await came(another, 1001, now=1001)


async def test_nothing_is_remembered_longer_than_it_could_come_again(
    database: Database, database_url: str
) -> None:
    one, remembered = gate.Gate(SECRET, database), 2 * gate.FRESH_SECONDS
    for second in range(0, 4 * remembered, 30):
        assert await came(one, second, now=second)
        assert not await came(one, second, now=second + gate.FRESH_SECONDS)
        ((kept,),) = rows(database_url, "SELECT count(*) FROM inbound")
        assert kept <= (remembered + gate.TIDY_SECONDS) // 30 + 1


async def test_a_stamp_of_the_future_is_remembered_for_as_long_as_it_is_good(
    database: Database,
) -> None:
    one, ahead = gate.Gate(SECRET, database), gate.FRESH_SECONDS
    assert await came(one, 1000 + ahead, now=1000)
    for later in (2 * ahead - 1, 2 * ahead):
        assert await came(one, 1000 + later, now=1000 + later)  # by which old ones are forgotten
        assert not await came(one, 1000 + ahead, now=1000 + later)


async def test_where_the_database_takes_nothing_slack_is_answered_all_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise NotSaved("Nothing was saved.")

    monkeypatch.setattr(database, "write", refuse)
    assert await came(gate.Gate(SECRET, database), 1000, now=1000)


@given(
    body=st.binary(max_size=200),
    other=st.binary(max_size=200),
    stamp=st.integers(0, 2_000_000_000),
    off=st.integers(-400, 400),
)
@settings(suppress_health_check=[HealthCheck.too_slow])
async def test_exactly_what_was_signed_just_now_is_let_in(
    body: bytes, other: bytes, stamp: int, off: int
) -> None:
    headers = signed(SECRET, body, stamp)
    fresh = abs(off) <= gate.FRESH_SECONDS
    if fresh:
        assert await asked(body, headers, now=stamp + off) == body
    if not fresh or other != body:
        with pytest.raises(gate.Refused):
            await asked(body if not fresh else other, headers, now=stamp + off)


async def test_another_address_or_verb_answers_nothing_of_a_workspace(served: Served) -> None:
    await served.install(OURS)
    async with aiohttp.ClientSession() as session:
        for path in ("/", "/slack", "/api/auth.test", "/slack/events/", "/metrics"):
            async with session.get(f"{served.url}{path}", allow_redirects=False) as answer:
                assert answer.status in (404, 405, 307), path
                assert OURS not in await answer.text()


async def test_what_cannot_be_read_is_answered_so_that_nobody_takes_it_for_done(
    served: Served, grid: Grid
) -> None:
    form = "application/x-www-form-urlencoded"
    told = await grid.line.post(b"command=/recognize&text=x", form, seconds=3)
    assert "nothing was saved" in told.payload["text"]
    view = {"blocks": [{"type": "input", "block_id": "message"}]}
    for sent, action in ((view, "errors"), ({}, "update"), ([], "update")):
        payload = json.dumps({"type": "view_submission", "view": sent})
        body = urlencode({"payload": payload}).encode()
        told = await grid.line.post(body, form, seconds=3)
        assert told.payload["response_action"] == action
        assert "nothing was saved" in str(told.payload)
    for body in (
        b"payload=%7B",
        b"payload=5",
        b"\xff",
        b"ssl_check=1&token=x",
        b"payload=%FF",
    ):
        assert (await grid.line.post(body, form, seconds=3)).acked, body


async def test_what_is_written_in_an_event_is_no_command_whatever_the_request_is_called(
    served: Served, grid: Grid
) -> None:
    await served.install(OURS)
    await grid.workspaces[OURS].until(lambda: grid.workspaces[OURS].dm(ANA), 20)
    written = f"&command=/mission&text=help&user_id={ANA}&team_id={OURS}&trigger_id=7.1&x="
    event = {"type": "user_change", "user": {"id": BEN, "profile": {"title": written}}}
    told: dict[str, Any] = {"type": "event_callback", "team_id": OURS, "event": event}
    typed = {"command": "/mission", "text": "help", "user_id": ANA, "trigger_id": "7.1"}
    wrapped = urlencode({"payload": json.dumps(typed | {"team_id": OURS})}).encode()
    for body in (json.dumps(told).encode(), json.dumps(told | typed).encode(), wrapped):
        for nth, kind in enumerate((FORM, "application/json", "text/plain")):
            another = body + b" " * nth  # or it would be refused: it was answered
            reply = await grid.line.post(another, kind, seconds=3)
            assert reply.acked
            assert "/mission" not in str(reply.payload), body


async def test_a_command_may_say_payload(served: Served, grid: Grid) -> None:
    """Which Bolt's own reader takes for the name of a field."""
    await served.install(OURS)
    ours = grid.workspaces[OURS]
    await ours.until(lambda: ours.dm(ANA), 20)
    await set_up(ours)
    await give(ours, BEN, "@kim wrote what reads the payload #care")


@pytest.mark.parametrize("team", ["T1&user_scope=admin", "T1%26user_scope=admin", "T\u0444", "x"])
async def test_nothing_but_a_workspaces_id_goes_along_to_slack(served: Served, team: str) -> None:
    address = f"{served.url}{httpmode.INSTALL}"
    async with (
        aiohttp.ClientSession() as session,
        session.get(address, params={"team": team}, allow_redirects=False) as page,
    ):
        assert page.status == 302
        asked = parse_qs(urlsplit(page.headers["location"]).query)
    assert "team" not in asked
    assert "admin" not in asked.get("user_scope", [])


async def test_no_address_leads_to_wherever_a_request_says(served: Served) -> None:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{served.url}{httpmode.INSTALL}/", allow_redirects=False) as page,
    ):
        assert page.status == 404
