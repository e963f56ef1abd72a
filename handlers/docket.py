"""The words after /decide: decisions listed and shown, the checklist that all begin with."""

from sqlmodel import Session

from bot import attachments, calibration, cards, decisions, docket, outbox, roster
from bot import standing as standings
from bot.blocks import decision as card
from bot.blocks import decisions as blocks
from bot.blocks import kit, typed
from bot.blocks import nudges as nudge_blocks
from bot.commands import command
from bot.docket import Filter
from bot.errors import UserError, quoted
from bot.outbox import Message
from bot.rituals import decision
from bot.standing import Standing
from handlers.decision import begin, open_form
from handlers.deliberation import seen
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear the command, the buttons of its lists, and the form for the checklist."""
    routes.commands["decide"] = decide
    routes.actions[blocks.EARLIER] = turn_page
    routes.actions[blocks.LATER] = turn_page
    routes.views[blocks.TEMPLATE] = word_checklist


async def decide(request: Request) -> None:
    """Do what the first word says; anything else is what is to be decided."""
    first, *rest = request.words.split(maxsplit=1) or [""]
    word, more = first.casefold(), "".join(rest).split()
    if word in WORDS and len(more) <= MOST_AFTER.get(word, 0):
        await WORDS[word](request.with_words("".join(rest)))
        return
    meant = typed.nearest(word, [each for each in WORDS if each])
    if meant and meant != word and _is_like(meant, more):
        raise UserError(
            f"I do not know {quoted(first)}. Did you mean {command(f'decide {meant}')}? "
            "To have just these words decided, add a few more."
        )
    await begin(request)


def _is_like(meant: str, more: list[str]) -> bool:
    """Whether what follows a word that is almost `meant` could follow that."""
    if not more or len(more) > MOST_AFTER.get(meant, 0):
        return not more
    return more[0] in list(Filter) if meant == "list" else decisions.is_name(more[0])


async def show_help(request: Request) -> None:
    """Show what can be written after the command."""
    await request.say(kit.ways("Ways to decide", blocks.HELP))


async def show_list(request: Request) -> None:
    """Show the latest decisions, of those that are asked for."""
    word = request.words.casefold()
    if word and word not in list(Filter):
        meant = typed.nearest(word, list(Filter))
        guess = f" Did you mean {meant}?" if meant else ""
        raise UserError(f"I do not know {quoted(word)}.{guess} There are: {', '.join(Filter)}.")
    which = Filter(word) if word else None
    await request.say(await request.read(lambda session: _page(session, request, which, 0)))


async def turn_page(request: Request) -> None:
    """Show another page in the place of this one."""
    which, number = blocks.place(request.value)
    await request.replace(await request.read(lambda s: _page(s, request, which, number)))


def _page(session: Session, request: Request, which: Filter | None, number: int) -> Message:
    who, now = request.user, request.now
    page = docket.page(session, which, person=who, number=number, now=now)
    links = {one.id: cards.link(session, one, request.user) for one in page.decisions}
    return blocks.listed(page, links)


async def show_one(request: Request) -> None:
    """Show one decision as it stands."""

    def query(session: Session) -> Message:
        stands = named(session, request)
        return card.message(cards.for_reader(session, stands, request.user))

    await request.say(await request.read(query))


def named(session: Session, request: Request) -> Standing:
    """Return the decision whose name was typed; the same is said where there is none to see."""
    if not request.words:
        raise UserError(f"Say which one, like {command('decide show 12')}.")
    found = decisions.named(session, request.words)
    return standings.of(session, decisions.seen(session, found, by=request.user))


async def export(request: Request) -> None:
    """Send one decision as a file; it follows a direct message."""
    said = await request.once(lambda session: send_file(session, named(session, request), request))
    await request.say(said or kit.sentence("It is on its way already."))


async def export_chosen(request: Request, decision_id: int) -> None:
    """The same from a card's menu."""
    said = await request.once(
        lambda session: send_file(session, seen(session, decision_id, by=request.user), request)
    )
    if said is not None:
        await request.whisper(said)


def send_file(session: Session, stands: Standing, request: Request) -> Message:
    """Have the person told that the file comes, which makes it come."""
    known = stands.decision
    cause = attachments.export_cause(known.id, request.user, request.key)
    text = f"Decision {known.name}, as a Markdown file:"
    outbox.post(session, outbox.direct(cause, request.user, kit.sentence(text)), now=request.now)
    return kit.sentence(f"Decision {known.name} is on its way to you, as a direct message.")


async def show_calibration(request: Request) -> None:
    """Tell a person how far their own predictions can be trusted."""
    known = await request.read(lambda session: calibration.of(session, request.user))
    await request.say(kit.sentence(nudge_blocks.calibration_words(known)))


async def open_template(request: Request) -> None:
    """Open the checklist that every decision begins with, to an owner."""

    def query(session: Session) -> kit.View:
        roster.must_be_owner(session, request.user)
        return blocks.template("\n".join(decision.checklist(session)))

    await request.open(await request.read(query))
    await request.ack()


async def word_checklist(request: Request) -> None:
    """Save the checklist that every decision begins with."""
    lines, who = blocks.read_template(request.view), request.user
    await request.once(
        lambda session: decision.word_checklist(session, lines, by=who, now=request.now)
    )


WORDS = {
    "": open_form,
    "list": show_list,
    "show": show_one,
    "export": export,
    "checklist": open_template,
    "calibration": show_calibration,
    "help": show_help,
}
MOST_AFTER = {"list": 1, "show": 1, "export": 1}  # words; more of them are what is to be decided
