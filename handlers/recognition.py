"""When somebody recognises somebody, corrects that, or applauds."""

from collections.abc import Iterator
from dataclasses import replace

from sqlmodel import Session

from bot import charter, groups, inbound, naming, outbox, roster
from bot.blocks import forms, kit, pointed, typed
from bot.blocks import recognition as blocks
from bot.blocks import record as record_blocks
from bot.deed import LONGEST, Deed, Draft, draft
from bot.groups import Groups
from bot.outbox import Address, Message, OutboxRow, Post
from bot.record import Record
from bot.rituals import recognition
from bot.rituals.recognition import Given, Recognition
from handlers import outbox as outbox_handlers
from handlers.corrections import Corrections, Forgotten, Shown
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear the command, its forms, its shortcuts, its menu and Applaud."""
    routes.commands["recognize"] = recognize
    routes.shortcuts[blocks.SHORTCUT] = open_form
    routes.shortcuts[blocks.MESSAGE_SHORTCUT] = recognize_this
    routes.actions["open_recognize"] = open_form
    routes.actions[blocks.VALUE_CHOSEN] = give_hint
    routes.views[blocks.CALLBACK] = submit
    routes.actions[blocks.APPLAUD] = applaud
    CORRECTIONS.register(routes)


async def recognize(request: Request) -> None:
    """Give what was said in one line, or open the form with what was."""
    if request.words.casefold() == "help":
        await request.say(kit.ways("Ways to recognise somebody", blocks.HELP))
        return
    said = typed.read(request.words)
    found = await groups.look_up(request.deps.slack) if said.groups or said.handles else Groups()
    outcome = await request.write(lambda session: _in_one_line(session, request, found))
    if isinstance(outcome, Draft):
        await _open(request, outcome)
    else:
        await request.say(outcome)


def _in_one_line(session: Session, request: Request, found: Groups) -> Draft | Message:
    """Return the confirmation, or a draft where something is missing."""
    said = read_line(session, request, found)
    if not said.is_complete:
        return said
    if not inbound.first_time(session, request.key, at=request.now):
        return kit.sentence("This recognition is saved already.")
    deed = Deed(request.user, said.recipients, said.message, str(said.value))
    given = recognition.give(session, deed, now=request.now)
    waiting = announce(session, given, request)
    return blocks.confirmation(given, trouble=outbox_handlers.not_posted_yet(waiting))


def read_line(session: Session, request: Request, found: Groups) -> Draft:
    """Make a draft of what was typed after the command, with the people of the groups named."""
    current = charter.must_be_in_force(session)
    said = typed.read(request.words)
    notes: list[str] = []
    if said.groups or said.handles:
        meant = groups.meant(
            session,
            found,
            mentioned=said.groups,
            handles=said.handles,
            giver=request.user,
            alone=not said.people,
        )
        said = typed.read(request.words, known=meant.people)
        notes += meant.notes
    value, message, note = typed.find_value(said, current)
    known = draft(session, giver=request.user, people=said.people, message=message, value=value)
    return replace(known, notes=[*notes, *known.notes, *note])


async def _open(request: Request, said: Draft) -> None:
    if len(said.message) > forms.INPUT_LENGTH:
        await request.say(record_blocks.too_long(said.message, longest=LONGEST))
        return
    current = await request.read(charter.must_be_in_force)
    await request.open(blocks.form(current, said))
    await request.ack()


async def open_form(request: Request) -> None:
    """Open the empty form."""
    current = await request.read(charter.must_be_in_force)
    await request.open(blocks.form(current, Draft()))


async def recognize_this(request: Request) -> None:
    """Open the form for a message in Slack, with its author filled in."""
    message = pointed.read(request.body)

    def query(session: Session) -> tuple[charter.Charter, Draft]:
        return charter.must_be_in_force(session), _for_message(session, message, request)

    await request.open(blocks.form(*await request.read(query)))


def _for_message(session: Session, message: pointed.Pointed, request: Request) -> Draft:
    names = roster.names(session, typed.mentioned(message.text))
    about = typed.plain(message.text, names=names)
    known, notes = Draft(), []
    if message.author is None:
        notes = ["No person wrote this message, so please choose whom to recognise."]
    elif message.team not in (None, request.team) and not roster.person(session, message.author):
        notes = ["Who wrote this message belongs to another organisation, so please choose others."]
    else:
        known = draft(session, giver=request.user, people=[message.author], message="", value=None)
    if message.link is None:
        notes.append("Not everybody can read this message, so the post will not link to it.")
    return replace(known, notes=[*known.notes, *notes], link=message.link, about=about)


async def give_hint(request: Request) -> None:
    """Show or hide the hint about the message, once a value is chosen."""
    view = blocks.hinted(request.view)
    if view is not None:
        await request.change_form(view)


async def submit(request: Request) -> None:
    """Save what the form says, once."""
    deed = blocks.read_form(request.view, giver=request.user)

    def save(session: Session) -> None:
        given = recognition.give(session, deed, now=request.now)
        waiting = announce(session, given, request)
        if waiting is not None:
            outbox_handlers.tell_giver(session, waiting, request.now)

    await request.once(save)


def announce(session: Session, given: Given, request: Request) -> OutboxRow | None:
    """Have it posted, and everybody told who was recognised.

    Returns the post where it cannot be sent yet, after telling the owners.
    """
    record, now = given.recognition, request.now
    outbox.post(session, *messages(given), now=now)
    if record.is_private or record.channel is not None:
        return None
    waiting = outbox.by_cause(session, record.cause)
    if waiting is not None:
        outbox_handlers.tell_owners(session, waiting, now)
    return waiting


def messages(given: Given) -> Iterator[Post]:
    """Every message about a recognition: its post, or the giver's copy, and the recipients'."""
    record = given.recognition
    if record.is_private:
        yield outbox.direct(f"{record.cause}:copy", record.author, blocks.copy_for_giver(given))
    else:
        address = Address(record.channel, route="recognition_channel", owner=record.author)
        yield Post(record.cause, address, blocks.announcement(given))
    for person in given.recipients:
        message = blocks.thanks(given, to=person)
        yield outbox.direct(f"{record.cause}:to:{person}", person, message, owner=record.author)


async def applaud(request: Request) -> None:
    """Count the applause of who clicked, or take it back."""
    recognition_id, state = record_blocks.about(request.value)

    def toggle(session: Session) -> None:
        given = recognition.toggle_applause(
            session, recognition_id=recognition_id, person=request.user, now=request.now
        )
        outbox.revise(session, given.recognition.cause, blocks.announcement(given))

    # A double click shows the same state twice; a second thought shows the count after it.
    await request.once(toggle, key=f"applaud:{recognition_id}:{state}:{request.user}")


def edit_form(session: Session, request: Request, recognition_id: int) -> kit.View:
    """Return the form with the recognition as it is, to its giver."""
    given = recognition.to_correct(session, recognition_id=recognition_id, by=request.user)
    here, _ = naming.check(session, given.recipients)
    return blocks.edit_form(charter.must_be_in_force(session), given, here=here)


def correct(session: Session, request: Request) -> Shown:
    """Save the giver's correction."""
    deed = blocks.read_form(request.view, giver=request.user)
    recognition_id, based_on = record_blocks.edited(request.view)
    corrected = recognition.correct(
        session, deed, recognition_id=recognition_id, based_on=based_on, now=request.now
    )
    notice = blocks.not_named_any_more(corrected.given)
    cause = corrected.given.recognition.cause
    left_out = {f"{cause}:to:{person}": notice for person in corrected.removed}
    return Shown(list(messages(corrected.given)), left_out, corrected.given.recognition)


def to_withdraw(session: Session, request: Request, recognition_id: int) -> Record:
    """Return the recognition where it is theirs to withdraw."""
    return recognition.to_withdraw(
        session, recognition_id=recognition_id, by=request.user
    ).recognition


def withdraw(session: Session, request: Request, recognition_id: int) -> Forgotten:
    """Take the recognition back."""
    withdrawn = recognition.withdraw(
        session, recognition_id=recognition_id, by=request.user, now=request.now
    )
    given = withdrawn.given
    return Forgotten(given.recognition, withdrawn.words, list(messages(given)))


CORRECTIONS = Corrections(
    Recognition, blocks.EDIT_CALLBACK, edit_form, correct, to_withdraw, withdraw
)
