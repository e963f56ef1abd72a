"""When somebody tells a story, corrects it, or thanks for one."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlmodel import Session

from bot import charter, naming, outbox, roster
from bot.blocks import kit, pointed, typed
from bot.blocks import record as record_blocks
from bot.blocks import story as blocks
from bot.blocks.mission import OPEN_STORY
from bot.blocks.pointed import Pointed
from bot.charter import Charter
from bot.outbox import Address, Post
from bot.record import Record
from bot.rituals import story
from bot.rituals.story import Story, Told
from bot.tale import FIELDS, TEXT, TITLE, Draft, Kind, check_credits
from handlers import outbox as outbox_handlers
from handlers.corrections import Corrections, Forgotten, Shown
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear the command, its forms, its shortcuts, its menu and Thank."""
    routes.commands["story"] = begin
    routes.shortcuts[blocks.SHORTCUT] = open_form
    routes.shortcuts[blocks.MESSAGE_SHORTCUT] = tell_as_story
    routes.actions[OPEN_STORY] = open_form
    routes.actions[blocks.KIND_CHOSEN] = change_kind
    routes.actions[blocks.THANK] = thank
    routes.views[blocks.CALLBACK] = submit
    CORRECTIONS.register(routes)


async def begin(request: Request) -> None:
    """Open the form with what was typed."""
    if request.words.casefold() == "help":
        await request.say(kit.ways("Ways to tell a story", blocks.HELP))
        return
    current, draft = await request.read(lambda session: from_words(session, request.words))
    if len(draft.texts.get("happened", "")) > TEXT[-1]:
        await request.say(record_blocks.too_long(draft.texts["happened"], longest=TEXT[-1]))
        return
    await request.open(blocks.form(current, draft))
    await request.ack()


def from_words(session: Session, words: str) -> tuple[Charter, Draft]:
    """Make a draft of what was typed: the kind, the title, a value, and who is mentioned."""
    current = charter.must_be_in_force(session)
    kind, words = kind_in(words)
    said = typed.read(words)
    plain = typed.plain(words, names=roster.names(session, said.people))
    value, title, notes = typed.find_value(replace(said, words=plain), current)
    credits, refusals = credited(session, said.people)
    draft = Draft(kind, " ".join(title.split()), {}, value, credits, [*notes, *refusals])
    return current, draft if len(draft.title) <= TITLE[-1] else too_long_for_a_title(draft, title)


def kind_in(words: str) -> tuple[Kind, str]:
    """Return the kind that the first word names, and the other words; without one, a success."""
    first, *rest = words.split(maxsplit=1) or [""]
    kind = first.rstrip(":").casefold()
    return (Kind(kind), "".join(rest)) if kind in FIELDS else (Kind.SUCCESS, words)


def too_long_for_a_title(draft: Draft, words: str) -> Draft:
    """Return the draft with the words where there is room for them."""
    note = (
        f"A title takes {TITLE[-1]} characters at most, so your words stand under "
        f"“{blocks.HEADINGS['happened']}”."
    )
    return replace(draft, title="", texts={"happened": words}, notes=[*draft.notes, note])


def credited(session: Session, people: Sequence[str]) -> tuple[Sequence[str], list[str]]:
    """Return who of them can be credited, and what to say about the others."""
    credits, refusals = naming.check(session, people)
    too_many = check_credits(credits)
    notes = [f"Not credited: {refusal}" for refusal in refusals]
    return credits, [*notes, *([too_many.message] if too_many else [])]


async def open_form(request: Request) -> None:
    """Open the empty form."""
    await request.open(blocks.form(await request.read(charter.must_be_in_force), Draft()))


async def tell_as_story(request: Request) -> None:
    """Open the form with a message's words as what happened, and its author credited."""
    message = pointed.read(request.body)

    def query(session: Session) -> tuple[Charter, Draft]:
        return charter.must_be_in_force(session), for_message(session, message, team=request.team)

    await request.open(blocks.form(*await request.read(query)))


