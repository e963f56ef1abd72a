from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack

from .app import WHO, view
from .asking import error

META = {"event_type": "outbox", "event_payload": {"id": "1"}}


async def test_a_trigger_opens_one_view_within_three_seconds(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    triggers = fake.installation.triggers
    trigger = triggers.new("UANA")
    opened = await client.views_open(trigger_id=trigger, view=view())
    assert fake.views("UANA")[-1]["id"] == opened["view"]["id"]
    again = client.views_open(trigger_id=trigger, view=view())
    assert await error(again) == "exchanged_trigger_id"
    late = triggers.new("UANA")
    fake.workspace.move_clock(3.5)
    assert await error(client.views_open(trigger_id=late, view=view())) == "expired_trigger_id"
    made_up = client.views_open(trigger_id="1.2.3", view=view())
    assert await error(made_up) == "invalid_trigger_id"


async def test_what_is_done_in_a_view_pushes_another_and_opens_none(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    triggers = fake.installation.triggers
    outside = triggers.new("UANA")
    nowhere = client.views_push(trigger_id=outside, view=view())
    assert await error(nowhere) == "invalid_trigger_id"
    opened = await client.views_open(trigger_id=triggers.new("UANA"), view=view())
    within = triggers.new("UANA", view_id=opened["view"]["id"])
    assert await error(client.views_open(trigger_id=within, view=view())) == "invalid_arguments"
    within = triggers.new("UANA", view_id=opened["view"]["id"])
    pushed = await client.views_push(trigger_id=within, view=view())
    assert pushed["view"]["root_view_id"] == opened["view"]["id"]
    assert [one["id"] for one in fake.views("UANA")] == [opened["view"]["id"], pushed["view"]["id"]]


async def test_a_view_that_is_refused_leaves_the_trigger_good(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    trigger = fake.installation.triggers.new("UANA")
    bad = client.views_open(trigger_id=trigger, view=view(title={"type": "mrkdwn", "text": "x"}))
    assert await error(bad) == "invalid_arguments"
    assert (await client.views_open(trigger_id=trigger, view=view()))["ok"]


async def test_a_view_is_updated_by_id_or_name_and_only_with_its_present_hash(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    trigger = fake.installation.triggers.new("UANA")
    opened = (await client.views_open(trigger_id=trigger, view=view(external_id="one")))["view"]
    fresh = await client.views_update(external_id="one", hash=opened["hash"], view=view())
    assert fresh["view"]["id"] == opened["id"]
    assert fresh["view"]["hash"] != opened["hash"]
    stale = client.views_update(view_id=opened["id"], hash=opened["hash"], view=view())
    assert await error(stale) == "hash_conflict"
    assert await error(client.views_update(view_id="V9", view=view())) == "not_found"


async def test_a_view_too_large_or_with_a_name_taken_is_refused(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    trigger = fake.installation.triggers.new("UANA")
    text = {"type": "mrkdwn", "text": "x" * 3000}
    large = view(blocks=[{"type": "section", "text": text}] * 90)
    assert await error(client.views_open(trigger_id=trigger, view=large)) == "view_too_large"
    await client.views_open(trigger_id=trigger, view=view(external_id="one"))
    other = fake.installation.triggers.new("UBEN")
    call = client.views_open(trigger_id=other, view=view(external_id="one"))
    assert await error(call) == "duplicate_external_id"


async def test_a_form_cannot_begin_with_somebody_who_left_or_never_was(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    def asking(**begins: Any) -> dict[str, Any]:
        kind = "multi_users_select" if "initial_users" in begins else "users_select"
        element = {"type": kind, "action_id": "it", **begins}
        return view(blocks=[{**WHO, "element": element}])

    for begins in (
        {"initial_users": ["UBEN", "UGONE"]},
        {"initial_users": ["UNOBODY"]},
        {"initial_user": "UGONE"},
    ):
        trigger = fake.installation.triggers.new("UANA")
        call = client.views_open(trigger_id=trigger, view=asking(**begins))
        assert await error(call) == "invalid_arguments"
    welcome = asking(initial_users=["UBEN", "UEXT"])
    assert (await client.views_open(trigger_id=trigger, view=welcome))["ok"]


async def test_every_home_tab_that_was_published_is_kept_by_person(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    homes = [{"type": "home", "blocks": [{"type": "divider"}] * count} for count in (1, 2)]
    for home in homes:
        await client.views_publish(user_id="UANA", view=home)
    await client.views_publish(user_id="UBEN", view=homes[0])
    assert await error(client.views_publish(user_id="UANA", view=view())) == "invalid_arguments"
    assert fake.published("UANA") == homes
    assert len(fake.published("UBEN")) == 1
    assert fake.published("UEXT") == []


async def test_a_home_tab_is_published_and_replaced(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    first = (await client.views_publish(user_id="UANA", view=home))["view"]
    second = (await client.views_publish(user_id="UANA", view=home, hash=first["hash"]))["view"]
    assert first["id"] == second["id"]
    call = client.views_publish(user_id="UANA", view=home, hash=first["hash"])
    assert await error(call) == "hash_conflict"
    assert await error(client.views_publish(user_id="UANA", view=view())) == "invalid_arguments"
    assert await error(client.views_publish(user_id="U9", view=home)) == "invalid_arguments"
