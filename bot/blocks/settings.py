"""How the settings look: their form, and what an owner is told of when everything is next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot import workdays
from bot.agenda import Coming
from bot.blocks import forms, kit
from bot.outbox import Message
from bot.recurrence import DAYS, written
from bot.rituals.mission import ALLOWANCES, MINIMA
from bot.settings import CHANNELS, TIMES, TeamSettings

SETTINGS = "mission_settings"
_WEEK = [forms.option(day.capitalize(), day) for day in DAYS]


@dataclass(frozen=True)
class FilledSettings:
    """What an owner chose."""

    owners: Sequence[str]
    channels: Mapping[str, str | None]
    allowance: str
    fewest_answers: str | None
    times: Mapping[str, str]


def form(
    settings: TeamSettings, coming: Sequence[Coming], *, owners: Sequence[str], zone: str
) -> kit.View:
    """The form for the settings, `zone` filled in where none was chosen.

    `owners` are those of the named ones who can be named again.
    """
    blocks = [
        _owners(owners),
        _channel("recognition_channel", "Channel for recognitions", settings.recognition_channel),
        _channel("stories_channel", "Channel for stories", settings.stories_channel),
        _channel("decisions_channel", "Channel for decisions", settings.decisions_channel),
        _channel("updates_channel", "Channel for updates", settings.updates_channel),
        forms.field(
            "allowance",
            "Recognitions a day",
            forms.text_input(str(settings.allowance)),
            hint=f"How many each person can give, {ALLOWANCES[0]} to {ALLOWANCES[-1]}.",
        ),
        forms.field(
            "timezone",
            "Time zone",
            forms.text_input(settings.timezone or zone),
            hint="Like Europe/Berlin. It counts where a person's own zone is unknown.",
        ),
        _country(settings),
        _days("reminder_day", "Days of the reminder of the mission", settings.reminder.days),
        _time("reminder_time", "Time of the reminder", settings.reminder_time),
        _day("pulse_day", "Day of the pulse", settings.pulse_day),
        _time("pulse_time", "Time of the pulse", settings.pulse_time),
        forms.field(
            "fewest_answers",
            "Fewest answers of which the pulse says something",
            forms.text_input(str(settings.fewest_answers)),
            hint=f"{MINIMA[0]} to {MINIMA[-1]}, from the next round on.",
        ),
        *(kit.note(line) for line in _next(coming, zone=settings.zone)),
    ]
    return forms.modal(SETTINGS, "Settings", blocks, submit="Save")


def _owners(chosen: Sequence[str]) -> kit.Block:
    people: kit.Element = {"type": "multi_users_select", "placeholder": kit.plain("Choose people")}
    if chosen:
        people["initial_users"] = list(chosen)
    hint = "Besides this workspace's admins and owners."
    return forms.field("owners", "Owners", people, hint=hint, optional=True)


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


def _country(settings: TeamSettings) -> kit.Block:
    return forms.field(
        "country",
        "Country",
        forms.text_input(workdays.country_name(settings.country) if settings.country else ""),
        hint=(
            "Like Germany or DE. What falls on its weekend or a public holiday moves to the next "
            "working day. Without one, Monday to Friday are working days."
        ),
        optional=True,
    )


def _day(name: str, label: str, chosen: str) -> kit.Block:
    return forms.field(name, label, forms.select(_WEEK, chosen=chosen, example="Choose a day"))


def _days(name: str, label: str, chosen: Sequence[str]) -> kit.Block:
    return forms.field(name, label, forms.checkboxes(_WEEK, chosen=chosen))


def _time(name: str, label: str, chosen: str) -> kit.Block:
    return forms.field(name, label, forms.text_input(chosen), hint="Like 9:30 or 16:00.")


def _next(coming: Iterable[Coming], *, zone: ZoneInfo) -> list[str]:
    return [f"{one.name}, next: {one.at.astimezone(zone):%a %-d %b %H:%M} {zone}" for one in coming]


def read_form(view: kit.View) -> FilledSettings:
    """Return what was chosen."""
    filled = forms.filled(view)
    return FilledSettings(
        owners=filled.many("owners"),
        channels={name: filled.text(name) or None for name in CHANNELS},
        allowance=filled.text("allowance"),
        fewest_answers=filled.text("fewest_answers") or None,
        times={name: _written(filled.get(name)) for name in TIMES},
    )


def _written(chosen: str | list[str] | None) -> str:
    return written(chosen) if isinstance(chosen, list) else chosen or ""


def saved(coming: Iterable[Coming], *, zone: ZoneInfo) -> Message:
    """Tells an owner when everything is next by the settings that were saved."""
    text = "The settings are saved."
    lines = [[line] for line in _next(coming, zone=zone)]
    return kit.message(text, kit.rich(kit.paragraph(text), kit.bullets(lines)))
