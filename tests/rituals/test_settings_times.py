"""When what comes round is next: by the settings, at once when they change, and told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

import schedules
from bot import due, settings
from bot.agenda import Schedule
from bot.due import Due
from bot.ledger import LedgerLine
from bot.playground.server import FakeSlack
from bot.workdays import next_on_working_day
from tests.rituals.telling import initial
from tests.rituals.test_mission import settle
from tests.support import ANA, KUDOS, Bot, open_form, soon, text_of

BERLIN = {"timezone": "Europe/Berlin"}


def next_survey(session: Session, after: datetime) -> datetime:
    chosen = settings.of_team(session)
    return next_on_working_day(chosen.pulse, after, chosen.zone, chosen.country)


def hold(session: Session, one: Due, now: datetime) -> None:
    session.add(LedgerLine(at=now, kind="survey.held"))


@pytest.fixture(autouse=True)
def survey(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something that comes round with the pulse's settings."""
    survey = Schedule(hold, grace=timedelta(hours=4), next_at=next_survey, name="Survey")
    monkeypatch.setattr(schedules, "ALL", {**schedules.ALL, "survey": survey})


async def next_one(bot: Bot) -> datetime:
    found = await bot.read(lambda session: due.date_of(session, "survey"))
    assert found is not None
    return found.at


async def held(bot: Bot) -> int:
    lines = select(LedgerLine).where(LedgerLine.kind == "survey.held")
    return len(await bot.read(lambda session: session.exec(lines).all()))


def utc(words: str) -> datetime:
    return datetime.fromisoformat(words).replace(tzinfo=UTC)


async def was_told(slack: FakeSlack, words: str) -> None:
    await soon(slack, lambda: words in text_of(slack.dm(ANA)[-1]))


async def test_at_first_it_is_tuesday_at_ten_in_the_workspaces_zone(
    slack: FakeSlack, mission: Bot
) -> None:
    assert await next_one(mission) == utc("2026-01-06T10:00")  # Lisbon's winter time is UTC
    form = await open_form(slack, ANA, "/mission settings")
    assert initial(form, "pulse_time") == "10:00"
    chosen = form["state"]["values"]["pulse_day"]["value"]["selected_option"]
    assert (chosen["value"], chosen["text"]["text"]) == ("tuesday", "Tuesday")
    assert "Survey, next: Tue 6 Jan 10:00 Europe/Lisbon" in text_of(form)


async def test_a_change_moves_it_at_once_and_the_owner_is_told(
    slack: FakeSlack, mission: Bot
) -> None:
    assert (await settle(slack, **BERLIN, pulse_day="thursday", pulse_time="9.30")).closed
    assert await next_one(mission) == utc("2026-01-08T08:30")
    await was_told(slack, "Survey, next: Thu 8 Jan 09:30 Europe/Berlin")


async def test_a_change_an_hour_before_it_moves_it(slack: FakeSlack, mission: Bot) -> None:
    await slack.jump_to(utc("2026-01-06T09:00"))
    assert (await settle(slack, pulse_time="11:00")).closed
    await slack.jump_to(utc("2026-01-06T10:30"))
    assert await held(mission) == 0
    await slack.jump_to(utc("2026-01-06T11:00"))
    assert await held(mission) == 1
    assert await next_one(mission) == utc("2026-01-13T11:00")


async def test_it_can_be_moved_to_sooner(slack: FakeSlack, mission: Bot) -> None:
    assert (await settle(slack, pulse_day="monday", pulse_time="12:00")).closed
    await slack.jump_to(utc("2026-01-05T12:00"))
    assert await held(mission) == 1


async def test_saving_something_else_neither_moves_it_nor_tells(
    slack: FakeSlack, mission: Bot
) -> None:
    await mission.has_sent_everything()
    before = len(slack.dm(ANA))
    assert (await settle(slack, allowance="5")).closed
    await mission.has_sent_everything()
    assert len(slack.dm(ANA)) == before
    assert await next_one(mission) == utc("2026-01-06T10:00")


