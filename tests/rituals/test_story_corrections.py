"""What an author, an owner and everybody else can do to a story that was told."""

import pytest
from sqlmodel import Session, select

from bot import settings
from bot.outbox import OutboxRow
from bot.playground.server import FakeSlack
from bot.rituals import story
from bot.tale import Kind, Tale
from tests.rituals import test_corrections as recognition
from tests.rituals.telling import (
    LEARNING,
    SUCCESS,
    credits,
    fill_in,
    initial,
    inputs,
    ledger,
    tell,
    the_story,
    told_so_far,
)
from tests.rituals.test_corrections import NO_CARE, reword
from tests.rituals.test_home import chosen
from tests.support import (
    ANA,
    BEN,
    DAN,
    KIM,
    LOUNGE,
    PACE,
    ROBY,
    T0,
    Bot,
    Doc,
    open_form,
    soon,
    text_of,
    told,
)

BETTER = "Three times as many people are seen in their first week."
WORDS = [SUCCESS[name] for name in ("title", "happened", "impact")]


async def choose(slack: FakeSlack, who: str, post: Doc, what: str) -> None:
    await recognition.choose(slack, who, post, what, channel=LOUNGE)


async def editing(slack: FakeSlack, who: str, post: Doc) -> Doc:
    return await recognition.editing(slack, who, post, channel=LOUNGE)


async def withdrawing(slack: FakeSlack, who: str, post: Doc) -> Doc:
    return await recognition.withdrawing(slack, who, post, channel=LOUNGE)


def now(slack: FakeSlack) -> str:
    """The story's post as it reads now."""
    return text_of(slack.messages(LOUNGE)[-1])


async def test_the_author_corrects_the_words_and_everybody_sees_them(
    slack: FakeSlack, stories: Bot
) -> None:
    post = await tell(slack, SUCCESS | {"credits": [KIM]})
    await soon(slack, lambda: slack.dm(KIM))
    form = await editing(slack, BEN, post)
    changed = {"impact": BETTER, "title": "We cut the waiting list"}
    assert (await slack.submit(BEN, form["id"], changed)).closed
    await soon(slack, lambda: BETTER in now(slack))
    await soon(slack, lambda: BETTER in text_of(slack.dm(KIM)[-1]))
    assert "We cut the waiting list" in now(slack)
    assert len(slack.dm(KIM)) == 1
    lines = await stories.read(ledger)
    assert [line.kind for line in lines] == ["story.told", "story.corrected"]
    assert (lines[1].actor, lines[1].details) == (BEN, {"title": True, "impact": True})


async def test_the_form_shows_the_story_as_it_is_and_its_kind_stays(
    slack: FakeSlack, stories: Bot
) -> None:
    post = await tell(slack, LEARNING | {"credits": [BEN, KIM]})
    form = await editing(slack, BEN, post)
    names = ["title", "expected", "happened", "learned", "change"]
    assert list(inputs(form)) == [*names, "value", "credits"]
    assert [initial(form, name) for name in names] == [LEARNING[name] for name in names]
    assert (initial(form, "value"), initial(form, "credits")) == ("candour", [BEN, KIM])
    assert (await slack.submit(BEN, form["id"], {"learned": BETTER})).closed
    await soon(slack, lambda: BETTER in now(slack))
    assert "told a story of what we learned" in now(slack)
    assert (await stories.read(the_story)).kind == "learning"


async def test_who_is_newly_credited_is_told_and_who_is_not_any_more_reads_so(
    slack: FakeSlack, stories: Bot
) -> None:
    post = await tell(slack, SUCCESS | {"credits": [KIM]})
    await soon(slack, lambda: slack.dm(KIM))
    already = len(slack.dm(ANA))
    form = await editing(slack, BEN, post)
    assert (await slack.submit(BEN, form["id"], {"credits": [ANA, BEN]})).closed
    await soon(slack, lambda: slack.dm(ANA)[already:])
    assert "@ben credits you in a story of what worked" in text_of(slack.dm(ANA)[-1])
    await soon(slack, lambda: "credits somebody else or nobody now" in text_of(slack.dm(KIM)[-1]))
    assert "With credit to @ana and @ben" in now(slack)
    assert await stories.read(credits) == [ANA, BEN]
    assert (await stories.read(ledger))[1].details == {"credits": [[KIM], [ANA, BEN]]}
    await stories.has_sent_everything()
    assert slack.dm(BEN) == []
    assert len(slack.dm(ANA)) == already + 1


async def test_saving_it_as_it_was_is_no_correction(slack: FakeSlack, stories: Bot) -> None:
    post = await tell(slack, SUCCESS | {"credits": [KIM]})
    form = await editing(slack, BEN, post)
    assert (await slack.submit(BEN, form["id"], {})).closed
    await stories.has_sent_everything()
    assert [line.kind for line in await stories.read(ledger)] == ["story.told"]
    assert "edited" not in slack.messages(LOUNGE)[-1]


