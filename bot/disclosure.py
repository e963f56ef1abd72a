"""What of a round may be shown, so that nobody can tell what a few people answered.

The groups are the whole and teams that do not overlap, so what the sums shown determine is what
stands for a team that is shown in full, and what remains of the whole: everything else together.
Two rules keep that safe, whoever sees all figures and knows who is in which team.

Enough people: each team shown, and what remains, has `k` people who answered, or nobody at all
was invited there. Where the remaining people did not answer, the figures would say so of them.

Nothing beyond what stands there: a share of 80 % or more, or of 20 % or less, is shown as that
alone. The whole minus the other teams could give it all the same, or that of a team that is not
shown, so as many other teams are withheld as it takes until it cannot. It is assumed that
everybody's number of answers is known, since participation tells nearly that.

A figure over several questions may be made only of what is shown of each, or it would give what
is withheld of one. What remains a risk: answers of one's own and of those who tell theirs.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bot.clipping import Part, Verdict, tells_no_more, verdict
from bot.scales import Scale, Tally, merit, together

FEWEST = 5  # people who answered a question
FEWEST_COMMENTS = 8  # people who wrote one
SMALLER = ""  # the key of the smaller teams together, which no team has


@dataclass(frozen=True)
class Minimum:
    """The smallest numbers of people of whom something is shown, which a round keeps.

    Raises ValueError where they are lower than what Truenorth promises.
    """

    scores: int = FEWEST
    comments: int = FEWEST_COMMENTS

    def __post_init__(self) -> None:
        if self.scores < FEWEST or self.comments < FEWEST_COMMENTS:
            raise ValueError(f"at least {FEWEST} for scores and {FEWEST_COMMENTS} for comments")


@dataclass(frozen=True)
class Answers:
    """A team's answers to one question, and how many were invited and not excused."""

    invited: int
    tally: Tally


@dataclass(frozen=True)
class Figure:
    """What is shown of a group; the tally only where it is shown in full."""

    verdict: Verdict = Verdict.WITHHELD
    tally: Tally | None = None


@dataclass(frozen=True)
class Turnout:
    """How many answered of those who were invited and not excused."""

    invited: int
    responders: int


@dataclass(frozen=True)
class Shown:
    """What is shown of a question; a team that is not among the teams is withheld."""

    whole: Figure = Figure()
    teams: Mapping[str, Figure] = field(default_factory=dict)
    smaller: Figure = Figure()
    smaller_teams: tuple[str, ...] = ()  # who they are, where they are shown together


@dataclass(frozen=True)
class ShownTurnout:
    """What is shown of participation; none is withheld, as is a team not among the teams."""

    whole: Turnout | None = None
    teams: Mapping[str, Turnout] = field(default_factory=dict)
    smaller: Turnout | None = None
    smaller_teams: tuple[str, ...] = ()


def shown(teams: Mapping[str, Answers], scale: Scale, *, k: int) -> Shown:
    """Return what may be shown of one question, given every team's answers to it."""
    small = _small({name: sum(each.tally) for name, each in teams.items()}, k)
    groups = {name: each for name, each in teams.items() if name not in small}
    groups[SMALLER] = _together([teams[name] for name in small], scale)
    whole = _together(teams.values(), scale)
    verdicts = _verdicts(groups, whole, scale, k)
    figures = {
        name: Figure(found, groups[name].tally if found is Verdict.FULL else None)
        for name, found in verdicts.items()
        if found is not Verdict.WITHHELD
    }
    smaller = figures.pop(SMALLER, None)
    found = verdict(merit(whole.tally, scale), k=k)
    return Shown(
        whole=Figure(found, whole.tally if found is Verdict.FULL else None),
        teams=figures,
        smaller=smaller or Figure(),
        smaller_teams=tuple(small) if smaller else (),
    )


def shown_turnout(teams: Mapping[str, Turnout], *, k: int) -> ShownTurnout:
    """Return what may be shown of participation; it is not clipped, for scores tell it too."""
    small = _small({name: each.responders for name, each in teams.items()}, k)
    parts = {name: each for name, each in teams.items() if name not in small}
    parts[SMALLER] = _turnout([teams[name] for name in small])
    whole = _turnout(teams.values())
    kept = {name: parts[name] for name in _with_enough_left(parts, k)}
    smaller = kept.pop(SMALLER, None)
    return ShownTurnout(
        whole if whole.responders >= k else None, kept, smaller, tuple(small) if smaller else ()
    )


