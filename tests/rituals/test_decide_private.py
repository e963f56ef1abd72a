"""A private decision is its people's alone: to everybody else it is as if it never was."""

import re

from bot.decisions import Decision
from bot.playground.server import FakeSlack
from tests.rituals import packets
from tests.rituals.deciding import (
    LINE,
    REASON,
    all_of_them,
    begin,
    decide,
    fill_in,
    ledger,
    press,
    shows,
)
from tests.support import ANA, BEN, GENERAL, GIL, KIM, LOUNGE, Bot, Doc, text_of, told

SECRET = "Close the office in the north?"
WHOLE: Doc = {
    "title": SECRET,
    "checklist": "Do we know whom it costs?",
    "approvers": [KIM],
    "contributors": [GIL],
    "visibility": "private",
}


async def begin_privately(
    slack: FakeSlack, bot: Bot, *, who: str = BEN, **changes: object
) -> Decision:
    assert (await fill_in(slack, WHOLE | changes, who=who)).closed
    await bot.has_sent_everything()
    return (await bot.read(all_of_them))[-1]


def card_of(slack: FakeSlack, who: str, known: Decision) -> Doc:
    cards = [each for each in slack.dm(who) if text_of(each).startswith(f"{known.name} · ")]
    assert len(cards) == 1, slack.picture()
    return cards[0]


async def test_its_card_is_a_direct_message_to_each_of_its_people(
    slack: FakeSlack, deciding: Bot
) -> None:
    known = await begin_privately(slack, deciding)
    assert re.fullmatch("P-[2-9A-HJKMNP-TV-Z]{6}", known.name)
    assert known.number is None
    for who in (BEN, KIM, GIL):
        assert "Only its people see this." in text_of(card_of(slack, who, known))
    assert slack.messages(LOUNGE) == []
    assert not [each for each in slack.dm(ANA) if SECRET in str(each)]
    public = await begin(slack)
    assert text_of(public).startswith(f"1 · {LINE}")  # the number gives nothing away


async def test_every_card_follows(slack: FakeSlack, deciding: Bot) -> None:
    known = await begin_privately(slack, deciding)
    card = card_of(slack, KIM, known)
    where = slack.workspace.dm_id(KIM)
    await press(slack, KIM, card, "decide_approve", where)
    form = await press(
        slack, GIL, card_of(slack, GIL, known), "decide_checklist", slack.workspace.dm_id(GIL)
    )
    assert form is not None
    assert (await slack.submit(GIL, form["id"], {"gate_0": "yes"})).closed
    await deciding.has_sent_everything()
    await decide(slack, card_of(slack, BEN, known), REASON, channel=slack.workspace.dm_id(BEN))
    for who in (BEN, KIM, GIL):
        card, where = card_of(slack, who, known), slack.workspace.dm_id(who)
        await shows(slack, card, "decided: Do it", where)
    kinds = [line.kind for line in await deciding.read(ledger)]
    assert kinds == [
        f"decision.{what}_privately" for what in ("begun", "approved", "checked", "decided")
    ]


async def test_to_everybody_else_it_never_was_in_the_very_same_words(
    slack: FakeSlack, deciding: Bot
) -> None:
    known = await begin_privately(slack, deciding)
    await begin(slack, {"checklist": ""})

    async def asked(words: str, who: str = ANA) -> str:
        await slack.command(who, GENERAL, f"/decide {words}")
        return told(slack, who)

    for word in ("show", "export"):
        there, nowhere = await asked(f"{word} {known.name}"), await asked(f"{word} P-222222")
        assert there == nowhere.replace("P-222222", known.name)
        assert "I know no such decision" in there
    for which in ("", "open", "mine", "waiting", "decided"):
        assert SECRET not in await asked(f"list {which}")
        assert "P-" not in await asked(f"list {which}")
    assert SECRET in await asked("list", BEN)
    assert SECRET in await asked(f"show {known.name.lower()}", KIM)


