from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack

from .app import option, option_menu, pressable


async def test_a_menus_choice_is_sent_and_a_choice_not_offered_is_not(
    fake: FakeSlack, app: AsyncApp, client: AsyncWebClient
) -> None:
    fake.sockets.ack_seconds = 0.1
    ts = (await client.chat_postMessage(channel="C1", text="x", blocks=pressable()))["ts"]
    await fake.click("UANA", channel="C1", ts=ts, action_id="press-menu", option="edit")
    [action] = fake.sockets.sent[-1]["payload"]["actions"]
    assert action["selected_option"]["value"] == "edit"
    with pytest.raises(LookupError):
        await fake.click("UANA", channel="C1", ts=ts, action_id="press-menu", option="burn")


async def test_an_option_is_chosen_beside_a_text_and_on_the_home_tab(
    fake: FakeSlack, app: AsyncApp, client: AsyncWebClient
) -> None:
    fake.sockets.ack_seconds = 0.1
    text = {"type": "mrkdwn", "text": "A card"}
    card = {"type": "section", "block_id": "card", "text": text, "accessory": option_menu()}
    ts = (await client.chat_postMessage(channel="C1", text="x", blocks=[card]))["ts"]
    home = fake.workspace.views.publish("UANA", {"type": "home", "blocks": [card]})
    places: list[dict[str, Any]] = [{"channel": "C1", "ts": ts}, {"view": home}]
    for where in places:
        await fake.click("UANA", action_id="press-menu", option="edit", **where)
        payload = fake.sockets.sent[-1]["payload"]
        [action] = payload["actions"]
        assert set(action) == {"type", "block_id", "action_id", "action_ts", "selected_option"}
        assert (action["type"], action["block_id"]) == ("overflow", "card")
        assert action["selected_option"] == option("edit")
        with pytest.raises(LookupError):
            await fake.click("UANA", action_id="press-menu", **where)
    assert "channel" not in payload
