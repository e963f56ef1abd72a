"""Faults on request: what may go wrong between the app and Slack."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

Kind = Literal["429", "500", "error", "reset_before", "reset_after", "slow", "hang_after"]


@dataclass
class Fault:
    """Happens the next `times` that `method` is called."""

    method: str
    kind: Kind
    times: int = 1
    details: dict[str, Any] = field(default_factory=dict)


class Faults:
    """Asked before each call; the first that fits happens."""

    def __init__(self) -> None:
        self._planned: list[Fault] = []

    def plan(self, method: str, kind: str, *, times: int, details: dict[str, Any]) -> None:
        """Let it happen; raises ValueError for a kind that is not known."""
        for known in get_args(Kind):
            if kind == known:
                self._planned.append(Fault(method, known, times, details))
                return
        raise ValueError(f"no fault is called {kind}")

    def next(self, method: str) -> Fault | None:
        """The fault of this call, used up once."""
        for fault in self._planned:
            if fault.method == method and fault.times > 0:
                fault.times -= 1
                return fault
        return None

    def end(self) -> None:
        """Let nothing happen any more."""
        self._planned.clear()

    def is_met(self, method: str) -> bool:
        """Whether all that was planned for this method has happened, or is happening."""
        return not any(fault.times for fault in self._planned if fault.method == method)
