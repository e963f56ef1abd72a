"""What somebody reads who asks for decisions: the answer to a line, the list, the help."""

from collections.abc import Mapping

from bot.blocks import forms, kit
from bot.blocks.decision import STATES
from bot.blocks.docket import named
from bot.decisions import Decision, Status
from bot.docket import Filter, Page
from bot.errors import UserError
from bot.outbox import Message
from bot.proposal import MOST_GATES

EARLIER = "decide_list_earlier"
LATER = "decide_list_later"
TEMPLATE = "decide_template"
HELP = (
    ("decide Ship the new booking page on Friday?", "begin a decision in one line"),
    ("decide", "the form, with options, a checklist and, under More, everything else"),
    ("decide list", "all decisions, the latest first"),
    (
        "decide list waiting",
        "those that wait for you; or open, decided, mine, withdrawn, superseded",
    ),
    ("mission search in:decisions booking", "find one by its words"),
    ("decide show 12", "one decision as it stands"),
    ("decide export 12", "the same as a Markdown file, by direct message"),
    ("decide checklist", "word the questions that every decision begins with (owners)"),
    ("decide calibration", "how far your predictions can be trusted; only you see it"),
)
HEADINGS = {
    None: "Decisions",
    Filter.OPEN: "Decisions that are open",
    Filter.DECIDED: "Decisions that were made",
    Filter.MINE: "Decisions that you have to do with",
    Filter.WAITING: "Decisions that wait for you",
    Filter.WITHDRAWN: "Decisions that were withdrawn",
    Filter.SUPERSEDED: "Decisions that another one superseded",
}


def begun(decision: Decision, *, trouble: str | None) -> Message:
    """What only whoever asked sees after a line; `trouble` says why it is not posted yet."""
    where: list[kit.Part] = []
    if decision.channel:
        where = [" Its card is on its way to ", kit.channel(decision.channel), "."]
    line = kit.says(f"Decision {decision.name} is open, and you drive it.", *where)
    return kit.message("Your decision is open.", line, *([kit.says(trouble)] if trouble else []))


def listed(page: Page, links: Mapping[int, str]) -> Message:
    """A page of decisions, with a link to each card that stands in Slack."""
    heading = HEADINGS[page.which]
    if not page.decisions:
        return kit.message(heading, kit.says(f"{heading}: none."))
    lines = [_line(one, links) for one in page.decisions]
    blocks = [kit.rich(kit.paragraph(kit.words(heading, bold=True)), kit.bullets(lines))]
    buttons = []
    if page.number:
        buttons.append(kit.button("Later", LATER, value=_place(page, page.number - 1)))
    if page.has_earlier:
        buttons.append(kit.button("Earlier", EARLIER, value=_place(page, page.number + 1)))
    return kit.message(heading, *blocks, *([kit.actions(*buttons)] if buttons else []))


def _line(decision: Decision, links: Mapping[int, str]) -> list[kit.Part]:
    about: list[kit.Part] = [*named(decision, links)]
    about.append(f" — {STATES[Status(decision.status)]}, ")
    about.append(kit.person(decision.driver))
    about.append(f" drives it until {decision.due:%-d %B %Y}" if decision.is_open else " drove it")
    return about


def _place(page: Page, number: int) -> str:
    return f"{page.which or ''}:{number}"


def place(value: str) -> tuple[Filter | None, int]:
    """Return which page of which list a button leads to."""
    which, _, number = value.partition(":")
    known = {"": None, **{each.value: each for each in Filter}}
    if which not in known or not (number.isascii() and number.isdigit() and len(number) < 9):
        raise UserError("This list was made by another version of Truenorth. Please ask anew.")
    return known[which], int(number)


def template(checklist: str) -> kit.View:
    """The form for the questions that every decision begins with."""
    blocks = [
        kit.says("Every new decision begins with these. Those that there are keep their own."),
        forms.field(
            "checklist",
            "Checklist",
            forms.text_input(checklist, multiline=True),
            hint=f"Questions that a yes settles, one a line, up to {MOST_GATES}.",
            optional=True,
        ),
    ]
    return forms.modal(TEMPLATE, "Checklist", blocks, submit="Save")


def read_template(view: kit.View) -> list[str]:
    """Return the questions that were filled in."""
    return forms.filled(view).text("checklist").splitlines()
