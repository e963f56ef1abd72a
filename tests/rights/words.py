"""Every word that can be typed after a command, every shortcut, and what owners keep."""

from collections.abc import Awaitable, Callable

from sqlmodel import Session

from bot import agenda, charter, settings, teams
from bot.ballot import Ballot
from bot.blocks import asking, results, search, teamforms
from bot.blocks import decisions as decision_lists
from bot.blocks import mission as mission_blocks
from bot.blocks import pulse as pulse_blocks
from bot.blocks import settings as settings_blocks
from bot.blocks import teams as team_blocks
from bot.rights import Right
from bot.rituals.teams import overview
from bot.sources import Listed
from tests.rights.sending import Sender
from tests.rights.things import LIA, NOTHING, ROUNDS, TEXT, Sort, Thing, with_form
from tests.rights.tries import Comes, Try
from tests.support import KUDOS, Doc

Send = Callable[[Sender, Thing], Awaitable[str]]
USE, KEEP = (Right.USE,), (Right.USE, Right.KEEP)
ANSWER = (Right.USE, Right.ANSWER)
stored, posted, opened, told = Comes


def typing(heard: str, line: str, needs: tuple[Right, ...], comes: Comes = told) -> Try:
    async def send(sender: Sender, thing: Thing) -> str:
        return await sender.command(line)

    return Try(heard, needs, send, comes)


def word(line: str, needs: tuple[Right, ...], comes: Comes = told, more: str = "") -> Try:
    return typing(line, f"{line} {more}".strip(), needs, comes)


def shortcut(name: str, *, beside: bool) -> Try:
    async def send(sender: Sender, thing: Thing) -> str:
        return await (sender.shortcut_beside(name) if beside else sender.shortcut(name))

    return Try(f"shortcut {name}", USE, send, opened)


def button(
    name: str, needs: tuple[Right, ...], comes: Comes, value: str = "0", of: Sort = NOTHING
) -> Try:
    async def send(sender: Sender, thing: Thing) -> str:
        return await sender.press(name, value.replace("ROUND", thing.value.split(":")[0]))

    return Try(f"action {name}", needs, send, comes, of)


def form(name: str, shown: Callable[[Session], Doc], filled: Doc) -> Try:
    async def send(sender: Sender, thing: Thing) -> str:
        return await sender.submit(thing.form, filled)

    return Try(f"view {name}", KEEP, send, stored, with_form(shown))


def on_team(name: str) -> Try:
    """A button beside the first team."""

    async def send(sender: Sender, thing: Thing) -> str:
        return await sender.press(name, thing.form["team"])

    return Try(f"action {name}", KEEP, send, opened, with_form(lambda s: {"team": first_team(s)}))


def first_team(session: Session) -> str:
    return str(teams.in_order(session)[0].id)


def chosen(session: Session) -> Doc:
    found = settings.of_team(session)
    coming = agenda.coming(session, {})
    return settings_blocks.form(found, coming, owners=[], zone="Europe/Lisbon")


def answer(number: int, name: str) -> Try:
    """Each tap is another answer than the one before, so that something is stored."""
    point = asking.SKIP if name.endswith(asking.SKIP) else str(1 + number % 5)

    async def send(sender: Sender, thing: Thing) -> str:
        return await sender.press(name, f"{thing.value}:{point}")

    return Try(f"action {name}", ANSWER, send, stored, ROUNDS)


async def comment(sender: Sender, thing: Thing) -> str:
    view = asking.comment_form(Ballot(thing.what, frozenset()), "")
    return await sender.submit(view, {"comment": TEXT})


async def change_answer(sender: Sender, thing: Thing) -> str:
    return await sender.press(asking.CHANGE, thing.value)


async def choose_for_lia(sender: Sender, thing: Thing) -> str:
    *_, last = thing.form["blocks"][-1]["element"]["options"]
    return await sender.submit(thing.form, {LIA: last["value"]})


