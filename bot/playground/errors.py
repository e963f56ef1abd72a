"""How the fake Slack says no."""

from typing import Any


class SlackError(Exception):
    """Refused, as Slack would: `error` is its code, `detail` says why, for whoever debugs."""

    def __init__(self, error: str, detail: str = "", **extra: Any) -> None:
        super().__init__(f"{error}: {detail}" if detail else error)
        self.error = error
        self.detail = detail
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The answer as Slack gives it."""
        return {"ok": False, "error": self.error, **self.extra}


class RateLimitedError(Exception):
    """Too fast: come back after so many whole seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"retry after {seconds} s")
        self.seconds = seconds


class CannotActError(Exception):
    """A person cannot do this in Slack; the message is what Slack shows."""


def invalid_arguments(*messages: str) -> SlackError:
    """The refusal of arguments, each message said as Slack says it."""
    said = [m if m.startswith("[ERROR]") else f"[ERROR] {m}" for m in messages]
    metadata = {"messages": said}
    return SlackError("invalid_arguments", "; ".join(said), response_metadata=metadata)


def invalid_blocks(messages: list[str]) -> SlackError:
    """The refusal of a message's blocks."""
    metadata = {"messages": messages}
    detail = "; ".join(messages)
    return SlackError("invalid_blocks", detail, errors=messages, response_metadata=metadata)
