"""The forms for teams: to add, change and remove one, and to choose where somebody reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.blocks import forms, kit, record, teams
from bot.rituals.teams import LONGEST_NAME, MOST_LEADS, Shown
from bot.sources import WHY, Listed
from bot.teams import InSeveral

ADD, CHANGE, REMOVE, SEVERAL = "teams_add", "teams_change", "teams_remove", "teams_several"
OPTIONS = 100  # of a select, or of one group of them
PEOPLE = 40  # in one form
BY_ORDER = "order"


@dataclass(frozen=True)
class FilledTeam:
    """What an owner filled in about a new team."""

    channel: str | None
    group: str | None
    name: str
    leads: Sequence[str]


@dataclass(frozen=True)
class FilledChange:
    """What an owner changed of a team, and the revision that the form began with."""

    team: int
    based_on: int
    name: str
    leads: Sequence[str]
    position: str


def add_form(groups: Listed) -> kit.View:
    """The form for a new team; where the groups are not known it says why, and offers channels."""
    channel: kit.Element = {
        "type": "conversations_select",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
        "placeholder": kit.plain("Choose a channel"),
    }
    hint = "I join a public channel by myself; invite me to a private one first."
    blocks = [
        kit.says(
            "A team is made of the people of a channel or of a user group. Who comes or goes "
            "there comes or goes here."
        ),
        forms.field("channel", "Its channel", channel, hint=hint, optional=True),
        *_groups(groups),
        _name("", optional=True),
        _leads([]),
        kit.note(teams.NOT_ALONE),
    ]
    return forms.modal(ADD, "Add a team", blocks, submit="Add")


def _groups(groups: Listed) -> list[kit.Block]:
    if groups.trouble:
        return [kit.note(WHY[groups.trouble])]
    known = sorted(groups.by_id.values(), key=lambda one: one.label.casefold())
    options = [forms.option(one.label, one.id) for one in known]
    if not options:
        return []
    element = forms.select(options, chosen=None, example="Choose a user group")
    if len(options) > OPTIONS:
        del element["options"]
        element["option_groups"] = _grouped(options)
    hint = "Instead of a channel."
    return [forms.field("group", "Or its user group", element, hint=hint, optional=True)]


def _grouped(options: Sequence[kit.Element]) -> list[kit.Element]:
    # Slack takes no more than a hundred groups, of a hundred options each.
    starts = range(0, min(len(options), OPTIONS * OPTIONS), OPTIONS)
    parts = [list(options[start : start + OPTIONS]) for start in starts]
    return [
        {"label": kit.plain(f"From {part[0]['text']['text']}", 75), "options": part}
        for part in parts
    ]


def _name(name: str, *, optional: bool = False) -> kit.Block:
    hint = "Left empty, it has the name of its channel or group." if optional else ""
    element = forms.text_input(name, longest=LONGEST_NAME)
    return forms.field("name", "Its name here", element, hint=hint, optional=optional)


def _leads(leads: Sequence[str]) -> kit.Block:
    chosen = forms.people_input(leads, most=MOST_LEADS)
    hint = f"1 to {MOST_LEADS} people, whether they are in it or not."
    return forms.field("leads", "Who leads it", chosen, hint=hint)


def read_add_form(view: kit.View) -> FilledTeam:
    """Return what was filled in."""
    filled = forms.filled(view)
    return FilledTeam(
        channel=filled.text("channel") or None,
        group=filled.text("group") or None,
        name=filled.text("name"),
        leads=filled.many("leads"),
    )


def change_form(shown: Shown, *, of: int) -> kit.View:
    """The form for the name, the leads and the place of one of so many teams."""
    team = shown.team
    place = forms.text_input(str(team.position))
    hint = f"1 to {of}. Who is in several teams reports in the first of theirs."
    blocks = [
        kit.says(*teams.about(shown)),
        _name(team.name),
        _leads(shown.leads),
        forms.field("position", "Its place in the order", place, hint=hint),
    ]
    about = f"{team.id}:{team.revision}"
    return forms.modal(CHANGE, "Change a team", blocks, submit="Save", about=about)


def read_change_form(view: kit.View) -> FilledChange:
    """Return what was changed; raise UserError for a form of another version."""
    filled = forms.filled(view)
    team, based_on = record.edited(view)
    return FilledChange(
        team=team,
        based_on=based_on,
        name=filled.text("name"),
        leads=filled.many("leads"),
        position=filled.text("position"),
    )


def removal(shown: Shown) -> kit.View:
    """Asks whether to remove a team, and says what that does."""
    team = shown.team
    lines = [
        kit.says("Remove ", kit.words(team.name, bold=True), "?"),
        kit.says(
            "Its people then report in the next of their teams, or in none, and what was chosen "
            "for them is forgotten. What was shown of it stays, and so does ",
            team.label,
            ".",
        ),
    ]
    return forms.modal(REMOVE, "Remove a team", lines, submit="Remove", about=str(team.id))


def team_of(text: str) -> int:
    """Return which team a button or a form is about; raise UserError where it says none."""
    return record.number(text)


def to_remove(view: kit.View) -> int:
    """Return which team a form removes; raise UserError for a form of another version."""
    return record.to_withdraw(view)


def several_form(people: Sequence[InSeveral], *, after: str = "") -> kit.View:
    """The choice for each who is in several teams; of many, for those after somebody."""
    known = [one.person for one in people]
    start = known.index(after) + 1 if after in known else 0
    here = people[start : start + PEOPLE]
    rest = len(people) - start - len(here)
    blocks = [kit.says(f"In which of their teams they report. {teams.ORDER}")]
    blocks += [_where(one) for one in here]
    submit = "Save and go on" if rest else "Save"
    about = here[-1].person if rest else ""
    return forms.modal(SEVERAL, "Who is in several", blocks, submit=submit, about=about)


def _where(one: InSeveral) -> kit.Block:
    order = forms.option(f"By the order: {one.teams[0].name}", BY_ORDER)
    options = [order, *(forms.option(team.name, str(team.id)) for team in one.teams)]
    chosen = str(one.chosen) if one.chosen else BY_ORDER
    element = forms.select(options, chosen=chosen, example="Choose a team")
    return forms.field(one.person, one.name, element)


def read_several_form(view: kit.View) -> Mapping[str, int | None]:
    """Return the team chosen for each person, None where the order says."""
    return {
        person: None if choice == BY_ORDER else record.number(choice)
        for person, choice in forms.filled(view).items()
    }


def goes_on_after(view: kit.View) -> str:
    """Return after whom the next part of the choices begins; nothing where this was the last."""
    return str(view.get("private_metadata") or "")