async def test_no_forged_click_reaches_it_not_even_an_owners(
    slack: FakeSlack, deciding: Bot
) -> None:
    known = await begin_privately(slack, deciding)
    card = await begin(slack, {"checklist": "", "approvers": [KIM]})
    posted = slack.workspace.messages.get(LOUNGE, card["ts"])
    assert posted is not None
    public = (await deciding.read(all_of_them))[-1]

    def forged(decision_id: int) -> Doc:
        blocks = str(posted["blocks"]).replace(str(public.id), str(decision_id))
        return posted | {"blocks": eval(blocks)}  # noqa: S307 - our own blocks

    answers = set()
    for there in (known.id, 1, 2**80):
        for action in ("decide_score", "decide_approve", "decide_object", "decide_decide"):
            message = forged(there)
            await slack.click(ANA, channel=LOUNGE, message=message, action_id=action)
            assert slack.views(ANA) == []
            answers.add(told(slack, ANA))
        for what in ("withdraw", "supersede", "scores", "export"):
            option = {"action_id": "decide_menu", "option": f"{what}:{there}"}
            menus = [e for b in forged(there)["blocks"] for e in b.get("elements", [])]
            offered = [o["value"] for e in menus for o in e.get("options", [])]
            if option["option"] in offered:
                await slack.click(ANA, channel=LOUNGE, message=forged(there), **option)
                assert slack.views(ANA) == []
                answers.add(told(slack, ANA))
    assert answers <= {
        "I know no such decision. Nothing was changed.",
        "This was made by another version of Truenorth, so nothing was changed. "
        "Please close it and open it again.",
    }


async def test_a_private_and_a_public_one_cannot_supersede_each_other(
    slack: FakeSlack, deciding: Bot
) -> None:
    known = await begin_privately(slack, deciding, approvers=[], checklist="")
    where = slack.workspace.dm_id(BEN)
    await decide(slack, card_of(slack, BEN, known), channel=where)
    public = await begin(slack, {"checklist": ""})
    await decide(slack, public)
    await deciding.has_sent_everything()
    both = await deciding.read(all_of_them)
    for card, channel, one, other in (
        (card_of(slack, BEN, known), where, both[0], "1"),
        (public, LOUNGE, both[1], known.name),
    ):
        option = f"supersede:{one.id}"
        form = await press(slack, BEN, card, "decide_menu", channel, option=option)
        assert form is not None
        outcome = await slack.submit(BEN, form["id"], {"successor": other})
        assert "One of the two is private" in outcome.errors["successor"]


async def test_whoever_drives_another_learns_of_no_private_one_by_superseding(
    slack: FakeSlack, deciding: Bot
) -> None:
    known = await begin_privately(slack, deciding, approvers=[], checklist="")
    await decide(slack, card_of(slack, BEN, known), channel=slack.workspace.dm_id(BEN))
    card = await begin(slack, {"checklist": ""}, who=ANA)
    await decide(slack, card, who=ANA)
    await shows(slack, card, "Supersede")
    mine = (await deciding.read(all_of_them))[-1]
    form = await press(slack, ANA, card, "decide_menu", option=f"supersede:{mine.id}")
    assert form is not None
    for name in (known.name, "P-222222"):
        outcome = await slack.submit(ANA, form["id"], {"successor": name})
        assert outcome.errors == {"successor": "I know no such decision."}


