"""views.open, views.push, views.update and views.publish."""

import json
from collections.abc import Iterator
from typing import Any

from bot.playground import blockkit, people
from bot.playground.errors import SlackError, invalid_arguments
from bot.playground.installation import Installation
from bot.playground.store import Doc

SIZE_LIMIT = 250_000


def open_(here: Installation, args: Doc) -> Doc:
    """Show a modal to whoever just did something, but not in a modal: that is for views.push.

    Slack's desktop may show it all the same, its phones do not.
    """
    view = checked(here, args["view"], kind="modal")
    user, on = here.triggers.exchange(args["trigger_id"])
    if on and _is_open(here, user, on):
        raise invalid_arguments("a modal is open: views.push [json-pointer:/trigger_id]")
    return {"view": here.workspace.views.open(user, view)}


def push(here: Installation, args: Doc) -> Doc:
    """Show a modal on top of the one in which somebody just did something."""
    view = checked(here, args["view"], kind="modal")
    user, on = here.triggers.exchange(args["trigger_id"])
    if on is None or not _is_open(here, user, on):
        raise SlackError("invalid_trigger_id", "no modal is open")
    if here.workspace.views.full(user):
        raise SlackError("push_limit_reached")
    return {"view": here.workspace.views.open(user, view, on=on)}


def _is_open(here: Installation, user: str, view_id: str) -> bool:
    return view_id in [each["id"] for each in here.workspace.views.stack(user)]


def update(here: Installation, args: Doc) -> Doc:
    """Replace an open modal's content."""
    views = here.workspace.views
    known = args.get("view_id") or views.by_external_id(args.get("external_id", ""))
    owner = views.owner(known) if known else None
    if owner is None:
        raise SlackError("not_found", str(known))
    old = views.view(str(known))
    view = checked(here, args["view"], kind=old["type"], replaces=known)
    if args.get("hash") not in (None, old["hash"]):
        raise SlackError("hash_conflict")
    return {"view": views.update(str(known), view)}


def publish(here: Installation, args: Doc) -> Doc:
    """Show a person's Home tab."""
    if not here.home_enabled:
        raise SlackError("not_enabled", "the manifest has no Home tab")
    user = args["user_id"]
    known = here.workspace.persons.get(user)
    if known is None or not people.can_act(known["user"]):
        raise invalid_arguments("no such user [json-pointer:/user_id]")
    view = checked(here, args["view"], kind="home")
    old = here.workspace.views.home(user)
    if args.get("hash") and old is not None and args["hash"] != old["hash"]:
        raise SlackError("hash_conflict")
    return {"view": here.workspace.views.publish(user, view)}


def checked(here: Installation, view: Any, *, kind: str, replaces: str | None = None) -> Doc:
    """A view that Slack would show; raises SlackError."""
    if problems := blockkit.view_problems(view):
        raise invalid_arguments(*problems)
    assert isinstance(view, dict)
    if view["type"] != kind:
        raise invalid_arguments(f"must be {kind} [json-pointer:/view/type]")
    if strangers := list(_not_here(here, view)):
        raise invalid_arguments(*strangers)
    if len(json.dumps(view)) > SIZE_LIMIT:
        raise SlackError("view_too_large")
    known = here.workspace.views.by_external_id(view.get("external_id", ""))
    if known is not None and known != replaces:
        raise SlackError("duplicate_external_id")
    return view


def _not_here(here: Installation, view: Doc) -> Iterator[str]:
    """What Slack says of people whom a form begins with although nobody could choose them."""
    for index, block in enumerate(view["blocks"]):
        element = block.get("element", {})
        one = [element["initial_user"]] if "initial_user" in element else []
        for user in [*one, *element.get("initial_users", [])]:
            known = here.workspace.persons.get(user)
            if known is None or known["user"]["deleted"]:
                yield f"no such user: {user} [json-pointer:/view/blocks/{index}/element]"
