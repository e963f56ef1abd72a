"""What people are told of how recognition spreads, over the socket."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from bot import ledger, settings
from bot.deed import Deed
from bot.ids import new_id
from bot.playground.server import FakeSlack
from bot.rituals import recognition
from bot.rituals.story import Story
from tests.rituals.spreading import (
    CROWD,
    DEED,
    LATER,
    asked,
    counts,
    figures,
    ring,
    thanks,
    write,
)
from tests.support import (
    ANA,
    BEN,
    GENERAL,
    GIL,
    KIM,
    Bot,
    give,
    open_form,
    told,
)

SPREAD = """\
How recognition spread in 2026-Q1
1 January to 31 March 2026 so far, by the time of Europe/Lisbon. \
What was recognised in public and still stands counts, each recognition once.
12 recognitions, by value
:heart: Care: 8, 67 % (39 to 87 %)
:mag: Candour: 4, 33 % (13 to 61 %)
With this few, the true share of :heart: Care may lie anywhere between 39 and 87 %. \
Every range reads like that.
By people
12 of the 18 people here were recognised, 67 %.
12 of the 18 people here recognised somebody, 67 %.
Half of all recognition went to 6 people.
In 24 pairs of people one recognised the other; in 0 of them both did, 0 % (0 to 25 %).
The ranges are 95 % Wilson intervals. They go by how many people gave, since what one person \
gives tends to be alike."""


async def test_the_quarter_is_told_in_words(slack: FakeSlack, crowd: Bot) -> None:
    await write(crowd, *ring())
    assert await asked(slack) == SPREAD


async def test_only_who_asks_sees_the_answer_and_everybody_may_ask(
    slack: FakeSlack, crowd: Bot
) -> None:
    await write(crowd, *ring())
    before = len(slack.messages(GENERAL))
    for person in (GIL, BEN, ANA):
        assert await asked(slack, who=person) == SPREAD
    assert slack.ephemerals(KIM) == []
    assert len(slack.messages(GENERAL)) == before


async def test_the_text_that_is_read_aloud_says_all_that_is_shown(
    slack: FakeSlack, crowd: Bot
) -> None:
    await write(crowd, *ring())
    shown = await asked(slack)
    spoken = shown.replace(":heart: ", "").replace(":mag: ", "")
    assert slack.ephemerals(BEN)[-1]["text"] == spoken


async def test_nobody_is_named(slack: FakeSlack, crowd: Bot) -> None:
    await write(crowd, *ring())
    await asked(slack)
    assert not [each for each in CROWD if each in str(slack.ephemerals(BEN)[-1])]


async def test_a_recognition_counts_once_however_many_people_it_names(
    slack: FakeSlack, crowd: Bot
) -> None:
    await write(crowd, *ring(steps=1), thanks(BEN, *CROWD[:10], value="candour"))
    assert counts(await figures(crowd)) == {"care": 8, "candour": 5}


async def test_a_value_that_nothing_served_is_told(slack: FakeSlack, crowd: Bot) -> None:
    await write(crowd, *(thanks(each, KIM) for each in CROWD[:12]))
    assert ":mag: Candour: 0, 0 % (0 to 25 %)" in await asked(slack)


async def test_private_recognitions_withdrawn_ones_and_stories_change_nothing(
    slack: FakeSlack, crowd: Bot
) -> None:
    await write(crowd, *ring())
    taken, *_ = await write(crowd, thanks(BEN, KIM, ANA), thanks(KIM, BEN, private=True))

    def withdraw_and_tell(session: Session) -> None:
        recognition.withdraw(session, recognition_id=taken, by=BEN, now=LATER)
        value = recognition.must_be_there(session, taken, by=BEN).recognition.value_id
        story = Story(id=new_id(), author=BEN, value_id=value, kind="success", title="A story",
                      created_at=LATER)  # fmt: skip
        session.add(story)
        ledger.append(session, "story.told", at=LATER, actor=BEN, subject=story.id)

    await crowd.write(withdraw_and_tell)
    assert await asked(slack) == SPREAD


async def test_a_recognition_without_a_channel_yet_counts(slack: FakeSlack, crowd: Bot) -> None:
    await crowd.write(lambda session: settings.change(session, recognition_channel=None))
    await write(crowd, *ring())
    assert await asked(slack) == SPREAD


async def test_a_corrected_one_counts_as_it_reads_now(slack: FakeSlack, crowd: Bot) -> None:
    await write(crowd, *ring())
    (changed,) = await write(crowd, thanks(BEN, KIM))

    def correct(session: Session) -> None:
        deed = Deed(BEN, [CROWD[0]], DEED, "candour")
        recognition.correct(
            session, deed, recognition_id=changed, based_on=0, now=LATER + timedelta(days=200)
        )

    assert "13 of the 18 people here were recognised" in await asked(slack)
    await crowd.write(correct)
    assert counts(await figures(crowd)) == {"care": 8, "candour": 5}
    assert "12 of the 18 people here were recognised" in await asked(slack)


async def test_who_left_stands_neither_above_nor_below_the_line(
    slack: FakeSlack, crowd: Bot
) -> None:
    crowd.may_be_refused("user_disabled")  # they joined today and may be being welcomed
    await write(crowd, *ring())
    slack.workspace.edit_person(CROWD[0], deleted=True)
    slack.workspace.edit_person(CROWD[13], deleted=True)
    await slack.events.settled()
    answer = await asked(slack)
    assert "11 of the 16 people here were recognised, 69 %." in answer
    assert "11 of the 16 people here recognised somebody, 69 %." in answer
    assert "12 recognitions, by value" in answer


async def test_a_value_that_was_reworded_and_one_that_was_retired_say_so(
    slack: FakeSlack, crowd: Bot
) -> None:
    await write(crowd, *ring())
    form = await open_form(slack, ANA, "/mission setup")
    values = "New — we try what is new\n#care :handshake: Kindness — we are kind"
    assert (await slack.submit(ANA, form["id"], {"values": values, "why": "clearer"})).closed
    answer = await asked(slack)
    lines = answer.splitlines()
    at = lines.index("12 recognitions, by value")
    assert lines[at + 1].startswith("New: 0,")
    assert lines[at + 2].startswith(":handshake: Kindness: 8,")
    assert lines[at + 3].startswith(":mag: Candour (retired): 4,")
    assert "Reworded within this quarter: Kindness." in answer


async def test_a_value_of_a_later_quarter_is_not_told_as_served_by_nobody(
    slack: FakeSlack, crowd: Bot
) -> None:
    await write(crowd, *ring())
    await slack.jump(timedelta(days=90))
    form = await open_form(slack, ANA, "/mission setup")
    values = "New — we try what is new\n#care :heart: Care — we care"
    assert (await slack.submit(ANA, form["id"], {"values": values, "why": "clearer"})).closed
    answer = await asked(slack, "2026-Q1")
    assert "New" not in answer
    assert "Reworded" not in answer


async def test_what_people_call_a_value_pings_nobody(slack: FakeSlack, crowd: Bot) -> None:
    form = await open_form(slack, ANA, "/mission setup")
    values = "#care Ping<!channel> — we care\n#candour :mag: Candour — we say what is"
    assert (await slack.submit(ANA, form["id"], {"values": values, "why": "louder"})).closed
    await write(crowd, *ring())
    assert "Ping<!channel>: 8," in await asked(slack)
    answer = slack.ephemerals(BEN)[-1]
    assert "Ping&lt;!channel&gt;: 8," in answer["text"]
    assert [ping for ping in slack.workspace.pings if ping["ts"] == answer["ts"]] == []


@pytest.mark.parametrize(
    ("givers", "recognitions", "said"),
    [
        (4, 12, "12 recognitions by fewer than five people: too few to say how they spread."),
        (5, 9, "9 recognitions: too few to say how they spread."),
        (1, 1, "1 recognition by fewer than five people: too few to say how they spread."),
    ],
)
async def test_too_few_are_too_few_to_say(
    slack: FakeSlack, crowd: Bot, givers: int, recognitions: int, said: str
) -> None:
    await write(crowd, *(thanks(CROWD[n % givers], KIM, BEN) for n in range(recognitions)))
    answer = await asked(slack)
    assert said in answer
    for word in ("%", "Care", "people here", "Half", "pairs", "Wilson"):
        assert word not in answer


async def test_five_givers_of_ten_are_enough(slack: FakeSlack, crowd: Bot) -> None:
    await write(crowd, *(thanks(CROWD[n % 5], KIM) for n in range(10)))
    answer = await asked(slack)
    assert ":heart: Care: 10, 100 % (56 to 100 %)" in answer
    assert "Too few were recognised to say how it spread among them." in answer
    assert "Too few pairs of people to say how many recognised each other." in answer
    assert "Fewer than five of the 18 people here were recognised." in answer
    assert "5 of the 18 people here recognised somebody, 28 %." in answer


async def test_nothing_yet_says_how_to_begin(slack: FakeSlack, crowd: Bot) -> None:
    answer = await asked(slack)
    assert "Nothing was recognised in public in this quarter. /recognize gives the first." in answer
    assert "people here" not in answer


async def test_what_was_given_by_command_counts(slack: FakeSlack, crowd: Bot) -> None:
    await give(slack, KIM, f"@ben @ana {DEED} #care")
    assert "1 recognition by fewer than five people" in await asked(slack)


async def test_without_a_mission_it_says_who_can_set_it_up(slack: FakeSlack, bot: Bot) -> None:
    assert "The mission is not set up yet." in await asked(slack)
    assert "/mission setup" in told(slack, BEN)


async def test_while_people_are_still_being_learned_it_says_so(
    slack: FakeSlack, crowd: Bot
) -> None:
    await write(crowd, *ring())
    await crowd.write(lambda session: settings.change(session, roster_loaded_at=None))
    assert "I am still learning who is here" in await asked(slack)


async def test_a_typo_of_the_word_gets_it(slack: FakeSlack, mission: Bot) -> None:
    await slack.command(BEN, GENERAL, "/mission value")
    assert "Did you mean values?" in told(slack, BEN)
