"""How the welcome of somebody new looks."""

from collections.abc import Iterable, Iterator

from bot.blocks import acknowledgement, kit
from bot.blocks.charter import value_words
from bot.blocks.mission import OPEN_RECOGNIZE
from bot.charter import Charter
from bot.commands import command
from bot.outbox import Address, Message, Post
from bot.rituals.welcome import cause_of


def posts(charter: Charter, people: Iterable[str]) -> Iterator[Post]:
    """The welcomes of these people."""
    text = message(charter)
    for person in people:
        yield Post(cause_of(person), Address(person), text, urgent=False)


def message(charter: Charter) -> Message:
    """The mission, the values, and two small steps."""
    values: list[list[kit.Part]] = [
        [*value_words(value), f" — {value.meaning}"] for value in charter.values
    ]
    return kit.message(
        "Welcome. This is what we are here for.",
        kit.says("Welcome. This is what we are here for:"),
        kit.rich(kit.quote(charter.version.statement)),
        kit.says("And this is what we value on the way:"),
        kit.rich(kit.bullets(values)),
        kit.says(
            "Two small steps for your first days: read this, and thank somebody who made you feel "
            "at home."
        ),
        kit.actions(
            acknowledgement.button(charter.version),
            kit.button("Thank somebody", OPEN_RECOGNIZE),
        ),
        kit.note(f"{command('mission')} shows this again whenever you like."),
    )
