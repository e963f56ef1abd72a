from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.forms import REQUIRED
from bot.playground.server import FakeSlack

from .app import KIND, MESSAGE, option, view
from .test_forms import open_form


async def test_an_input_that_acts_sends_the_form_as_it_is_at_once(
    fake: FakeSlack, app: AsyncApp
) -> None:
    view_id = await open_form(fake)
    fake.fill("UANA", view_id, {"message": "half a thought"})
    before = fake.views("UANA")[0]["hash"]
    assert (await fake.choose("UANA", view_id, "kind", "learning")).ok
    payload = fake.sockets.sent[-1]["payload"]
    assert payload["type"] == "block_actions"
    assert payload["container"] == {"type": "view", "view_id": view_id}
    assert payload["view"]["hash"] == before
    values = payload["view"]["state"]["values"]
    assert values["kind"]["kind"]["selected_option"]["value"] == "learning"
    assert values["message"]["it"]["value"] == "half a thought"
    [shown] = fake.views("UANA")
    assert (shown["title"]["text"], shown["hash"] == before) == ("learning", False)


async def test_a_choice_can_be_taken_back(fake: FakeSlack, client: AsyncWebClient) -> None:
    view_id = fake.workspace.views.open("UANA", view())["id"]
    await fake.choose("UANA", view_id, "kind", "learning")
    await fake.choose("UANA", view_id, "kind", None)
    values = fake.views("UANA")[0]["state"]["values"]
    assert values["kind"]["kind"]["selected_option"] is None


async def test_an_input_that_does_not_act_is_only_filled_in(fake: FakeSlack, app: AsyncApp) -> None:
    view_id = await open_form(fake)
    sent = len(fake.sockets.sent)
    assert not (await fake.choose("UANA", view_id, "message", "helped me")).sent
    with pytest.raises(LookupError):
        await fake.click("UANA", view=view_id, action_id="it", block_id="who", option=["UBEN"])
    with pytest.raises(LookupError):
        await fake.choose("UANA", view_id, "colour", "red")
    with pytest.raises(LookupError):
        await fake.choose("UBEN", view_id, "kind", "learning")
    assert len(fake.sockets.sent) == sent
    assert fake.views("UANA")[0]["state"]["values"]["message"]["it"]["value"] == "helped me"


CHARACTERS = {"dispatch_action_config": {"trigger_actions_on": ["on_character_entered"]}}


@pytest.mark.parametrize(
    ("more", "acts"),
    [
        ({}, True),
        ({"multiline": True}, False),
        (CHARACTERS, True),
        ({**CHARACTERS, "multiline": True}, True),
    ],
)
async def test_a_text_acts_on_enter_or_on_its_characters(
    fake: FakeSlack, app: AsyncApp, more: dict[str, Any], acts: bool
) -> None:
    fake.sockets.ack_seconds = 0.1
    block = {**MESSAGE, "dispatch_action": True, "element": {**MESSAGE["element"], **more}}
    view_id = fake.workspace.views.open("UANA", view(blocks=[block]))["id"]
    done = await fake.choose("UANA", view_id, "message", "it was Ben")
    assert done.sent is acts
    if acts:
        [action] = fake.sockets.sent[-1]["payload"]["actions"]
        assert (action["type"], action["value"]) == ("plain_text_input", "it was Ben")


def with_kinds(*values: str) -> dict[str, Any]:
    element = {**KIND["element"], "options": [option(value) for value in values]}
    return view(blocks=[MESSAGE, {**KIND, "element": element}])


async def test_what_was_filled_in_stays_where_ids_and_type_do_and_it_is_still_offered(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    opened = fake.workspace.views.open("UANA", view())["id"]
    fake.fill("UANA", opened, {"message": "typed", "kind": "learning"})

    async def becomes(new: dict[str, Any]) -> tuple[Any, Any]:
        await client.views_update(view_id=opened, view=new)
        values = fake.views("UANA")[0]["state"]["values"]
        return values["message"], values["kind"]["kind"]["selected_option"]

    same, kind = await becomes(with_kinds("learning", "other"))
    assert same["it"]["value"] == "typed"
    assert kind["value"] == "learning"
    _, kind = await becomes(with_kinds("success"))
    assert kind is None
    renamed = {**MESSAGE, "element": {**MESSAGE["element"], "action_id": "other"}}
    message, _ = await becomes(view(blocks=[renamed, KIND]))
    assert message["other"]["value"] == "stayed late"
    message, _ = await becomes(view(blocks=[MESSAGE, KIND]))
    assert message["it"]["value"] == "stayed late"
    fake.fill("UANA", opened, {"message": "typed again"})
    another = {**MESSAGE, "element": {"type": "users_select", "action_id": "it"}}
    message, _ = await becomes(view(blocks=[another, KIND]))
    assert message["it"] == {"type": "users_select", "selected_user": None}


async def test_what_an_input_began_with_stays_whatever_it_is_to_begin_with_then(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    opened = fake.workspace.views.open("UANA", view())["id"]
    anew = {**MESSAGE["element"], "initial_value": "went home"}
    await client.views_update(view_id=opened, view=view(blocks=[{**MESSAGE, "element": anew}]))
    [shown] = fake.views("UANA")
    assert shown["state"]["values"]["message"]["it"]["value"] == "stayed late"


async def test_an_input_that_went_and_came_back_begins_anew(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    opened = fake.workspace.views.open("UANA", view())["id"]
    fake.fill("UANA", opened, {"message": "typed"})
    await client.views_update(view_id=opened, view=view(blocks=[{"type": "divider"}]))
    await client.views_update(view_id=opened, view=view())
    [shown] = fake.views("UANA")
    assert shown["state"]["values"]["message"]["it"]["value"] == "stayed late"


def with_day(**begins: Any) -> dict[str, Any]:
    day = {"type": "datepicker", "action_id": "it", **begins}
    return view(blocks=[{**MESSAGE, "block_id": "day", "element": day}])


async def test_a_day_is_chosen_changed_and_taken_back(fake: FakeSlack, app: AsyncApp) -> None:
    opened = fake.workspace.views.open("UANA", with_day(initial_date="2026-01-09"))["id"]

    def chosen() -> Any:
        return fake.views("UANA")[0]["state"]["values"]["day"]["it"]

    assert chosen() == {"type": "datepicker", "selected_date": "2026-01-09"}
    fake.fill("UANA", opened, {"day": "2026-01-12"})
    assert chosen()["selected_date"] == "2026-01-12"
    for nonsense in ("tomorrow", "20260112", "2026-13-01"):
        with pytest.raises(LookupError):
            fake.fill("UANA", opened, {"day": nonsense})
    fake.fill("UANA", opened, {"day": None})
    assert chosen()["selected_date"] is None
    done = await fake.submit("UANA", opened)
    assert (done.errors, done.sent) == ({"day": REQUIRED}, False)
