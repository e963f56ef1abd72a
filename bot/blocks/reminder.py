"""How a reminder of the mission looks."""

from bot.blocks import kit
from bot.blocks.charter import value_words
from bot.blocks.mission import OPEN_RECOGNIZE
from bot.blocks.shortened import shortened
from bot.charter import CharterValue
from bot.commands import command
from bot.outbox import Message
from bot.rituals.reminder import Quoted, Shown


def message(shown: Shown) -> Message:
    """The post: the statement, or one value with somebody who lived it."""
    if shown.value is None:
        return kit.message(
            "What we are here for",
            kit.says("What we are here for:"),
            kit.rich(kit.quote(shown.statement)),
            kit.note(f"{command('mission')} shows the values that go with it."),
        )
    return kit.message(
        kit.escaped(f"One of our values: {shown.value.name}"),
        kit.says("One of our values: ", value_words(shown.value), f" — {shown.value.meaning}"),
        _lived(shown.quoted) if shown.quoted else _nobody_yet(shown.value),
        kit.actions(kit.button("Recognize somebody", OPEN_RECOGNIZE)),
    )


def _lived(quoted: Quoted) -> kit.Block:
    given = quoted.given
    line = kit.paragraph(
        kit.person(given.recognition.author), " recognised ", kit.people(given.recipients), ":"
    )
    link = [kit.paragraph(kit.link(quoted.link, "Open the post"))] if quoted.link else []
    return kit.rich(line, kit.quote(shortened(given.recognition.message)), *link)


def _nobody_yet(value: CharterValue) -> kit.Block:
    how = f"{command('recognize')} with #{value.slug} tells them."
    return kit.says(f"Whom did you see doing this lately? {how}")