async def test_a_private_one_is_superseded_only_by_one_that_all_its_people_can_see(
    slack: FakeSlack, deciding: Bot
) -> None:
    plain: Doc = {"approvers": [], "checklist": ""}
    old = await begin_privately(slack, deciding, **plain)
    narrow = await begin_privately(
        slack, deciding, **plain, contributors=[KIM], title="Keep one room?"
    )
    wide = await begin_privately(
        slack, deciding, **plain, contributors=[GIL, KIM], title="Keep it all?"
    )
    where = slack.workspace.dm_id(BEN)
    for one in (old, narrow, wide):
        await decide(slack, card_of(slack, BEN, one), channel=where)
        await deciding.has_sent_everything()

    async def supersede(one: Decision, by: Decision) -> dict[str, str]:
        option, card = f"supersede:{one.id}", card_of(slack, BEN, one)
        form = await press(slack, BEN, card, "decide_menu", where, option=option)
        assert form is not None
        outcome = await slack.submit(BEN, form["id"], {"successor": by.name})
        await deciding.has_sent_everything()
        return outcome.errors

    assert await supersede(old, narrow) == {
        "successor": "gil cannot see that one, and would learn here that it exists. "
        "One that all people of this decision can see may take its place."
    }
    assert "decided: Do it" in text_of(card_of(slack, GIL, old))
    assert await supersede(old, wide) == {}
    for who in (BEN, GIL):
        assert f"Superseded by {wide.name}" in text_of(card_of(slack, who, old))
        assert f"It supersedes {old.name}" in text_of(card_of(slack, who, wide))
    assert old.name not in str(card_of(slack, KIM, wide))  # who had no part in the first


async def test_whoever_left_and_comes_back_learns_of_no_private_one_that_took_its_place(
    slack: FakeSlack, deciding: Bot
) -> None:
    plain: Doc = {"approvers": [], "checklist": ""}
    where = slack.workspace.dm_id(BEN)

    async def decided(*, who: str = BEN, **how: object) -> Decision:
        known = await begin_privately(slack, deciding, who=who, **plain, **how, driver=BEN)
        await decide(slack, card_of(slack, BEN, known), channel=where)
        await deciding.has_sent_everything()
        return known

    async def supersede(one: Decision, by: Decision) -> None:
        option, card = f"supersede:{one.id}", card_of(slack, BEN, one)
        form = await press(slack, BEN, card, "decide_menu", where, option=option)
        assert form is not None
        assert (await slack.submit(BEN, form["id"], {"successor": by.name})).closed
        await deciding.has_sent_everything()

    async def stays(is_away: bool) -> None:
        slack.workspace.edit_person(GIL, deleted=is_away)
        await slack.events.settled()

    first = await decided(who=GIL, contributors=[KIM])
    second = await decided(who=GIL, contributors=[KIM], title="Close it in spring?")
    apart = await decided(contributors=[GIL], title="Sell the desks?")
    await supersede(first, second)
    await stays(is_away=True)
    last = await decided(contributors=[KIM], title="Keep one room?")
    await supersede(second, last)
    await stays(is_away=False)
    before = [card_of(slack, GIL, one) for one in (first, second)]

    async def asked(who: str, words: str) -> str:
        await slack.command(who, GENERAL, words)
        await deciding.has_sent_everything()
        return told(slack, who)

    for one in (first, second, last):
        unknown = await asked(GIL, "/decide show P-222222")
        shown = await asked(GIL, f"/decide show {one.name}")
        assert shown == unknown.replace("P-222222", one.name)
        assert one.title in await asked(KIM, f"/decide show {one.name}")
    answers = [
        await asked(GIL, words)
        for words in ("/decide list", "/decide list mine", "/mission search desks")
    ]
    answers.append((await packets.ask(slack, GIL))[0])
    assert all(apart.title in answer for answer in answers)
    for words in ("/decide list superseded", "/mission search office", "/mission search spring"):
        answers.append(await asked(GIL, words))
    assert not [one for one in (first, second, last) if one.title in str(answers)]
    assert first.title in await asked(KIM, "/decide list superseded")
    assert first.title in await asked(KIM, "/mission search office")
    for card, one in zip(before, (first, second), strict=True):
        assert card_of(slack, GIL, one) == card  # what it said before stays, and leads nowhere
        choice = f"scores:{one.id}"
        await press(slack, GIL, card, "decide_menu", slack.workspace.dm_id(GIL), option=choice)
        assert told(slack, GIL) == "I know no such decision. Nothing was changed."
