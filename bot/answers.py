"""What Slack's answer to a message means: taken, to be tried again, never, or nobody knows."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

CHANNEL_TROUBLE = frozenset(
    [
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "no_permission",
        "restricted_action_read_only_channel",
        "team_access_not_granted",
        "posting_to_general_channel_denied",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_only_channel",
        "cannot_post_to_channel",
        "is_inactive",
    ]
)
PERSON_TROUBLE = frozenset(
    [
        "user_disabled",
        "cannot_dm_bot",
        "user_not_found",
        "user_not_visible",
        "messages_tab_disabled",
        "channel_not_found",
        "recipient_not_found",
        "not_in_channel",
        "is_archived",
    ]
)
TOKEN_TROUBLE = frozenset(
    [
        "token_revoked",
        "token_expired",
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "missing_scope",
        "not_allowed_token_type",
        "org_login_required",
        "ekm_access_denied",
        "access_denied",
    ]
)
MESSAGE_GONE = frozenset(["message_not_found", "cant_update_message", "edit_window_closed"])
# Slack's words for "something failed on our side, and it may have happened all the same".
NOBODY_KNOWS = frozenset(
    ["internal_error", "fatal_error", "request_timeout", "service_unavailable", "team_added_to_org"]
)
TOO_MANY = frozenset(["ratelimited", "rate_limited"])  # also said without a 429
PASSING = frozenset(["message_limit_exceeded", "external_channel_migrating", "update_failed"])
NO_ANSWER = "no_answer_of_slack"  # a proxy's page, or half of an answer


class Kind(Enum):
    """What to do about an answer."""

    TAKEN = "taken"
    SLOW_DOWN = "slow down"
    TRY_AGAIN = "try again"
    NOBODY_KNOWS = "nobody knows"
    CHANNEL = "channel"
    PERSON = "person"
    TOKEN = "token"  # noqa: S105
    GONE = "gone"
    NEVER = "never"


@dataclass(frozen=True)
class Answer:
    """Slack's answer, sorted. `after` is seconds to wait where Slack named them."""

    kind: Kind
    error: str = ""
    after: float = 0.0
    data: dict[str, Any] | None = None


def _of_error(error: SlackApiError, *, to_person: bool) -> Answer:
    response = error.response
    # Where the body is no JSON, the SDK hands over aiohttp's response instead of its own.
    status: int = getattr(response, "status_code", 0) or getattr(response, "status", 500)
    code = code_of(response)
    if status == 429 or code in TOO_MANY:
        return Answer(Kind.SLOW_DOWN, "ratelimited", float(response.headers.get("Retry-After", 1)))
    if status >= 500 or code in NOBODY_KNOWS or code == NO_ANSWER:
        return Answer(Kind.NOBODY_KNOWS, code)
    kinds = (
        (TOKEN_TROUBLE, Kind.TOKEN),
        (MESSAGE_GONE, Kind.GONE),
        (PASSING, Kind.TRY_AGAIN),
        (
            PERSON_TROUBLE if to_person else CHANNEL_TROUBLE,
            Kind.PERSON if to_person else Kind.CHANNEL,
        ),
    )
    return Answer(next((kind for codes, kind in kinds if code in codes), Kind.NEVER), code)


def code_of(response: Any) -> str:
    """Return Slack's code of the error, or our own where what answered is no answer of Slack's."""
    data = getattr(response, "data", None)
    return str(data.get("error", NO_ANSWER)) if isinstance(data, dict) else NO_ANSWER


async def answer_of(call: Any, *, to_person: bool = False) -> Answer:
    """Await a call to Slack and sort what comes of it; only bugs of ours are raised."""
    try:
        response = await call
    except SlackApiError as error:
        return _of_error(error, to_person=to_person)
    except aiohttp.ClientConnectorError:
        return Answer(Kind.TRY_AGAIN, "slack_unreachable")  # nothing was written yet
    except (TimeoutError, aiohttp.ClientError, ConnectionError) as error:
        return Answer(Kind.NOBODY_KNOWS, type(error).__name__)
    return Answer(Kind.TAKEN, data=response.data)
