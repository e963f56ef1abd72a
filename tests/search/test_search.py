"""What was recognised, told and worded is found by who may see it, through Slack."""

import pytest

from bot import roster
from bot.blocks import kit
from bot.blocks import search as blocks
from bot.errors import UserError
from bot.playground.server import FakeSlack
from bot.roster import ONLY_OURS
from tests.rituals.telling import LEARNING, SUCCESS, tell
from tests.rituals.test_corrections import BETTER, DEED, editing, withdrawing
from tests.rituals.test_private import give_privately
from tests.search.acts import Act, do, find
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
    soon,
    text_of,
    told,
)

MANY = 23


async def search(slack: FakeSlack, who: str, words: str) -> str:
    """What the person is answered."""
    outcome = await slack.command(who, GENERAL, f"/mission search {words}")
    assert outcome.ok, outcome.error
    return told(slack, who)


def in_bold(message: Doc) -> list[str]:
    """The words in bold in what was found, below the first line."""
    rich = [block for block in message["blocks"][1:] if block["type"] == "rich_text"]
    elements = [each for block in rich for part in block["elements"] for each in part["elements"]]
    return [each["text"] for each in elements if (each.get("style") or {}).get("bold")]


async def test_a_story_that_was_told_is_found(slack: FakeSlack, stories: Bot) -> None:
    post = await tell(slack, SUCCESS)
    await stories.has_sent_everything()
    answer = await search(slack, KIM, "in:stories clinics")
    assert answer.startswith("1 found.")
    assert "Story: We halved the waiting list" in answer
    assert "We called every clinic on the list" in answer
    shown = slack.ephemerals(KIM)[-1]
    assert in_bold(shown) == ["clinic"]
    assert f"p{post['ts'].replace('.', '')}|Read the story>" in str(shown)
    assert "<@U0BEN>" in str(shown)


async def test_the_mission_is_found_with_its_post(slack: FakeSlack, mission: Bot) -> None:
    answer = await search(slack, KIM, "in:mission minute")
    assert "Mission: We help clinics to book in a minute." in answer
    assert "|Open the post>" in str(slack.ephemerals(KIM)[-1])


async def test_a_private_recognition_is_found_by_its_people_alone(
    slack: FakeSlack, mission: Bot
) -> None:
    await give_privately(slack, recipients=[KIM])
    await soon(slack, lambda: slack.dm(KIM))
    await mission.has_sent_everything()
    for who in (BEN, KIM):
        answer = await search(slack, who, "stayed late")
        assert "1 found." in answer
        assert "between its people" in answer
        assert f"/archives/{slack.workspace.dm_id(who)}/p" in str(slack.ephemerals(who)[-1])
    assert "I found nothing" in await search(slack, ANA, "stayed late")
    assert "I found nothing" in await search(slack, ANA, "stayd late")


@pytest.mark.parametrize(
    ("whom", "named"),
    [("@kim", "of @kim\n"), ("@kim @ana @gil", "of @kim, @ana and @gil\n")],
)
async def test_whom_a_recognition_thanks_is_said(
    slack: FakeSlack, mission: Bot, whom: str, named: str
) -> None:
    await give(slack, BEN, f"{whom} {DEED} #care")
    assert f"Recognition {named}" in await search(slack, ANA, "late")


def test_of_many_whom_it_thanks_the_first_are_said() -> None:
    message = kit.message("", kit.says(kit.few([ANA, BEN, KIM, GIL])))
    assert text_of(message) == "@ana, @ben, @kim and 1 more"


async def test_what_is_corrected_is_found_by_what_it_says_now(
    slack: FakeSlack, mission: Bot
) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    form = await editing(slack, BEN, post)
    assert (await slack.submit(BEN, form["id"], {"message": BETTER, "value": "candour"})).closed
    assert "1 found." in await search(slack, KIM, "late twice value:candour")
    assert "I found nothing" in await search(slack, KIM, "late value:care")


async def test_what_is_withdrawn_is_found_no_more(slack: FakeSlack, mission: Bot) -> None:
    post = await give(slack, BEN, f"@kim {DEED} #care")
    assert "1 found." in await search(slack, KIM, "late")
    question = await withdrawing(slack, BEN, post)
    assert (await slack.submit(BEN, question["id"])).result == "updated"
    assert "I found nothing" in await search(slack, KIM, "late")


