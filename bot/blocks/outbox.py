"""What people read when a message could not be posted."""

from collections.abc import Sequence

from bot.blocks import kit, shortened
from bot.blocks.mission import OPEN_SETTINGS
from bot.commands import command
from bot.doubt import about_of
from bot.outbox import Message, OutboxRow

POST_AGAIN = "post_again"

WHY = {
    "no_channel": "no channel is chosen for it yet",
    "channel_not_found": "the channel is gone, or I am not in it",
    "not_in_channel": "I am not in the channel",
    "is_archived": "the channel is archived",
}
MEND = {
    "no_channel": "Choose one with {}.",
    "channel_not_found": "Invite me there, or choose another one with {}.",
    "not_in_channel": "Invite me there, or choose another one with {}.",
    "is_archived": "Restore it, or choose another one with {}.",
}
ANY_MEND = "Choose another channel with {}."


def _why(row: OutboxRow) -> str:
    return WHY.get(row.trouble or "", "Slack does not let me post there")


def not_posted_yet(row: OutboxRow) -> str:
    """The sentence for somebody whose message waits for a channel."""
    return (
        f"It is saved, and not posted yet: {_why(row)}. "
        "I have told the owners and will post it once that is mended."
    )


def waits(row: OutboxRow) -> Message:
    """The direct message to somebody whose message waits for a channel."""
    return kit.message(not_posted_yet(row), *_original(row), kit.says(not_posted_yet(row)))


def mend(row: OutboxRow) -> Message:
    """The direct message to an owner: what waits, and how to mend it."""
    text = f"Something waits to be posted: {_why(row)}."
    where: list[kit.Part] = [" This is about ", kit.channel(row.lane), "."] if row.lane else []
    way = MEND.get(row.trouble or "", ANY_MEND).format(command("mission settings"))
    line = kit.says(text, *where, f" {way} Then it is posted by itself.")
    return kit.message(text, line, kit.actions(kit.button("Open settings", OPEN_SETTINGS)))


def fate_unknown(rows: Sequence[OutboxRow]) -> Message:
    """Asks the owner of messages about one thing whose fate nobody can find out."""
    text = "It is saved, but I could not find out whether Slack posted it."
    about = rows[0].cause if len(rows) == 1 else about_of(rows[0].cause)
    again = kit.button("Post again", POST_AGAIN, value=about)
    line = kit.says(text, *_how_to_find_out(rows))
    return kit.message(text, *_original(rows[0]), line, kit.actions(again))


def in_doubt(rows: Sequence[OutboxRow]) -> list[kit.Block]:
    """The same on Home, with the beginning of what it was."""
    *original, line, again = fate_unknown(rows)["blocks"]
    return [*map(shortened.block, original[:1]), line, again]


def _how_to_find_out(rows: Sequence[OutboxRow]) -> list[kit.Part]:
    if not rows[0].is_direct:
        return [" Please look; if it is not there, press the button."]
    # Nobody can look into somebody else's messages.
    to = kit.people([str(row.lane) for row in rows])
    return [
        " It was a direct message to ",
        to,
        ": please ask; where it is not there, press the button.",
    ]


def refused(row: OutboxRow) -> Message:
    """Says that Slack will never take a message."""
    text = (
        f"It is saved, but Slack refused to post it ({row.trouble}). "
        "Please tell whoever runs Truenorth."
    )
    return kit.message(text, *_original(row), kit.says(text))


def posting_again(messages: int) -> Message:
    """Replaces the question once it is answered."""
    text = (
        "I am posting it again."
        if messages
        else "This is settled already; pressing again changes nothing."
    )
    return kit.message(text, kit.says(text))


def _original(row: OutboxRow) -> list[kit.Block]:
    # Without its buttons, which belong to the post alone.
    return [block for block in row.message.get("blocks", []) if block["type"] == "rich_text"]
