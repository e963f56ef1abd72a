"""What each ritual is: its tables, rules and queries."""

from bot.rituals import (
    decision,
    digest,
    home,
    mission,
    pulse,
    recognition,
    reminder,
    story,
    teams,
    welcome,
)

__all__ = [
    "decision",
    "digest",
    "home",
    "mission",
    "pulse",
    "recognition",
    "reminder",
    "story",
    "teams",
    "welcome",
]
