"""What somebody who tells a story goes through, over the socket."""

import pytest

from bot.playground.server import FakeSlack
from tests.rituals.telling import (
    HAPPENED,
    LEARNING,
    SUCCESS,
    credits,
    fill_in,
    initial,
    inputs,
    ledger,
    tell,
    told_so_far,
)
from tests.support import (
    ANA,
    BEN,
    DAN,
    EVE,
    GENERAL,
    GIL,
    KIM,
    LOUNGE,
    PIA,
    ROBY,
    Bot,
    Doc,
    open_form,
    soon,
    text_of,
    told,
)


async def test_a_story_of_what_worked_is_posted(slack: FakeSlack, stories: Bot) -> None:
    post = await tell(slack, SUCCESS | {"credits": [KIM, ANA]})
    assert text_of(post).splitlines() == [
        "@ben told a story of what worked, for :heart: Care",
        SUCCESS["title"],
        "What happened",
        SUCCESS["happened"],
        "What it changed",
        SUCCESS["impact"],
        "With credit to @kim and @ana",
        "Thank",
        "Edit",
        "Withdraw",
    ]


async def test_a_story_of_what_was_learned_is_posted(slack: FakeSlack, stories: Bot) -> None:
    post = await tell(slack, LEARNING)
    assert text_of(post).splitlines()[:-3] == [
        "@ben told a story of what we learned, for :mag: Candour",
        LEARNING["title"],
        "What we expected",
        LEARNING["expected"],
        "What happened",
        LEARNING["happened"],
        "What we learned",
        LEARNING["learned"],
        "What we do differently now",
        LEARNING["change"],
    ]


async def test_the_ledger_has_ids_only(slack: FakeSlack, stories: Bot) -> None:
    await tell(slack, SUCCESS | {"credits": [KIM]})
    (line,) = await stories.read(ledger)
    (story,) = await stories.read(told_so_far)
    assert (line.kind, line.actor, line.subject) == ("story.told", BEN, story.id)
    assert line.details == {"credits": [KIM], "value": story.value_id}


async def test_credited_people_are_told_once_and_who_tells_it_is_not(
    slack: FakeSlack, stories: Bot
) -> None:
    already = len(slack.dm(BEN))
    await tell(slack, SUCCESS | {"credits": [BEN, KIM]})
    (heard,) = await soon(slack, lambda: slack.dm(KIM))
    assert text_of(heard).splitlines() == [
        "@ben credits you in a story of what worked, for :heart: Care",
        SUCCESS["title"],
        "What happened",
        SUCCESS["happened"],
        "What it changed",
        SUCCESS["impact"],
        "With credit to @ben and @kim",
        f"For everybody to see in <#{LOUNGE}>",
    ]
    await stories.has_sent_everything()
    assert len(slack.dm(BEN)) == already
    assert await stories.read(credits) == [BEN, KIM]


@pytest.mark.parametrize(
    ("typed", "kind", "title"),
    [
        ("", "success", None),
        ("We halved the waiting list", "success", "We halved the waiting list"),
        ("success We halved it", "success", "We halved it"),
        ("learning Twice the reminders", "learning", "Twice the reminders"),
        ("Learning: twice the reminders", "learning", "twice the reminders"),
        ("LEARNING", "learning", None),
        ("learnings of a year", "success", "learnings of a year"),
        ("a & b <c>\n d", "success", "a & b <c> d"),
    ],
)
async def test_what_was_typed_opens_the_form_with_it(
    slack: FakeSlack, stories: Bot, typed: str, kind: str, title: str | None
) -> None:
    form = await open_form(slack, BEN, f"/story {typed}")
    assert form["callback_id"] == "story"
    assert initial(form, "kind") == kind
    assert initial(form, "title") == title
    between = ["expected", "happened", "learned", "change"]
    fields = between if kind == "learning" else ["happened", "impact"]
    assert list(inputs(form)) == ["kind", "title", *fields, "value", "credits"]
    assert await stories.read(told_so_far) == []


async def test_people_and_a_value_that_were_typed_are_filled_in(
    slack: FakeSlack, stories: Bot
) -> None:
    form = await open_form(slack, BEN, "/story @kim and @roby halved the list #care")
    assert initial(form, "title") == "@kim and @roby halved the list"
    assert initial(form, "value") == "care"
    assert initial(form, "credits") == [KIM]
    assert "Not credited: roby is a bot." in text_of(form)


async def test_more_than_a_title_holds_stands_under_what_happened(
    slack: FakeSlack, stories: Bot
) -> None:
    form = await open_form(slack, BEN, f"/story {'word ' * 50}")
    assert initial(form, "title") is None
    assert initial(form, "happened") == ("word " * 50).strip()
    assert "A title takes 150 characters at most" in text_of(form)


async def test_more_than_any_field_holds_comes_back_whole(slack: FakeSlack, stories: Bot) -> None:
    await slack.command(BEN, GENERAL, f"/story {'word ' * 500}")
    assert "that has 2,499 characters, 2,000 is the most" in told(slack, BEN)
    assert ("word " * 500).strip() in told(slack, BEN)
    assert slack.views(BEN) == []


