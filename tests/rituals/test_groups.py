"""Recognising a user group: its people, each once, and a sentence where that is not possible."""

import pytest

from bot.playground.server import FakeSlack
from tests.rituals.test_corrections import DEED, recipients
from tests.support import (
    ANA,
    BEN,
    DAN,
    EVE,
    GENERAL,
    GIL,
    KIM,
    ROBY,
    Bot,
    Doc,
    give,
    open_form,
    soon,
    text_of,
    told,
)


@pytest.fixture
def groups(slack: FakeSlack) -> FakeSlack:
    """Groups of every sort."""
    crowd = [f"U0CROWD{number}" for number in range(200)]
    for person in crowd:
        slack.workspace.add_person(id=person, name=person.lower())
    add = slack.workspace.add_usergroup
    add("S0NURSES", "nurses", "Nurses", members=[KIM, ANA, BEN, DAN])
    add("S0NIGHT", "night-shift", "Night shift", members=[KIM, GIL])
    add("S0EMPTY", "empty", "Nobody yet", members=[])
    add("S0ALUMNI", "alumni", "Who was here", members=[DAN])
    add("S0SOLO", "solo", "Only Ben", members=[BEN])
    add("S0ROBOTS", "robots", "Robots", members=[ROBY, EVE])
    add("S0ALL", "everybody", "All of us", members=[*crowd, KIM])
    add("S0OLD", "old", "Switched off", members=[KIM], disabled=True)
    return slack


def recipients_of(form: Doc) -> list[str]:
    block = next(one for one in form["blocks"] if one["block_id"] == "recipients")
    return list(block["element"].get("initial_users", []))


def message_of(form: Doc) -> str:
    block = next(one for one in form["blocks"] if one["block_id"] == "message")
    return str(block["element"].get("initial_value", ""))


@pytest.mark.parametrize("named", ["<!subteam^S0NURSES>", "@nurses", "@Nurses"])
async def test_a_group_stands_for_its_people_but_the_giver_and_who_left(
    groups: FakeSlack, mission: Bot, named: str
) -> None:
    post = await give(groups, BEN, f"{named} {DEED} #care")
    assert text_of(post).startswith(f"@ben recognised @kim and @ana for :heart: Care\n{DEED}")
    assert groups.views(BEN) == []


async def test_who_is_named_alone_and_in_two_groups_counts_and_hears_once(
    groups: FakeSlack, mission: Bot
) -> None:
    await give(groups, BEN, f"@kim, @nurses and <!subteam^S0NIGHT> {DEED} #care")
    assert await mission.read(recipients) == [KIM, ANA, GIL]
    await soon(groups, lambda: groups.dm(KIM) and groups.dm(GIL))
    await mission.has_sent_everything()
    assert len(groups.dm(KIM)) == 1


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("<!subteam^S0ALL>", "@everybody has 201 people; at most 10 fit into one recognition"),
        ("@everybody", "or tell it with /story"),
        ("<!subteam^S0EMPTY>", "@empty has nobody in it."),
        ("<!subteam^S0ALUMNI>", "Nobody in @alumni can be recognised any more: dan is no longer"),
        ("<!subteam^S0ROBOTS>", "Nobody in @robots can be recognised any more: roby is a bot."),
        ("<!subteam^S0SOLO>", "@solo has nobody in it but you."),
        ("<!subteam^S0OLD>", "I find no such user group here; it may be switched off."),
        ("@nurse", "I do not know @nurse as a person or a group here."),
    ],
)
async def test_a_group_of_nobody_or_too_many_is_named_and_the_rest_is_kept(
    groups: FakeSlack, mission: Bot, named: str, sentence: str
) -> None:
    form = await open_form(groups, BEN, f"/recognize {named} {DEED} #care")
    assert sentence.casefold() in text_of(form).casefold()
    assert message_of(form).endswith(DEED)
    assert recipients_of(form) == []


async def test_too_many_together_are_counted_each_once(groups: FakeSlack, mission: Bot) -> None:
    nine = [f"U0CROWD{number}" for number in range(9)]
    groups.workspace.add_usergroup("S0NINE", "nine", "Nine", members=nine)
    form = await open_form(groups, BEN, f"/recognize @nine @nurses {DEED} #care")
    assert "You named 11 people; at most 10 fit" in text_of(form)


async def test_other_words_with_an_at_sign_stay_words(groups: FakeSlack, mission: Bot) -> None:
    post = await give(groups, BEN, f"@kim {DEED} @home and wrote to help@clinic.org #care")
    assert "@home and wrote to help@clinic.org" in text_of(post)
    assert await mission.read(recipients) == [KIM]


async def test_without_the_scope_it_says_so_and_keeps_the_rest(
    groups: FakeSlack, mission: Bot
) -> None:
    mission.may_be_refused("missing_scope")
    groups.installation.scopes.remove("usergroups:read")
    form = await open_form(groups, BEN, f"/recognize @kim <!subteam^S0NURSES> {DEED} #care")
    assert "lacks the scope usergroups:read" in text_of(form)
    assert recipients_of(form) == [KIM]
    assert message_of(form) == f"@nurses {DEED}"


async def test_a_plan_without_groups_is_said(groups: FakeSlack, mission: Bot) -> None:
    mission.may_be_refused("plan_upgrade_required")
    groups.workspace.plan_has_usergroups = False
    form = await open_form(groups, BEN, f"/recognize @nurses {DEED} #care")
    assert "has no user groups, as its plan comes without them" in text_of(form)


@pytest.mark.parametrize("fault", ["500", "reset_before", "429"])
async def test_slack_not_answering_is_said_and_the_rest_is_kept(
    groups: FakeSlack, mission: Bot, fault: str
) -> None:
    mission.may_be_refused("ratelimited")
    groups.fault("usergroups.list", fault, times=9)
    form = await open_form(groups, BEN, f"/recognize @kim @nurses {DEED} #care")
    assert "did not tell me just now who is in the group" in text_of(form)
    assert recipients_of(form) == [KIM]


async def test_without_a_group_slack_is_not_asked(groups: FakeSlack, mission: Bot) -> None:
    groups.fault("usergroups.list", "500")
    await groups.command(BEN, GENERAL, f"/recognize @kim {DEED} #care")
    assert "9 of 10 left" in told(groups, BEN)
