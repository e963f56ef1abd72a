"""The pieces of `make bench` do what its table says of them; how long they take is not asked."""

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from benchmarks import ground, history, me, payloads, search, sending, web
from benchmarks.driver import Ack, Driver, Link, at_once
from benchmarks.figures import Row, percentile
from benchmarks.floor import RawStore
from benchmarks.ground import WRITTEN, Recorded
from benchmarks.process import Stage
from bot import lanes
from bot.db import Database
from bot.rituals import home
from tests.support import T0


def counted(path: Path) -> dict[str, int]:
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in WRITTEN
        }


@asynccontextmanager
async def an_app() -> AsyncIterator[tuple[Link, aiohttp.ClientWebSocketResponse]]:
    async with Driver().serving() as driver, aiohttp.ClientSession() as session:
        link = driver.link("app")
        address = f"http://127.0.0.1:{driver.port}/app/socket"
        async with session.ws_connect(address) as app:
            await app.receive_json()  # hello
            await link.connected.wait()
            yield link, app


async def test_the_floor_writes_what_a_real_recognition_writes(tmp_path: Path) -> None:
    laid = await ground.lay(tmp_path)
    before = counted(laid.database)
    recorded = tmp_path / "recorded.json"
    laid.recorded.save(recorded)
    store = RawStore(laid.database, json.loads(recorded.read_text()))
    for trigger in ("t1", "t2"):
        store.insert(team=payloads.TEAM, giver=payloads.GIVER, trigger=trigger)
    store.close()
    after = counted(laid.database)
    written = {table: after[table] - before[table] for table in WRITTEN}
    assert written == {"inbound": 2, "recognition": 2, "recipient": 4, "ledger": 2, "outbox": 6}


async def test_everything_asked_at_once_gets_its_own_answer() -> None:
    envelopes = [payloads.recognize() for _ in range(3)]
    async with an_app() as (link, app):
        asking = asyncio.create_task(at_once(link, envelopes, at_a_time=3))
        heard = [(await app.receive_json())["envelope_id"] for _ in envelopes]
        for envelope_id in reversed(heard):
            await app.send_json({"envelope_id": envelope_id, "payload": {"text": envelope_id}})
        acks = await asking
    assert sorted(heard) == sorted(envelope.id for envelope in envelopes)
    assert sorted(json.loads(ack.payload or "")["payload"]["text"] for ack in acks) == sorted(heard)


async def test_no_more_are_under_way_than_was_said() -> None:
    envelopes = [payloads.glance() for _ in range(2)]
    async with an_app() as (link, app):
        asking = asyncio.create_task(at_once(link, envelopes, at_a_time=1))
        for envelope in envelopes:
            assert (await app.receive_json())["envelope_id"] == envelope.id
            assert not asking.done()
            await app.send_json({"envelope_id": envelope.id})
        assert len(await asking) == 2


def test_a_refusal_is_no_result() -> None:
    refused = Ack(0.001, '{"payload": {"text": "Nothing was saved."}}')
    with pytest.raises(AssertionError, match="is saved"):
        refused.must_say("is saved")
    with pytest.raises(AssertionError, match="None"):
        Ack(3.0, None).must_say("")


def test_a_percentile_is_one_of_the_values() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 99) == 99.0
    assert percentile(values, 50) == 50.0
    assert percentile([7.0], 99) == 7.0


def test_a_ratio_is_taken_round_by_round_and_judged_by_its_median() -> None:
    row = Row("one thing", goal=2)
    for ours, floor in ((3.0, 1.0), (4.0, 4.0), (30.0, 15.0)):
        row.add(ours, floor)
    assert row.met
    assert "2.00 × [1.00–3.00]" in row.cells()
    assert not Row("more is better", goal=3, at_least=True, ours=[2.0], floor=[1.0]).met
    assert not Row("no floor", goal=0, has_floor=False, ours=[1.0]).met


def test_a_request_is_signed_as_slack_signs_it() -> None:
    headers = web.signed("text=bread")
    assert SignatureVerifier(web.SECRET).is_valid_request("text=bread", headers)
    assert not SignatureVerifier(web.SECRET).is_valid_request("text=butter", headers)


def test_an_id_that_is_no_number_of_javascripts_is_written_as_text() -> None:
    recorded = Recorded(2**60 + 1, [("INSERT", [2**60 + 1, "U1", 7, None, True])])
    large = {"id": str(2**60 + 1)}
    assert web._exact(recorded) == {
        "record": large,
        "rows": [("INSERT", [large, "U1", 7, None, True])],
    }


async def test_over_http_a_command_is_saved_and_what_slack_did_not_sign_is_refused(
    tmp_path: Path,
) -> None:
    async with Driver().serving() as driver:
        stage = Stage(driver, await ground.lay(tmp_path), tmp_path)
        async with web.ours(stage, "web") as server:
            before = counted(server.app.database)["recognition"]
            (await server.ask(payloads.recognize())).must_say("is saved")
            async with server.session.post(server.url, data="text=bread") as response:
                assert response.status == 401
            assert counted(server.app.database)["recognition"] == before + 1


async def test_everything_that_waits_is_sent_before_its_cost_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(lanes.METHOD_PACE, "chat.postMessage", timedelta(0))
    laid = await ground.lay(tmp_path)
    async with Driver().serving() as driver, aiohttp.ClientSession() as http:
        database = Database.open(f"sqlite:///{laid.database}")
        address = driver.api_url("app").removesuffix("/api/")
        assert await sending.send(address, http, database, 20) > 0
        database.close()
    with closing(sqlite3.connect(laid.database)) as connection:
        sent = "SELECT count(*) FROM outbox WHERE cause LIKE 'bench:%' AND status = 'sent'"
        assert connection.execute(sent).fetchone() == (20,)


async def test_home_is_asked_by_hand_for_what_it_shows(tmp_path: Path) -> None:
    laid = await ground.lay(tmp_path)
    history.grow(laid.database, laid.recorded, 1000)
    database = Database.open(f"sqlite:///{laid.database}")
    with closing(sqlite3.connect(laid.database)) as connection:
        for person in (payloads.GIVER, payloads.FIRST):
            content = await database.read(
                payloads.TEAM, partial(home.content, person=person, now=T0)
            )
            got, gave = history.ask(connection, person)
            assert got == [one.recognition.id for one in content.got]
            assert gave == [one.recognition.id for one in content.gave]
            assert len(got) == len(gave) == home.LATEST
            assert all(one.recipients for one in [*content.got, *content.gave])
    database.close()


async def test_what_the_bench_withdraws_is_forgotten(tmp_path: Path) -> None:
    laid = await ground.lay(tmp_path)
    search.grow(laid.database, laid.recorded, 30)
    await search.forgetting(laid.database)
    with closing(sqlite3.connect(laid.database)) as connection:
        # The mission can be found as well, and the latest recognition no more.
        for table, rows in (("recognition", 31), ("search_entry", 31), ("search_chore", 0)):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (rows,)


async def test_everything_of_one_person_is_the_same_by_hand(tmp_path: Path) -> None:
    laid = await ground.lay(tmp_path)
    history.grow(laid.database, laid.recorded, 1000)
    me.give(laid.database, laid.recorded.record)
    database = Database.open(f"sqlite:///{laid.database}")
    ours = await database.read(payloads.TEAM, me.read)
    database.close()
    with closing(sqlite3.connect(laid.database)) as connection:
        assert me.ask(connection) == ours
    assert (len(ours["received"]), len(ours["given"])) == (10, 2)
    assert all(len(one["applause"]["by"]) == 2 for one in ours["received"])
