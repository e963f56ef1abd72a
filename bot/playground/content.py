"""What a message may hold, wherever it comes from."""

import json
from typing import Any

from bot.playground import blockkit, forms
from bot.playground.errors import SlackError, invalid_arguments, invalid_blocks
from bot.playground.store import Doc

POST_LIMIT = 40_000
UPDATE_LIMIT = 4_000
# Slack's own limit is written nowhere: about 12,000, with the blocks around the texts counted.
# A message of many emoji is refused long before its texts are that long.
BLOCKS_LIMIT = 10_000
BLOCKS_JSON_LIMIT = 13_000
METADATA_LIMIT = 16_000
METADATA_DEPTH = 100


def checked(args: Doc, *, most: int = POST_LIMIT) -> Doc:
    """text, blocks and metadata of a message fit to be kept; raises SlackError.

    Stricter than Slack: blocks without a text to fall back to are refused.
    """
    text, blocks = args.get("text"), args.get("blocks")
    if not text and not blocks:
        raise SlackError("no_text")
    if not isinstance(text or "", str):
        raise invalid_arguments("must be a string [json-pointer:/text]")
    if not text:
        raise invalid_arguments("blocks need a text to fall back to [json-pointer:/text]")
    if len(text) > most:
        raise SlackError("msg_too_long", f"{len(text)} of at most {most} characters")
    found: Doc = {"text": text}
    if blocks:
        if problems := blockkit.message_problems(blocks):
            raise invalid_blocks(problems)
        _check_length(blocks)
        found["blocks"] = forms.named(blocks)
    if args.get("metadata") is not None:
        found["metadata"] = _metadata(args["metadata"])
    return found


def _check_length(blocks: Any) -> None:
    as_json = json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))
    for length, most in ((_words(blocks), BLOCKS_LIMIT), (len(as_json), BLOCKS_JSON_LIMIT)):
        if length > most:
            raise SlackError("msg_blocks_too_long", f"{length} of at most {most} characters")


def _words(node: object) -> int:
    """How many characters the texts inside have together."""
    if isinstance(node, list):
        return sum(_words(each) for each in node)
    if not isinstance(node, dict):
        return 0
    own = node.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(_words(each) for each in node.values())


def _metadata(metadata: Any) -> Doc:
    if not isinstance(metadata, dict) or set(metadata) != {"event_type", "event_payload"}:
        raise SlackError("invalid_metadata_format", "needs event_type and event_payload only")
    if not isinstance(metadata["event_type"], str) or not metadata["event_type"]:
        raise SlackError("invalid_metadata_format", "event_type must be a word")
    if not isinstance(metadata["event_payload"], dict):
        raise SlackError("invalid_metadata_format", "event_payload must be an object")
    if _depth(metadata) > METADATA_DEPTH or len(json.dumps(metadata)) > METADATA_LIMIT:
        raise SlackError("metadata_too_large")
    return metadata


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max((_depth(item) for item in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max((_depth(item) for item in value), default=0)
    return 0
