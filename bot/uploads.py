"""Sharing a picture or a file, once: what may have been shared is not repeated."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.answers import Answer, Kind, answer_of

TRIES = 4
RETRY_SECONDS = 5.0
LONGEST_ALT = 1000  # characters
# Slack did nothing, and may do it a little later.
NOT_DONE = (Kind.SLOW_DOWN, Kind.TRY_AGAIN)
# Asking for a place for a file, and filling it, shows nothing to anybody, so it may be repeated.
HARMLESS = (*NOT_DONE, Kind.NOBODY_KNOWS)


@dataclass(frozen=True)
class File:
    """A file; a picture has its words for those who cannot see it, and a comment beside it."""

    content: bytes
    name: str
    title: str
    alt_text: str = ""
    comment: str = ""


async def share(slack: AsyncWebClient, *files: File, channel: str, ts: str | None = None) -> Answer:
    """Share the files together, in the thread of this message if there is one.

    They are there once or not at all, with the comment of the first. Where Slack asks for patience
    it gets it, a few times. Returns Slack's last answer.
    """
    ready: list[dict[str, str | None]] = []
    for file in files:
        placed = await _insist(partial(_place, slack, file), again=HARMLESS)
        if placed.kind is not Kind.TAKEN or placed.data is None:
            return placed
        ready.append({"id": str(placed.data["file_id"]), "title": file.title})
    return await _insist(
        lambda: answer_of(
            slack.files_completeUploadExternal(
                files=ready,
                channel_id=channel,
                thread_ts=ts,
                initial_comment=files[0].comment or None,
            )
        ),
        again=NOT_DONE,
    )


async def _insist(ask: Callable[[], Awaitable[Answer]], *, again: tuple[Kind, ...]) -> Answer:
    for _ in range(TRIES - 1):
        answer = await ask()
        if answer.kind not in again:
            return answer
        await asyncio.sleep(answer.after if answer.kind is Kind.SLOW_DOWN else RETRY_SECONDS)
    return await ask()


async def _place(slack: AsyncWebClient, file: File) -> Answer:
    """Have Slack hold the file; nobody sees it yet. A place is good for one upload only."""
    asked = await answer_of(
        slack.files_getUploadURLExternal(
            filename=file.name,
            length=len(file.content),
            alt_txt=file.alt_text[:LONGEST_ALT] or None,
        )
    )
    if asked.kind is not Kind.TAKEN or asked.data is None:
        return asked
    filled = await _fill(slack, str(asked.data["upload_url"]), file.content)
    return asked if filled.kind is Kind.TAKEN else filled


async def _fill(slack: AsyncWebClient, url: str, content: bytes) -> Answer:
    session: Any = slack.session
    try:
        # Bytes alone would be sent at once, however many, while everybody else waits.
        data = BytesIO(content)
        async with session.post(url, data=data, proxy=slack.proxy, ssl=slack.ssl) as response:
            await response.read()
    except (TimeoutError, aiohttp.ClientError, ConnectionError) as error:
        return Answer(Kind.NOBODY_KNOWS, type(error).__name__)
    if response.status == 200:
        return Answer(Kind.TAKEN)
    if response.status == 429:
        after = float(response.headers.get("Retry-After", 1))
        return Answer(Kind.SLOW_DOWN, "ratelimited", after)
    kind = Kind.NOBODY_KNOWS if response.status >= 500 else Kind.NEVER
    return Answer(kind, f"upload {response.status}")
