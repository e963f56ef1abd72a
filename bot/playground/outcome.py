"""What came of something that a person did."""

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.playground.socketmode import Reply

Result = Literal["", "closed", "errors", "updated", "pushed", "failed"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """`error` is the sentence that Slack shows; `sent` is false where Slack itself objected."""

    acked: bool
    payload: Any = None
    seconds: float = 0.0
    error: str | None = None
    result: Result = ""
    errors: dict[str, str] = field(default_factory=dict)
    sent: bool = True

    @property
    def ok(self) -> bool:
        """Whether the person saw no failure."""
        return self.error is None and not self.errors

    @property
    def closed(self) -> bool:
        """The form is gone."""
        return self.result == "closed"

    @property
    def updated(self) -> bool:
        """The form shows something else now."""
        return self.result == "updated"

    @property
    def pushed(self) -> bool:
        """Another form lies on top."""
        return self.result == "pushed"


def of(reply: Reply, *, error: str | None = None, result: Result = "", **more: Any) -> Outcome:
    """The outcome of a reply."""
    return Outcome(reply.acked, reply.payload, reply.seconds, error, result, **more)


def failure(what: str, reply: Reply) -> str | None:
    """The sentence for a reply that did not come."""
    if reply.acked:
        return None
    unconnected = reply.failure == "unconnected"
    why = "is not connected" if unconnected else "did not respond"
    return f"{what} failed because the app {why}"
