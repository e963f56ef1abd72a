"""When a recognition is corrected by its giver, or withdrawn."""

from collections.abc import Sequence

from sqlmodel import Session

from bot import charter, naming, outbox
from bot.blocks import recognition as blocks
from bot.blocks import record as record_blocks
from bot.rituals import recognition
from bot.rituals.recognition import Corrected, Given, Recognition, Withdrawn
from handlers.recognition import messages
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear the menu beside a recognition and the forms that it opens."""
    routes.actions[record_blocks.menu_of(Recognition)] = open_chosen
    routes.views[blocks.EDIT_CALLBACK] = correct
    routes.views[record_blocks.withdrawal_of(Recognition)] = withdraw


async def open_chosen(request: Request) -> None:
    """Open the form to correct the recognition, or the question whether to withdraw it."""
    what, recognition_id = record_blocks.chosen(request.value)
    if what == record_blocks.EDIT:
        await open_edit(request, recognition_id)
    else:
        await open_withdrawal(request, recognition_id)


async def open_edit(request: Request, recognition_id: int) -> None:
    """Open the form with the recognition as it is, to its giver."""

    def query(session: Session) -> tuple[charter.Charter, Given, Sequence[str]]:
        given = recognition.to_correct(session, recognition_id=recognition_id, by=request.user)
        here, _ = naming.check(session, given.recipients)
        return charter.must_be_in_force(session), given, here

    current, given, here = await request.read(query)
    await request.open(blocks.edit_form(current, given, here=here))


async def correct(request: Request) -> None:
    """Save the correction; the post and the direct messages show it."""
    deed = blocks.read_form(request.view, giver=request.user)
    recognition_id, based_on = blocks.edited(request.view)

    def save(session: Session) -> None:
        corrected = recognition.correct(
            session, deed, recognition_id=recognition_id, based_on=based_on, now=request.now
        )
        show_correction(session, corrected, request)

    await request.once(save)


def show_correction(session: Session, corrected: Corrected, request: Request) -> None:
    """Have Slack show the new wording; who is newly named is told, who left Slack is not."""
    given = corrected.given
    here, _ = naming.check(session, given.recipients)
    gone = {f"{given.recognition.cause}:to:{one}" for one in given.recipients if one not in here}
    shown = [post for post in messages(given) if post.cause not in gone]
    outbox.show(session, *shown, now=request.now)
    for person in corrected.removed:
        cause = f"{given.recognition.cause}:to:{person}"
        outbox.take_back(session, cause, blocks.not_named_any_more(given))


async def open_withdrawal(request: Request, recognition_id: int) -> None:
    """Ask whether to withdraw the recognition."""
    given = await request.read(
        lambda session: recognition.to_withdraw(
            session, recognition_id=recognition_id, by=request.user
        )
    )
    await request.open(record_blocks.withdrawal(given.recognition, by=request.user))


async def withdraw(request: Request) -> None:
    """Withdraw the recognition; its author gets the words back."""
    recognition_id = int(request.view["private_metadata"])

    def save(session: Session) -> Withdrawn:
        withdrawn = recognition.withdraw(
            session, recognition_id=recognition_id, by=request.user, now=request.now
        )
        show_withdrawal(session, withdrawn, request)
        return withdrawn

    withdrawn = await request.once(save)
    if withdrawn is not None and withdrawn.given.recognition.author == request.user:
        words = record_blocks.words_back(withdrawn.given.recognition, withdrawn.words)
        await request.ack(response_action="update", view=words)


def show_withdrawal(session: Session, withdrawn: Withdrawn, request: Request) -> None:
    """Have every message about it say so; its author is told where an owner did it."""
    given = withdrawn.given
    record = given.recognition
    notice = record_blocks.withdrawn(record)
    for post in messages(given):
        outbox.take_back(session, post.cause, notice)
    if record.withdrawn_by != record.author:
        message = record_blocks.withdrawn_by_owner(record, withdrawn.words)
        told = outbox.direct(f"{record.cause}:withdrawn", record.author, message)
        outbox.post(session, told, now=request.now)
