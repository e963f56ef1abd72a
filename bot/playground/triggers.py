"""trigger_ids: good for one view, for three seconds."""

import secrets

from bot.playground.clock import Clock
from bot.playground.errors import SlackError
from bot.playground.store import Doc

SECONDS = 3.0


class Triggers:
    """By the movable clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._given: dict[str, Doc] = {}

    def new(self, user: str, *, view_id: str | None = None) -> str:
        """A trigger for what this person just did, in a view perhaps."""
        trigger = f"{len(self._given) + 1}.{int(self._clock.seconds())}.{secrets.token_hex(8)}"
        until = self._clock.seconds() + SECONDS
        self._given[trigger] = {"user": user, "view": view_id, "until": until, "used": False}
        return trigger

    def exchange(self, trigger: str) -> tuple[str, str | None]:
        """Use it up: the person and the view it came from."""
        given = self._given.get(trigger)
        if given is None:
            raise SlackError("invalid_trigger_id", trigger)
        if given["used"]:
            raise SlackError("exchanged_trigger_id", trigger)
        if self._clock.seconds() > given["until"]:
            raise SlackError("expired_trigger_id", trigger)
        given["used"] = True
        return given["user"], given["view"]
