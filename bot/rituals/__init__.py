"""What each ritual is: its tables, rules and queries."""

from bot.rituals import digest, home, mission, pulse, recognition, reminder, story, teams, welcome

__all__ = [
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
