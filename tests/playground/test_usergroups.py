from pathlib import Path

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground import organisation
from bot.playground.payloads import escaped
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace

from .asking import error, refusal
from .peer import connected


@pytest.fixture(name="fake")
def with_groups(fake: FakeSlack) -> FakeSlack:
    """One group with somebody who left in it, an empty one and one that was disabled."""
    fake.workspace.add_usergroup("S0NURSES", "nurses", "Nurses", members=["UANA", "UGONE"])
    fake.workspace.add_usergroup("S0EMPTY", "empty", "Nobody")
    fake.workspace.add_usergroup("S0OLD", "old-team", "Gone", members=["UBEN"], disabled=True)
    return fake


async def test_groups_are_listed_without_their_people_and_the_disabled_ones(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    nurses, empty = (await client.usergroups_list())["usergroups"]
    assert (nurses["id"], nurses["handle"], nurses["name"]) == ("S0NURSES", "nurses", "Nurses")
    assert nurses["team_id"] == fake.workspace.team_id
    assert not {"users", "user_count"} & set(nurses)
    assert empty["date_delete"] == 0


async def test_people_counts_and_disabled_groups_come_when_asked_for(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    answer = await client.usergroups_list(
        include_users=True, include_count=True, include_disabled=True
    )
    told = {each["handle"]: (each["users"], each["user_count"]) for each in answer["usergroups"]}
    assert told == {"nurses": (["UANA", "UGONE"], 2), "empty": ([], 0), "old-team": (["UBEN"], 1)}
    assert answer["usergroups"][-1]["date_delete"] > 0


async def test_a_workspace_whose_plan_has_no_groups_says_so(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    fake.workspace.plan_has_usergroups = False
    assert await error(client.usergroups_list()) == "plan_upgrade_required"


async def test_groups_need_their_scope_and_are_asked_for_without_json(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    assert await error(client.api_call("usergroups.list", json={})) == "invalid_arguments"
    fake.installation.scopes.remove("usergroups:read")
    assert (await refusal(client.usergroups_list()))["needed"] == "usergroups:read"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("<!subteam^S0NURSES> well done", "<!subteam^S0NURSES|@nurses> well done"),
        ("(<!subteam^S0NURSES|@by another name>)", "(<!subteam^S0NURSES|@nurses>)"),
        ("@nurses well done", "@nurses well done"),
        ("<!subteam^S0NOBODY>", "&lt;!subteam^S0NOBODY&gt;"),
    ],
)
async def test_a_group_is_a_mention_only_where_it_was_chosen(
    fake: FakeSlack, typed: str, expected: str
) -> None:
    assert escaped(fake.workspace, "UANA", typed) == expected


async def test_a_group_that_the_app_mentions_is_pinged(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    mention = {"type": "usergroup", "usergroup_id": "S0EMPTY"}
    line = {"type": "rich_text_section", "elements": [mention]}
    blocks = [{"type": "rich_text", "elements": [line]}]
    await client.chat_postMessage(channel="C1", text="<!subteam^S0NURSES>", blocks=blocks)
    pinged = [(each["kind"], each["id"]) for each in fake.workspace.pings]
    assert pinged == [("group", "S0NURSES"), ("group", "S0EMPTY")]


def test_groups_survive_a_restart(tmp_path: Path) -> None:
    first = Workspace(tmp_path / "slack.db")
    first.add_usergroup("S0NURSES", "nurses", "Nurses", members=["UANA"])
    first.close()
    again = Workspace(tmp_path / "slack.db")
    assert again.usergroups["S0NURSES"]["users"] == ["UANA"]
    again.close()


def test_the_demos_groups_are_of_its_people_and_not_too_large_to_be_thanked() -> None:
    workspace = Workspace()
    organisation.settle(workspace)
    assert len(workspace.usergroups) == 2
    for group in workspace.usergroups.values():
        assert 1 <= len(group["users"]) <= 10
        assert set(group["users"]) <= set(workspace.persons)


async def test_a_group_that_changes_is_told_of_as_a_whole_and_by_who_came_and_went(
    fake: FakeSlack,
) -> None:
    fake.installation.events |= {"subteam_updated", "subteam_members_changed"}
    async with connected(fake) as peer:
        fake.workspace.edit_usergroup("S0NURSES", members=["UBEN", "UANA"])
        told = [await peer.next() for _ in range(2)]
        for envelope in told:
            await peer.ack(envelope)
    changed, updated = (each["payload"]["event"] for each in told)
    assert changed["type"] == "subteam_members_changed"
    assert (changed["subteam_id"], changed["team_id"]) == ("S0NURSES", fake.workspace.team_id)
    assert (changed["added_users"], changed["added_users_count"]) == (["UBEN"], 1)
    assert (changed["removed_users"], changed["removed_users_count"]) == (["UGONE"], 1)
    assert updated["type"] == "subteam_updated"
    assert updated["subteam"]["users"] == ["UBEN", "UANA"]
    assert updated["subteam"]["user_count"] == 2


async def test_a_group_is_switched_off_and_on_again(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    fake.installation.events |= {"subteam_updated", "subteam_members_changed"}
    async with connected(fake) as peer:
        fake.workspace.edit_usergroup("S0NURSES", disabled=True)
        off = await peer.next()
        await peer.ack(off)
        listed = (await client.usergroups_list())["usergroups"]
        fake.workspace.edit_usergroup("S0NURSES", disabled=False, handle="sisters")
        on = await peer.next()
        await peer.ack(on)
    assert [each["id"] for each in listed] == ["S0EMPTY"]
    assert off["payload"]["event"]["subteam"]["date_delete"] > 0
    assert on["payload"]["event"]["subteam"]["date_delete"] == 0
    assert on["payload"]["event"]["subteam"]["handle"] == "sisters"


def test_a_group_has_nothing_else_to_change(fake: FakeSlack) -> None:
    with pytest.raises(TypeError, match="colour"):
        fake.workspace.edit_usergroup("S0NURSES", colour="red")
