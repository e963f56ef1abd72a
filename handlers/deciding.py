"""When a decision is made, withdrawn or superseded, and what its menu shows."""

from typing import Any

from sqlmodel import Session

from bot import cards, deliberation
from bot.blocks import decision as card
from bot.blocks import decisionforms as blocks
from bot.blocks import kit
from bot.blocks.forms import filled
from bot.blocks.record import chosen
from bot.rituals import outcome
from handlers.decision import show
from handlers.deliberation import or_look_again, pressed, seen
from handlers.docket import export_chosen
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear Decide and the card's menu, and their forms."""
    routes.actions[card.DECIDE] = open_decide
    routes.actions[card.MENU] = open_chosen
    routes.views[card.DECIDE] = decide
    routes.views[blocks.WITHDRAW] = withdraw
    routes.views[blocks.SUPERSEDE] = supersede


async def open_decide(request: Request) -> None:
    """Ask the driver what is decided, and why."""

    def query(session: Session) -> kit.View:
        known = pressed(session, request)
        deliberation.must_drive(session, known.decision, by=request.user)
        return blocks.decide(known)

    await request.open(await request.read(query))


async def decide(request: Request) -> None:
    """Decide; what happened since the driver saw the decision is shown first."""
    decision_id, made = blocks.about(request.view), blocks.read_decide(request.view)

    def save(session: Session) -> None:
        what: dict[str, Any] = {"by": request.user, "now": request.now, **vars(made)}
        show(session, outcome.decide(session, decision_id, **what), request)

    def anew(session: Session) -> kit.View:
        known = deliberation.must_be_open(session, decision_id, by=request.user)
        changes = deliberation.meanwhile(session, known.decision, since=made.based_on)
        return blocks.decide(known, blocks.happened(changes))

    await or_look_again(request, save, anew)


async def open_chosen(request: Request) -> None:
    """Open what was chosen in the card's menu."""
    what, decision_id = chosen(request.value)
    if what == card.EXPORT:
        await export_chosen(request, decision_id)
        return

    def query(session: Session) -> kit.View:
        known = seen(session, decision_id, by=request.user)
        match what:
            case card.WITHDRAW:
                outcome.must_be_withdrawable(session, known.decision, by=request.user)
                return blocks.withdrawal(known)
            case card.SUPERSEDE:
                outcome.must_be_supersedable(session, known.decision, by=request.user)
                return blocks.supersede(known)
        return blocks.scores(known)

    await request.open(await request.read(query))


async def withdraw(request: Request) -> None:
    """Take the decision back."""
    decision_id = blocks.about(request.view)

    def save(session: Session) -> None:
        taken = outcome.withdraw(session, decision_id, by=request.user, now=request.now)
        show(session, taken, request)

    await request.once(save)


async def supersede(request: Request) -> None:
    """Have another decision take the place of this one; both cards say so."""
    decision_id, other = blocks.about(request.view), filled(request.view).text("successor")

    def save(session: Session) -> None:
        ended = outcome.supersede(
            session, decision_id, by=request.user, successor=other, now=request.now
        )
        for each in (ended, *cards.beside(session, ended)):
            show(session, each, request)

    await request.once(save)
