"""Slack's rate limits, counted on the movable clock."""

import math
from collections import deque

from bot.playground.clock import Clock
from bot.playground.contract import TIERS
from bot.playground.errors import RateLimitedError

CHANNEL_RATE, CHANNEL_BURST = 1.0, 3
WORKSPACE_RATE, WORKSPACE_BURST = 4.0, 8
MINUTE = 60.0


class _Bucket:
    """Holds up to `burst` permits and gains `rate` a second."""

    def __init__(self, rate: float, burst: int, now: float) -> None:
        self.rate, self.burst = rate, burst
        self.level, self.at = float(burst), now

    def wait(self, now: float) -> float:
        """Seconds until a permit is there; 0 when it is."""
        gained = max(0.0, now - self.at) * self.rate
        self.level, self.at = min(self.burst, self.level + gained), now
        return 0.0 if self.level >= 1 else (1 - self.level) / self.rate


class Limits:
    """One second a message in each channel, four in the workspace, tiers for all else."""

    def __init__(self, clock: Clock, *, enabled: bool = True) -> None:
        self._clock = clock
        self.enabled = enabled
        self._buckets: dict[str, _Bucket] = {}
        self._minutes: dict[str, deque[float]] = {}

    def take(self, method: str, tier: str, channel: str | None) -> None:
        """Count one call, or raise RateLimitedError with the seconds to wait."""
        if not self.enabled:
            return
        if method == "chat.postMessage":
            self._post(channel or "")
        elif tier in TIERS:
            self._tiered(method, TIERS[tier])

    def _post(self, channel: str) -> None:
        now = self._clock.seconds()
        wanted = [
            self._bucket(f"channel {channel}", CHANNEL_RATE, CHANNEL_BURST, now),
            self._bucket("workspace", WORKSPACE_RATE, WORKSPACE_BURST, now),
        ]
        wait = max(bucket.wait(now) for bucket in wanted)
        if wait > 0:
            raise RateLimitedError(math.ceil(wait))
        for bucket in wanted:
            bucket.level -= 1

    def _bucket(self, name: str, rate: float, burst: int, now: float) -> _Bucket:
        return self._buckets.setdefault(name, _Bucket(rate, burst, now))

    def _tiered(self, method: str, allowed: int) -> None:
        now = self._clock.seconds()
        calls = self._minutes.setdefault(method, deque())
        while calls and not now - MINUTE < calls[0] <= now:
            calls.popleft()
        if len(calls) >= allowed:
            raise RateLimitedError(max(1, math.ceil(calls[0] + MINUTE - now)))
        calls.append(now)
