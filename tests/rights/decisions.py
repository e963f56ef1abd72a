"""Every way to do something with a decision."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.blocks import decision as card
from bot.blocks import decisionform, decisionforms, nudges
from bot.proposal import Draft
from bot.rights import Right
from tests.rights.deciding import decisions_of_ben
from tests.rights.sending import Sender
from tests.rights.things import JON, NOTHING, TEXT, Sort, Thing, with_form
from tests.rights.tries import Comes, Try

Send = Callable[[Sender, Thing], Awaitable[str]]
USE = (Right.USE,)
BEGIN = with_form(lambda session: decisionform.form(Draft()))


def pressing(action: str) -> Send:
    """Press a button of a card."""

    async def press(sender: Sender, thing: Thing) -> str:
        return await sender.press(action, thing.value)

    return press


def choosing(what: str) -> Send:
    """Choose something in a card's menu."""

    async def choose(sender: Sender, thing: Thing) -> str:
        return await sender.choose(card.MENU, f"{what}:{thing.value}")

    return choose


async def check(sender: Sender, thing: Thing) -> str:
    return await sender.submit(decisionforms.checklist(thing.what.stands), {"gate_0": "yes"})


async def score(sender: Sender, thing: Thing) -> str:
    return await sender.submit(decisionforms.score(thing.what.stands, {}), {"score_0_care": "3"})


async def object_(sender: Sender, thing: Thing) -> str:
    return await sender.submit(decisionforms.objection(thing.what.stands, ""), {"reason": TEXT})


async def decide(sender: Sender, thing: Thing) -> str:
    form = decisionforms.decide(thing.what.stands)
    return await sender.submit(form, {"choice": "0", "reason": TEXT})


async def withdraw(sender: Sender, thing: Thing) -> str:
    return await sender.submit(decisionforms.withdrawal(thing.what.stands))


async def supersede(sender: Sender, thing: Thing) -> str:
    form = decisionforms.supersede(thing.what.stands)
    return await sender.submit(form, {"successor": thing.what.successor})


async def replace(sender: Sender, thing: Thing) -> str:
    return await sender.submit(decisionforms.replace(thing.what.stands, JON))


async def open_replace(sender: Sender, thing: Thing) -> str:
    return await sender.press(nudges.REPLACE, f"{thing.value}:{JON}")


async def show_more(sender: Sender, thing: Thing) -> str:
    return await sender.change(decisionform.MORE, thing.form, {})


async def begin(sender: Sender, thing: Thing) -> str:
    return await sender.submit(thing.form, {"title": f"Asked by {sender.who}?"})


def of_decisions(*, private: bool) -> list[Try]:
    """All of them, with public decisions or with private ones."""
    seen = (Right.USE, *([Right.SEE_DECISION] if private else []))
    new, made = (decisions_of_ben(private=private, decided=one) for one in (False, True))
    missing = decisions_of_ben(private=private, approver=JON)
    driverless = decisions_of_ben(private=private, driver=JON)
    held = decisions_of_ben(private=private, decided=True, replaceable=True)
    left = decisions_of_ben(private=private, driver=JON, decided=True, replaceable=True)

    def a_try(heard: str, send: Send, comes: Comes, of: Sort, *rights: Right) -> Try:
        return Try(heard, (*seen, *rights), send, comes, of)

    stored, opened = Comes.STORED, Comes.OPENED
    menu = f"action {card.MENU}"
    buttons: dict[str, tuple[Any, ...]] = {
        card.CHECKLIST: (opened, new, Right.CHECK),
        card.SCORE: (opened, new),
        card.APPROVE: (stored, new, Right.SAY),
        card.OBJECT: (opened, new, Right.SAY),
        card.DECIDE: (opened, new, Right.DRIVE),
        card.DRIVE: (stored, driverless, Right.TAKE_OVER),
        nudges.CAME_OUT: (stored, made, Right.DRIVE),
        nudges.CAME_OUT_NOT: (stored, made, Right.DRIVE),
        nudges.TOO_EARLY: (stored, made, Right.DRIVE),
        nudges.LESSON: (opened, made),
    }
    return [
        *(a_try(f"action {name}", pressing(name), *more) for name, more in buttons.items()),
        a_try(f"action {nudges.REPLACE}", open_replace, opened, missing, Right.DRIVE),
        a_try(menu, choosing("withdraw"), opened, new, Right.WITHDRAW_DECISION),
        a_try(menu, choosing("supersede"), opened, made, Right.SUPERSEDE),
        a_try(menu, choosing("supersede"), opened, left, Right.SUPERSEDE),
        a_try(menu, choosing("scores"), opened, new),
        a_try(menu, choosing("export"), Comes.POSTED, new),
        a_try(f"view {card.CHECKLIST}", check, stored, new, Right.CHECK),
        a_try(f"view {card.SCORE}", score, stored, new),
        a_try(f"view {card.OBJECT}", object_, stored, new, Right.SAY),
        a_try(f"view {card.DECIDE}", decide, stored, new, Right.DRIVE),
        a_try(f"view {decisionforms.WITHDRAW}", withdraw, stored, new, Right.WITHDRAW_DECISION),
        a_try(f"view {decisionforms.SUPERSEDE}", supersede, stored, held, Right.SUPERSEDE),
        a_try(f"view {decisionforms.SUPERSEDE}", supersede, stored, left, Right.SUPERSEDE),
        a_try(f"view {decisionforms.REPLACE}", replace, stored, missing, Right.DRIVE),
    ]


def naming(word: str, *, private: bool, comes: Comes) -> Try:
    """A command that names a decision."""

    async def send(sender: Sender, thing: Thing) -> str:
        return await sender.command(f"/decide {word} {thing.what.stands.decision.name}")

    needs = (Right.USE, *([Right.SEE_DECISION] if private else []))
    return Try(f"/decide {word}", needs, send, comes, decisions_of_ben(private=private))


DRIVEN_BY_WHO_ASKS = (Right.USE, Right.ANSWER_FOR)
DECISIONS = [
    *of_decisions(private=False),
    *(naming(word, private=False, comes=Comes.TOLD) for word in ("show", "export")),
    Try(f"action {decisionform.MORE}", USE, show_more, Comes.OPENED, BEGIN),
    Try(f"view {decisionform.CALLBACK}", DRIVEN_BY_WHO_ASKS, begin, Comes.STORED, BEGIN),
    Try("action open_decide", USE, pressing("open_decide"), Comes.OPENED, NOTHING),
]
PRIVATE_DECISIONS = [
    *of_decisions(private=True),
    *(naming(word, private=True, comes=Comes.TOLD) for word in ("show", "export")),
]
