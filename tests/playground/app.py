"""A real Bolt app, just large enough to try the fake Slack with."""

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient


def build(client: AsyncWebClient) -> AsyncApp:
    app = AsyncApp(client=client, process_before_response=True, request_verification_enabled=False)
    app.command("/echo")(echo)
    app.command("/loud")(loud)
    app.command("/wrong")(wrong)
    app.command("/form")(form)
    app.shortcut({"type": "message_action", "callback_id": "echo_this"})(echo_this)
    app.shortcut({"type": "message_action", "callback_id": "wrong_this"})(wrong)
    app.shortcut({"type": "shortcut", "callback_id": "open_form"})(open_form)
    app.action("press")(press)
    app.action("kind")(pick)
    app.view("thanks")(thanks)
    app.view_closed("thanks")(closed)
    app.event("app_home_opened")(home)
    for event in ("user_change", "team_join", "member_joined_channel", "message"):
        app.event(event)(hear)
    return app


def view(**more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "thanks",
        "title": {"type": "plain_text", "text": "Thanks"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [MESSAGE, WHO, KIND],
        **more,
    }


def option(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": value}, "value": value}


MESSAGE: dict[str, Any] = {
    "type": "input",
    "block_id": "message",
    "label": {"type": "plain_text", "text": "What was done?"},
    "element": {
        "type": "plain_text_input",
        "action_id": "it",
        "min_length": 3,
        "initial_value": "stayed late",
    },
}
WHO: dict[str, Any] = {
    "type": "input",
    "block_id": "who",
    "label": {"type": "plain_text", "text": "Who?"},
    "element": {"type": "multi_users_select", "action_id": "it", "max_selected_items": 2},
}
KIND: dict[str, Any] = {
    "type": "input",
    "block_id": "kind",
    "optional": True,
    "dispatch_action": True,
    "label": {"type": "plain_text", "text": "Kind"},
    "element": {
        "type": "static_select",
        "action_id": "kind",
        "options": [option("success"), option("learning")],
    },
}


def button(action_id: str = "press", value: str = "1") -> dict[str, Any]:
    text = {"type": "plain_text", "text": "Press"}
    return {"type": "button", "action_id": action_id, "text": text, "value": value}


def pressable() -> list[dict[str, Any]]:
    return [{"type": "actions", "block_id": "buttons", "elements": [button(), option_menu()]}]


def option_menu() -> dict[str, Any]:
    return {"type": "overflow", "action_id": "press-menu", "options": [option("edit")]}


async def echo(ack: Any, command: dict[str, Any]) -> None:
    await ack(text=command["text"] or "nothing")


async def loud(ack: Any, respond: Any, command: dict[str, Any]) -> None:
    await ack()
    await respond(text=command["text"], response_type="in_channel")


async def wrong(ack: Any) -> None:
    await ack(text="x", blocks=[{"type": "marquee"}])


async def form(ack: Any, client: AsyncWebClient, command: dict[str, Any]) -> None:
    await client.views_open(trigger_id=command["trigger_id"], view=view())
    await ack()


async def echo_this(ack: Any, respond: Any, shortcut: dict[str, Any]) -> None:
    await ack()
    await respond(text=shortcut["message"]["text"])


async def open_form(ack: Any, client: AsyncWebClient, shortcut: dict[str, Any]) -> None:
    await client.views_open(trigger_id=shortcut["trigger_id"], view=view())
    await ack()


async def press(ack: Any, body: dict[str, Any], respond: Any) -> None:
    await respond(text="pressed", replace_original=True)
    await ack()


async def pick(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
    chosen = body["actions"][0]["selected_option"]["value"]
    title = {"type": "plain_text", "text": chosen}
    known = body["view"]
    await client.views_update(view_id=known["id"], hash=known["hash"], view=view(title=title))
    await ack()


async def thanks(ack: Any, view: dict[str, Any]) -> None:
    said = view["state"]["values"]["message"]["it"]["value"]
    answers: dict[str, dict[str, Any]] = {
        "no thanks": {"response_action": "errors", "errors": {"message": "Say what was done."}},
        "more please": {"response_action": "push", "view": another("another")},
        "change it": {"response_action": "update", "view": another("changed")},
        "nonsense": {"response_action": "errors", "errors": {"nowhere": "?"}},
        "clear all": {"response_action": "clear"},
    }
    await ack(**answers.get(said or "", {}))


async def closed(ack: Any) -> None:
    await ack()


def another(title: str) -> dict[str, Any]:
    return view(title={"type": "plain_text", "text": title}, external_id=title)


async def home(client: AsyncWebClient, event: dict[str, Any]) -> None:
    text = {"type": "mrkdwn", "text": "Welcome"}
    blocks = [{"type": "section", "text": text}]
    await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})


async def hear(client: AsyncWebClient, event: dict[str, Any]) -> None:
    await client.chat_postMessage(channel="C1", text=f"heard {event['type']}")
