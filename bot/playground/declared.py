"""What the manifest declares, checked as Slack checks it."""

from bot.playground.shapes import Problems, choice, items, shape, string
from bot.playground.store import Doc

MOST = 10
_SHORTCUTS = items(
    shape(
        {
            "name": string(24),
            "type": choice("global", "message"),
            "callback_id": string(255),
            "description": string(150),
        }
    ),
    most=MOST,
)


def shortcuts(manifest: Doc) -> dict[str, Doc]:
    """The manifest's shortcuts by callback_id; raises ValueError where Slack would refuse them."""
    listed = manifest.get("features", {}).get("shortcuts")
    if listed is None:
        return {}
    problems: Problems = []
    _SHORTCUTS(listed, "/features/shortcuts", problems)
    if problems:
        raise ValueError("; ".join(problems))
    found = {each["callback_id"]: each for each in listed}
    if len(found) < len(listed):
        raise ValueError("each shortcut needs a callback_id of its own")
    if "commands" not in manifest.get("oauth_config", {}).get("scopes", {}).get("bot", []):
        raise ValueError("shortcuts need the scope commands")
    return found