SEVERAL = with_form(lambda session: teamforms.several_form(teams.several(session)))
STATEMENT, WHY = "We help clinics to book in half a minute.", "It is faster now."
WORDS = [
    word("/mission", USE),
    *(word(f"/mission {one}", USE) for one in ("history", "help", "values", "teams")),
    word("/mission search", USE, more="clinic"),
    word("/mission me", USE, posted),
    *(word(f"/mission {one}", KEEP, opened) for one in ("setup", "settings")),
    typing("/mission", "/mission decide list", USE),
    word("/recognize", USE, opened),
    typing("/recognize", f"/recognize <@{LIA}> {TEXT} #care", USE, stored),
    word("/story", USE, opened, more="We halved the waiting list"),
    word("/decide", USE, opened),
    typing("/decide", "/decide Move to the new building?", (*USE, Right.ANSWER_FOR), stored),
    *(word(f"/decide {one}", USE) for one in ("list", "calibration", "help")),
    word("/decide checklist", KEEP, opened),
    *(word(f"/pulse {one}".strip(), USE) for one in ("", "results", "privacy", "help")),
    word("/pulse questions", KEEP, opened),
    word("/pulse now", KEEP, stored),
    word("/pulse ask", KEEP, stored, more="The move went well for me."),
    *(shortcut(one, beside=False) for one in ("recognize_somebody", "tell_story")),
    *(shortcut(one, beside=True) for one in ("recognize_this", "tell_as_story", "decide_on_this")),
    *(button(one, KEEP, opened) for one in ("open_setup", "open_settings")),
    button("acknowledge", USE, stored, "1"),
    button("open_me", USE, posted),
    *(button(one, USE, told, "0\nclinic") for one in (search.EARLIER, search.LATER)),
    *(button(one, USE, told, ":0") for one in (decision_lists.EARLIER, decision_lists.LATER)),
    button("open_teams", USE, told),
    *(button(one, KEEP, told) for one in (team_blocks.EARLIER, team_blocks.LATER)),
    *(button(one, KEEP, opened) for one in (team_blocks.OPEN_ADD, team_blocks.OPEN_SEVERAL)),
    *(on_team(one) for one in (team_blocks.OPEN_CHANGE, team_blocks.OPEN_REMOVE)),
]
PULSE = [
    *(answer(number, name) for number, name in enumerate(asking.ANSWERS)),
    Try(f"action {asking.CHANGE}", ANSWER, change_answer, told, ROUNDS),
    button(asking.OPEN, ANSWER, opened, "ROUND", ROUNDS),
    button(asking.COMMENT, ANSWER, opened, "ROUND", ROUNDS),
    Try(f"view {asking.COMMENT}", ANSWER, comment, stored, ROUNDS),
    button(asking.PRIVACY, USE, told),
    button(results.COMMENTS, USE, opened, "ROUND", ROUNDS),
]
NO_GROUPS = Listed({})
FORMS = [
    form("teams_add", lambda s: teamforms.add_form(NO_GROUPS), {"channel": KUDOS, "leads": [LIA]}),
    form(
        "teams_change",
        lambda s: teamforms.change_form(overview(s)[0], of=2),
        {"name": "Harbour", "leads": [LIA]},
    ),
    Try("view teams_several", KEEP, choose_for_lia, stored, SEVERAL),
    form("teams_remove", lambda s: teamforms.removal(overview(s)[1]), {}),
    form("decide_template", lambda s: decision_lists.template(""), {"checklist": "Is it good?"}),
    form(
        "pulse_questions",
        lambda s: pulse_blocks.questions_form([]),
        {"questions": "I know whom to ask about my pay."},
    ),
    form("mission_settings", chosen, {"allowance": "11"}),
    form(
        "mission_setup",
        lambda s: mission_blocks.setup_form(charter.in_force(s)),
        {"statement": STATEMENT, "why": WHY},
    ),
]
