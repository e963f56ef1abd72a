"""The two tokens: where each is found, what is wrong with another, and that none is shown."""

import re

BOT_TOKEN_PLACE = (
    "Copy the bot token, which begins with xoxb-, from your app's page on api.slack.com: "
    "OAuth & Permissions, Bot User OAuth Token."
)
APP_TOKEN_PLACE = (
    "Copy the app-level token, which begins with xapp-, from your app's page on api.slack.com: "
    "Basic Information, App-Level Tokens, with the scope connections:write."
)
TOKEN_KINDS = {
    "xoxb-": "that is a bot token and belongs in SLACK_BOT_TOKEN",
    "xapp-": "that is an app-level token and belongs in SLACK_APP_TOKEN",
    "xoxp-": "that is a person's token, which Truenorth never needs",
    "xoxe-": "that is a token for editing app configurations, which Truenorth never needs",
    "xoxe.": "that is a token that expires; turn token rotation off for this app",
}

# A token, the ticket in the address of a socket, with which somebody else could connect, or the
# code in what Bolt says of an installation that failed.
_SECRET = re.compile(r"\b(xox[a-z]|xapp|xoxe\.xox[a-z])-[\w-]+|\b(ticket=|with code: )[^&\s'\"]+")


def hidden(text: str) -> str:
    """Return the text without any token in it."""
    return _SECRET.sub(lambda found: f"{found[1] or found[2]}…", text)


def token_problem(token: str, prefix: str) -> str | None:
    """Return what is wrong with a token that is to begin so, None where nothing is."""
    if not token:
        return "is missing"
    if token.startswith(prefix):
        whole = re.fullmatch(r"[A-Za-z0-9-]+", token.removeprefix(prefix))
        return None if whole else f"begins with {prefix} as it should, but is not a whole token"
    for other, meaning in TOKEN_KINDS.items():
        if token.startswith(other):
            return f"begins with {other}; {meaning}"
    return f"does not begin with {prefix}"
