"""What everything in a workspace rests on: identifiers, stamps, time, and telling of changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.playground.clock import Clock
from bot.playground.store import Doc, Store


@dataclass(frozen=True, slots=True)
class Change:
    """Something became different: for `only` one person, or for all who see the channel."""

    kind: str
    channel: str | None = None
    only: str | None = None
    message: Doc | None = None
    ts: str | None = None
    event: Doc | None = None


class Records:
    """The store, the clock and the watchers of one workspace."""

    def __init__(self, path: Path | str | None, now: Callable[[], datetime]) -> None:
        self.store = Store(path)
        self._meta = self.store.load("meta")
        self.clock = Clock(now, self._meta.get("offset", 0.0))
        self._watchers: list[Callable[[Change], None]] = []
        self._stamps: set[str] = set()

    def close(self) -> None:
        """Let go of the file; what was saved stays."""
        self.store.close()

    def watch(self, watcher: Callable[[Change], None]) -> Callable[[], None]:
        """Call the watcher after every change; returns how to stop that."""
        self._watchers.append(watcher)
        return lambda: self._watchers.remove(watcher)

    def tell(self, change: Change) -> None:
        """Tell all watchers."""
        for watcher in list(self._watchers):
            watcher(change)

    def new_id(self, prefix: str) -> str:
        """An identifier never given before, also across restarts."""
        serial = int(self._meta.get("serial", 0)) + 1
        self._remember("serial", serial)
        return f"{prefix}{serial:08d}"

    def new_ts(self) -> str:
        """A timestamp that no message has, in microseconds of the movable clock."""
        micros = int(self.clock.seconds() * 1_000_000)
        while (ts := f"{micros // 1_000_000}.{micros % 1_000_000:06d}") in self._stamps:
            micros += 1
        self._stamps.add(ts)
        return ts

    def taken(self, ts: str) -> None:
        """Never give this timestamp again."""
        self._stamps.add(ts)

    def move_clock(self, seconds: float) -> None:
        """Move the clock for everybody."""
        self.clock.move(seconds)
        self._remember("offset", self.clock.offset)
        self.tell(Change("clock"))

    def send_event(self, event: Doc) -> None:
        """Let the app hear of something, if it subscribed to it."""
        self.tell(Change("event", event={**event, "event_ts": self.new_ts()}))

    def _remember(self, key: str, value: float) -> None:
        self._meta[key] = value
        self.store.put("meta", key, value)
