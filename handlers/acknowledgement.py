"""When somebody says that they have read the mission."""

from sqlmodel import Session

from bot import acknowledgement, charter, outbox, settings, wording
from bot.blocks import acknowledgement as blocks
from bot.blocks import charter as charter_blocks
from bot.charter import Charter
from bot.outbox import Message
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear the button below a new version and in a welcome."""
    routes.actions[blocks.READ] = acknowledge


async def acknowledge(request: Request) -> None:
    """Count who pressed it, once; the post of the version shows how many did."""
    number = blocks.version_read(request.value)

    def save(session: Session) -> bool:
        is_new = acknowledgement.acknowledge(
            session, number=number, person=request.user, now=request.now
        )
        if is_new:
            current = charter.must_be_in_force(session)
            outbox.revise(session, cause_of(current), post_of(session, current))
        return is_new

    is_new = await request.write(save)
    if not request.is_on_home:  # where it waits no more
        await request.whisper(blocks.thanks(number, is_new=is_new))


def cause_of(version: Charter) -> str:
    """Return the outbox's key of the post that tells of a version."""
    return f"charter:{version.version.number}"


def post_of(session: Session, version: Charter) -> Message:
    """Return the post that tells of a version, with how many have read it by now."""
    before = charter.numbered(session, version.version.number - 1)
    change = wording.difference(before, version) if before else None
    read = acknowledgement.read_by(session, version.version)
    zone = settings.of_team(session).zone
    return charter_blocks.changed(version, change, zone=zone, read=read)
