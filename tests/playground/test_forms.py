import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.forms import REQUIRED
from bot.playground.server import FakeSlack
from bot.playground.submitting import TROUBLE

from .app import view


async def open_form(fake: FakeSlack, user: str = "UANA") -> str:
    assert (await fake.command(user, "C1", "/form")).ok
    return str(fake.views(user)[-1]["id"])


async def test_a_form_is_opened_filled_in_and_closed(fake: FakeSlack, app: AsyncApp) -> None:
    view_id = await open_form(fake)
    done = await fake.submit("UANA", view_id, {"who": ["UBEN"], "kind": "learning"})
    assert done.closed
    assert fake.views("UANA") == []
    values = fake.sockets.sent[-1]["payload"]["view"]["state"]["values"]
    assert values["message"]["it"] == {"type": "plain_text_input", "value": "stayed late"}
    assert values["who"]["it"]["selected_users"] == ["UBEN"]
    assert values["kind"]["kind"]["selected_option"]["value"] == "learning"


async def test_slack_itself_refuses_an_incomplete_form_without_asking_the_app(
    fake: FakeSlack, app: AsyncApp
) -> None:
    view_id = await open_form(fake)
    sent = len(fake.sockets.sent)
    done = await fake.submit("UANA", view_id, {"message": "", "who": ["UANA", "UBEN", "UEXT"]})
    assert done.errors == {"message": REQUIRED, "who": "Please choose at most 2."}
    done = await fake.submit("UANA", view_id, {"message": "ab", "who": ["UANA"]})
    assert done.errors == {"message": "Please enter at least 3 characters."}
    assert not done.sent
    assert len(fake.sockets.sent) == sent
    assert (await fake.submit("UANA", view_id, {"message": "ab"}, force=True)).closed


async def test_the_apps_errors_keep_the_form_and_what_was_filled_in(
    fake: FakeSlack, app: AsyncApp
) -> None:
    view_id = await open_form(fake)
    done = await fake.submit("UANA", view_id, {"message": "no thanks", "who": ["UBEN"]})
    assert done.errors == {"message": "Say what was done."}
    [view] = fake.views("UANA")
    assert view["state"]["values"]["who"]["it"]["selected_users"] == ["UBEN"]
    assert (await fake.submit("UANA", view_id, {"message": "helped me"})).closed


async def test_a_form_can_be_replaced_or_another_put_on_top(fake: FakeSlack, app: AsyncApp) -> None:
    view_id = await open_form(fake)
    done = await fake.submit("UANA", view_id, {"message": "change it", "who": ["UBEN"]})
    assert done.updated
    assert fake.views("UANA")[0]["title"]["text"] == "changed"
    done = await fake.submit("UANA", view_id, {"message": "more please"})
    assert done.pushed
    below, above = fake.views("UANA")
    assert above["previous_view_id"] == above["root_view_id"] == below["id"]
    assert (await fake.submit("UANA", above["id"], {"who": ["UBEN"]})).closed
    assert [each["id"] for each in fake.views("UANA")] == [view_id]


async def test_all_forms_can_be_cleared_at_once(fake: FakeSlack, app: AsyncApp) -> None:
    view_id = await open_form(fake)
    await fake.submit("UANA", view_id, {"message": "more please", "who": ["UBEN"]})
    top = fake.views("UANA")[-1]["id"]
    assert (await fake.submit("UANA", top, {"message": "clear all", "who": ["UBEN"]})).closed
    assert fake.views("UANA") == []


async def test_errors_for_an_input_that_is_not_there_are_trouble(
    fake: FakeSlack, app: AsyncApp
) -> None:
    view_id = await open_form(fake)
    done = await fake.submit("UANA", view_id, {"message": "nonsense", "who": ["UBEN"]})
    assert (done.result, done.error) == ("failed", TROUBLE)
    assert [each["method"] for each in fake.refusals] == ["response_action"]
    assert len(fake.views("UANA")) == 1


