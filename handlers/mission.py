"""When somebody asks for the mission, changes it, or changes the settings."""

import asyncio
import logging

from sqlmodel import Session

from bot import acknowledgement, agenda, charter, outbox, roster, settings, workdays
from bot.agenda import Coming
from bot.answers import Kind, answer_of
from bot.blocks import charter as charter_blocks
from bot.blocks import kit, typed
from bot.blocks import mission as blocks
from bot.blocks import settings as settings_blocks
from bot.errors import NotSaved, Unconfirmed
from bot.outbox import Address, Message, Post, Status
from bot.rituals import mission
from handlers import acknowledgement as reading
from handlers import outbox as outbox_handlers
from handlers.request import OPENING_SECONDS, Request
from handlers.routes import Routes

log = logging.getLogger(__name__)


def register(routes: Routes) -> None:
    """Hear the command, its words, its forms and the buttons that open them."""
    routes.words.update(
        {
            "": card,
            "setup": open_setup,
            "settings": open_settings,
            "history": history,
            "help": show_help,
        }
    )

    async def command(request: Request) -> None:
        """Do what the first word says; every other ritual can be reached here as well."""
        word, *rest = request.words.split(maxsplit=1) or [""]
        rituals = {name: ritual for name, ritual in routes.commands.items() if name != "mission"}
        listener = (routes.words | rituals).get(word.casefold())
        if listener is None:
            meant = typed.nearest(word, [*routes.words, *rituals])
            await request.say(blocks.help_card(unknown=word, meant=meant))
        else:
            await listener(request.with_words("".join(rest)))

    routes.commands["mission"] = command
    routes.actions[blocks.OPEN_SETUP] = open_setup
    routes.actions[blocks.OPEN_SETTINGS] = open_settings
    routes.views[blocks.SETUP] = set_up
    routes.views[settings_blocks.SETTINGS] = choose_settings


async def card(request: Request) -> None:
    """Show the mission in force."""
    await request.say(await request.read(lambda session: card_for(session, request.user)))


def card_for(session: Session, person: str) -> Message:
    """Return the mission's card for this person, or what stands in its place."""
    owner = roster.is_owner(session, person)
    current = charter.in_force(session)
    if current is None:
        return blocks.not_set_up(owner=owner, who=charter.who_writes(session))
    read = acknowledgement.read_by(session, current.version) if owner else None
    return blocks.card(current, zone=roster.zone_of(session, person), owner=owner, read=read)


async def history(request: Request) -> None:
    """Show how the wording changed."""

    def query(session: Session) -> Message:
        zone = roster.zone_of(session, request.user)
        return charter_blocks.history(charter.all_so_far(session), zone=zone)

    await request.say(await request.read(query))


async def show_help(request: Request) -> None:
    """Show what can be done."""
    await request.say(blocks.help_card())


async def open_setup(request: Request) -> None:
    """Open the form for the mission, to an owner."""

    def query(session: Session) -> charter.Charter | None:
        roster.must_be_owner(session, request.user)
        return charter.in_force(session)

    await request.open(blocks.setup_form(await request.read(query)))
    await request.ack()


async def set_up(request: Request) -> None:
    """Save the mission and post what changed."""
    filled = blocks.read_setup_form(request.view)

    def save(session: Session) -> None:
        after = mission.set_up(
            session,
            by=request.user,
            statement=filled.statement,
            values=filled.values,
            why=filled.why,
            based_on=filled.based_on,
            now=request.now,
        )
        agenda.keep(session, request.deps.agenda, now=request.now)  # some of it waits for a mission
        announce(session, after, request)

    await request.once(save)


def announce(session: Session, after: charter.Charter, request: Request) -> None:
    """Post the difference where recognitions are posted; without a channel, the owners are told."""
    chosen = settings.of_team(session)
    message, cause = reading.post_of(session, after), reading.cause_of(after)
    address = Address(chosen.recognition_channel, route="recognition_channel", owner=request.user)
    outbox.post(session, Post(cause, address, message), now=request.now)
    waiting = outbox.by_cause(session, cause)
    if waiting is not None and waiting.status == Status.BLOCKED:
        outbox_handlers.tell_owners(session, waiting, request.now)


async def open_settings(request: Request) -> None:
    """Open the form for the settings, to an owner."""

    def query(session: Session) -> kit.View:
        roster.must_be_owner(session, request.user)
        zone = roster.zone_of(session, request.user).key
        chosen, coming = settings.of_team(session), agenda.coming(session, request.deps.agenda)
        named = roster.people(session, chosen.owners)
        owners = [one for one in chosen.owners if one in named and named[one].is_full_member]
        return settings_blocks.form(chosen, coming, owners=owners, zone=zone)

    await request.open(await request.read(query))
    # While the owner fills it in, as nobody else can be served where it is saved.
    asyncio.get_running_loop().run_in_executor(None, workdays.get_ready)
    await request.ack()


async def choose_settings(request: Request) -> None:
    """Save the settings, and join the channels that were chosen."""
    filled = settings_blocks.read_form(request.view)

    def save(session: Session) -> None:
        before = _when(session, request)
        mission.choose_settings(
            session,
            by=request.user,
            owners=filled.owners,
            channels=filled.channels,
            allowance=filled.allowance,
            fewest_answers=filled.fewest_answers,
            times=filled.times,
            agenda=request.deps.agenda,
            now=request.now,
        )
        if _when(session, request) != before:
            tell_next(session, request)

    await request.once(save)
    # Side by side, as Slack waits three seconds for all of it.
    chosen = dict.fromkeys(channel for channel in filled.channels.values() if channel)
    await asyncio.gather(*(join(request, channel) for channel in chosen))


def _when(session: Session, request: Request) -> tuple[list[str | None], list[Coming]]:
    """What says when things come round, and when they are next."""
    chosen = settings.times(settings.of_team(session))
    return chosen, agenda.coming(session, request.deps.agenda)


def tell_next(session: Session, request: Request) -> None:
    """Tell the owner when everything that comes round is next, where anything does."""
    coming = agenda.coming(session, request.deps.agenda)
    if coming:
        message = settings_blocks.saved(coming, zone=settings.of_team(session).zone)
        post = outbox.direct(f"settings:{request.key}", request.user, message)
        outbox.post(session, post, now=request.now)


async def join(request: Request, channel: str) -> None:
    """Join the channel, or ask the owner to invite the bot where it cannot."""
    try:
        async with asyncio.timeout(OPENING_SECONDS):
            if await _is_in(request, channel):
                return
    except TimeoutError:
        log.warning("Slack did not say in time whether I am in %s", channel)
    post = outbox.direct(f"invite:{channel}:{request.key}", request.user, blocks.invite_me(channel))
    try:
        await request.write(lambda session: outbox.post(session, post, now=request.now))
    except (NotSaved, Unconfirmed) as error:  # the settings are saved, so nothing else may be said
        log.warning("nobody could be asked to invite me into %s: %s", channel, error.message)


async def _is_in(request: Request, channel: str) -> bool:
    slack = request.deps.slack
    if (await answer_of(slack.conversations_join(channel=channel))).kind is Kind.TAKEN:
        return True
    # A private channel cannot be joined, but the bot may have been invited already.
    answer = await answer_of(slack.conversations_info(channel=channel))
    return bool(((answer.data or {}).get("channel") or {}).get("is_member"))
