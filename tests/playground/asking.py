"""Asking the Web API for what it refuses."""

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError


async def refusal(call: Awaitable[Any]) -> dict[str, Any]:
    """The answer of a call that is refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    answer = caught.value.response
    found: dict[str, Any] = answer if isinstance(answer, dict) else answer.data
    return found


async def error(call: Awaitable[Any]) -> str:
    return str((await refusal(call))["error"])
