"""How the mission looks: its card, its forms, its history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.blocks import charter as charter_blocks
from bot.blocks import forms, kit
from bot.charter import Charter
from bot.commands import command
from bot.errors import quoted
from bot.outbox import Message
from bot.rituals.mission import ALLOWANCES, STATEMENT
from bot.settings import CHANNELS, TeamSettings
from bot.wording import EXAMPLE_LINE, VALUES

SETUP = "mission_setup"
SETTINGS = "mission_settings"
OPEN_RECOGNIZE = "open_recognize"
OPEN_STORY = "open_story"
OPEN_SETUP = "open_setup"
OPEN_SETTINGS = "open_settings"

HELP = (
    ("mission", "the mission and its values"),
    ("mission history", "how its wording changed, and why"),
    ("mission values", "how recognition spreads over them, this quarter or another"),
    ("mission teams", "the team in which you report; for owners all of them, to add and change"),
    ("mission setup", "write or change the mission (owners)"),
    (
        "mission settings",
        "owners, the recognition channel, the stories channel, how much each person can give a "
        "day, the time zone (owners)",
    ),
    ("recognize @ana stayed late to help #care", "thank somebody"),
    ("story We halved the waiting list", "tell what worked, or what failed and was learned"),
)


@dataclass(frozen=True)
class FilledSetup:
    """What an owner wrote as the mission."""

    statement: str
    values: str
    why: str
    based_on: int | None  # the version that the form showed, 0 before the first


@dataclass(frozen=True)
class FilledSettings:
    """What an owner chose."""

    owners: Sequence[str]
    channels: Mapping[str, str | None]
    allowance: str
    timezone: str


def _buttons(*, owner: bool) -> kit.Block:
    owners = (
        [kit.button("Change the mission", OPEN_SETUP), kit.button("Settings", OPEN_SETTINGS)]
        if owner
        else []
    )
    recognize = kit.button("Recognize somebody", OPEN_RECOGNIZE, style="primary")
    story = kit.button("Tell a story", OPEN_STORY)
    return kit.actions(recognize, story, *owners)


def card(charter: Charter, *, zone: ZoneInfo, owner: bool) -> Message:
    """The mission with what can be done from it."""
    blocks = charter_blocks.wording(charter, zone=zone)
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
        statement=filled.get("statement") or "",
        values=filled.get("values") or "",
        why=filled.get("why") or "",
        based_on=int(about) if about.isdecimal() else None,
    )


def settings_form(settings: TeamSettings, *, zone: str) -> kit.View:
    """The form for the settings, `zone` filled in where none was chosen."""
    owners: kit.Element = {"type": "multi_users_select", "placeholder": kit.plain("Choose people")}
    if settings.owners:
        owners["initial_users"] = settings.owners
    given = forms.text_input(str(settings.allowance))
    blocks = [
        forms.field(
            "owners",
            "Owners",
            owners,
            hint="Besides this workspace's admins and owners.",
            optional=True,
        ),
        _channel("recognition_channel", "Channel for recognitions", settings.recognition_channel),
        _channel("stories_channel", "Channel for stories", settings.stories_channel),
        forms.field(
            "allowance",
            "Recognitions a day",
            given,
            hint=f"How many each person can give, {ALLOWANCES[0]} to {ALLOWANCES[-1]}.",
        ),
        forms.field(
            "timezone",
            "Time zone",
            forms.text_input(settings.timezone or zone),
            hint="Like Europe/Berlin. It counts where a person's own zone is unknown.",
        ),
    ]
    return forms.modal(SETTINGS, "Settings", blocks, submit="Save")


def _channel(name: str, label: str, chosen: str | None) -> kit.Block:
    select: kit.Element = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        "placeholder": kit.plain("Choose a channel"),
    }
    if chosen:
        select["initial_conversation"] = chosen
    hint = "I join a public channel by myself; invite me to a private one."
    return forms.field(name, label, select, hint=hint, optional=True)


def read_settings_form(view: kit.View) -> FilledSettings:
    """Return what was chosen."""
    filled = forms.filled(view)
    return FilledSettings(
        owners=filled.get("owners") or [],
        channels={name: filled.get(name) for name in CHANNELS},
        allowance=filled.get("allowance") or "",
        timezone=filled.get("timezone") or "",
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
