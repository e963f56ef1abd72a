"""What Slack sends where people do everything that there is to do, once each."""

import random
from typing import Any

from bot.playground.server import FakeSlack
from tests.rights.sending import Sender
from tests.rights.test_cells import EVERY_TRY
from tests.rights.things import Thing
from tests.rights.tries import Try
from tests.support import ANA, GENERAL, KIM, KUDOS, T0, TEAM, Bot, Doc

LINES = (
    *("help", "history", "values", "team", "me", "search clinic", "search", "settings", "teams"),
    *("setup", "recognize @kim stayed late #care", "story", "decide Ship it?", "pulse", "zzz"),
)


async def corpus(bot: Bot) -> list[Doc]:
    """An envelope of each kind for each thing that can be done, sent once as it is."""
    slack, first = bot.slack, len(bot.slack.sockets.sent)
    for one in EVERY_TRY:
        await one.send(Sender(slack, ANA), await thing_of(bot, one))
    sender = Sender(slack, ANA)
    for line in LINES:
        await sender.command(f"/mission {line}")
    sent = [envelope for envelope in slack.sockets.sent[first:]]
    kinds = {(each["type"], called(each["payload"])): each for each in sent}
    return [*kinds.values(), *events(), *strangers(kinds)]


async def thing_of(bot: Bot, one: Try) -> Thing:
    """A thing in which Ana, who is an owner as well, has every part."""
    parts = [part for part in one.of.parts if part is not None]
    now = bot.slack.now()
    return await bot.database.write(
        TEAM, lambda session: one.of.make(session, ANA, parts, now), patience=60
    )


def called(payload: Doc) -> str:
    """What would be heard of it."""
    view = payload.get("view") or {}
    first = (payload.get("actions") or [{}])[0]
    names = (payload.get("command"), payload.get("callback_id"), payload.get("type"))
    about = (view.get("callback_id"), first.get("action_id"), payload.get("text"))
    return str([*names, *about])


def events() -> list[Doc]:
    """One event of each kind that is heard, and some that are not."""
    stamp = f"{T0.timestamp():.6f}"
    user = {"id": KIM, "team_id": TEAM, "name": "kim", "tz": "Asia/Seoul", "profile": {}}
    place = {"user": KIM, "channel": KUDOS, "channel_type": "C", "team": TEAM}
    group = {"id": "S0GROUP", "handle": "group", "users": [KIM]}
    told: dict[str, Doc] = {
        **dict.fromkeys(("team_join", "user_change"), {"user": user}),
        "app_home_opened": {"user": KIM, "channel": "D0KIM", "tab": "home"},
        **dict.fromkeys(("member_joined_channel", "member_left_channel"), place),
        "subteam_members_changed": {"subteam_id": "S0GROUP", "added_users": [KIM]},
        "subteam_updated": {"subteam": group},
        **{
            f"{kind}_{what}": {"channel": GENERAL}
            for kind in ("channel", "group")
            for what in ("archive", "unarchive", "left")
        },
        "message": {"user": KIM, "channel": GENERAL, "text": "hello", "ts": stamp},
        "reaction_added": {"user": KIM, "item": {"type": "message", "channel": GENERAL}},
    }
    return [
        {"type": "events_api", "payload": _callback({"type": name, "event_ts": stamp, **more})}
        for name, more in told.items()
    ]


def _callback(event: Doc) -> Doc:
    bot = {"enterprise_id": None, "team_id": TEAM, "user_id": "U0BOT", "is_bot": True}
    around: Doc = {"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event_time": 1}
    return {**around, "event": event, "authorizations": [{**bot, "is_enterprise_install": False}]}


def strangers(kinds: dict[Any, Doc]) -> list[Doc]:
    """What Slack sends of kinds that nobody here asked for."""
    some = next(each["payload"] for each in kinds.values() if "view" in each["payload"])
    names = ("view_closed", "block_suggestion", "interactive_message", "dialog_submission", "x")
    return [{"type": "interactive", "payload": {**some, "type": name}} for name in names]


def stamped(slack: FakeSlack, envelope: Doc, who: str, dice: random.Random) -> Doc:
    """The same from this person, as something that they did just now."""
    payload = envelope["payload"]
    if isinstance(payload.get("user"), dict):
        payload["user"]["id"] = who
    if "user_id" in payload:
        payload["user_id"] = who
    if "trigger_id" in payload and dice.random() < 0.9:
        payload["trigger_id"] = slack.installation.triggers.new(who)
    if isinstance(payload.get("view"), dict) and dice.random() < 0.9:
        payload["view"]["id"] = f"V{dice.getrandbits(64)}"
    return envelope
