"""A real Bolt app that answers what the page can send, and remembers what it heard."""

from dataclasses import dataclass, field
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

Doc = dict[str, Any]


def plain(text: str, *, emoji: bool = True) -> Doc:
    return {"type": "plain_text", "text": text, "emoji": emoji}


def mrkdwn(text: str) -> Doc:
    return {"type": "mrkdwn", "text": text}


def option(value: str, text: str) -> Doc:
    return {"text": plain(text), "value": value}


def button(text: str, action_id: str, **more: Any) -> Doc:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def actions(*elements: Doc) -> Doc:
    return {"type": "actions", "block_id": "buttons", "elements": list(elements)}


def overflow() -> Doc:
    options = [option("edit", "Edit"), option("withdraw", "Withdraw")]
    return {"type": "overflow", "action_id": "menu", "options": options}


def field_block(block_id: str, label: str, element: Doc, **more: Any) -> Doc:
    element = {"action_id": "it", **element}
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **more,
    }


KINDS = [option("success", "A success"), option("learning", "Something learned")]


def form(*extra: Doc, title: str = "Recognize") -> Doc:
    return {
        "type": "modal",
        "callback_id": "thanks",
        "title": plain(title),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "notify_on_close": True,
        "blocks": [
            field_block("who", "Who", {"type": "multi_users_select", "max_selected_items": 2}),
            field_block(
                "message",
                "What did they do?",
                {"type": "plain_text_input", "multiline": True, "max_length": 40},
                hint=plain("One sentence is enough"),
            ),
            field_block(
                "kind",
                "Kind",
                {"type": "radio_buttons", "options": KINDS, "initial_option": KINDS[0]},
                dispatch_action=True,
            ),
            field_block(
                "value",
                "Value",
                {"type": "static_select", "options": [option("care", ":heart: Care")]},
                optional=True,
            ),
            *extra,
        ],
    }


HOME: Doc = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Our mission")},
        {"type": "section", "text": mrkdwn("Yesterday"), "accessory": overflow()},
        actions(button("Recognize someone", "open", style="primary")),
    ],
}


@dataclass
class Heard:
    """What the app was sent, in order."""

    commands: list[str] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    forms: list[Doc] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    shortcuts: list[Doc] = field(default_factory=list)


class Small:
    """The listeners; /fail and the action `fail` have none that answers."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client
        self.heard = Heard()
        self.bolt = AsyncApp(client=client, process_before_response=True)
        self.bolt.command("/recognize")(self.recognize)
        self.bolt.shortcut("recognize_this")(self.recognize_this)
        self.bolt.shortcut("recognize")(self.open)
        self.bolt.action("open")(self.open)
        self.bolt.action("applaud")(self.applaud)
        self.bolt.action("it")(self.pick)
        self.bolt.action("menu")(self.menu)
        self.bolt.view("thanks")(self.thanks)
        self.bolt.view_closed("thanks")(self.closed)
        self.bolt.event("app_home_opened")(self.home)

    async def recognize(self, ack: Any, command: Doc) -> None:
        self.heard.commands.append(command["text"])
        if command["text"]:
            await ack(text=f"Saved: {command['text']}")
            await self.client.chat_postMessage(channel="UBEN", text="Somebody thanked you")
            return
        await self.client.views_open(trigger_id=command["trigger_id"], view=form())
        await ack()

    async def open(self, ack: Any, body: Doc) -> None:
        await self.client.views_open(trigger_id=body["trigger_id"], view=form())
        await ack()

    async def recognize_this(self, ack: Any, body: Doc) -> None:
        self.heard.shortcuts.append(body)
        await self.client.views_open(trigger_id=body["trigger_id"], view=form())
        await ack()

    async def applaud(self, ack: Any, body: Doc) -> None:
        self.heard.actions.append(body["actions"][0]["value"])
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        blocks = [actions(button(f"Applaud {len(self.heard.actions)}", "applaud", value="7"))]
        await self.client.chat_update(**where, text="Applauded", blocks=blocks)
        await ack()

    async def menu(self, ack: Any, body: Doc) -> None:
        self.heard.actions.append(body["actions"][0]["selected_option"]["value"])
        if "message" in body:
            where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
            blocks = [actions(overflow())]
            await self.client.chat_update(**where, text="Changed", blocks=blocks)
        await ack()

    async def pick(self, ack: Any, body: Doc) -> None:
        chosen = body["actions"][0]["selected_option"]["value"]
        more = field_block("learned", "What was learned?", {"type": "plain_text_input"})
        view = form(*([more] if chosen == "learning" else []))
        known = body["view"]
        await self.client.views_update(view_id=known["id"], hash=known["hash"], view=view)
        await ack()

    async def thanks(self, ack: Any, view: Doc) -> None:
        values = view["state"]["values"]
        self.heard.forms.append(values)
        said = values["message"]["it"]["value"]
        if said == "too vague":
            wrong = {"message": "Say whom it helped.", "value": "Choose a value."}
            await ack(response_action="errors", errors=wrong)
        elif said == "more":
            await ack(response_action="push", view=form(title="And another"))
        elif said != "crash":
            await ack()

    async def closed(self, ack: Any, body: Doc) -> None:
        self.heard.closed.append(body["view"]["id"])
        await ack()

    async def home(self, event: Doc) -> None:
        await self.client.views_publish(user_id=event["user"], view=HOME)
