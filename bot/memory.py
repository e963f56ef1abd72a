"""What the writer knows already when its next transaction begins."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlmodel import Session


class Memory:
    """What hardly ever changes, kept from one of our transactions to the next.

    It is forgotten when another process has written, and when a transaction fails.
    """

    KEPT = ("charter", "team_settings", "people")  # whoever writes them keeps `session.info` right

    def __init__(self) -> None:
        self._of_team: dict[str, dict[str, Any]] = {}
        self._seen: int | None = None

    def forget(self) -> None:
        """Know nothing any more: what was remembered may not have been committed."""
        self._of_team.clear()

    def look(self, version: int | None) -> None:
        """Forget everything where another process may have written since the version seen last."""
        if version is None or version != self._seen:
            self._of_team.clear()
            self._seen = version

    @contextmanager
    def of(self, session: Session, *, team: str) -> Iterator[None]:
        """Remember for the session, and from it once what is inside has committed."""
        known = self._of_team.pop(team, {})
        session.info.update(known)
        yield
        info = session.info
        self._of_team[team] = {key: info[key] for key in self.KEPT if key in info}
