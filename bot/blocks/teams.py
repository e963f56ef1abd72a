"""How teams look: the list for owners, and what somebody sees of their own team."""

from collections.abc import Iterator, Mapping, Sequence

from bot.blocks import forms, kit
from bot.blocks.mission import OPEN_TEAMS
from bot.outbox import Message
from bot.reach import FEW
from bot.rituals.teams import Shown
from bot.sources import WHY, Trouble
from bot.teams import ReportingTeam

OPEN_ADD, OPEN_CHANGE = "open_teams_add", "open_teams_change"
OPEN_REMOVE, OPEN_SEVERAL = "open_teams_remove", "open_teams_several"
EARLIER, LATER = "teams_earlier", "teams_later"

ON_A_PAGE = 10  # teams
LABEL = 75  # characters of what a button is called

ORDER = "Who is in several reports in the first of theirs, unless an owner chose another for them."
NOT_ALONE = (
    "Nothing is ever shown of fewer than five people alone, since it would point at single "
    "people; they count in the whole."
)


def overview(teams: Sequence[Shown], *, several: int, page: int = 0) -> Message:
    """All teams, a page at a time, with what an owner can do."""
    last = max(0, (len(teams) - 1) // ON_A_PAGE)
    page = min(page, last)
    numbered = list(enumerate(teams, start=1))[page * ON_A_PAGE :][:ON_A_PAGE]
    title = _title(len(teams))
    blocks = [kit.header(title), kit.note(ORDER)] if teams else [kit.says(title)]
    for number, shown in numbered:
        blocks += [_line(number, shown), _buttons(shown.team)]
    blocks += _small([shown for _, shown in numbered])
    blocks.append(_below(several, page=page, last=last))
    spoken = [f"{number}. {_spoken(shown)}" for number, shown in numbered]
    return kit.message(kit.escaped("\n".join([title, *spoken])), *blocks)


def _small(teams: Sequence[Shown]) -> list[kit.Block]:
    small = [shown.team.name for shown in teams if shown.reporting < FEW]
    return [kit.note(f"Fewer than five report in {', '.join(small)}. {NOT_ALONE}")] if small else []


def _title(count: int) -> str:
    if not count:
        return "There are no teams yet. The people of a channel or a user group can be one."
    return "1 team" if count == 1 else f"{count} teams"


def _line(number: int, shown: Shown) -> kit.Block:
    return kit.rich(kit.paragraph(f"{number}. ", *about(shown)), *_trouble(shown.team))


def about(shown: Shown) -> list[kit.Part]:
    """What a team is made of, how many are in it, and who leads it."""
    team = shown.team
    # A group is only named: to mention it would ping all of its people.
    source = team.label if team.is_of_group else kit.channel(str(team.source))
    led = [" It is led by ", kit.people(shown.leads), "."] if shown.leads else [" Nobody leads it."]
    name = kit.words(team.name, bold=True)
    return [name, " is made of ", source, f", {_people(shown)}.", *led]


def _people(shown: Shown) -> str:
    there = "1 person" if shown.people == 1 else f"{shown.people:,} people"
    if shown.people == shown.reporting:
        return there
    return f"{there}, of whom {shown.reporting:,} report here"


def _trouble(team: ReportingTeam) -> list[kit.Element]:
    if not team.trouble:
        return []
    return [kit.paragraph(f"{WHY[team.trouble]} Its people stay as I last heard of them.")]


def _spoken(shown: Shown) -> str:
    team = shown.team
    trouble = f" {WHY[team.trouble]}" if team.trouble else ""
    return f"{team.name} is made of {team.label}, {_people(shown)}.{trouble}"


def _buttons(team: ReportingTeam) -> kit.Block:
    return kit.actions(
        _button("Change", team, OPEN_CHANGE),
        _button("Remove", team, OPEN_REMOVE),
    )


def _button(text: str, team: ReportingTeam, action: str) -> kit.Element:
    label = {"accessibility_label": kit.cut(f"{text} {team.name}", LABEL)}
    return kit.button(text, action, value=str(team.id)) | label


def _below(several: int, *, page: int, last: int) -> kit.Block:
    buttons = [kit.button("Add a team", OPEN_ADD, style="primary")]
    if several:
        buttons.append(kit.button(f"Who is in several · {several:,}", OPEN_SEVERAL))
    if page > 0:
        buttons.append(kit.button("Earlier teams", EARLIER, value=str(page - 1)))
    if page < last:
        buttons.append(kit.button("Later teams", LATER, value=str(page + 1)))
    return kit.actions(*buttons)


# What happened and what mends it, of one team and of several.
BEGAN: Mapping[str, tuple[str, str]] = {
    Trouble.ARCHIVED: ("its channel is archived", "their channels are archived"),
    Trouble.UNSEEN: (
        "I cannot see its channel: I am out of it, or it is gone",
        "I cannot see their channels: I am out of them, or they are gone",
    ),
    Trouble.SWITCHED_OFF: ("its user group is switched off", "their user groups are switched off"),
    Trouble.CHANNEL_SCOPE: (
        "the app lacks the scope channels:read, or groups:read for a private channel",
    )
    * 2,
    Trouble.GROUP_SCOPE: ("the app lacks the scope usergroups:read",) * 2,
    Trouble.NO_GROUPS: ("the workspace's plan has no user groups any more",) * 2,
}
MENDS: Mapping[str, tuple[str, str]] = {
    Trouble.ARCHIVED: ("Restore it", "Restore them"),
    Trouble.UNSEEN: ("Invite me again", "Invite me again"),
    Trouble.SWITCHED_OFF: ("Switch it on again", "Switch them on again"),
    Trouble.CHANNEL_SCOPE: ("Ask whoever runs Truenorth to add it",) * 2,
    Trouble.GROUP_SCOPE: ("Ask whoever runs Truenorth to add it",) * 2,
    Trouble.NO_GROUPS: ("Choose a plan that has them",) * 2,
}
MOST_NAMED = 5


def in_trouble(trouble: str, called: Sequence[str]) -> Message:
    """Tells an owner that nobody hears any more who comes into these teams, and how to mend it."""
    several = len(called) > 1
    their, team, another = (
        ("Their", "the teams", "others") if several else ("Its", "the team", "another")
    )
    began = BEGAN[trouble][several]
    line = kit.says(
        "I cannot read any more who is in ",
        *_named(called),
        f": {began}. {their} people stay as I last heard of them until that is mended. "
        f"{MENDS[trouble][several]}, or remove {team} and name {another} instead.",
    )
    text = f"I cannot read any more who is in {team} {', '.join(called[:MOST_NAMED])}: {began}."
    return kit.message(
        kit.escaped(text), line, kit.actions(kit.button("Open the teams", OPEN_TEAMS))
    )


def _named(called: Sequence[str]) -> Iterator[kit.Part]:
    more = len(called) - MOST_NAMED
    for place, one in enumerate(called[:MOST_NAMED]):
        if place:
            yield " and " if place == len(called) - 1 else ", "
        yield kit.words(one, bold=True)
    if more > 0:
        yield f" and {more} more"


def over_page(shown: Message) -> kit.View:
    """The same where no message can be answered: on Home."""
    return forms.modal("notice", "Teams", shown["blocks"])


def own(team: ReportingTeam | None, leads: Sequence[str]) -> Message:
    """What somebody sees of the team in which they report, and of no other."""
    if team is None:
        sentence = "You report in no team here. What you say counts in the whole."
        return kit.message(sentence, kit.says(sentence))
    led = [" It is led by ", kit.people(leads), "."] if leads else [" Nobody leads it now."]
    line = kit.says("You report in ", kit.words(team.name, bold=True), ".", *led)
    return kit.message(kit.escaped(f"You report in {team.name}."), line)


def saved(shown: Shown) -> kit.View:
    """Shown in a form's place once a team is added or changed."""
    blocks = [kit.says(*about(shown))]
    return forms.modal("notice", "Saved", [*blocks, *_small([shown])])


def done(sentence: str) -> kit.View:
    """Shown in a form's place once something else is done."""
    return forms.modal("notice", "Done", [kit.says(sentence)])
