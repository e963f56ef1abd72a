"""Every way to do something with a recognition, a story, or a message that may not have arrived."""

from bot import charter
from bot.blocks import recognition as recognition_blocks
from bot.blocks import record
from bot.blocks import story as story_blocks
from bot.deed import Draft
from bot.rights import Right
from bot.tale import Draft as StoryDraft
from tests.rights.sending import Sender
from tests.rights.things import (
    LIA,
    MESSAGES,
    NOTHING,
    STORIES,
    TEXT,
    Sort,
    Thing,
    recognitions,
    with_form,
)
from tests.rights.tries import Comes, Try

OTHER = f"{TEXT} Then we called them again."
RECOGNIZE = with_form(
    lambda session: recognition_blocks.form(charter.must_be_in_force(session), Draft())
)
TELL = with_form(lambda session: story_blocks.form(charter.must_be_in_force(session), StoryDraft()))
TOLD = {"happened": TEXT, "impact": TEXT, "value": "care"}
PRIVATELY = (Right.SEE_RECOGNITION, Right.CHANGE_RECOGNITION)
USE = (Right.USE,)


def of_records(
    kind: str, sort: Sort, edit_form: str, filled: str, rights: tuple[tuple[Right, ...], ...]
) -> list[Try]:
    """The ways to correct a record and to take it back, with the rights that each takes."""
    correct, take_back = ((Right.USE, *more) for more in rights)
    menu, form = f"{kind}_more", f"{kind}_withdraw"

    async def edit(sender: Sender, thing: Thing) -> str:
        return await sender.choose(menu, f"edit:{thing.value}")

    async def withdraw(sender: Sender, thing: Thing) -> str:
        return await sender.choose(menu, f"withdraw:{thing.value}")

    async def send_edited(sender: Sender, thing: Thing) -> str:
        return await sender.submit(thing.form, {filled: OTHER})

    async def send_withdrawal(sender: Sender, thing: Thing) -> str:
        of_it = getattr(thing.what, kind)
        view = record.withdrawal(of_it, by=of_it.author, author_left=False)
        return await sender.submit(view)

    return [
        Try(f"action {menu}", correct, edit, Comes.OPENED, sort),
        Try(f"action {menu}", take_back, withdraw, Comes.OPENED, sort),
        Try(f"view {edit_form}", correct, send_edited, Comes.STORED, sort),
        Try(f"view {form}", take_back, send_withdrawal, Comes.STORED, sort),
    ]


def clap(kind: str, action: str, sort: Sort, *more: Right) -> Try:
    """Applause, or thanks."""

    async def press(sender: Sender, thing: Thing) -> str:
        return await sender.press(action, f"{thing.value}:0")

    return Try(f"action {action}", (Right.USE, *more), press, Comes.STORED, sort)


async def choose_value(sender: Sender, thing: Thing) -> str:
    return await sender.change("recognize_value", thing.form, {"message": "Thank you so much"})


async def choose_kind(sender: Sender, thing: Thing) -> str:
    return await sender.change("story_kind", thing.form, {"kind": "learning"})


async def recognize(sender: Sender, thing: Thing) -> str:
    filled = {"recipients": [LIA], "message": TEXT, "value": "care"}
    return await sender.submit(thing.form, filled)


async def tell(sender: Sender, thing: Thing) -> str:
    return await sender.submit(thing.form, {"title": f"Told by {sender.who}"} | TOLD)


async def open_recognize(sender: Sender, thing: Thing) -> str:
    return await sender.press("open_recognize")


async def open_story(sender: Sender, thing: Thing) -> str:
    return await sender.press("open_story")


async def post_again(sender: Sender, thing: Thing) -> str:
    return await sender.press("post_again", thing.value)


CHANGED_BY_AUTHOR = ((Right.CORRECT,), (Right.WITHDRAW,))
PUBLIC, PRIVATE = recognitions(private=False), recognitions(private=True)
RECORDS = [
    *of_records("recognition", PUBLIC, "recognize_edit", "message", CHANGED_BY_AUTHOR),
    *of_records("recognition", PRIVATE, "recognize_edit", "message", (PRIVATELY, PRIVATELY)),
    *of_records("story", STORIES, "story_edit", "happened", CHANGED_BY_AUTHOR),
    clap("recognition", "applaud", PUBLIC),
    clap("story", "thank", STORIES),
    Try("action recognize_value", USE, choose_value, Comes.OPENED, RECOGNIZE),
    Try("action story_kind", USE, choose_kind, Comes.OPENED, TELL),
    Try("view recognize", USE, recognize, Comes.STORED, RECOGNIZE),
    Try("view story", USE, tell, Comes.STORED, TELL),
    Try("action open_recognize", USE, open_recognize, Comes.OPENED, NOTHING),
    Try("action open_story", USE, open_story, Comes.OPENED, NOTHING),
    Try("action post_again", (Right.USE, Right.POST_AGAIN), post_again, Comes.STORED, MESSAGES),
]
