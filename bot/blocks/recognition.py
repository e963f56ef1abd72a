"""How a recognition looks: its form, its post, its direct message."""

from collections.abc import Sequence
from typing import Any

from bot.blocks import kit
from bot.blocks.charter import value_words
from bot.charter import Charter
from bot.deed import LONGEST, MOST_RECIPIENTS, Deed, Draft
from bot.outbox import Message
from bot.rituals.recognition import Given

CALLBACK = "recognize"
APPLAUD = "applaud"
NAMED_APPLAUSE = 5


def form(charter: Charter, draft: Draft) -> kit.View:
    """The form, filled with what was given, above it what has to be mended."""
    options = [kit.option(value.title, value.slug) for value in charter.values]
    chosen = next((option for option in options if option["value"] == draft.value), None)
    recipients = {
        "type": "multi_users_select",
        "max_selected_items": MOST_RECIPIENTS,
        "placeholder": kit.plain("Choose people"),
    }
    if draft.recipients:
        recipients["initial_users"] = list(draft.recipients[:MOST_RECIPIENTS])
    value: dict[str, Any] = {
        "type": "static_select",
        "options": options,
        "placeholder": kit.plain("Choose a value"),
    }
    if chosen:
        value["initial_option"] = chosen
    message = kit.text_input(
        draft.message, multiline=True, example="stayed late so that the clinic could book again"
    )
    return kit.modal(
        CALLBACK,
        "Recognize",
        [
            *([kit.says("\n".join(draft.notes))] if draft.notes else []),
            kit.field("recipients", "Who", recipients, hint=f"Up to {MOST_RECIPIENTS} people."),
            kit.field(
                "message",
                "What they did",
                message,
                hint=f"What was done, and whom did it help? Up to {LONGEST:,} characters.",
            ),
            kit.field("value", "Which value it served", value),
        ],
        submit="Recognize",
    )


def read_form(view: kit.View, *, giver: str) -> Deed:
    """Return what was filled into the form."""
    filled = kit.filled(view)
    return Deed(
        giver,
        recipients=filled.get("recipients") or [],
        message=filled.get("message") or "",
        value=filled.get("value") or "",
    )


def announcement(given: Given) -> Message:
    """The post in the recognition channel."""
    recognition = given.recognition
    mentions = " ".join(f"<@{person}>" for person in given.recipients)
    blocks = [
        kit.rich(
            kit.paragraph(
                kit.person(recognition.author),
                " recognised ",
                kit.people(given.recipients),
                " for ",
                value_words(given.value),
            ),
            kit.quote(recognition.message),
        ),
        kit.actions(applaud_button(given)),
    ]
    if given.applauded_by:
        blocks.append(kit.note_of(_applause(given.applauded_by)))
    return kit.message(f"<@{recognition.author}> recognised {mentions}", *blocks)


def applaud_button(given: Given) -> kit.Element:
    """The button, whose value names the post's state, so that a double click counts once."""
    count = len(given.applauded_by)
    recognition = given.recognition
    return kit.button(
        f"Applaud · {count}" if count else "Applaud",
        APPLAUD,
        value=f"{recognition.id}:{recognition.applause_changes}",
    )


def _applause(people: Sequence[str]) -> str:
    named = [f"<@{person}>" for person in people[:NAMED_APPLAUSE]]
    more = len(people) - len(named)
    return f"Applause from {', '.join(named)}" + (f" and {more} more" if more else "")


def thanks(given: Given, *, to: str) -> Message:
    """The direct message to somebody who was recognised."""
    recognition = given.recognition
    others = [person for person in given.recipients if person != to]
    together: list[kit.Part] = [" together with ", *kit.people(others)] if others else []
    line = kit.paragraph(
        kit.person(recognition.author),
        " recognised you",
        *together,
        " for ",
        value_words(given.value),
    )
    blocks = [kit.rich(line, kit.quote(recognition.message))]
    if recognition.channel:
        blocks.append(kit.note_of(f"For everybody to see in <#{recognition.channel}>"))
    return kit.message(f"<@{recognition.author}> recognised you", *blocks)


def confirmation(given: Given, *, trouble: str | None) -> Message:
    """What only the giver sees after a one-liner; `trouble` says why it is not posted yet."""
    left = given.left
    line = kit.says(
        "You recognised ",
        kit.people(given.recipients),
        " for ",
        value_words(given.value),
        f". {left.recognitions} of {left.of} left today." if left else ".",
    )
    blocks = [line, *([kit.says(trouble)] if trouble else [])]
    return kit.message("Your recognition is saved.", *blocks)


def too_long(text: str, length: int) -> Message:
    """Gives a one-liner back that no form can hold."""
    return kit.message(
        "Nothing was saved: the message is too long.",
        kit.says(
            f"Nothing was saved: the message has {length:,} characters, {LONGEST:,} is the most. "
            "Here it is, to shorten and send again."
        ),
        kit.rich(kit.as_typed(text)),
    )
