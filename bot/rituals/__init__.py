"""What each ritual is: its tables, rules and queries."""

from bot.rituals import home, mission, pulse, recognition, story, teams

__all__ = ["home", "mission", "pulse", "recognition", "story", "teams"]
