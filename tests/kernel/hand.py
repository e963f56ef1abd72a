"""A clock that stands still until it is moved."""

from datetime import datetime, timedelta

from tests.support import T0


class Hand:
    """A clock that only a test moves."""

    def __init__(self) -> None:
        self.at = T0

    def now(self) -> datetime:
        return self.at

    def move(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
