"""What each ritual is: its tables, rules and queries."""

from bot.rituals import mission, recognition

__all__ = ["mission", "recognition"]
