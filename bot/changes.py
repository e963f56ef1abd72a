"""How favourable shares changed since they were last shown, stated once, when a round closes.

Compared is what is shown in full both times, so a change tells nothing that the two figures do
not. Where 1 to k - 1 people joined or left a team in between, nothing is compared: the difference
could tell of those few. The whole is compared all the same, since in most organisations somebody
joins or leaves every week.

Nor is anything compared that was asked in other words.

Judged together, for Holm's correction, is what is read together: the questions of the whole among
themselves, and those of each team among themselves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Select, bindparam, except_, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col

from bot import rounds
from bot.clipping import Verdict
from bot.disclosure import Figure, Shown, has_changed, restored
from bot.estimates import Change
from bot.questions import CYCLE, Question
from bot.rounds import Invitation, Kind, Round
from bot.rows import ask
from bot.scales import Scale, Tally

WHOLE = "whole"  # a team's key is its id


@dataclass(frozen=True)
class Earlier:
    """What a figure was when it was last shown, in which round, and what it is now."""

    round_id: int
    number: int
    before: Tally
    after: Tally
    team_has_changed: bool = False  # in between, by so few that nothing is compared


Since = Mapping[str, Mapping[str, Earlier]]  # by the team or WHOLE, then by question


def earlier(session: Session, closing: Round, shown: Mapping[str, Any]) -> Since:
    """Return, for what is shown of a round that closes, what it was when it was last shown.

    Of a team that is each figure shown in full which was so when that team was last shown for
    that question; of the whole each since it was last shown in full. It goes back one cycle.
    """
    now = _restored(closing, shown)
    before = [
        (one, _restored(one, one.result))
        for one in rounds.counted(session, Kind(closing.kind), most=CYCLE + 1)
        if one.number < closing.number and one.result is not None
    ]
    found = {group: _last_shown(group, now, before) for group in (WHOLE, *shown["teams"])}
    of_teams = {one.round_id for group in shown["teams"] for one in found[group].values()}
    changed = {then: _changed(session, closing, then) for then in of_teams}
    return {
        group: {
            slug: replace(one, team_has_changed=group in changed.get(one.round_id, ()))
            for slug, one in figures.items()
        }
        for group, figures in found.items()
        if figures
    }


def _restored(one: Round, result: Mapping[str, Any]) -> dict[Question, Shown]:
    # By the whole question: what was asked in other words was another one.
    return {asked: restored(result["questions"][asked.slug]) for asked in one.asks()}


def _last_shown(
    group: str,
    now: Mapping[Question, Shown],
    latest_first: Sequence[tuple[Round, Mapping[Question, Shown]]],
) -> dict[str, Earlier]:
    found: dict[str, Earlier] = {}
    for asked, shown in now.items():
        after = _figure(shown, group).tally
        if after is None or asked.scale is not Scale.AGREEMENT:
            continue
        for one, then in latest_first:
            was = _figure(then.get(asked, Shown()), group)
            if was.tally is not None:
                found[asked.slug] = Earlier(one.id, one.number, was.tally, after)
            if was.tally is not None or (was.verdict is not Verdict.WITHHELD and group != WHOLE):
                break
    return found


def _figure(shown: Shown, group: str) -> Figure:
    return shown.whole if group == WHOLE else shown.teams.get(group, Figure())


def _changed(session: Session, closing: Round, then: int) -> set[str]:
    """Return the teams that so few joined or left between the two rounds that it could tell."""
    joined = _moved(session, there=closing.id, absent=then)
    left = _moved(session, there=then, absent=closing.id)
    return {
        str(team)
        for team in joined.keys() | left.keys()
        if has_changed(joined=joined.get(team, 0), left=left.get(team, 0), k=closing.fewest_scores)
    }


def _in_round(name: str) -> Select[str, int | None]:
    return select_columns(col(Invitation.person), col(Invitation.reporting_team_id)).where(
        col(Invitation.round_id) == bindparam(name)
    )


_ONLY_THERE = except_(_in_round("there"), _in_round("absent")).subquery()
_MOVED: Any = select_columns(_ONLY_THERE.c.reporting_team_id, func.count()).group_by(
    _ONLY_THERE.c.reporting_team_id
)


def _moved(session: Session, *, there: int, absent: int) -> dict[int, int]:
    """Return by team how many reported in it in one of the rounds and not in the other."""
    moved = ask(session, _MOVED, there=there, absent=absent)
    return {team: many for team, many in moved if team is not None}


def compared(since: Since) -> dict[str, dict[str, tuple[Tally, Tally]]]:
    """Return the figures before and after that are compared, group by group."""
    return {
        group: {
            slug: (one.before, one.after)
            for slug, one in figures.items()
            if not one.team_has_changed
        }
        for group, figures in since.items()
    }


def stated(since: Since, judged: Mapping[str, Mapping[str, Change]]) -> dict[str, Any]:
    """Return what is said of each figure since it was last shown, as JSON can hold it."""
    said = {
        group: {slug: _stated(one, judged[group].get(slug)) for slug, one in figures.items()}
        for group, figures in since.items()
    }
    return {"changes": said.pop(WHOLE, {}), "team_changes": said}


def _stated(one: Earlier, change: Change | None) -> dict[str, Any]:
    if change is None:
        return {"since": one.number, "team_has_changed": True}
    return {"since": one.number, "direction": change.direction.value, **asdict(change.change)}
