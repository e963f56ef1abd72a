"""When a driver says how a decision came out, or somebody takes the place of one who left."""

from datetime import datetime
from functools import partial
from typing import Any

from sqlmodel import Session

from bot import calibration, charter, deliberation, handover, nudges, outbox, roster
from bot.blocks import decision as card
from bot.blocks import decisionforms as form_blocks
from bot.blocks import kit
from bot.blocks import nudges as blocks
from bot.blocks import story as story_blocks
from bot.blocks.record import number
from bot.rituals import outcome
from bot.standing import Standing
from bot.tale import Draft, Kind
from handlers.decision import show, show_at
from handlers.deliberation import seen
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear the answers to a review, the offer of a story, and who takes somebody's place."""
    routes.actions[blocks.CAME_OUT] = came_out
    routes.actions[blocks.CAME_OUT_NOT] = came_out_not
    routes.actions[blocks.TOO_EARLY] = ask_later
    routes.actions[blocks.LESSON] = open_lesson
    routes.actions[blocks.REPLACE] = open_replace
    routes.views[form_blocks.REPLACE] = replace
    routes.actions[card.DRIVE] = drive


async def came_out(request: Request) -> None:
    """Keep that it came out as predicted."""
    await request.once(partial(_review, request=request, as_predicted=True))


async def came_out_not(request: Request) -> None:
    """Keep that it did not."""
    await request.once(partial(_review, request=request, as_predicted=False))


def _review(session: Session, request: Request, *, as_predicted: bool) -> None:
    stands = outcome.review(
        session, number(request.value), by=request.user, as_predicted=as_predicted, now=request.now
    )
    show(session, stands, request)
    known = calibration.of(session, request.user)
    outbox.revise(session, nudges.review_cause(stands), blocks.reviewed(stands, known))


async def ask_later(request: Request) -> None:
    """Ask again in four weeks."""
    decision_id = number(request.value)

    def save(session: Session) -> None:
        asked = nudges.review_cause(seen(session, decision_id, by=request.user))
        later = outcome.postpone_review(session, decision_id, by=request.user, now=request.now)
        zone = roster.zone_of(session, later.decision.driver)
        outbox.revise(session, asked, blocks.postponed(later, zone=zone))

    await request.once(save)


async def open_lesson(request: Request) -> None:
    """Open the form for a story of what was learned, with the decision's title."""

    def query(session: Session) -> kit.View:
        known = seen(session, number(request.value), by=request.user).decision
        secret = "This decision is private, and everybody will read the story."
        draft = Draft(Kind.LEARNING, known.title, notes=[secret] if known.is_private else [])
        return story_blocks.form(charter.must_be_in_force(session), draft)

    await request.open(await request.read(query))


async def open_replace(request: Request) -> None:
    """Ask the driver who approves instead."""
    decision_id, _, gone = request.value.partition(":")

    def query(session: Session) -> kit.View:
        stands = deliberation.must_be_open(session, number(decision_id), by=request.user)
        deliberation.must_drive(session, stands.decision, by=request.user)
        deliberation.must_be_gone(stands, gone)
        return form_blocks.replace(stands, gone)

    await request.open(await request.read(query))


async def replace(request: Request) -> None:
    """Have somebody else approve, or nobody."""
    decision_id = form_blocks.about(request.view)
    gone, instead = form_blocks.read_replace(request.view)

    def save(session: Session) -> None:
        changed = deliberation.replace_approver(
            session, decision_id, by=request.user, gone=gone, instead=instead, now=request.now
        )
        show(session, changed, request)
        outbox.revise(session, nudges.replacing_cause(changed, gone), blocks.settled(changed))

    await request.once(save)


async def drive(request: Request) -> None:
    """Have who pressed drive it, where nobody was faster."""
    decision_id = number(request.value)

    def save(session: Session) -> None:
        what: dict[str, Any] = {"by": request.user, "now": request.now}
        miss_nobody(session, handover.take_over(session, decision_id, **what), request)

    await request.once(save)


def miss_nobody(session: Session, stands: Standing, request: Request) -> None:
    """Have its cards show who is missing, and ask who takes their place; or ask its driver."""
    miss_nobody_at(session, stands, now=request.now)


def miss_nobody_at(session: Session, stands: Standing, *, now: datetime) -> None:
    """The same, where nobody asked for it."""
    show_at(session, stands, now=now)
    handover.follow(session, stands, now=now)
    nudges.tell_drivers_home(session, stands, now=now)
    candidates = handover.candidates(session, stands)
    outbox.show(session, *blocks.asking(stands, candidates, now=now), now=now)