@pytest.mark.parametrize("who", [ANA, KIM])
async def test_only_the_author_can_correct(slack: FakeSlack, stories: Bot, who: str) -> None:
    post = await tell(slack, SUCCESS | {"credits": [KIM]})
    await choose(slack, who, post, "edit")
    assert "Only ben can change this story" in told(slack, who)
    assert slack.views(who) == []


@pytest.mark.parametrize(
    ("filled", "name", "reason"),
    [
        ({"credits": [KIM, ROBY]}, "credits", "is a bot."),
        ({"credits": [DAN]}, "credits", "is no longer here"),
        ({"title": "four"}, "title", "5 to 150 characters; this is 4"),
        ({"impact": "x" * 3001}, "impact", "This is 3,001 characters; 2,000 is the most"),
    ],
)
async def test_what_cannot_be_told_cannot_be_corrected_to(
    slack: FakeSlack, stories: Bot, filled: Doc, name: str, reason: str
) -> None:
    post = await tell(slack, SUCCESS)
    form = await editing(slack, BEN, post)
    outcome = await slack.submit(BEN, form["id"], filled, force=True)
    assert reason in outcome.errors[name]
    assert (await stories.read(the_story)).revision == 0


async def test_a_retired_value_stays_where_it_is_left_alone(slack: FakeSlack, stories: Bot) -> None:
    post = await tell(slack, SUCCESS)
    await reword(slack, NO_CARE)
    form = await editing(slack, BEN, post)
    assert "keep Care as it was worded" in text_of(form)
    assert (await slack.submit(BEN, form["id"], {"impact": BETTER})).closed
    await soon(slack, lambda: BETTER in now(slack))
    assert "for :heart: Care" in now(slack)


async def test_a_value_retired_while_the_form_was_open_is_refused(
    slack: FakeSlack, stories: Bot
) -> None:
    post = await tell(slack, LEARNING)
    form = await editing(slack, BEN, post)
    await reword(slack, NO_CARE)
    outcome = await slack.submit(BEN, form["id"], {"value": "care"})
    assert "#care was retired meanwhile" in outcome.errors["value"]


async def test_a_form_left_open_does_not_undo_a_later_correction(
    slack: FakeSlack, stories: Bot
) -> None:
    post = await tell(slack, SUCCESS)
    form = await editing(slack, BEN, post)
    one = await stories.read(the_story)
    elsewhere = Tale(BEN, Kind.SUCCESS, one.title, one.texts | {"impact": BETTER}, "care")

    def correct(session: Session) -> None:
        story.correct(session, elsewhere, story_id=one.id, based_on=0, now=T0)

    await stories.write(correct)
    outcome = await slack.submit(BEN, form["id"], {"title": "Another title"})
    assert "this story was changed meanwhile" in outcome.errors["title"]
    assert (await stories.read(the_story)).impact == BETTER


async def test_somebody_who_left_stays_credited_and_hears_no_more(
    slack: FakeSlack, stories: Bot
) -> None:
    post = await tell(slack, SUCCESS | {"credits": [KIM, ANA]})
    await soon(slack, lambda: slack.dm(KIM))
    await stories.has_sent_everything()
    slack.workspace.edit_person(KIM, deleted=True)
    await slack.events.settled()
    heard = text_of(slack.dm(KIM)[-1])
    form = await editing(slack, BEN, post)
    assert "@kim left, and stays named" in text_of(form)
    assert (await slack.submit(BEN, form["id"], {"impact": BETTER})).closed
    await soon(slack, lambda: BETTER in now(slack))
    await stories.has_sent_everything()
    assert set(await stories.read(credits)) == {KIM, ANA}
    assert text_of(slack.dm(KIM)[-1]) == heard


async def test_the_author_withdraws_and_gets_the_words_back(slack: FakeSlack, stories: Bot) -> None:
    post = await tell(slack, SUCCESS | {"credits": [KIM]})
    await soon(slack, lambda: slack.dm(KIM))
    question = await withdrawing(slack, BEN, post)
    assert "Withdraw your story?" in text_of(question)
    assert (await slack.submit(BEN, question["id"])).result == "updated"
    assert all(words in text_of(slack.views(BEN)[-1]) for words in WORDS)
    await soon(slack, lambda: "@ben withdrew this story" in now(slack))
    await soon(slack, lambda: "@ben withdrew this story" in text_of(slack.dm(KIM)[-1]))
    for words in WORDS:
        assert words not in f"{slack.messages(LOUNGE)} {slack.dm(KIM)}"
    assert (await stories.read(ledger))[-1].kind == "story.withdrawn"