def comments_are_shown(writers: int, *, k: int) -> bool:
    """Whether a round's comments are shown: of the whole only, since they belong to no team."""
    return writers >= k


def has_changed(*, joined: int, left: int, k: int) -> bool:
    """Whether so few joined or left a team that the change of its figures could tell of them."""
    return 1 <= joined < k or 1 <= left < k


def stored(result: Shown | ShownTurnout) -> dict[str, Any]:
    """Return it as JSON can hold it."""
    return asdict(result)


def restored(document: Mapping[str, Any]) -> Shown:
    """Return what `stored` made of a question's figures, also after it was JSON."""
    return Shown(
        restored_figure(document["whole"]),
        {name: restored_figure(each) for name, each in document["teams"].items()},
        restored_figure(document["smaller"]),
        tuple(document["smaller_teams"]),
    )


def restored_figure(figure: Mapping[str, Any]) -> Figure:
    """Return what `stored` made of one figure, also after it was JSON."""
    tally = figure["tally"]
    return Figure(Verdict(figure["verdict"]), None if tally is None else tuple(tally))


def restored_turnout(document: Mapping[str, Any]) -> ShownTurnout:
    """Return what `stored` made of participation, also after it was JSON."""
    whole, smaller = document["whole"], document["smaller"]
    return ShownTurnout(
        whole and Turnout(**whole),
        {name: Turnout(**each) for name, each in document["teams"].items()},
        smaller and Turnout(**smaller),
        tuple(document["smaller_teams"]),
    )


def _small(answered: Mapping[str, int], k: int) -> list[str]:
    return sorted(name for name, many in answered.items() if many < k)


def _together(answers: Collection[Answers], scale: Scale) -> Answers:
    tallies = [each.tally for each in answers]
    return Answers(sum(each.invited for each in answers), together(tallies, scale))


def _turnout(teams: Collection[Turnout]) -> Turnout:
    return Turnout(sum(each.invited for each in teams), sum(each.responders for each in teams))


def _with_enough_left(parts: Mapping[str, Turnout], k: int) -> list[str]:
    """Return which parts reach k and leave as many, or nobody."""
    show = [name for name, each in parts.items() if each.responders >= k]
    show.sort(key=lambda name: (-parts[name].responders, name))
    rest = _turnout([each for each in parts.values() if each.responders < k])
    while show and rest.invited and rest.responders < k:
        rest = _turnout([rest, parts[show.pop()]])
    return show


def _verdicts(
    groups: Mapping[str, Answers], whole: Answers, scale: Scale, k: int
) -> dict[str, Verdict]:
    """Return how each group is shown; the smallest are withheld until nothing can be worked out."""
    sizes = {name: Turnout(each.invited, sum(each.tally)) for name, each in groups.items()}
    merits = {name: merit(each.tally, scale) for name, each in groups.items()}
    alone = {name: verdict(each, k=k) for name, each in merits.items()}
    show = frozenset(_with_enough_left(sizes, k))
    verdicts = {name: alone[name] if name in show else Verdict.WITHHELD for name in groups}
    top = merit(whole.tally, scale)
    of_all = Part(top, verdict(top, k=k), verdict(top, k=k))
    while not tells_no_more([Part(merits[n], verdicts[n], alone[n]) for n in groups], of_all):
        going = _first_to_go(verdicts, sizes)
        if going is None:
            break  # the whole alone is left
        verdicts[going] = Verdict.WITHHELD
    return verdicts


def _first_to_go(verdicts: Mapping[str, Verdict], sizes: Mapping[str, Turnout]) -> str | None:
    # What is clipped tells less, so it protects the rest less by going.
    return min(
        (name for name, found in verdicts.items() if found is not Verdict.WITHHELD),
        key=lambda name: (verdicts[name] is not Verdict.FULL, sizes[name].responders, name),
        default=None,
    )
