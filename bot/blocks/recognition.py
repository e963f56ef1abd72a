"""How a recognition looks: its forms, its post, its direct messages."""

from collections.abc import Sequence

from bot.blocks import forms, kit, pointed, record
from bot.blocks.charter import value_words
from bot.charter import Charter
from bot.deed import LONGEST, MOST_RECIPIENTS, SHORTEST, Deed, Draft, hint
from bot.outbox import Message
from bot.rituals.recognition import Given

CALLBACK = "recognize"
EDIT_CALLBACK = "recognize_edit"
APPLAUD = "applaud"
VALUE_CHOSEN = "recognize_value"
SHORTCUT = "recognize_somebody"
MESSAGE_SHORTCUT = "recognize_this"
CHANNEL, PRIVATE = "channel", "private"
ABOUT_SHOWN = 300  # characters of the message that a recognition is about

HELP = (
    ("recognize @ana stayed late to help #care", "thank somebody"),
    ("recognize", "the form, also for a private recognition"),
)


def form(charter: Charter, draft: Draft) -> kit.View:
    """The form, filled with what was given, above it what has to be mended."""
    visibility = forms.radio(
        [
            forms.option("Post it for everybody", CHANNEL),
            forms.option("Only a direct message to them", PRIVATE),
        ],
        chosen=CHANNEL,
    )
    blocks = [
        *_above(draft),
        _recipients(draft.recipients),
        _message(draft.message),
        record.value_field(charter, draft.value, acts=VALUE_CHOSEN),
        forms.field("visibility", "Who sees it", visibility),
    ]
    return forms.modal(CALLBACK, "Recognize", blocks, submit="Recognize", about=draft.link or "")


def _above(draft: Draft) -> list[kit.Block]:
    blocks = [kit.says("\n".join(draft.notes))] if draft.notes else []
    if draft.about:
        about = kit.quote(kit.cut(draft.about, ABOUT_SHOWN))
        blocks.append(kit.rich(kit.paragraph("For this message:"), about))
    return blocks + _hint(draft.message)


def _hint(message: str) -> list[kit.Block]:
    question = hint(message)
    return [kit.note(question) | {"block_id": "hint"}] if question else []


def _recipients(people: Sequence[str]) -> kit.Block:
    chosen = forms.people_input(people, most=MOST_RECIPIENTS)
    return forms.field("recipients", "Who", chosen, hint=f"Up to {MOST_RECIPIENTS} people.")


def _message(message: str) -> kit.Block:
    typed = forms.text_input(
        message, multiline=True, example="stayed late so that the clinic could book again"
    )
    wanted = f"What was done, and whom did it help? {SHORTEST} to {LONGEST:,} characters."
    return forms.field("message", "What they did", typed, hint=wanted)


def hinted(view: kit.View) -> kit.View | None:
    """The form with the hint that its message calls for, None where it shows that already."""
    question = _hint(forms.filled(view).text("message"))
    rest = [block for block in view["blocks"] if block["block_id"] != "hint"]
    if bool(question) == (len(rest) < len(view["blocks"])):
        return None
    at, shown = rest.index(forms.inputs(view)["recipients"]), forms.Parts(view)
    kept = {key: shown[key] for key in ("type", "callback_id", "title", "submit", "close")}
    if view.get("private_metadata"):
        kept["private_metadata"] = view["private_metadata"]
    return kept | {"blocks": [*rest[:at], *question, *rest[at:]]}


def read_form(view: kit.View, *, giver: str) -> Deed:
    """Return what was filled into either form."""
    filled = forms.filled(view)
    return Deed(
        giver,
        recipients=filled.many("recipients"),
        message=filled.text("message"),
        value=filled.text("value"),
        is_private=filled.text("visibility") == PRIVATE,
        link=pointed.link_in(view.get("private_metadata") or ""),
    )


def edit_form(charter: Charter, given: Given, *, here: Sequence[str]) -> kit.View:
    """The form to correct a recognition; `here` are those recipients who did not leave Slack."""
    gone = [person for person in given.recipients if person not in here]
    blocks = [
        *record.who_left(gone),
        _recipients(here) | {"optional": bool(gone)},
        _message(given.recognition.message),
        record.value_again(charter, given.value, acts=VALUE_CHOSEN),
    ]
    return record.edit_modal(EDIT_CALLBACK, given.recognition, blocks)


def announcement(given: Given) -> Message:
    """The post in the recognition channel."""
    recognition = given.recognition
    mentions = " ".join(kit.mention(person) for person in given.recipients)
    blocks = [
        _said(given, " recognised ", kit.people(given.recipients)),
        kit.actions(applaud_button(given), record.menu(recognition)),
    ]
    if given.applauded_by:
        blocks.append(kit.note_of(record.applause(given.applauded_by, word="Applause")))
    return kit.message(f"{kit.mention(recognition.author)} recognised {mentions}", *blocks)


def _said(given: Given, *whom: kit.Part) -> kit.Block:
    recognition = given.recognition
    about: list[kit.Part] = (
        [", for ", kit.link(recognition.link, "this message")] if recognition.link else []
    )
    line = kit.paragraph(
        kit.person(recognition.author), *whom, " for ", value_words(given.value), *about
    )
    return kit.rich(line, kit.quote(recognition.message))


def applaud_button(given: Given) -> kit.Element:
    """The button, whose value names the post's state, so that a double click counts once."""
    count = len(given.applauded_by)
    recognition = given.recognition
    return kit.button(
        f"Applaud · {count}" if count else "Applaud",
        APPLAUD,
        value=f"{recognition.id}:{recognition.applause_changes}",
    )


def thanks(given: Given, *, to: str) -> Message:
    """The direct message to somebody who was recognised."""
    recognition = given.recognition
    others = [person for person in given.recipients if person != to]
    together: list[kit.Part] = [" together with ", *kit.people(others)] if others else []
    blocks = [_said(given, " recognised you", *together)]
    if recognition.is_private:
        blocks.append(kit.note("Only the people named here see this."))
    elif recognition.channel:
        blocks.append(kit.note_of(f"For everybody to see in <#{recognition.channel}>"))
    return kit.message(f"{kit.mention(recognition.author)} recognised you", *blocks)


def copy_for_giver(given: Given) -> Message:
    """The direct message to who gave a private recognition, from which it can be corrected."""
    return kit.message(
        "You recognised somebody privately.",
        _said(given, " recognised ", kit.people(given.recipients)),
        kit.note("Only the people named here see this."),
        kit.actions(record.menu(given.recognition)),
    )


def not_named_any_more(given: Given) -> Message:
    """What stands in the place of a direct message to somebody whom a correction left out."""
    giver = kit.person(given.recognition.author)
    line = kit.says(giver, " corrected a recognition, and it names somebody else now.")
    return kit.message("A recognition was corrected.", line)


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