async def test_help_lists_the_ways(slack: FakeSlack, stories: Bot) -> None:
    await slack.command(BEN, GENERAL, "/story help")
    assert "/story learning The reminders went out twice tell what failed" in told(slack, BEN)
    await slack.command(BEN, GENERAL, "/mission help")
    assert "/story We halved the waiting list tell what worked" in told(slack, BEN)


async def test_a_form_that_slack_does_not_open_gives_the_words_back(
    slack: FakeSlack, stories: Bot
) -> None:
    slack.fault("views.open", "error", error="expired_trigger_id")
    await slack.command(BEN, GENERAL, "/story learning Twice the reminders")
    assert "nothing was saved" in told(slack, BEN)
    assert "/story learning Twice the reminders" in told(slack, BEN)


async def test_without_a_mission_it_says_who_can_set_it_up(slack: FakeSlack, bot: Bot) -> None:
    await slack.command(BEN, GENERAL, "/story We halved the waiting list")
    assert "the mission is not set up yet" in told(slack, BEN)
    assert "/story We halved the waiting list" in told(slack, BEN)


async def test_a_story_can_be_told_through_the_mission(slack: FakeSlack, stories: Bot) -> None:
    form = await open_form(slack, BEN, "/mission story learning Twice the reminders")
    assert (initial(form, "kind"), initial(form, "title")) == ("learning", "Twice the reminders")


async def test_the_missions_card_opens_the_form(slack: FakeSlack, stories: Bot) -> None:
    await slack.command(BEN, GENERAL, "/mission")
    card = slack.ephemerals(BEN)[-1]
    assert "Tell a story" in text_of(card)
    await slack.click(BEN, channel=GENERAL, ts=card["ts"], action_id="open_story")
    assert slack.views(BEN)[-1]["callback_id"] == "story"


@pytest.mark.parametrize(
    ("name", "words", "reason"),
    [
        ("title", "four", "A title takes 5 to 150 characters; this is 4."),
        ("title", "x" * 151, "A title takes 5 to 150 characters; this is 151."),
        ("happened", "   nine ch   ", "10 characters at least, this is 7."),
        ("impact", None, "10 characters at least, this is 0."),
        ("happened", "x" * 3001, "This is 3,001 characters; 2,000 is the most."),
        ("learned", "x" * 2001, "This is 2,001 characters; 2,000 is the most."),
        ("change", "too short", "10 characters at least, this is 9."),
        ("expected", "\n\n \t", "10 characters at least, this is 0."),
        ("value", None, "Choose one of the values."),
    ],
)
async def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    slack: FakeSlack, stories: Bot, name: str, words: str | None, reason: str
) -> None:
    kind = LEARNING if name in LEARNING else SUCCESS
    outcome = await fill_in(slack, kind | {name: words}, force=True)
    assert list(outcome.errors) == [name]
    assert reason in outcome.errors[name]
    assert await stories.read(told_so_far) == []


async def test_several_faults_are_told_together(slack: FakeSlack, stories: Bot) -> None:
    wrong = LEARNING | {"title": "Oh", "learned": "little", "credits": [ROBY, DAN]}
    outcome = await fill_in(slack, wrong, force=True)
    assert set(outcome.errors) == {"title", "learned", "credits"}
    assert "is a bot" in outcome.errors["credits"]
    assert "is no longer here" in outcome.errors["credits"]


async def test_slack_itself_keeps_people_from_writing_too_much(
    slack: FakeSlack, stories: Bot
) -> None:
    outcome = await fill_in(slack, SUCCESS | {"title": "x" * 151, "impact": "x" * 2001})
    assert set(outcome.errors) == {"title", "impact"}
    assert not outcome.sent


async def test_the_longest_story_is_posted_whole(slack: FakeSlack, stories: Bot) -> None:
    names = ("expected", "happened", "learned", "change")
    longest = {name: name[0] * 2000 for name in names} | {"title": "t" * 150, "value": "care"}
    post = await tell(slack, longest | {"credits": [BEN, KIM, ANA, GIL]})
    assert all(name[0] * 2000 in text_of(post) for name in names)


async def test_the_shortest_story_is_taken(slack: FakeSlack, stories: Bot) -> None:
    await tell(slack, SUCCESS | {"title": "fives", "happened": "x" * 10, "impact": "y" * 10})


@pytest.mark.parametrize(
    ("who", "reason"),
    [
        (ROBY, "roby is a bot."),
        ("USLACKBOT", "is a bot."),
        (DAN, "is no longer here"),
        (PIA, "has not joined yet"),
        (EVE, "belongs to another organisation"),
    ],
)
async def test_who_cannot_be_credited_is_named_at_the_field(
    slack: FakeSlack, stories: Bot, who: str, reason: str
) -> None:
    outcome = await fill_in(slack, SUCCESS | {"credits": [KIM, who]}, force=True)
    assert reason.casefold() in outcome.errors["credits"].casefold()
    assert await stories.read(told_so_far) == []


