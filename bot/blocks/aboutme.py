"""The rest of what is held about a person as plain values, named as docs/me.schema.json has it."""

from collections.abc import Callable, Mapping

from bot.about import About
from bot.blocks import pulse
from bot.blocks.entries import Entry, moment, moment_or_none, worded
from bot.charter import Charter


def _version(written: Charter) -> Entry:
    version = written.version
    return {
        "version": version.number,
        "at": moment(version.created_at),
        "statement": version.statement,
        "why": version.why,
        "values": [worded(value, version.number) for value in written.values],
    }


def _you(about: About) -> list[Entry]:
    known = about.person
    kinds = {"owner": about.is_owner, "admin": known.is_admin, "guest": known.is_guest}
    return [{"id": known.slack_id, "name": known.name, "time_zone": known.timezone, **kinds}]


def _calibration(about: About) -> list[Entry]:
    known = about.calibration
    return [{"reviewed": known.count, "brier_score": known.score, "standard_error": known.error}]


def _teams(about: About) -> list[Entry]:
    home, led = about.reports_in, {one.id for one in about.leads}
    there = {one.id: one for one in [*about.teams, *about.leads]}
    inside = {one.id for one in about.teams}
    return [
        {
            "team": one.name,
            "member": one.id in inside,
            "reports_here": home is not None and one.id == home.id,
            "leads": one.id in led,
        }
        for one in there.values()
    ]


def _pulse(about: About) -> list[Entry]:
    open_until = {(one.kind, one.number): one.closes_at for one in about.open_rounds}
    return [
        {
            "round": pulse.name(one),
            "at": moment(one.opened_at),
            "team": about.asked_teams.get(one.team) if one.team else None,
            "open_until": moment_or_none(open_until.get((one.kind, one.number))),
        }
        for one in about.asked
    ]


OF_THE_REST: Mapping[str, Callable[[About], list[Entry]]] = {
    "you": _you,
    "calibration": _calibration,
    "teams": _teams,
    "pulse": _pulse,
    "versions": lambda about: [_version(one) for one in about.versions],
    "read": lambda about: [{"version": one, "at": moment(at)} for one, at in about.read],
    "allowance": lambda about: [{"used": about.used_today, "of": about.allowance}],
}
