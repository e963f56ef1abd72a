"""Looks whether a message whose fate is unknown is in Slack."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import Answer, Kind, answer_of
from bot.outbox import OutboxRow

CLOCKS_DIFFER = timedelta(minutes=2)  # Slack's clock and ours
PAGE = 200
PAGES = 10


@dataclass(frozen=True)
class Found:
    """Where Slack shows the message."""

    channel: str
    ts: str


async def find_posted(
    slack: AsyncWebClient, row: OutboxRow, *, event_type: str
) -> Found | Answer | None:
    """Return where the message stands, None where it was never posted, or why nobody can say."""
    channel = await _channel_of(slack, str(row.lane))
    if isinstance(channel, Answer):
        return channel
    since = (row.first_tried_at or row.created_at) - CLOCKS_DIFFER
    cursor: str | None = None
    for _ in range(PAGES):
        page = await _page(slack, row, channel, since=f"{since.timestamp():.6f}", cursor=cursor)
        if page.kind is not Kind.TAKEN or page.data is None:
            return page
        for message in page.data["messages"]:
            if _is(message, row, event_type=event_type):
                return Found(channel, message["ts"])
        cursor = (page.data.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return None
    return Answer(Kind.NEVER, "too_many_messages_since")


async def _page(
    slack: AsyncWebClient, row: OutboxRow, channel: str, *, since: str, cursor: str | None
) -> Answer:
    """Ask for some messages of the channel, or of the thread where it is a reply."""
    within: dict[str, Any] = {"channel": channel, "oldest": since, "include_all_metadata": True}
    within |= {"limit": PAGE, "cursor": cursor}
    if row.thread_ts is not None:
        return await answer_of(slack.conversations_replies(ts=row.thread_ts, **within))
    return await answer_of(slack.conversations_history(**within))


async def _channel_of(slack: AsyncWebClient, lane: str) -> str | Answer:
    if not lane.startswith(("U", "W")):
        return lane
    opened = await answer_of(slack.conversations_open(users=[lane]), to_person=True)
    if opened.kind is not Kind.TAKEN or opened.data is None:
        return opened
    return str(opened.data["channel"]["id"])


def _is(message: dict[str, Any], row: OutboxRow, *, event_type: str) -> bool:
    metadata = message.get("metadata") or {}
    payload = metadata.get("event_payload") or {}
    return metadata.get("event_type") == event_type and payload.get("id") == str(row.id)
