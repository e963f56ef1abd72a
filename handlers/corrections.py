"""When a record is corrected by its author, or withdrawn: the same for every kind of record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from bot import naming, outbox
from bot.blocks import digest as digest_blocks
from bot.blocks import kit
from bot.blocks import record as blocks
from bot.blocks import reminder as reminder_blocks
from bot.outbox import Message, Post
from bot.record import Record
from bot.rituals import digest, reminder
from handlers import outbox as outbox_handlers
from handlers.request import Request
from handlers.routes import Routes


@dataclass(frozen=True)
class Shown:
    """Every message about a record as it reads now.

    `left_out` says what stands in the place of the direct messages, by their causes, to those whom
    it does not name any more.
    """

    posts: Sequence[Post]
    left_out: Mapping[str, Message]
    record: Record


@dataclass(frozen=True)
class Forgotten:
    """A record that was withdrawn, the words it had, and every message about it."""

    record: Record
    words: str
    posts: Sequence[Post]


@dataclass(frozen=True)
class Corrections:
    """What is particular to one kind of record; each gets the session and the request.

    `form` makes the form to correct the record with this id, `save` saves what it says;
    `to_withdraw` returns the record with this id, `withdraw` takes it back.
    """

    kind: type[Record]
    edit_callback: str
    form: Callable[[Session, Request, int], kit.View]
    save: Callable[[Session, Request], Shown]
    to_withdraw: Callable[[Session, Request, int], Record]
    withdraw: Callable[[Session, Request, int], Forgotten]

    def register(self, routes: Routes) -> None:
        """Hear the menu beside such a record and the forms that it opens."""
        routes.actions[blocks.menu_of(self.kind)] = self.open_chosen
        routes.views[self.edit_callback] = self.correct
        routes.views[blocks.withdrawal_of(self.kind)] = self.take_back

    async def open_chosen(self, request: Request) -> None:
        """Open the form to correct the record, or the question whether to withdraw it."""
        what, record_id = blocks.chosen(request.value)
        if what == blocks.EDIT:
            view = await request.read(lambda session: self.form(session, request, record_id))
        else:
            view = await request.read(lambda session: self._question(session, request, record_id))
        await request.open(view)

    def _question(self, session: Session, request: Request, record_id: int) -> kit.View:
        record = self.to_withdraw(session, request, record_id)
        left = not _is_here(session, record.author)
        return blocks.withdrawal(record, by=request.user, author_left=left)

    async def correct(self, request: Request) -> None:
        """Save the correction; the post and the direct messages show it."""
        await request.once(lambda session: _show(session, self.save(session, request), request))

    async def take_back(self, request: Request) -> None:
        """Withdraw the record; its author gets the words back."""
        record_id = blocks.to_withdraw(request.view)

        def save(session: Session) -> Forgotten:
            forgotten = self.withdraw(session, request, record_id)
            _say_withdrawn(session, forgotten, request)
            return forgotten

        forgotten = await request.once(save)
        if forgotten is not None and forgotten.record.author == request.user:
            words = blocks.words_back(forgotten.record, forgotten.words)
            await request.ack(response_action="update", view=words)


def _show(session: Session, shown: Shown, request: Request) -> None:
    """Have Slack show the new wording; who is newly named is told, who left Slack is not."""
    people = [str(post.address.lane) for post in shown.posts if post.address.route is None]
    here, _ = naming.check(session, people)
    posts = [post for post in shown.posts if post.address.route or post.address.lane in here]
    outbox.show(session, *posts, now=request.now)
    for cause, message in shown.left_out.items():
        outbox.take_back(session, cause, message)
    follow(session, shown.record)


def follow(session: Session, record: Record) -> None:
    """Have the reminders that quote a record, and the digest of its week, say how it is now."""
    for shown in reminder.quoting(session, record.id):
        outbox.revise(session, shown.reminder.cause, reminder_blocks.message(shown))
    content = digest.telling(session, record)
    if content is not None:
        outbox.revise(session, content.digest.cause, digest_blocks.message(content))


def _is_here(session: Session, person: str) -> bool:
    here, _ = naming.check(session, [person])
    return bool(here)


def take_back(session: Session, forgotten: Forgotten) -> list[Post]:
    """Have every message about it say that it was withdrawn; return those that may still stand."""
    record = forgotten.record
    notice = blocks.withdrawn(record)
    may_stand = [post for post in forgotten.posts if outbox.take_back(session, post.cause, notice)]
    outbox_handlers.take_back_notices(session, record.cause, notice)
    follow(session, record)
    return may_stand


def _say_withdrawn(session: Session, forgotten: Forgotten, request: Request) -> None:
    """Have every message about it say so; its author, unless gone, is told if an owner did it."""
    record = forgotten.record
    may_stand = take_back(session, forgotten)
    if may_stand:
        unknown = blocks.may_still_stand(record, [str(post.address.lane) for post in may_stand])
        cause = f"{record.cause}:may_stand"
        outbox.post(session, outbox.direct(cause, request.user, unknown), now=request.now)
    if record.withdrawn_by != record.author and _is_here(session, record.author):
        message = blocks.withdrawn_by_owner(record, forgotten.words)
        told = outbox.direct(f"{record.cause}:withdrawn", record.author, message)
        outbox.post(session, told, now=request.now)
