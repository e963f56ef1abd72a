"""What each ritual is: its tables, rules and queries."""

from bot.rituals import home, mission, recognition, story, teams

__all__ = ["home", "mission", "recognition", "story", "teams"]
