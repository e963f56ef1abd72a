"""How the mission looks: its card, its forms, its history."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.blocks import acknowledgement, forms, kit, record
from bot.blocks import charter as charter_blocks
from bot.charter import Charter
from bot.commands import command
from bot.errors import quoted
from bot.outbox import Message
from bot.reach import Reach
from bot.rituals.mission import STATEMENT
from bot.wording import EXAMPLE_LINE, VALUES

SETUP = "mission_setup"
OPEN_RECOGNIZE = "open_recognize"
OPEN_STORY = "open_story"
OPEN_DECIDE = "open_decide"
OPEN_SETUP = "open_setup"
OPEN_SETTINGS = "open_settings"
OPEN_TEAMS = "open_teams"

HELP = (
    ("mission", "the mission and its values"),
    ("mission history", "how its wording changed, and why"),
    ("mission values", "how recognition spreads over them, this quarter or another"),
    ("mission search clinic", "find what was recognised, told and decided; alone, how to search"),
    ("mission teams", "the team in which you report; for owners all of them, to add and change"),
    ("mission me", "everything about you, by direct message and as files, for you alone"),
    ("mission setup", "write or change the mission (owners)"),
    (
        "mission settings",
        "owners, the channels for recognitions, stories, decisions and updates, how much each "
        "person can give a day, the time zone, the country, when what comes round does (owners)",
    ),
    ("recognize @ana stayed late to help #care", "thank somebody"),
    ("pulse", "say how it goes, and see what everybody says"),
    ("story We halved the waiting list", "tell what worked, or what failed and was learned"),
    ("decide Ship the new booking page on Friday?", "decide with a checklist and scores"),
)


@dataclass(frozen=True)
class FilledSetup:
    """What an owner wrote as the mission."""

    statement: str
    values: str
    why: str
    based_on: int | None  # the version that the form showed, 0 before the first


def _buttons(*, owner: bool) -> kit.Block:
    for_owners = [
        kit.button("Change the mission", OPEN_SETUP),
        kit.button("Settings", OPEN_SETTINGS),
        kit.button("Teams", OPEN_TEAMS),
    ]
    recognize = kit.button("Recognize somebody", OPEN_RECOGNIZE, style="primary")
    story = kit.button("Tell a story", OPEN_STORY)
    decide = kit.button("Decide", OPEN_DECIDE)
    return kit.actions(recognize, story, decide, *(for_owners if owner else []))


def card(charter: Charter, *, zone: ZoneInfo, owner: bool, read: Reach | None = None) -> Message:
    """The mission with what can be done from it; `read` is told where it is given."""
    blocks = charter_blocks.wording(charter, zone=zone)
    line = acknowledgement.line(read, charter.version)
    blocks += [kit.note(line)] if line else []
    return kit.message("Our mission", *blocks, _buttons(owner=owner))


def not_set_up(*, owner: bool, who: str) -> Message:
    """What stands in the mission's place before there is one."""
    if not owner:
        sentence = f"The mission is not set up yet. {who}"
        return kit.message(sentence, kit.says(sentence))
    return kit.message(
        "The mission is not set up yet.",
        kit.says(
            "The mission is not set up yet. Write it in one sentence, with two to seven values; "
            "then everybody can recognise what serves it."
        ),
        kit.actions(kit.button("Set up the mission", OPEN_SETUP, style="primary")),
    )


def setup_form(current: Charter | None) -> kit.View:
    """The form for the mission: with the wording in force where there is one."""
    statement = current.version.statement if current else ""
    lines = (
        "\n".join(charter_blocks.value_line(value) for value in current.values) if current else ""
    )
    hint = f"{VALUES[0]} to {VALUES[-1]}, one a line, like this: {EXAMPLE_LINE}"
    if current:
        hint += (
            ". Keep the #name at the start of a line that you change; leave it out for a new value."
        )
    blocks = [
        forms.field(
            "statement",
            "The mission",
            forms.text_input(statement, multiline=True),
            hint=f"Whom you serve and what changes for them, in {STATEMENT[-1]} characters.",
        ),
        forms.field("values", "The values", forms.text_input(lines, multiline=True), hint=hint),
    ]
    if current:
        why = forms.text_input("", multiline=True)
        blocks.append(forms.field("why", "Why it changes", why, hint="Posted with the change."))
    number = current.version.number if current else 0
    return forms.modal(SETUP, "The mission", blocks, submit="Save", about=str(number))


def read_setup_form(view: kit.View) -> FilledSetup:
    """Return what was filled in."""
    filled = forms.filled(view)
    about = view.get("private_metadata") or ""
    return FilledSetup(
        statement=filled.text("statement"),
        values=filled.text("values"),
        why=filled.text("why"),
        based_on=record.number(about) if about else None,
    )


def invite_me(channel: str) -> Message:
    """Asks an owner to let the bot into the channel that they chose."""
    line = kit.says(
        "The settings are saved. I am not in ",
        kit.channel(channel),
        " and cannot join it by myself, so please invite me there. Until then posts wait.",
    )
    return kit.message("The settings are saved; please invite me into the channel.", line)


def help_card(*, unknown: str = "", meant: str | None = None) -> Message:
    """What can be done; for a word that is no command, the nearest that is."""
    blocks: list[kit.Block] = []
    if unknown:
        guess = f" Did you mean {meant}?" if meant else ""
        blocks.append(kit.says(f"I do not know {quoted(unknown)}.{guess}"))
    items: list[list[kit.Part]] = [
        [*kit.words(command(typed), code=True), f" {what}"] for typed, what in HELP
    ]
    return kit.message("What I can do", *blocks, kit.rich(kit.bullets(items)))