async def test_a_word_that_is_nowhere_is_taken_for_the_nearest(
    slack: FakeSlack, stories: Bot
) -> None:
    await tell(slack, LEARNING)
    answer = await search(slack, KIM, "remindres twise")
    assert answer.startswith("Showing results for reminders, twice. 1 found.")


async def test_pages_are_turned_in_place(slack: FakeSlack, mission: Bot) -> None:
    acts = [Act(BEN, f"number {number} was sought", to=(KIM,)) for number in range(MANY)]
    await mission.write(lambda session: [do(session, act) for act in acts[:10]])
    await mission.write(lambda session: [do(session, Act(ANA, "it was sought", to=(KIM,)))])
    answer = await search(slack, KIM, "sought")
    assert answer.startswith("11 found. Page 1 of 2.")
    message = slack.ephemerals(KIM)[-1]
    turned = await slack.click(KIM, channel=GENERAL, message=message, action_id=blocks.LATER)
    assert turned.ok
    await soon(slack, lambda: "Page 2 of 2." in told(slack, KIM))
    assert len(slack.ephemerals(KIM)) == 1
    message = slack.ephemerals(KIM)[-1]
    await slack.click(KIM, channel=GENERAL, message=message, action_id=blocks.EARLIER)
    await soon(slack, lambda: "Page 1 of 2." in told(slack, KIM))


async def test_alone_it_says_how_to_search(slack: FakeSlack, mission: Bot) -> None:
    answer = await search(slack, KIM, "")
    for words in ("in:stories", "from:@ana", "value:care", "after:2026-01", '"front desk"'):
        assert words in answer


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("form:ben clinic", "I know no filter “form:”. Did you mean from:? There are in:, from:"),
        ("in:storys clinic", "I cannot search in “storys”. Did you mean stories?"),
        ("in:story late", "I found nothing for “in:story late” with these filters."),
        ("value:car late", "There is no value “car”. Did you mean care? There are #care, #candour"),
        ("value:#care late", "I found nothing"),
        ("from:bem late", "I know nobody called “bem”. Did you mean ben?"),
        ("from:Ben late", "I found nothing"),
        ('from:"Ben Carter" late', "I know nobody called “Ben Carter”. Did you mean ben?"),
        ("after:soon late", "I cannot read “soon” as a day. Write it like after:2026-01-31"),
        ("🎉", "I found nothing for “🎉”."),
        ("from:ana in:mission", "1 found."),
        ("@ana clinics", "1 found."),
        ("from:me clinics", "I found nothing"),
        ("after:2026-01-05 clinics", "1 found."),
        ("after:2026-02 clinics", "I found nothing"),
    ],
)
async def test_filters_keep_to_what_they_say_or_say_what_there_is(
    slack: FakeSlack, mission: Bot, words: str, said: str
) -> None:
    assert said in await search(slack, KIM, words)


@pytest.mark.parametrize("typed", ["Ines", "inês", "ine\u0302s", '"ines weiss"', '"INÊS Weiß"'])
async def test_a_name_is_known_with_its_accents_and_without(
    slack: FakeSlack, mission: Bot, typed: str
) -> None:
    named = {**slack.workspace.person(ANA), "profile": {"display_name": "Inês Weiß"}}
    await mission.write(lambda session: roster.remember(session, [named]))
    assert "1 found." in await search(slack, KIM, f"from:{typed} clinics")


async def test_a_longer_query_is_cut_and_says_so(slack: FakeSlack, mission: Bot) -> None:
    answer = await search(slack, KIM, " ".join(f"zzqq{number}zz" for number in range(30)) + " book")
    assert "I found nothing" in answer
    answer = await search(slack, KIM, "clinics book a b c d e f g h i j k l")
    assert "Only the first 12 words were looked for." in answer


@pytest.mark.parametrize("who", [EVE, DAN, ROBY, "U0NOBODY"])
async def test_who_is_none_of_ours_is_told_nothing(
    slack: FakeSlack, mission: Bot, who: str
) -> None:
    """Slack lets people of another organisation press what stands in a shared channel."""
    with pytest.raises(UserError, match=ONLY_OURS):
        await mission.read(lambda session: find(session, who, "clinics"))
