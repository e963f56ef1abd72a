"""Sending a form, and what the app's answer does to it."""

from typing import TYPE_CHECKING, Any

from bot.playground import forms, outcome, payloads, viewing
from bot.playground.errors import SlackError, invalid_arguments
from bot.playground.outcome import Outcome, Result
from bot.playground.store import Doc

if TYPE_CHECKING:
    from bot.playground.driver import Driver

TROUBLE = "We had some trouble connecting. Try again?"


async def submit(
    driver: "Driver", user: str, view_id: str, values: dict[str, Any], *, force: bool
) -> Outcome:
    """Send a person's form; raises LookupError for a value that no input takes."""
    views = driver.workspace.views
    views.fill(view_id, forms.fill(views.view(view_id), values))
    view = views.view(view_id)
    errors = forms.complaints(view, view["state"]["values"])
    if errors and not force:
        return Outcome(acked=False, result="errors", errors=errors, sent=False)
    payload = payloads.interaction(driver.workspace, user, "view_submission")
    trigger = driver.installation.triggers.new(user, view_id=view_id)
    payload |= {"trigger_id": trigger, "view": view, "response_urls": []}
    reply = await driver.sockets.request("interactive", payload)
    if not reply.acked:
        return outcome.of(reply, error=TROUBLE, result="failed")
    try:
        result, said = await _apply(driver, user, view_id, reply.payload or {})
    except SlackError as refused:
        driver.installation.refuse("response_action", refused)
        return outcome.of(reply, error=TROUBLE, result="failed")
    return outcome.of(reply, result=result, errors=said)


async def _apply(
    driver: "Driver", user: str, view_id: str, answer: Doc
) -> tuple[Result, dict[str, str]]:
    views = driver.workspace.views
    match answer.get("response_action"):
        case "errors":
            return "errors", _errors(views.view(view_id), answer.get("errors"))
        case "update":
            views.update(view_id, _view(driver, answer, replaces=view_id))
            return "updated", {}
        case "push":
            if views.full(user):
                raise SlackError("push_limit_reached")
            views.open(user, _view(driver, answer), on=view_id)
            return "pushed", {}
        case "clear":
            await _clear(driver, user, view_id)
            return "closed", {}
        case None if not answer or answer == {"text": ""}:
            if views.owner(view_id) is not None:  # the app may have replaced the whole stack
                views.close(view_id)
            return "closed", {}
    raise invalid_arguments(f"unknown answer {answer} [json-pointer:/response_action]")


def _view(driver: "Driver", answer: Doc, *, replaces: str | None = None) -> Doc:
    view = answer.get("view")
    return viewing.checked(driver.installation, view, kind="modal", replaces=replaces)


def _errors(view: Doc, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise invalid_arguments("errors must name at least one block [json-pointer:/errors]")
    for block_id, words in errors.items():
        if block_id not in inputs or not isinstance(words, str) or not words:
            raise invalid_arguments(f"no such input or no words [json-pointer:/errors/{block_id}]")
    return dict(errors)


async def _clear(driver: "Driver", user: str, view_id: str) -> None:
    for view in driver.workspace.views.close_all(user):
        if view["id"] != view_id:
            await tell_closed(driver, user, view, cleared=True)


async def tell_closed(driver: "Driver", user: str, view: Doc, *, cleared: bool) -> Outcome:
    """Tell the app that a view was closed, where it asked to be told."""
    if not view["notify_on_close"]:
        return Outcome(acked=False, result="closed", sent=False)
    payload = payloads.interaction(driver.workspace, user, "view_closed")
    reply = await driver.sockets.request(
        "interactive", {**payload, "view": view, "is_cleared": cleared}
    )
    return outcome.of(reply, result="closed")
