"""When somebody asks for a decision, in a line or in the form."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from bot import cards, charter, nudges, outbox, roster
from bot.blocks import decision as blocks
from bot.blocks import decisionform as form_blocks
from bot.blocks import decisions as list_blocks
from bot.blocks import kit, pointed, typed
from bot.blocks import nudges as nudge_blocks
from bot.blocks.mission import OPEN_DECIDE
from bot.blocks.pointed import Pointed
from bot.outbox import Message
from bot.proposal import LONGEST_CONTEXT, TITLE, Draft, Proposal
from bot.rituals import decision
from bot.standing import Standing
from handlers import outbox as outbox_handlers
from handlers.request import Request
from handlers.routes import Routes, typed_again

ALL_OF_IT = "The form does not hold all of your words, so here they are to copy:"


def register(routes: Routes) -> None:
    """Hear the form and its shortcut."""
    routes.actions[OPEN_DECIDE] = open_form
    routes.actions[form_blocks.MORE] = show_more
    routes.shortcuts[form_blocks.SHORTCUT] = decide_on_this
    routes.views[form_blocks.CALLBACK] = submit


async def begin(request: Request) -> None:
    """Begin a decision in one line, with the options and the checklist that are always there."""
    names = await request.read(lambda session: _names(session, request.words))
    title = " ".join(typed.plain(request.words, names=names).split())
    if len(title) > TITLE[-1]:
        draft = too_long_for_a_title(typed.plain(request.words, names=names))
        await _open(request, draft)
        if len(draft.notes) > 1:  # a form holds less than a command
            await request.say(kit.sentence(ALL_OF_IT, typed=typed_again(request.body)))
        return

    def save(session: Session) -> Message:
        proposal = Proposal(request.user, title, checklist=decision.checklist(session))
        stands = decision.begin(session, proposal, now=request.now)
        trouble = announce(session, stands, request)
        return list_blocks.begun(stands.decision, trouble=trouble)

    said = await request.once(save)
    await request.say(said or kit.sentence("That is saved already."))


def _names(session: Session, words: str) -> dict[str, str]:
    return roster.names(session, typed.mentioned(words))


def too_long_for_a_title(words: str) -> Draft:
    """Make a draft of words that are more than a title."""
    kept = kit.cut(words, LONGEST_CONTEXT)
    notes = [f"A title takes {TITLE[-1]} characters at most, so your words stand below it."]
    if kept != words:
        notes.append(
            f"They are {len(words):,} characters; the end is cut off. "
            "All of them stand in my answer to your command."
        )
    return Draft(context=kept, notes=notes)


async def open_form(request: Request) -> None:
    """Open the form with nothing but the checklist filled in."""
    await _open(request, Draft())


async def _open(request: Request, draft: Draft) -> None:
    def query(session: Session) -> kit.View:
        charter.must_be_in_force(session)
        return form_blocks.form(replace(draft, checklist=decision.checklist(session)))

    await request.open(await request.read(query))
    await request.ack()


async def show_more(request: Request) -> None:
    """Show everything that can be said in the form."""
    view = form_blocks.with_more(request.view)
    if view is not None:
        await request.change_form(view)


async def decide_on_this(request: Request) -> None:
    """Open the form with a message's words as what one has to know."""
    message = pointed.read(request.body)
    await _open(request, await request.read(lambda session: for_message(session, message)))


def for_message(session: Session, message: Pointed) -> Draft:
    """Make a draft of a message, with a link to it where everybody can follow that."""
    words = typed.plain(message.text, names=_names(session, message.text)).strip()
    notes = [] if words else ["I found no words in this message."]
    if len(words) > LONGEST_CONTEXT:
        notes.append(
            f"Of its {len(words):,} characters {LONGEST_CONTEXT:,} fit; the end is cut off."
        )
    if message.link is None:
        notes.append(
            "Not everybody can read this message, so the decision will not link to it. "
            "What stands below will be read by everybody, unless you make it private under More."
        )
    return Draft(context=kit.cut(words, LONGEST_CONTEXT), notes=notes, link=message.link)


async def submit(request: Request) -> None:
    """Save what the form says, once."""
    proposal = form_blocks.read_form(request.view, author=request.user)

    def save(session: Session) -> None:
        announce(session, decision.begin(session, proposal, now=request.now), request)

    await request.once(save)


def announce(session: Session, stands: Standing, request: Request) -> str | None:
    """Have its card posted; who asked hears why where it has to wait for a channel.

    Returns the sentence that says so.
    """
    show(session, stands, request)
    known = stands.decision
    if known.is_private or known.channel is not None:
        return None
    waiting = outbox.by_cause(session, known.cause)
    if waiting is not None:
        outbox_handlers.tell_concerned(session, waiting, request.now)
    return outbox_handlers.not_posted_yet(waiting)


def show(session: Session, stands: Standing, request: Request) -> None:
    """Have every card of the decision, and every reminder of it, show how it stands now."""
    show_at(session, stands, now=request.now)


def show_at(session: Session, stands: Standing, *, now: datetime) -> None:
    """The same, where nobody asked for it."""
    outbox.show(session, *blocks.posts(cards.of(session, stands)), now=now)
    for cause in nudges.settled(session, stands):
        outbox.take_back(session, cause, nudge_blocks.settled(stands))
    if not stands.is_driverless:
        for cause in nudges.asked_to_drive(session, stands.decision):
            outbox.take_back(session, cause, nudge_blocks.driven(stands))
    if stands.decision.is_open:
        outbox.revise(session, nudges.late_cause(stands.decision), nudge_blocks.late(stands))