async def test_a_form_that_is_not_acknowledged_stays(fake: FakeSlack, app: AsyncApp) -> None:
    view_id = await open_form(fake)
    await fake.drop_sockets()
    done = await fake.submit("UANA", view_id, {"who": ["UBEN"]})
    assert done.error == TROUBLE
    assert len(fake.views("UANA")) == 1


async def test_a_choice_in_a_form_reaches_the_app_and_the_rest_is_kept(
    fake: FakeSlack, app: AsyncApp
) -> None:
    view_id = await open_form(fake)
    fake.fill("UANA", view_id, {"message": "half a thought"})
    done = await fake.click("UANA", view=view_id, action_id="kind", option="success")
    assert done.ok
    [view] = fake.views("UANA")
    assert view["title"]["text"] == "success"
    assert view["state"]["values"]["message"]["it"]["value"] == "half a thought"
    assert view["state"]["values"]["kind"]["kind"]["selected_option"]["value"] == "success"


async def test_nobody_sends_somebody_elses_form_or_an_input_that_is_not_there(
    fake: FakeSlack, app: AsyncApp
) -> None:
    view_id = await open_form(fake)
    with pytest.raises(LookupError):
        await fake.submit("UBEN", view_id, {})
    with pytest.raises(LookupError):
        await fake.submit("UANA", view_id, {"colour": "red"})


async def test_a_new_form_takes_the_place_of_one_left_open(fake: FakeSlack, app: AsyncApp) -> None:
    first = await open_form(fake)
    second = await open_form(fake)
    assert first != second
    assert [each["id"] for each in fake.views("UANA")] == [second]
    assert not (await fake.close_view("UANA", second)).sent
    assert fake.views("UANA") == []


async def test_the_app_hears_of_a_closed_form_only_where_it_asked_to(
    fake: FakeSlack, app: AsyncApp
) -> None:
    views = fake.workspace.views
    quiet = views.open("UANA", view())["id"]
    assert not (await fake.close_view("UANA", quiet)).sent
    asked = views.open("UANA", view(notify_on_close=True))["id"]
    assert (await fake.close_view("UANA", asked)).acked
    payload = fake.sockets.sent[-1]["payload"]
    assert (payload["type"], payload["is_cleared"]) == ("view_closed", False)
    assert payload["view"]["id"] == asked


async def test_clearing_the_stack_tells_of_the_forms_below(fake: FakeSlack, app: AsyncApp) -> None:
    views = fake.workspace.views
    below = views.open("UANA", view(notify_on_close=True))["id"]
    top = views.open("UANA", view(notify_on_close=True), on=below)["id"]
    assert (await fake.submit("UANA", top, {"message": "clear all", "who": ["UBEN"]})).closed
    closed = [e["payload"] for e in fake.sockets.sent if e["payload"]["type"] == "view_closed"]
    assert [(each["view"]["id"], each["is_cleared"]) for each in closed] == [(below, True)]


async def test_a_fourth_form_does_not_fit_on_the_stack(fake: FakeSlack, app: AsyncApp) -> None:
    views = fake.workspace.views
    top = None
    for _ in range(3):
        top = views.open("UANA", view(), on=top)["id"]
    done = await fake.submit("UANA", str(top), {"message": "more please", "who": ["UBEN"]})
    assert done.result == "failed"
    assert [each["error"] for each in fake.refusals] == ["push_limit_reached"]
    assert len(fake.views("UANA")) == 3


async def test_a_trigger_from_within_a_form_opens_another_on_top(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    below = fake.workspace.views.open("UANA", view())["id"]
    trigger = fake.installation.triggers.new("UANA", view_id=below)
    above = (await client.views_push(trigger_id=trigger, view=view()))["view"]
    assert above["previous_view_id"] == below
    assert [each["id"] for each in fake.views("UANA")] == [below, above["id"]]
