"""The comment's form: what is too long is counted and stays written, what is empty is none."""

from sqlmodel import select

from bot.playground.server import FakeSlack
from bot.responses import Comment
from tests.rituals.few import REMINDS, asked, at, go
from tests.rituals.telling import initial
from tests.support import ANA, BEN, Bot, Doc, text_of

LONGEST = 3000


async def open_comment(slack: FakeSlack, who: str) -> Doc:
    """Press the button in the last message that asks, and return the form."""
    card = slack.dm(who)[-1]
    where = {"channel": slack.workspace.dm_id(who), "ts": card["ts"]}
    assert (await slack.click(who, action_id="pulse_comment", **where)).ok
    return slack.views(who)[-1]


async def stored(bot: Bot) -> list[str]:
    return list(await bot.read(lambda session: session.exec(select(Comment.words)).all()))


def written(slack: FakeSlack, who: str) -> str:
    """What stands in the field of the form that is open."""
    (held,) = slack.views(who)[-1]["state"]["values"]["comment"].values()
    return str(held["value"])


async def test_one_character_too_many_is_counted_and_no_word_is_lost(
    slack: FakeSlack, few: Bot
) -> None:
    await go(slack, at("06 10:00"))
    form = await open_comment(slack, ANA)
    words = ("all is well." * 300)[: LONGEST + 1]
    outcome = await slack.submit(ANA, form["id"], {"comment": words}, force=True)
    refusal = "This is 3,001 characters; 3,000 is the most. Please shorten it."
    assert outcome.errors == {"comment": refusal}
    assert written(slack, ANA) == words
    assert await stored(few) == []
    outcome = await slack.submit(ANA, form["id"], {"comment": f"  {words[:-1]}\n"}, force=True)
    assert outcome.closed
    assert await stored(few) == [words[:-1]]
    assert len(words[:-1]) == LONGEST
    assert initial(await open_comment(slack, ANA), "comment") == words[:-1]


async def test_nothing_but_space_is_no_comment_and_no_answer(slack: FakeSlack, few: Bot) -> None:
    await go(slack, at("06 15:00"))
    for who in (ANA, BEN):
        form = await open_comment(slack, who)
        words = "All is well." if who == ANA else " \n\u200b\u00a0"
        assert (await slack.submit(who, form["id"], {"comment": words})).closed
    assert await stored(few) == ["All is well."]
    form = await open_comment(slack, ANA)
    assert (await slack.submit(ANA, form["id"], {"comment": "   "})).closed
    assert await stored(few) == [""]
    form = await open_comment(slack, ANA)
    assert "initial_value" not in str(form)
    await go(slack, REMINDS.replace(hour=15))
    assert asked(slack, BEN) == ["06 15:00", "08 15:00r"]
    assert "Add a comment" in text_of(slack.dm(BEN)[-1])
