"""Installations with each secret that there can be, and how they are read again."""

from typing import Any

from slack_sdk.oauth.installation_store import Installation

from bot.installations import SECRET, Installations

OLD, NEW = "q" * 43 + "=", "w" * 43 + "="
OURS, THEIRS = "T0OURS", "T0THEIRS"
CLIENT = "1.2"
PLANTED = (
    *("PLANTEDBOT", "PLANTEDREFRESH", "PLANTEDUSER", "PLANTEDAGAIN"),
    *("PLANTEDHOOK", "PLANTEDCHANGE"),
)


def installation(team: str, *, more: str = "", **others: Any) -> Installation:
    """One with each secret that there can be."""
    bot, refresh, user, again, hook, change = (f"{each}{more}" for each in PLANTED)
    given: dict[str, Any] = {
        "app_id": "A1",
        "team_id": team,
        "team_name": "Clinic",
        "bot_token": f"xoxb-{bot}",
        "bot_id": "B1",
        "bot_user_id": "U0BOT",
        "bot_refresh_token": f"xoxe-1-{refresh}",
        "user_id": "U0ANA",
        "user_token": f"xoxp-{user}",
        "user_refresh_token": f"xoxe-1-{again}",
        "incoming_webhook_url": f"https://hooks.slack.com/{hook}",
        "incoming_webhook_configuration_url": f"https://north.slack.com/{change}",
    }
    return Installation(**{**given, **others})


def secrets_of(found: Installation | None) -> list[str]:
    assert found is not None
    return [getattr(found, name) for name in SECRET]


async def find(store: Installations, team: str) -> Installation | None:
    return await store.async_find_installation(enterprise_id=None, team_id=team)
