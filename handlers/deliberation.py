"""When somebody answers a decision's checklist, scores its options, approves or objects."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session

from bot import decisions, deliberation, scorecard
from bot import standing as standings
from bot.blocks import decision as card
from bot.blocks import decisionforms as blocks
from bot.blocks import kit
from bot.blocks.forms import filled
from bot.blocks.record import number
from bot.deliberation import ChangedError
from bot.standing import Standing, Verdict
from handlers.decision import show
from handlers.request import Request
from handlers.routes import Routes


def register(routes: Routes) -> None:
    """Hear the card's buttons for everybody who has a say, and their forms."""
    routes.actions[card.CHECKLIST] = open_checklist
    routes.actions[card.SCORE] = open_score
    routes.actions[card.APPROVE] = approve
    routes.actions[card.OBJECT] = open_objection
    routes.views[card.CHECKLIST] = check
    routes.views[card.SCORE] = score
    routes.views[card.OBJECT] = object_


async def open_checklist(request: Request) -> None:
    """Open the questions with what was last said to each, to those who may answer them."""

    def query(session: Session) -> Standing:
        stands = pressed(session, request)
        deliberation.must_answer(session, stands, by=request.user)
        return stands

    await request.open(blocks.checklist(await request.read(query)))


def pressed(session: Session, request: Request) -> Standing:
    """Return the open decision whose button was pressed; raise UserError where it is not open."""
    return deliberation.must_be_open(session, number(request.value), by=request.user)


async def check(request: Request) -> None:
    """Save what was said to the questions; what others said meanwhile is shown first."""
    decision_id = blocks.about(request.view)
    answers, seen = blocks.read_checklist(request.view)

    def save(session: Session) -> None:
        what: dict[str, Any] = {"by": request.user, "answers": answers, "seen": seen}
        what["now"] = request.now
        show(session, deliberation.check(session, decision_id, **what), request)

    await or_look_again(request, save, lambda session: _checklist_now(session, request))


def _checklist_now(session: Session, request: Request) -> kit.View:
    known = deliberation.must_be_open(session, blocks.about(request.view), by=request.user)
    shown = blocks.version(request.view)
    changes = deliberation.meanwhile(session, known.decision, since=shown)
    return blocks.checklist(known, blocks.happened(changes), before=request.view)


async def or_look_again(
    request: Request, save: Callable[[Session], object], anew: Callable[[Session], kit.View]
) -> None:
    """Save, once; where somebody was faster, show the form as it is now, with the words kept."""
    try:
        await request.once(save)
    except ChangedError:
        await request.ack(response_action="update", view=await request.read(anew))


async def open_score(request: Request) -> None:
    """Open every option against every value, with what the person gave before."""

    def query(session: Session) -> kit.View:
        known = pressed(session, request)
        given = scorecard.given(session, known.decision.cause)
        return blocks.score(known, given.get(request.user, {}))

    await request.open(await request.read(query))


async def score(request: Request) -> None:
    """Save what the person gives, over what they gave before."""
    decision_id, who = blocks.about(request.view), request.user

    def save(session: Session) -> None:
        known = deliberation.must_be_open(session, decision_id, by=who)
        points = blocks.read_score(request.view, {value.slug: value.id for value in known.values})
        show(session, deliberation.score(session, decision_id, by=who, points=points), request)

    await request.once(save)


async def approve(request: Request) -> None:
    """Take the approval of who clicked."""
    decision_id = number(request.value)
    await request.once(lambda session: _say(session, request, decision_id, Verdict.APPROVED))


def _say(
    session: Session, request: Request, decision_id: int, verdict: Verdict, reason: str = ""
) -> None:
    what: dict[str, Any] = {"by": request.user, "verdict": verdict, "reason": reason}
    what["now"] = request.now
    show(session, deliberation.say(session, decision_id, **what), request)


async def open_objection(request: Request) -> None:
    """Ask an approver for the reason."""

    def query(session: Session) -> kit.View:
        known = pressed(session, request)
        mine = deliberation.must_approve(session, known, by=request.user)
        return blocks.objection(known, mine.reason)

    await request.open(await request.read(query))


async def object_(request: Request) -> None:
    """Take the objection with its reason."""
    decision_id, reason = blocks.about(request.view), filled(request.view).text("reason")
    objected = Verdict.OBJECTED
    await request.once(lambda session: _say(session, request, decision_id, objected, reason))


def seen(session: Session, decision_id: int, *, by: str) -> Standing:
    """Return how a decision stands, to somebody who can see it."""
    found = decisions.by_id(session, decision_id)
    return standings.of(session, decisions.seen(session, found, by=by))
