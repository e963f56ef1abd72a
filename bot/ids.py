"""Identifiers made by the application, so that a transaction knows its ids before it inserts."""

import secrets
import threading
import time

EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00Z: leaves room until 2089
RANDOM_BITS = 22
LARGEST = 2**63 - 1  # that a database takes

_lock = threading.Lock()
_last = 0


def new_id() -> int:
    """Return a positive 63-bit number, later than every earlier one of this process.

    Milliseconds since 2020 above 22 random bits, so that processes do not collide and rows
    can move between databases.
    """
    global _last
    milliseconds = time.time_ns() // 1_000_000 - EPOCH_MS
    candidate = milliseconds << RANDOM_BITS | secrets.randbits(RANDOM_BITS)
    with _lock:
        _last = max(candidate, _last + 1)
        return _last


def random_id() -> int:
    """Return a positive 63-bit number that tells nothing of when it was made."""
    return secrets.randbits(63) | 1