def for_message(session: Session, message: Pointed, *, team: str) -> Draft:
    """Make a draft of a message; the story does not lead back to it."""
    names = roster.names(session, typed.mentioned(message.text))
    words = typed.plain(message.text, names=names).strip()
    notes: list[str] = []
    if not words:
        notes.append("I found no words in this message.")
    if len(words) > TEXT[-1]:
        notes.append(
            f"The message has {len(words):,} characters; {TEXT[-1]:,} fit, so its end is cut off."
        )
    if message.link is None:
        notes.append("Not everybody can read this message, and everybody will read the story.")
    credits, more = author_of(session, message, team=team)
    texts = {"happened": kit.cut(words, TEXT[-1])}
    return Draft(texts=texts, credits=credits, notes=[*notes, *more])


def author_of(
    session: Session, message: Pointed, *, team: str
) -> tuple[Sequence[str], Sequence[str]]:
    """Return who wrote the message where they can be credited, else why they cannot."""
    if message.author is None:
        return [], ["Not credited: no person wrote this message."]
    if message.team not in (None, team) and roster.person(session, message.author) is None:
        return [], ["Not credited: who wrote this message belongs to another organisation."]
    return credited(session, [message.author])


async def change_kind(request: Request) -> None:
    """Show the fields of the kind that was chosen."""
    view = blocks.changed(request.view)
    if view is not None:
        await request.change_form(view)


async def submit(request: Request) -> None:
    """Save what the form says, once."""
    other = blocks.changed(request.view)
    if other is not None:  # sent before its fields could follow the kind
        await request.ack(response_action="update", view=other)
        return
    tale = blocks.read_form(request.view, author=request.user)

    def save(session: Session) -> None:
        announce(session, story.tell(session, tale, now=request.now), request)

    await request.once(save)


def announce(session: Session, told: Told, request: Request) -> None:
    """Have it posted, and everybody told whom it credits; who waits for a channel hears why."""
    outbox.post(session, *messages(told), now=request.now)
    waiting = None if told.story.channel else outbox.by_cause(session, told.story.cause)
    if waiting is not None:
        outbox_handlers.tell_concerned(session, waiting, request.now)


def messages(told: Told) -> Iterator[Post]:
    """Every message about a story: its post, and those to whom it credits but the author."""
    record = told.story
    address = Address(record.channel, route="stories_channel", owner=record.author)
    yield Post(record.cause, address, blocks.announcement(told))
    for person in told.credits:
        if person != record.author:
            cause = f"{record.cause}:to:{person}"
            yield outbox.direct(cause, person, blocks.credited(told), owner=record.author)


async def thank(request: Request) -> None:
    """Take the thanks of who clicked, or take them back."""
    story_id, state = record_blocks.about(request.value)

    def toggle(session: Session) -> None:
        told = story.toggle_thanks(session, story_id=story_id, person=request.user, now=request.now)
        outbox.revise(session, told.story.cause, blocks.announcement(told))

    await request.once(toggle, key=f"thank:{story_id}:{state}:{request.user}")


def edit_form(session: Session, request: Request, story_id: int) -> kit.View:
    """Return the form with the story as it is, to its author."""
    told = story.to_correct(session, story_id=story_id, by=request.user)
    here, _ = naming.check(session, told.credits)
    return blocks.edit_form(charter.must_be_in_force(session), told, here=here)


def correct(session: Session, request: Request) -> Shown:
    """Save the author's correction."""
    tale = blocks.read_form(request.view, author=request.user)
    story_id, based_on = record_blocks.edited(request.view)
    corrected = story.correct(session, tale, story_id=story_id, based_on=based_on, now=request.now)
    told = corrected.told
    notice = blocks.not_credited_any_more(told)
    left_out = {f"{told.story.cause}:to:{person}": notice for person in corrected.removed}
    return Shown(list(messages(told)), left_out, told.story)


def to_withdraw(session: Session, request: Request, story_id: int) -> Record:
    """Return the story where it is theirs to withdraw."""
    return story.to_withdraw(session, story_id=story_id, by=request.user).story


def withdraw(session: Session, request: Request, story_id: int) -> Forgotten:
    """Take the story back."""
    withdrawn = story.withdraw(session, story_id=story_id, by=request.user, now=request.now)
    words = blocks.words(withdrawn.title, withdrawn.texts)
    return Forgotten(withdrawn.told.story, words, list(messages(withdrawn.told)))


CORRECTIONS = Corrections(Story, blocks.EDIT_CALLBACK, edit_form, correct, to_withdraw, withdraw)
