"""What an owner and everybody else do with the mission."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import charter, settings, wording
from bot.blocks import charter as blocks
from bot.errors import UserError
from bot.playground.server import FakeSlack
from tests.support import (
    ANA,
    BEN,
    DAN,
    GENERAL,
    GIL,
    KIM,
    KUDOS,
    LOUNGE,
    PRIVATE,
    STATEMENT,
    VALUES,
    Bot,
    give,
    open_form,
    soon,
    text_of,
    told,
)

DEED = "stayed late so that the clinic could book again"


async def set_up(slack: FakeSlack, **filled: str) -> Any:
    form = await open_form(slack, ANA, "/mission setup")
    return await slack.submit(ANA, form["id"], filled, force=True)


async def test_everybody_sees_the_mission_and_only_an_owner_the_tools(
    slack: FakeSlack, mission: Bot
) -> None:
    await slack.command(BEN, GENERAL, "/mission")
    assert STATEMENT in told(slack, BEN)
    assert ":heart: Care — we notice who needs help (weight 2) · #care" in told(slack, BEN)
    assert "Version 1, in force since 5 January 2026" in told(slack, BEN)
    assert "Change the mission" not in told(slack, BEN)
    await slack.command(ANA, GENERAL, "/mission")
    assert "Change the mission" in told(slack, ANA)


async def test_before_there_is_a_mission_it_says_who_can_write_it(
    slack: FakeSlack, bot: Bot
) -> None:
    await slack.command(BEN, GENERAL, "/mission")
    assert "not set up yet. ana can do that with /mission setup." in told(slack, BEN).casefold()


async def test_owners_are_told_at_the_start_what_to_set_up(slack: FakeSlack, bot: Bot) -> None:
    assert "The mission is not set up yet" in text_of(slack.dm(ANA)[0])
    outcome = await slack.click(
        ANA, channel=slack.workspace.dm_id(ANA), ts=slack.dm(ANA)[0]["ts"], action_id="open_setup"
    )
    assert outcome.acked
    assert slack.views(ANA)[-1]["callback_id"] == "mission_setup"


@pytest.mark.parametrize("word", ["setup", "settings"])
async def test_who_is_no_owner_is_told_who_is(slack: FakeSlack, mission: Bot, word: str) -> None:
    await slack.command(BEN, GENERAL, f"/mission {word}")
    assert "Only an owner of the mission can do that. Its owner is ana" in told(slack, BEN)
    assert "ana" in told(slack, BEN).casefold()
    assert slack.views(BEN) == []


async def test_somebody_who_is_no_owner_any_more_cannot_save(
    slack: FakeSlack, mission: Bot
) -> None:
    form = await open_form(slack, ANA, "/mission setup")
    slack.workspace.edit_person(ANA, is_admin=False, is_owner=False)
    await slack.events.settled()
    outcome = await slack.submit(ANA, form["id"], {"why": "mine", "statement": "We are all mine"})
    assert "Only an owner" in outcome.errors["statement"]


@pytest.mark.parametrize(
    ("filled", "field", "reason"),
    [
        ({"statement": "too short"}, "statement", "10 to 300 characters; this is 9"),
        ({"statement": "x" * 301}, "statement", "this is 301"),
        ({"values": ":heart: Care — we care"}, "values", "2 to 7 values, one a line; these are 1"),
        ({"values": VALUES * 2}, "values", "twice"),
        ({"values": "Care\n:mag: Candour — we say"}, "values", "I cannot read “Care”"),
        ({"values": "A — b (11)\nC — d"}, "values", "The weight of A is 11; it goes from 1 to 10"),
        ({"values": "#love A — b\nC — d"}, "values", "There is no value #love"),
        ({"values": f"{'n' * 41} — b\nC — d"}, "values", "longer than 40 characters"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    slack: FakeSlack, bot: Bot, filled: dict[str, str], field: str, reason: str
) -> None:
    outcome = await set_up(slack, **({"statement": STATEMENT, "values": VALUES} | filled))
    assert reason in outcome.errors[field]
    assert list(outcome.errors) == [field]
    assert await bot.read(charter.in_force) is None


async def test_a_new_version_posts_the_difference_and_why(slack: FakeSlack, mission: Bot) -> None:
    values = (
        "#care :heart: Care — we notice and act (2)\n:seedling: Growth - we learn in the open (3)"
    )
    outcome = await set_up(slack, statement=STATEMENT, values=values, why="We learned <!channel>")
    assert outcome.closed
    post = text_of((await soon(slack, lambda: slack.messages(KUDOS)[1:]))[0])
    assert "@ana changed our mission." in post
    assert "New: :seedling: Growth — we learn in the open (weight 3) · #growth" in post
    assert "Reworded: :heart: Care — we notice and act" in post
    assert "before: :heart: Care — we notice who needs help" in post
    assert "Retired: :mag: Candour" in post
    assert "We learned <!channel>" in post
    assert not [ping for ping in slack.workspace.pings if ping["kind"] != "user"]


async def test_a_new_version_needs_a_reason_and_a_difference(
    slack: FakeSlack, mission: Bot
) -> None:
    outcome = await set_up(slack, statement="We help every clinic to book")
    assert "Say why it changes" in outcome.errors["why"]
    outcome = await set_up(slack, why="because")
    assert "Nothing is different" in outcome.errors["statement"]


async def test_values_in_another_order_are_a_change_that_is_said(
    slack: FakeSlack, mission: Bot
) -> None:
    values = (
        "#candour :mag: Candour — we say what is\n#care :heart: Care — we notice who needs help (2)"
    )
    assert (await set_up(slack, values=values, why="Candour first")).closed
    post = text_of((await soon(slack, lambda: slack.messages(KUDOS)[1:]))[0])
    assert "The values stand in another order." in post


async def test_the_form_shows_the_wording_in_force_and_slugs_stay(
    slack: FakeSlack, mission: Bot
) -> None:
    form = await open_form(slack, ANA, "/mission setup")
    values = next(block for block in form["blocks"] if block["block_id"] == "values")
    assert values["element"]["initial_value"] == (
        "#care :heart: Care — we notice who needs help (2)\n#candour :mag: Candour — we say what is"
    )


async def test_history_tells_every_version_and_why(slack: FakeSlack, mission: Bot) -> None:
    values = "#care :heart: Care — we notice and act (2)\n#candour :mag: Candour — we say what is"
    await set_up(slack, values=values, why="Clearer for all")
    await slack.command(KIM, GENERAL, "/mission history")
    assert told(slack, KIM).splitlines() == [
        "How our mission changed",
        "Version 2, 5 January 2026, by @ana",
        "Reworded: :heart: Care — we notice and act (weight 2) · #care; "
        "before: :heart: Care — we notice who needs help",
        "Why: Clearer for all",
        "Version 1, 5 January 2026, by @ana",
        STATEMENT,
        ":heart: Care — we notice who needs help (weight 2) · #care",
        ":mag: Candour — we say what is · #candour",
    ]


async def test_help_lists_every_word_and_a_typo_gets_the_nearest(
    slack: FakeSlack, mission: Bot
) -> None:
    await slack.command(BEN, GENERAL, "/mission help")
    assert "/mission settings owners, the channels for recognitions" in told(slack, BEN)
    await slack.command(BEN, GENERAL, "/mission hstory")
    assert "I do not know “hstory”. Did you mean history?" in told(slack, BEN)


async def test_a_ritual_can_be_reached_through_the_mission(slack: FakeSlack, mission: Bot) -> None:
    outcome = await slack.command(BEN, GENERAL, f"/mission recognize @kim {DEED} #care")
    assert outcome.ok
    await soon(slack, lambda: slack.messages(KUDOS)[1:])


async def test_the_card_opens_the_form_for_a_recognition(slack: FakeSlack, mission: Bot) -> None:
    await slack.command(BEN, GENERAL, "/mission")
    card = slack.ephemerals(BEN)[-1]
    await slack.click(BEN, channel=GENERAL, ts=card["ts"], action_id="open_recognize")
    assert slack.views(BEN)[-1]["callback_id"] == "recognize"


async def settle(slack: FakeSlack, **chosen: Any) -> Any:
    form = await open_form(slack, ANA, "/mission settings")
    return await slack.submit(ANA, form["id"], chosen, force=True)


async def test_settings_name_further_owners(slack: FakeSlack, mission: Bot) -> None:
    assert (await settle(slack, owners=[BEN])).closed
    await open_form(slack, BEN, "/mission setup")


async def test_an_owner_who_left_is_in_nobodys_way(slack: FakeSlack, mission: Bot) -> None:
    assert (await settle(slack, owners=[BEN, KIM])).closed
    slack.workspace.edit_person(BEN, deleted=True)
    await slack.events.settled()
    assert (await settle(slack, allowance="5")).closed
    assert (await mission.read(settings.of_team)).owners == [KIM]


@pytest.mark.parametrize(
    ("owners", "reason"), [([GIL], "is a guest"), ([DAN], "is no longer here")]
)
async def test_who_cannot_be_an_owner_is_named(
    slack: FakeSlack, mission: Bot, owners: list[str], reason: str
) -> None:
    assert reason in (await settle(slack, owners=owners)).errors["owners"]


async def test_an_unknown_zone_gets_the_nearest(slack: FakeSlack, mission: Bot) -> None:
    outcome = await settle(slack, timezone="Europe/Berln")
    assert "Did you mean Europe/Berlin?" in outcome.errors["timezone"]


async def test_a_public_channel_is_joined(slack: FakeSlack, mission: Bot) -> None:
    await settle(slack, recognition_channel=LOUNGE)
    await slack.command(BEN, GENERAL, f"/recognize @kim {DEED} #care")
    await soon(slack, lambda: slack.messages(LOUNGE))


async def test_a_private_channel_asks_for_an_invitation_and_posts_after_it(
    slack: FakeSlack, mission: Bot
) -> None:
    mission.may_be_refused(
        "method_not_supported_for_channel_type", "channel_not_found", "not_in_channel"
    )
    await settle(slack, recognition_channel=PRIVATE)
    await soon(slack, lambda: "please invite me there" in text_of(slack.dm(ANA)[-1]))
    await slack.command(BEN, GENERAL, f"/recognize @kim {DEED} #care")
    await soon(slack, lambda: [m for m in slack.dm(BEN) if "not posted yet" in text_of(m)])
    slack.workspace.invite_bot(PRIVATE)
    await soon(slack, lambda: slack.messages(PRIVATE))


async def test_what_waits_for_a_channel_is_posted_once_one_is_chosen(
    slack: FakeSlack, bot: Bot
) -> None:
    assert (await set_up(slack, statement=STATEMENT, values=VALUES)).closed
    await slack.command(BEN, GENERAL, f"/recognize @kim {DEED} #care")
    assert "It is saved, and not posted yet: no channel is chosen" in told(slack, BEN)
    await soon(slack, lambda: [m for m in slack.dm(ANA) if "Something waits" in text_of(m)])
    assert (await settle(slack, recognition_channel=KUDOS, timezone="UTC")).closed
    await soon(slack, lambda: len(slack.messages(KUDOS)) == 2)
    assert "@ana set up our mission." in text_of(slack.messages(KUDOS)[0])
    assert "@ben recognised @kim" in text_of(slack.messages(KUDOS)[1])


async def test_home_shows_the_mission_and_to_an_owner_what_is_missing(
    slack: FakeSlack, bot: Bot
) -> None:
    assert "There is no mission yet." in text_of(await slack.open_home(ANA) or {})
    assert "The mission is not set up yet." in text_of(await slack.open_home(BEN) or {})
    await set_up(slack, statement=STATEMENT, values=VALUES)
    assert "No channel for recognitions is chosen yet" in text_of(await slack.open_home(ANA) or {})
    assert STATEMENT in text_of(await slack.open_home(BEN) or {})


async def test_recognising_goes_on_while_the_mission_changes(
    slack: FakeSlack, mission: Bot
) -> None:
    form = await open_form(slack, BEN, "/recognize")
    await set_up(slack, values="#care :heart: Care — we care\nNew — we are new", why="less")
    filled = {"recipients": [KIM], "message": DEED, "value": "candour"}
    outcome = await slack.submit(BEN, form["id"], filled)
    assert outcome.errors == {"value": "Choose one of the values."}
    post = await give(slack, BEN, f"@kim {DEED} #new")
    assert "New" in text_of(post)


NAMES = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20)
MEANINGS = st.text(st.characters(categories=["L", "Zs", "P"]), min_size=1, max_size=80)


@given(NAMES, MEANINGS, st.integers(1, 10), st.sampled_from(["", ":heart:", "❤️", "🌱"]))
def test_a_line_can_be_written_shown_and_read_again(
    name: str, meaning: str, weight: int, emoji: str
) -> None:
    try:
        line = wording.parse_line(f"{emoji} {name} — {meaning} ({weight})")
    except UserError:
        assert not meaning.strip()
        return
    value = charter.CharterValue(
        team_id="T1", version_id=1, position=0, slug="slug", emoji=line.emoji, name=line.name,
        meaning=line.meaning, weight=line.weight,
    )  # fmt: skip
    again = wording.parse_line(blocks.value_line(value))
    assert (again.emoji, again.name, again.meaning, again.weight) == (
        line.emoji, line.name, line.meaning, line.weight,
    )  # fmt: skip
    assert again.slug == "slug"


@given(st.lists(NAMES, min_size=1, max_size=7))
def test_slugs_are_never_the_same_and_can_be_typed(names: list[str]) -> None:
    slugs: list[str] = []
    for name in names:
        slugs.append(wording.slug_for(name, taken=slugs))
    assert len(set(slugs)) == len(slugs)
    assert all(not slug[0].isdigit() and " " not in slug for slug in slugs)
