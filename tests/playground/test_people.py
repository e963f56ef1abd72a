from typing import Any

import pytest

from bot.playground import people
from bot.playground.workspace import Workspace


@pytest.mark.parametrize(
    ("flags", "kind", "acts"),
    [
        ({}, "member", True),
        ({"is_admin": True}, "admin", True),
        ({"is_admin": True, "is_owner": True}, "owner", True),
        ({"is_restricted": True}, "guest", True),
        ({"is_restricted": True, "is_ultra_restricted": True}, "guest", True),
        ({"is_invited_user": True}, "pending", False),
        ({"is_stranger": True}, "external", True),
        ({"team_id": "T0OTHER"}, "external", True),
        ({"is_bot": True}, "bot", False),
        ({"is_bot": True, "deleted": True}, "bot", False),
        ({"deleted": True, "is_admin": True}, "deactivated", False),
    ],
)
def test_a_person_is_known_by_their_flags(flags: dict[str, Any], kind: str, acts: bool) -> None:
    user = Workspace().add_person(id="U1", name="kim", **flags)
    assert (people.kind(user), people.can_act(user)) == (kind, acts)


def test_slackbot_is_no_bot_by_its_flag_and_yet_is_one_of_a_kind() -> None:
    user = Workspace().person("USLACKBOT")
    assert not user["is_bot"]
    assert people.kind(user) == "slackbot"


def test_a_flag_that_slack_does_not_have_is_a_mistake() -> None:
    with pytest.raises(TypeError, match="is_wizard"):
        Workspace().add_person(id="U1", name="kim", is_wizard=True)


def test_somebody_deactivated_comes_back_as_they_were() -> None:
    workspace = Workspace()
    before = workspace.add_person(id="U1", name="kim", real_name="Kim Lee", tz="Asia/Seoul")
    gone = workspace.edit_person("U1", deleted=True)
    assert "tz" not in gone
    after = workspace.edit_person("U1", deleted=False)
    assert {**after, "updated": 0} == {**before, "updated": 0}


def test_a_guest_sees_only_the_channels_they_are_in() -> None:
    workspace = Workspace()
    workspace.add_person(id="U1", name="kim", is_restricted=True)
    workspace.add_channel("C1", "in", members=["U1"])
    workspace.add_channel("C2", "out")
    assert workspace.can_see("U1", "C1")
    assert not workspace.can_see("U1", "C2")
    assert workspace.can_see("U1", workspace.dm_id("U1"))
    assert not workspace.can_see("U1", workspace.dm_id("U2"))