async def test_a_public_holiday_moves_it_to_the_next_working_day(
    slack: FakeSlack, mission: Bot
) -> None:
    assert (await settle(slack, **BERLIN, country="austria")).closed
    await was_told(slack, "Survey, next: Wed 7 Jan 10:00 Europe/Berlin")  # Epiphany is the Tuesday
    form = await open_form(slack, ANA, "/mission settings")
    assert initial(form, "country") == "Austria"
    await slack.jump_to(utc("2026-01-06T12:00"))
    assert await held(mission) == 0
    await slack.jump_to(utc("2026-01-07T09:00"))
    assert await held(mission) == 1
    assert await next_one(mission) == utc("2026-01-13T09:00")
    assert (await settle(slack, country=None)).closed
    assert (await mission.read(settings.of_team)).country is None


async def test_three_days_of_sleep_leave_one_out_and_say_so(slack: FakeSlack, mission: Bot) -> None:
    await slack.jump_to(utc("2026-01-09T10:00"))
    assert await held(mission) == 0
    skipped = select(LedgerLine).where(LedgerLine.kind == "due.skipped")
    (line,) = await mission.read(lambda session: session.exec(skipped).all())
    assert line.details["due"] == "survey"
    assert await next_one(mission) == utc("2026-01-13T10:00")


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("country", "Germny", "I do not know the country “Germny”. Did you mean Germany?"),
        ("country", "XYZ123", "I do not know the country “XYZ123”."),
        ("pulse_time", "25:00", "“25:00” is no time of the day. Write it like 9:30 or 16:00."),
        ("pulse_time", "ten", "“ten” is no time of the day."),
        ("reminder_time", "9:3", "“9:3” is no time of the day."),
        ("reminder_time", "٩:٣٠", "“٩:٣٠” is no time of the day."),
        ("pulse_time", None, "Write it like 9:30 or 16:00."),
        ("pulse_day", None, "Choose a day from Monday to Sunday."),
        ("timezone", "Berlin", "I do not know the time zone “Berlin”. Did you mean"),
    ],
)
async def test_what_cannot_be_is_said_at_its_field_and_nothing_is_saved(
    slack: FakeSlack, mission: Bot, field: str, typed: str | None, sentence: str
) -> None:
    typed_in: dict[str, Any] = {field: typed, "allowance": "5"}
    outcome = await settle(slack, **typed_in)
    assert list(outcome.errors) == [field]
    assert outcome.errors[field].startswith(sentence)
    assert (await mission.read(settings.of_team)).allowance == 10


@pytest.mark.parametrize(("typed", "kept"), [("8", 8), ("", 5)])
async def test_of_how_few_the_pulse_says_something_can_be_raised(
    slack: FakeSlack, mission: Bot, typed: str, kept: int
) -> None:
    assert (await settle(slack, fewest_answers=typed)).closed
    assert (await mission.read(settings.of_team)).minimum.scores == kept
    assert (await mission.read(settings.of_team)).minimum.comments == 8


async def test_of_how_few_the_pulse_says_something_can_never_be_lowered(
    slack: FakeSlack, mission: Bot
) -> None:
    outcome = await settle(slack, fewest_answers="4")
    assert outcome.errors == {"fewest_answers": "“4” is no number from 5 to 100."}
    assert (await mission.read(settings.of_team)).minimum.scores == 5


async def test_all_of_it_is_kept(slack: FakeSlack, mission: Bot) -> None:
    chosen = {
        "updates_channel": KUDOS,
        "country": "UK",
        "reminder_day": ["friday", "monday"],
        "reminder_time": "8:05",
        "pulse_day": "sunday",
        "pulse_time": " 23:59 ",
    }
    assert (await settle(slack, **chosen)).closed
    saved = await mission.read(settings.of_team)
    assert (saved.updates_channel, saved.country) == (KUDOS, "GB")
    assert (saved.reminder.days, f"{saved.reminder.at:%H:%M}") == (("friday", "monday"), "08:05")
    assert (saved.pulse.days, f"{saved.pulse.at:%H:%M}") == (("sunday",), "23:59")
