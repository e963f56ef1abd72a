import asyncio
import signal
import socket
from collections.abc import Mapping

import aiohttp
import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from bot.playground.server import FakeSlack
from bot.playground.serving import Serving
from bot.playground.workspace import Workspace

from .conftest import MANIFEST, small_workspace


async def get(url: str, **headers: str) -> tuple[int, Mapping[str, str]]:
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        await answer.read()
        return answer.status, answer.headers


async def test_a_port_that_is_taken_is_an_os_error(fake: FakeSlack) -> None:
    other = FakeSlack(Workspace(), manifest=MANIFEST)
    port = int(fake.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="in use"):
        await other.start(port)
    await other.stop()


async def test_a_server_can_be_stopped_and_started_again_on_its_port() -> None:
    fake = FakeSlack(small_workspace(Workspace()), manifest=MANIFEST)
    await fake.start()
    url = fake.url
    await fake.stop()
    await fake.stop()
    await fake.start(int(url.rsplit(":", 1)[1]))
    assert fake.url == url
    assert (await get(fake.clock_url))[0] == 200
    await fake.stop()


async def test_it_stops_while_those_who_listen_leave() -> None:
    async def leave(socket: aiohttp.ClientWebSocketResponse, turns: int) -> None:
        for _ in range(turns):  # of the event loop, so that one goes at every moment of stopping
            await asyncio.sleep(0)
        await socket.close()

    for first in range(4):
        fake = FakeSlack(small_workspace(Workspace()), manifest=MANIFEST)
        await fake.start()
        async with aiohttp.ClientSession() as session:
            listening = [await session.ws_connect(f"{fake.url}/_/live") for _ in range(8)]
            leaving = (leave(socket, first + turns) for turns, socket in enumerate(listening))
            await asyncio.gather(fake.stop(), *leaving)


async def test_no_answer_waits_for_the_reader_to_confirm_its_first_piece() -> None:
    at_once: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        assert serving._server is not None
        [connection] = serving._server.server_state.connections
        reader = connection.transport.get_extra_info("socket")
        at_once.append(reader.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        await PlainTextResponse("Hello")(scope, receive, send)

    serving = Serving(app)
    port = await serving.start(0)
    assert (await get(f"http://127.0.0.1:{port}/"))[0] == 200
    await serving.stop()
    [flag] = at_once
    assert flag


async def test_the_signal_handlers_are_left_alone() -> None:
    handled = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(each) for each in handled]
    fake = FakeSlack(Workspace(), manifest=MANIFEST)
    await fake.start()
    assert (await get(fake.clock_url))[0] == 200
    assert [signal.getsignal(each) for each in handled] == before
    await fake.stop()


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost:80", 200),
        ("[::1]:80", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("localhost@evil.example", 403),
        ("[", 403),
    ],
)
async def test_only_names_of_this_machine_are_answered(
    fake: FakeSlack, host: str, status: int
) -> None:
    assert (await get(fake.clock_url, Host=host))[0] == status


@pytest.mark.parametrize(
    ("origin", "status"), [("", 200), ("https://evil.example", 403), ("null", 403)]
)
async def test_another_sites_page_cannot_act(fake: FakeSlack, origin: str, status: int) -> None:
    headers = {"Origin": origin} if origin else {}
    async with aiohttp.ClientSession() as session:
        url = f"{fake.url}/_/clock"
        async with session.post(url, json={"seconds": 1}, headers=headers) as answer:
            assert answer.status == status
        async with session.post(url, json={"seconds": 1}, headers={"Origin": fake.url}) as answer:
            assert answer.status == 200


async def test_another_sites_page_cannot_listen(fake: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{fake.url}/_/live", origin="https://evil.example")
        async with session.ws_connect(f"{fake.url}/_/live", origin=fake.url):
            pass


async def test_the_page_may_load_from_here_only(fake: FakeSlack) -> None:
    status, headers = await get(f"{fake.url}/")
    assert status == 200
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'self'; connect-src 'self' ws://127.0.0.1:")
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", ["..%2fserver.py", "%2e%2e/server.py", "nothing.js", ""])
async def test_nothing_but_the_pages_own_files_is_served(fake: FakeSlack, name: str) -> None:
    assert (await get(f"{fake.url}/page/{name}"))[0] == 404
