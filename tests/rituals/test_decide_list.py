"""Looking at decisions: lists of them, one of them, and the checklist that all begin with."""

import pytest

from bot.playground.server import FakeSlack
from bot.proposal import CHECKLIST
from tests.rituals.deciding import (
    LINE,
    all_of_them,
    begin,
    decide,
    press,
    shows,
    the_decision,
    withdraw,
)
from tests.rituals.telling import initial
from tests.support import ANA, BEN, GENERAL, KIM, LOUNGE, PACE, Bot, open_form, text_of, told


async def asked(slack: FakeSlack, words: str, who: str = BEN) -> str:
    await slack.command(who, GENERAL, f"/decide {words}")
    return told(slack, who)


async def test_the_list_has_the_latest_first_with_links_to_the_cards(
    slack: FakeSlack, deciding: Bot
) -> None:
    assert await asked(slack, "list") == "Decisions: none."
    first = await begin(slack, {"checklist": ""})
    await begin(slack, {"title": "And on Monday?", "driver": KIM})
    await decide(slack, first)
    await shows(slack, first, "Decided")
    assert (await asked(slack, "list")).splitlines() == [
        "Decisions",
        "2 · And on Monday? — open, @kim drives it until 12 January 2026",
        f"1 · {LINE} — decided, @ben drove it",
    ]
    shown = slack.ephemerals(BEN)[-1]
    assert f"/archives/{LOUNGE}/p{first['ts'].replace('.', '')}" in str(shown["blocks"])


async def test_a_list_is_of_those_that_are_asked_for(slack: FakeSlack, deciding: Bot) -> None:
    cards = [
        await begin(slack, {"title": title, "checklist": "", "driver": driver, "approvers": who})
        for title, driver, who in (
            ("One of ben", BEN, []),
            ("Two of ben", BEN, [KIM]),
            ("Three of ana", ANA, []),
            ("Four of ana", ANA, []),
        )
    ]
    await decide(slack, cards[0])
    await withdraw(slack, ANA, cards[3])

    async def titles(which: str, who: str = BEN) -> list[str]:
        lines = (await asked(slack, f"list {which}", who)).splitlines()[1:]
        return [line.split(" · ")[1].split()[0] for line in lines]

    assert await titles("open") == ["Three", "Two"]
    assert await titles("DECIDED") == ["One"]
    assert await titles("withdrawn") == ["Four"]
    assert await titles("superseded") == []
    assert await titles("mine", KIM) == ["Two"]
    assert await titles("mine", ANA) == ["Four", "Three"]
    assert await titles("waiting", KIM) == ["Two"]
    assert await titles("waiting", ANA) == ["Three"]
    assert await titles("waiting") == []  # until kim has said something
    await press(slack, KIM, cards[1], "decide_approve")
    assert await titles("waiting", KIM) == []
    assert await titles("waiting") == ["Two"]


async def test_ten_stand_on_a_page_and_the_others_are_a_button_away(
    slack: FakeSlack, deciding: Bot
) -> None:
    for number in range(1, 22):
        await slack.command(BEN, GENERAL, f"/decide Question {number}?")

    def numbers() -> list[int]:
        lines = told(slack, BEN).splitlines()
        return [int(line.split(" · ")[0]) for line in lines if " · " in line]

    async def turn(where: str) -> None:
        shown = slack.ephemerals(BEN)[-1]
        button = f"decide_list_{where}"
        await slack.click(BEN, channel=GENERAL, ts=shown["ts"], action_id=button)

    await asked(slack, "list")
    count = len(slack.ephemerals(BEN))
    assert numbers() == list(range(21, 11, -1))
    assert "Later" not in told(slack, BEN)
    await turn("earlier")
    assert numbers() == list(range(11, 1, -1))
    await turn("earlier")
    assert numbers() == [1]
    assert "Earlier" not in told(slack, BEN)
    await turn("later")
    assert numbers() == list(range(11, 1, -1))
    assert len(slack.ephemerals(BEN)) == count  # in place