async def test_eleven_people_are_too_many_to_credit(slack: FakeSlack, stories: Bot) -> None:
    crowd = [f"U0CROWD{number}" for number in range(11)]
    for person in crowd:
        slack.workspace.join(person, name=person.lower(), real_name=person)
    await slack.events.settled()
    outcome = await fill_in(slack, SUCCESS | {"credits": crowd}, force=True)
    assert "You credited 11 people; at most 10" in outcome.errors["credits"]


async def test_a_guest_may_tell_and_be_credited(slack: FakeSlack, stories: Bot) -> None:
    assert (await fill_in(slack, SUCCESS | {"credits": [GIL]}, who=GIL)).closed
    post = (await soon(slack, lambda: slack.messages(LOUNGE)))[-1]
    assert "@gil told a story of what worked" in text_of(post)


async def test_the_same_story_is_refused_with_the_day_it_was_told(
    slack: FakeSlack, stories: Bot
) -> None:
    await tell(slack, SUCCESS)
    again = SUCCESS | {"value": "candour", "credits": [KIM], "title": f"  {SUCCESS['title']} "}
    outcome = await fill_in(slack, again)
    assert "you told this story already, on 5 January 2026" in outcome.errors["title"]
    assert len(await stories.read(told_so_far)) == 1


@pytest.mark.parametrize("other", [{"title": "Another title"}, {"impact": "Something else."}])
async def test_a_story_with_other_words_is_another_one(
    slack: FakeSlack, stories: Bot, other: Doc
) -> None:
    await tell(slack, SUCCESS)
    await tell(slack, SUCCESS | other)


async def test_somebody_else_may_tell_the_same(slack: FakeSlack, stories: Bot) -> None:
    await tell(slack, SUCCESS)
    await tell(slack, SUCCESS, who=KIM)


async def test_the_same_submission_twice_is_one_story(slack: FakeSlack, stories: Bot) -> None:
    assert (await fill_in(slack, SUCCESS)).closed
    again = await slack.redeliver()
    assert (again.acked, again.payload) == (True, None)
    await soon(slack, lambda: slack.messages(LOUNGE))
    await stories.has_sent_everything()
    assert len(await stories.read(told_so_far)) == 1
    assert len(slack.messages(LOUNGE)) == 1


async def test_a_story_keeps_the_wording_of_its_day(slack: FakeSlack, stories: Bot) -> None:
    form = await open_form(slack, BEN, "/story We halved the waiting list")
    changed = await open_form(slack, ANA, "/mission setup")
    values = "#care :handshake: Kindness — we are kind\nNew — we are new"
    assert (await slack.submit(ANA, changed["id"], {"values": values, "why": "clearer"})).closed
    outcome = await slack.submit(BEN, form["id"], SUCCESS | {"value": "candour"})
    assert outcome.errors == {"value": "Choose one of the values."}
    assert (await slack.submit(BEN, form["id"], SUCCESS)).closed
    post = (await soon(slack, lambda: slack.messages(LOUNGE)))[-1]
    assert "for :handshake: Kindness" in text_of(post)


@pytest.mark.parametrize(
    "words",
    [
        "<!channel> look at what was done",
        f"<@{ANA}> is not who is meant here",
        "*bold* _it_ ~no~ `code` ```pre```",
        "\u202eright to left\u202c \u200fmarks stay",
        "line one\nline two\n\n> quoted",
    ],
)
async def test_words_are_shown_as_typed_and_ping_nobody(
    slack: FakeSlack, stories: Bot, words: str
) -> None:
    title = words.splitlines()[0]
    post = await tell(slack, LEARNING | {"title": title, "happened": words, "credits": [KIM]})
    lines = text_of(post)
    assert words in lines
    assert lines.splitlines()[1] == title
    pings = {ping["id"] for ping in slack.workspace.pings if ping["ts"] == post["ts"]}
    assert pings == {BEN, KIM}


async def test_without_a_channel_it_waits_and_everybody_concerned_is_told(
    slack: FakeSlack, mission: Bot
) -> None:
    assert (await fill_in(slack, SUCCESS | {"credits": [KIM]})).closed
    await soon(slack, lambda: [m for m in slack.dm(BEN) if "not posted yet" in text_of(m)])
    await soon(slack, lambda: [m for m in slack.dm(ANA) if "Something waits" in text_of(m)])
    await soon(slack, lambda: slack.dm(KIM))
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"stories_channel": LOUNGE})).closed
    post = (await soon(slack, lambda: slack.messages(LOUNGE)))[0]
    assert "@ben told a story of what worked" in text_of(post)


async def test_a_channel_that_it_was_removed_from_is_said_to_who_told(
    slack: FakeSlack, stories: Bot
) -> None:
    stories.may_be_refused("not_in_channel")
    slack.workspace.kick_bot(LOUNGE)
    assert (await fill_in(slack, SUCCESS)).closed
    await soon(slack, lambda: [m for m in slack.dm(BEN) if "I am not in the channel" in text_of(m)])
    slack.workspace.invite_bot(LOUNGE)
    post = (await soon(slack, lambda: slack.messages(LOUNGE)))[0]
    assert HAPPENED in text_of(post)
