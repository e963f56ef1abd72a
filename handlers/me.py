"""When somebody asks for everything about themselves."""

from sqlmodel import Session

from bot import about, attachments, outbox
from bot.blocks import kit
from bot.blocks import me as blocks
from bot.outbox import Message
from bot.rituals import me
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear the word after /mission, and the button on Home."""
    routes.words["me"] = everything
    routes.actions[blocks.OPEN_ME] = send


async def everything(request: Request) -> None:
    """Send the person what is about them; nothing can be asked for about anybody else."""
    if request.words:
        await request.say(kit.sentence(blocks.SELF_ONLY))
        return
    sent = await send(request)
    await request.say(kit.sentence(blocks.ON_ITS_WAY if sent else "It is on its way already."))


async def send(request: Request) -> bool:
    """Have the message sent, which makes the files follow; say whether it was not asked before."""
    message = await request.read(lambda session: message_for(session, request))
    cause = attachments.export_cause(None, request.user, request.key)
    post = outbox.direct(cause, request.user, message)

    def save(session: Session) -> bool:
        outbox.post(session, post, now=request.now)
        return True

    return bool(await request.once(save))


def message_for(session: Session, request: Request) -> Message:
    """Return the message for who asks."""
    person = request.user
    latest = {
        name: read(session, person, me.LATEST, me.SHOWN).items for name, read in me.SECTIONS.items()
    }
    return blocks.message(
        about.of_person(session, person, now=request.now),
        me.counts(session, person),
        latest,
        address=request.deps.address,
        now=request.now,
    )
