"""Modals, of which a person sees a stack, and Home tabs."""

import hashlib
import json

from bot.playground import forms
from bot.playground.people import APP_ID, BOT_ID, TEAM_ID
from bot.playground.records import Change, Records
from bot.playground.store import Doc

STACK_LIMIT = 3


class Views:
    """A document is {view, user, values}; values are what was filled in, by block and action."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._docs = records.store.load("view")
        self._stacks: dict[str, list[str]] = records.store.load("stack")
        self._homes: dict[str, str] = records.store.load("home")

    def stack(self, user: str) -> list[Doc]:
        """A person's open modals as Slack describes them, the top one last."""
        return [self.view(view_id) for view_id in self._stacks.get(user, [])]

    def home(self, user: str) -> Doc | None:
        """A person's Home tab, once the app has published one."""
        return self.view(self._homes[user]) if user in self._homes else None

    def owner(self, view_id: str) -> str | None:
        """Who has this view open, if anybody."""
        doc = self._docs.get(view_id)
        return str(doc["user"]) if doc else None

    def view(self, view_id: str) -> Doc:
        """Slack's document of a view with its present state; raises KeyError."""
        doc = self._docs[view_id]
        return {**doc["view"], "state": {"values": forms.state(doc["view"], doc["values"])}}

    def by_external_id(self, external_id: str) -> str | None:
        """The open view to which the app gave this name."""
        for view_id, doc in self._docs.items():
            if external_id and doc["view"]["external_id"] == external_id:
                return view_id
        return None

    def open(self, user: str, view: Doc, *, on: str | None = None) -> Doc:
        """Show a modal: on top of the view `on`, or instead of everything that is open."""
        if on is None or on not in self._stacks.get(user, []):
            self.close_all(user)
        stack = self._stacks.get(user, [])
        doc = self._new(user, view)
        doc["view"]["previous_view_id"] = stack[-1] if stack else None
        if stack:
            doc["view"]["root_view_id"] = stack[0]
        self._save(doc)
        self._set_stack(user, [*stack, doc["view"]["id"]])
        return self.view(doc["view"]["id"])

    def full(self, user: str) -> bool:
        """Whether three modals are open already."""
        return len(self._stacks.get(user, [])) >= STACK_LIMIT

    def update(self, view_id: str, content: Doc) -> Doc:
        """Replace a view's content; an input of the same ids and type keeps what stood in it.

        That it starts with something else now changes nothing, as in Slack.
        """
        doc = self._docs[view_id]
        kept = ("id", "previous_view_id", "root_view_id")
        merged = {
            **_dress(content),
            **{key: doc["view"][key] for key in kept if key in doc["view"]},
        }
        values = forms.kept(merged, forms.state(doc["view"], doc["values"]))
        view = _hashed(merged, self._records.new_ts())
        self._save({**doc, "view": view, "values": values})
        self._tell(doc["user"], view_id)
        return self.view(view_id)

    def fill(self, view_id: str, values: Doc) -> None:
        """Remember what a person filled in: {block_id: {action_id: state}}."""
        doc = self._docs[view_id]
        merged = {**doc["values"]}
        for block_id, actions in values.items():
            merged[block_id] = {**merged.get(block_id, {}), **actions}
        self._save({**doc, "values": merged})

    def close(self, view_id: str) -> None:
        """Close one modal; the one below it shows again."""
        user = self._docs[view_id]["user"]
        self._forget(view_id)
        self._set_stack(user, [other for other in self._stacks[user] if other != view_id])

    def close_all(self, user: str) -> list[Doc]:
        """Close a person's whole stack and return what was open."""
        closed = self.stack(user)
        for view in closed:
            self._forget(view["id"])
        if closed:
            self._set_stack(user, [])
        return closed

    def publish(self, user: str, view: Doc) -> Doc:
        """Show this as a person's Home tab."""
        if user in self._homes:
            return self.update(self._homes[user], view)
        doc = self._new(user, view)
        self._save(doc)
        self._homes[user] = doc["view"]["id"]
        self._records.store.put("home", user, self._homes[user])
        self._tell(user, doc["view"]["id"])
        return self.view(doc["view"]["id"])

    def _new(self, user: str, view: Doc) -> Doc:
        view_id = self._records.new_id("V")
        dressed = {**_dress(view), "id": view_id, "root_view_id": view_id}
        return {"view": _hashed(dressed, self._records.new_ts()), "user": user, "values": {}}

    def _save(self, doc: Doc) -> None:
        self._docs[doc["view"]["id"]] = doc
        self._records.store.put("view", doc["view"]["id"], doc)

    def _forget(self, view_id: str) -> None:
        del self._docs[view_id]
        self._records.store.drop("view", view_id)

    def _set_stack(self, user: str, stack: list[str]) -> None:
        self._stacks[user] = stack
        self._records.store.put("stack", user, stack)
        self._records.tell(Change("views", only=user))

    def _tell(self, user: str, view_id: str) -> None:
        kind = "home" if self._homes.get(user) == view_id else "views"
        self._records.tell(Change(kind, only=user))


def _dress(view: Doc) -> Doc:
    """The view with all that Slack adds when it sends one back."""
    defaults: Doc = {
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "title": None,
        "submit": None,
        "close": None,
        "clear_on_close": False,
        "notify_on_close": False,
        "previous_view_id": None,
    }
    ours = {"team_id": TEAM_ID, "app_installed_team_id": TEAM_ID, "app_id": APP_ID}
    return {**defaults, **view, **ours, "bot_id": BOT_ID, "blocks": forms.named(view["blocks"])}


def _hashed(view: Doc, ts: str) -> Doc:
    digest = hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()[:8]
    return {**view, "hash": f"{ts.split('.')[0]}.{digest}"}
