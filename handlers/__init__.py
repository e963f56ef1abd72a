"""People, through Slack."""

import logging
import secrets
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.response import BoltResponse

from bot.blocks import kit
from bot.deps import Deps
from bot.errors import UserError
from handlers import (
    acknowledgement,
    asking,
    deciding,
    decision,
    deliberation,
    docket,
    home,
    me,
    membership,
    mission,
    outbox,
    pulse,
    recognition,
    reports,
    reviewing,
    roster,
    search,
    story,
    teams,
)
from handlers.routes import Dispatcher, Routes, refusal, typed_again

log = logging.getLogger(__name__)

ALL = [
    *(mission, acknowledgement, recognition, story, pulse, asking),
    *(docket, decision, deliberation, deciding, reviewing),
    *(reports, search, teams, me, home, roster, membership, outbox),
]


def all_routes() -> Routes:
    """Return every ritual's listeners in one table."""
    routes = Routes()
    for ritual in ALL:
        ritual.register(routes)
    return routes


def register_all(app: AsyncApp, deps: Deps, *, team: str) -> None:
    """Have the app hear every ritual, and answer for what nobody hears and for our own faults."""
    dispatcher = Dispatcher(all_routes(), deps, team)
    dispatcher.attach(app)

    async def answer_for_the_rest(error: Exception, body: dict[str, Any]) -> BoltResponse:
        return await _answer_for_the_rest(dispatcher, error, body)

    app.error(answer_for_the_rest)


async def _answer_for_the_rest(
    dispatcher: Dispatcher, error: Exception, body: dict[str, Any]
) -> BoltResponse:
    """Take what no ritual hears; leave what nobody can be told of to Slack, which sends it again.

    Anything else is a bug.
    """
    if isinstance(error, UserError):
        log.warning("not done: %s", error.message)
        return BoltResponse(status=500, body="")
    if not isinstance(error, BoltUnhandledRequestError):
        return await _answer_for_a_bug(dispatcher, error, body)
    kind = body.get("type")
    log.info("nobody hears a %s", kind)
    return BoltResponse(status=200, body={"options": []} if kind == "block_suggestion" else "")


async def _answer_for_a_bug(
    dispatcher: Dispatcher, error: Exception, body: dict[str, Any]
) -> BoltResponse:
    """Tell the person that nothing was saved, with a reference to find in the log.

    An event gets no success, so that Slack sends it again.
    """
    reference = secrets.token_hex(4)
    kind, findable = type(error).__name__, {"reference": reference}
    log.error("reference %s: %s", reference, kind, exc_info=error, extra=findable)
    if "event" in body:
        return BoltResponse(status=500, body="")
    told = UserError(
        "Something went wrong on my side, and nothing was saved. If it happens again, give "
        f"whoever runs Truenorth this reference: {reference}."
    )
    if body.get("type") == "view_submission":
        return BoltResponse(status=200, body=refusal(told, body["view"]))
    if "command" in body:
        return BoltResponse(status=200, body=kit.sentence(told.message, typed=typed_again(body)))
    await dispatcher.tell(body, told)
    return BoltResponse(status=200, body="")
