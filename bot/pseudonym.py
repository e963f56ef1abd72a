"""What stands in the place of somebody who was erased: it says nothing of who they were."""

import re
import secrets
from dataclasses import dataclass
from typing import Any

SOMEBODY = "somebody who was erased"
BEGINNING = "ERASED"  # no id of Slack's begins so
SLACK_ID = re.compile(r"[UW][A-Z0-9]{2,31}")
LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new() -> str:
    """Return one that nobody had; all that is kept of one person has the same."""
    return BEGINNING + "".join(secrets.choice(LETTERS) for _ in range(6))


def is_one(person: str | None) -> bool:
    """Whether this is somebody who was erased."""
    return (person or "").startswith(BEGINNING)


@dataclass(frozen=True)
class Somebody:
    """Who is erased, and what stands in their place."""

    id: str
    instead: str

    def absent_from(self, value: Any) -> Any:
        """Return a text, or what JSON holds, in which nothing names them any more."""
        if isinstance(value, str):
            if self.id not in value:
                return value
            value = re.sub(rf"<@{self.id}(\|[^<>]*)?>", SOMEBODY, value)
            return re.sub(rf"(?<![A-Z0-9]){self.id}(?![A-Z0-9])", self.instead, value)
        if isinstance(value, list):
            return [self.absent_from(one) for one in value]
        if not isinstance(value, dict):
            return value
        if value.get("type") == "user" and value.get("user_id") == self.id:  # a mention
            style = {"style": value["style"]} if "style" in value else {}
            return {"type": "text", "text": SOMEBODY, **style}
        return {self.absent_from(name): self.absent_from(one) for name, one in value.items()}
