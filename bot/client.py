"""The client of Slack's Web API, which tells what goes wrong there."""

from collections.abc import Callable
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.answers import code_of

GIVEN_UP = "given_up"  # nobody waited for the answer any longer

# Told of each call that fails: which method's, and the code of the error.
OnError = Callable[[str, str], None]


class Client(AsyncWebClient):
    """Calls Slack once, and tells `on_error` where that does not succeed."""

    def __init__(
        self, token: str, *, base_url: str, session: aiohttp.ClientSession, on_error: OnError
    ) -> None:
        super().__init__(
            token=token,
            base_url=base_url,
            session=session,
            retry_handlers=[],  # a repeated call could post twice
        )
        self._on_error = on_error

    async def api_call(self, api_method: str, **more: Any) -> AsyncSlackResponse:
        """Call the method; raise what slack_sdk raises."""
        error = GIVEN_UP
        try:
            response = await super().api_call(api_method, **more)
            error = ""
        except SlackApiError as refusal:
            error = code_of(refusal.response)
            raise
        except (aiohttp.ClientError, ConnectionError, TimeoutError) as failure:
            error = type(failure).__name__
            raise
        finally:
            if error:
                self._on_error(api_method, error)
        return response
