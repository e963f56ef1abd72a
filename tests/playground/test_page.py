import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack

from .app import pressable, view


class Page:
    """What the browser asks, as one person."""

    def __init__(self, session: aiohttp.ClientSession, url: str) -> None:
        self.session, self.url = session, url

    async def get(self, name: str, **query: str) -> dict[str, Any]:
        async with self.session.get(f"{self.url}/_/{name}", params=query) as answer:
            found: dict[str, Any] = await answer.json()
            return found

    async def post(self, name: str, **body: Any) -> dict[str, Any]:
        async with self.session.post(f"{self.url}/_/{name}", json=body) as answer:
            found: dict[str, Any] = await answer.json()
            return found


@pytest.fixture
async def page(fake: FakeSlack) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(session, fake.url)


async def test_the_page_is_told_who_is_there_and_what_a_person_sees(
    page: Page, fake: FakeSlack
) -> None:
    state = await page.get("state", **{"as": "UANA"})
    assert state["me"] == "UANA"
    assert [channel["name"] for channel in state["channels"]] == ["general", "old", "open"]
    kinds = {person["id"]: person["kind"] for person in state["people"]}
    assert kinds == {
        "USLACKBOT": "slackbot",
        "U0NORTH": "bot",
        "UANA": "member",
        "UBEN": "admin",
        "UGONE": "deactivated",
        "UEXT": "external",
    }
    [eve] = [person for person in state["people"] if person["id"] == "UEXT"]
    assert (eve["team"], eve["can_act"]) == ("Harbor", True)
    assert state["dm"] == {"id": fake.workspace.dm_id("UANA"), "user": "U0NORTH"}
    assert "/echo" in [command["command"] for command in state["app"]["commands"]]
    assert (await page.get("state"))["me"] == "UANA"
    names = [c["name"] for c in (await page.get("state", **{"as": "UBEN"}))["channels"]]
    assert "secret" in names
    names = [c["name"] for c in (await page.get("state", **{"as": "UEXT"}))["channels"]]
    assert names == ["general"]


async def test_the_page_shows_a_persons_own_ephemeral_messages_only(
    page: Page, app: AsyncApp
) -> None:
    assert await page.post("command", **{"as": "UANA"}, channel="C1", text="/echo hi") == {
        "ok": True
    }
    [shown] = (await page.get("messages", **{"as": "UANA"}, channel="C1"))["messages"]
    assert shown["ephemeral"]
    assert shown["sender"] == {"id": "U0NORTH", "name": "Truenorth", "kind": "bot"}
    assert (await page.get("messages", **{"as": "UBEN"}, channel="C1"))["messages"] == []
    secret = await page.get("messages", **{"as": "UANA"}, channel="C2")
    assert secret["error"] == "channel_not_found"


async def test_the_page_says_what_slack_would_say_when_a_command_fails(page: Page) -> None:
    answer = await page.post("command", **{"as": "UANA"}, channel="C1", text="/echo hi")
    assert answer == {"ok": False, "error": "/echo failed because the app is not connected"}
    answer = await page.post("command", **{"as": "UEXT"}, channel="C1", text="/echo hi")
    assert answer["error"] == "/echo is not a valid command."
    assert "missing" in (await page.post("command", channel="C1"))["error"]


async def test_the_page_fills_in_and_sends_a_form(
    page: Page, app: AsyncApp, fake: FakeSlack
) -> None:
    ana = {"as": "UANA"}
    await page.post("command", **ana, channel="C1", text="/form")
    [view] = (await page.get("state", **ana))["views"]
    chosen = await page.post(
        "click",
        **ana,
        view_id=view["id"],
        block_id="kind",
        action_id="kind",
        option="learning",
        values={"message": "half a thought"},
    )
    assert chosen == {"ok": True}
    held = fake.views("UANA")[0]["state"]["values"]["message"]["it"]["value"]
    assert held == "half a thought"
    answer = await page.post("submit", **ana, view_id=view["id"], values={"who": []})
    assert answer["outcome"] == "errors"
    assert set(answer["errors"]) == {"who"}
    answer = await page.post("submit", **ana, view_id=view["id"], values={"who": ["UBEN"]})
    assert answer == {"outcome": "closed", "errors": {}}
    answer = await page.post("close", **ana, view_id=view["id"])
    assert not answer["ok"]


async def test_a_choice_counts_although_the_app_took_another_input_away_meanwhile(
    page: Page, app: AsyncApp, fake: FakeSlack
) -> None:
    view_id = fake.workspace.views.open("UANA", view())["id"]
    where = {"as": "UANA", "view_id": view_id, "block_id": "kind", "action_id": "kind"}
    held = {"message": "half a thought", "gone": "what stood there"}
    chosen = await page.post("click", **where, option="learning", values=held)
    assert chosen == {"ok": True}
    values = fake.views("UANA")[0]["state"]["values"]
    assert values["message"]["it"]["value"] == "half a thought"


async def test_the_page_presses_a_button_and_opens_the_home_tab(
    page: Page, app: AsyncApp, fake: FakeSlack, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="x", blocks=pressable()))["ts"]
    where = {"as": "UANA", "channel": "C1", "ts": ts, "block_id": "buttons"}
    assert await page.post("click", **where, action_id="press") == {"ok": True}
    assert fake.messages("C1")[0]["text"] == "pressed"
    assert not (await page.post("click", **where, action_id="press"))["ok"]
    home = await page.post("home", **{"as": "UANA"})
    assert home["view"]["type"] == "home"


async def test_the_page_moves_the_clock(page: Page, fake: FakeSlack) -> None:
    assert (await page.post("clock", seconds=60))["offset"] == 60
    answer = await page.post("clock", to="2030-01-07T09:00:00+00:00")
    assert answer["now"].startswith("2030-01-07T09:00:0")
    assert not (await page.post("clock", to="tomorrow"))["ok"]


async def test_the_page_is_told_at_once_of_what_its_person_may_see(
    page: Page, fake: FakeSlack
) -> None:
    url = f"{fake.url}/_/live?as=UANA"
    async with page.session.ws_connect(url) as socket:
        await page.post("message", **{"as": "UBEN"}, channel="C2", text="not for Ana")
        await page.post("message", **{"as": "UBEN"}, channel="C1", text="for all")
        body = {"user": "U0NORTH", "text": "psst"}
        fake.workspace.messages.post("C1", body, only="UBEN")
        ts = fake.workspace.messages.post("C1", body, only="UANA")["ts"]
        fake.workspace.messages.edit("C1", ts, text="louder")
        fake.workspace.messages.delete("C1", ts)
        home = {"type": "home", "blocks": [{"type": "divider"}]}
        fake.workspace.views.publish("UBEN", home)
        fake.workspace.views.publish("UANA", home)
        fake.workspace.move_clock(5)
        fake.workspace.add_person(id="UNEW", name="new")
        told = [json.loads(await socket.receive_str()) for _ in range(7)]
    assert [each["type"] for each in told] == [
        "message",
        "message",
        "message_changed",
        "message_deleted",
        "home",
        "clock",
        "state",
    ]
    assert told[0]["message"]["sender"]["name"] == "Ben Okafor"
    assert (told[1]["message"]["text"], told[1]["message"]["ephemeral"]) == ("psst", True)
    assert told[2]["message"]["text"] == "louder"
    assert told[3] == {"type": "message_deleted", "channel": "C1", "ts": ts}
    assert told[5]["clock"]["offset"] == 5