async def test_a_forged_page_is_refused(slack: FakeSlack, deciding: Bot) -> None:
    await slack.command(BEN, GENERAL, "/decide list")
    shown = slack.ephemerals(BEN)[-1]
    button = {"type": "button", "text": {"type": "plain_text", "text": "x"}}
    for value in ("all:0", "open:-1", "open:9999999999", "open"):
        pressed = button | {"action_id": "decide_list_later", "value": value}
        forged = shown | {"blocks": [{"type": "actions", "block_id": "a", "elements": [pressed]}]}
        await slack.click(BEN, channel=GENERAL, message=forged, action_id="decide_list_later")
        assert "another version of Truenorth" in told(slack, BEN)


async def test_one_is_shown_with_its_buttons(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack)
    assert await asked(slack, "show 1") == text_of(card)
    assert await asked(slack, "show #1", KIM) == text_of(card)
    shown = slack.ephemerals(KIM)[-1]
    form = await press(slack, KIM, shown, "decide_score", GENERAL)
    assert form is not None
    assert (await slack.submit(KIM, form["id"], {"score_0_care": "4"})).closed
    await shows(slack, card, "4.0 of 5")


@pytest.mark.parametrize("name", ["7", "#0", "x", "P-ABCDEF", "9" * 30, "-1", "１"])
async def test_what_is_not_there_is_said(slack: FakeSlack, deciding: Bot, name: str) -> None:
    said = await asked(slack, f"show {name}")
    assert said.splitlines()[0] == "I know no such decision. Nothing was changed."
    assert await deciding.read(all_of_them) == []


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("lsit", "I do not know “lsit”. Did you mean /decide list?"),
        ("Hepl", "I do not know “Hepl”. Did you mean /decide help?"),
        ("shwo 12", "I do not know “shwo”. Did you mean /decide show?"),
        ("lst open", "I do not know “lst”. Did you mean /decide list?"),
        ("list opne", "I do not know “opne”. Did you mean open?"),
        ("list xyzzy", "I do not know “xyzzy”. There are: open, decided, mine, waiting"),
        ("show", "Say which one, like /decide show 12."),
    ],
)
async def test_a_typo_gets_the_nearest_word_and_decides_nothing(
    slack: FakeSlack, deciding: Bot, typed: str, answer: str
) -> None:
    assert (await asked(slack, typed)).startswith(answer)
    assert await deciding.read(all_of_them) == []


@pytest.mark.parametrize("name", ["9" * 5000, "#" + "9" * 30, "0", "-1", "１", "P-1"])
async def test_what_names_no_decision_is_no_fault(
    slack: FakeSlack, deciding: Bot, name: str
) -> None:
    await begin(slack)
    answer = await asked(slack, f"show {name}")
    assert answer == f"I know no such decision. Nothing was changed.\n/decide show {name}"


@pytest.mark.parametrize(
    "typed", ["Pizza?", "List our flat for rent?", "show the prices on the page", "Help ana move?"]
)
async def test_anything_else_is_what_is_to_be_decided(
    slack: FakeSlack, deciding: Bot, typed: str
) -> None:
    await asked(slack, typed)
    assert (await deciding.read(the_decision)).title == typed


async def test_owners_word_the_checklist_and_a_decision_keeps_its_own(
    slack: FakeSlack, deciding: Bot
) -> None:
    before = await begin(slack)
    assert "Only an owner of the mission can do that." in await asked(slack, "checklist")
    form = await open_form(slack, ANA, "/decide checklist")
    assert form["callback_id"] == "decide_template"
    assert initial(form, "checklist") == "\n".join(CHECKLIST)
    many = "\n".join(f"Question {n}?" for n in range(11))
    outcome = await slack.submit(ANA, form["id"], {"checklist": many})
    assert "These are 11 questions" in outcome.errors["checklist"]
    assert (await slack.submit(ANA, form["id"], {"checklist": " One? \n\nTwo?"})).closed
    after = await begin(slack, who=KIM)
    assert "Checklist: 0 of 2 settled.\nOne? — Not answered\nTwo?" in text_of(after)
    assert "Checklist: 0 of 6 settled." in text_of(before)
    await slack.jump(PACE)
    assert initial(await open_form(slack, BEN, "/decide"), "checklist") == "One?\nTwo?"
    form = await open_form(slack, ANA, "/decide checklist")
    assert (await slack.submit(ANA, form["id"], {"checklist": None})).closed
    none = await begin(slack, who=KIM)
    assert "Nothing is missing: @kim can decide." in text_of(none)