async def test_the_words_are_forgotten_in_the_database(slack: FakeSlack, stories: Bot) -> None:
    for filled in (SUCCESS, LEARNING):
        post = await tell(slack, filled)
        question = await withdrawing(slack, BEN, post)
        await slack.submit(BEN, question["id"])
        await soon(slack, lambda: "withdrew" in now(slack))
    await stories.has_sent_everything()
    for one in await stories.read(told_so_far):
        assert {one.title, *(getattr(one, name) for name in LEARNING if hasattr(one, name))} == {""}
        assert one.impact == ""
        assert one.withdrawn_by == BEN
    posts = await stories.read(lambda session: session.exec(select(OutboxRow.message)).all())
    for name, words in [*SUCCESS.items(), *LEARNING.items()]:
        assert name == "value" or words not in str(posts)


async def test_the_longest_words_come_back_whole(slack: FakeSlack, stories: Bot) -> None:
    names = ("expected", "happened", "learned", "change")
    longest = {name: name[0] * 2000 for name in names} | {"title": "t" * 150, "value": "care"}
    question = await withdrawing(slack, ANA, await tell(slack, longest))
    assert (await slack.submit(ANA, question["id"])).closed
    heard = await soon(slack, lambda: slack.dm(BEN))
    assert all(name[0] * 2000 in text_of(heard[-1]) for name in names)


async def test_an_owner_withdraws_and_the_author_gets_the_words(
    slack: FakeSlack, stories: Bot
) -> None:
    post = await tell(slack, SUCCESS)
    question = await withdrawing(slack, ANA, post)
    assert "@ben is told, and gets the words back" in text_of(question)
    assert (await slack.submit(ANA, question["id"])).closed
    heard = text_of((await soon(slack, lambda: slack.dm(BEN)))[-1])
    assert "@ana, an owner of the mission, withdrew your story" in heard
    assert all(words in heard for words in WORDS)
    await soon(slack, lambda: "withdrew this story of @ben" in now(slack))


async def test_nobody_else_can_withdraw(slack: FakeSlack, stories: Bot) -> None:
    post = await tell(slack, SUCCESS | {"credits": [KIM]})
    await choose(slack, KIM, post, "withdraw")
    assert "ben or an owner of the mission can withdraw this story" in told(slack, KIM)


async def test_what_was_withdrawn_cannot_be_withdrawn_corrected_or_thanked_for(
    slack: FakeSlack, stories: Bot
) -> None:
    post = await tell(slack, SUCCESS)
    form = await editing(slack, BEN, post)
    await stories.write(lambda session: settings.change(session, owners=[KIM]))
    question = await withdrawing(slack, ANA, post)
    late = await withdrawing(slack, KIM, post)
    assert (await slack.submit(ANA, question["id"])).closed
    assert (await slack.submit(KIM, late["id"])).result == "updated"
    assert "This story was withdrawn already" in text_of(slack.views(KIM)[-1])
    outcome = await slack.submit(BEN, form["id"], {"impact": BETTER})
    assert "This story was withdrawn, so nothing was changed" in outcome.errors["title"]
    for what in ("edit", "withdraw"):
        await choose(slack, BEN, post, what)
        assert "This story was withdrawn" in told(slack, BEN)
    await slack.click(KIM, channel=LOUNGE, message=post, action_id="thank")
    assert "was withdrawn, so nothing was changed" in told(slack, KIM)


async def test_a_withdrawal_delivered_twice_is_one(slack: FakeSlack, stories: Bot) -> None:
    post = await tell(slack, SUCCESS)
    question = await withdrawing(slack, BEN, post)
    await slack.submit(BEN, question["id"])
    assert (await slack.redeliver()).acked
    await soon(slack, lambda: "withdrew" in now(slack))
    assert [line.kind for line in await stories.read(ledger)] == ["story.told", "story.withdrawn"]


async def test_what_was_withdrawn_can_be_told_again(slack: FakeSlack, stories: Bot) -> None:
    post = await tell(slack, SUCCESS)
    question = await withdrawing(slack, BEN, post)
    await slack.submit(BEN, question["id"])
    await tell(slack, SUCCESS)


async def test_what_waits_for_a_channel_and_is_withdrawn_is_never_posted(
    slack: FakeSlack, mission: Bot
) -> None:
    assert (await fill_in(slack, SUCCESS)).closed
    await soon(slack, lambda: [m for m in slack.dm(BEN) if "not posted yet" in text_of(m)])
    await slack.open_home(BEN)
    question = await chosen(slack, BEN, "withdraw")
    assert (await slack.submit(BEN, question["id"])).result == "updated"
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"stories_channel": LOUNGE})).closed
    await mission.has_sent_everything()
    await slack.jump(PACE)
    assert slack.messages(LOUNGE) == []
