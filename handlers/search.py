"""When somebody searches."""

from sqlmodel import Session

from bot.blocks import search as blocks
from bot.outbox import Message
from bot.rituals import search
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear the word that asks for it after /mission, and the buttons that turn the pages."""
    routes.words["search"] = ask
    routes.actions[blocks.EARLIER] = turn
    routes.actions[blocks.LATER] = turn


async def ask(request: Request) -> None:
    """Show what is found to who asks alone; without a word, how one can search."""
    text = blocks.fitting(request.words)
    if not text:
        await request.say(blocks.ways())
        return
    await request.say(await request.read(lambda session: page_of(session, request.user, text)))


async def turn(request: Request) -> None:
    """Show another page in the place of this one, of what is found now."""
    page, text = blocks.turned(request.value)
    await request.replace(
        await request.read(lambda session: page_of(session, request.user, text, page))
    )


def page_of(session: Session, person: str, text: str, page: int = 0) -> Message:
    """Return a page of what this person finds with what they typed."""
    asked = blocks.read(text)
    found = search.search(session, asked.sought, asked.filters, asker=person, page=page)
    return blocks.answer(found, asked, text) if found.results else blocks.nothing(asked, text)
