"""The app as installed in the workspace: its manifest, scopes, tokens, triggers."""

import secrets

from bot.playground import declared
from bot.playground.errors import SlackError
from bot.playground.people import BOT_USER
from bot.playground.responses import Responses
from bot.playground.store import Doc
from bot.playground.triggers import Triggers
from bot.playground.workspace import Workspace

BOT_TOKEN = "xoxb-playground"
APP_TOKEN = "xapp-playground"


class Installation:
    """What the manifest granted; refusals are collected here."""

    bot_token = BOT_TOKEN
    app_token = APP_TOKEN

    def __init__(self, workspace: Workspace, manifest: Doc) -> None:
        self.workspace = workspace
        self.triggers = Triggers(workspace.clock)
        self.responses = Responses(workspace)
        self.refusals: list[Doc] = []
        self.tickets: set[str] = set()
        self.base_url = ""
        self._read(manifest)

    def _read(self, manifest: Doc) -> None:
        features = manifest.get("features", {})
        settings = manifest.get("settings", {})
        scopes = manifest.get("oauth_config", {}).get("scopes", {})
        self.app_name: str = manifest.get("display_information", {}).get("name", "App")
        self.scopes: list[str] = list(scopes.get("bot", []))
        self.commands: dict[str, Doc] = {
            command["command"]: command for command in features.get("slash_commands", [])
        }
        self.shortcuts = declared.shortcuts(manifest)
        self.events: set[str] = set(settings.get("event_subscriptions", {}).get("bot_events", []))
        home = features.get("app_home", {})
        self.home_enabled: bool = home.get("home_tab_enabled", False)
        self.messages_enabled: bool = home.get("messages_tab_enabled", True)
        self.messages_read_only: bool = home.get("messages_tab_read_only_enabled", False)
        bot = features.get("bot_user", {}).get("display_name", self.app_name)
        self.workspace.name_bot(bot)

    def refuse(self, method: str, refused: SlackError) -> None:
        """Note a refusal."""
        why = {"error": refused.error, "detail": refused.detail}
        self.refusals.append({"method": method, **why})

    def missing_scope(self, needed: str) -> SlackError:
        """The refusal for want of a scope."""
        extra = {"needed": needed, "provided": ",".join(self.scopes)}
        return SlackError("missing_scope", f"needs {needed}", **extra)

    def need_scope(self, scope: str) -> None:
        """Refuse unless the manifest was granted this scope."""
        if scope not in self.scopes:
            raise self.missing_scope(scope)

    def new_socket_url(self) -> str:
        """An address for one WebSocket connection."""
        ticket = secrets.token_urlsafe(12)
        self.tickets.add(ticket)
        return f"{self.base_url.replace('http', 'ws', 1)}/socket/{ticket}"

    def channel(self, channel_id: str) -> Doc:
        """A channel that the app can see; others do not exist for it."""
        channel: Doc | None = self.workspace.channels.get(channel_id)
        hidden = channel and channel["is_private"] and BOT_USER not in channel["members"]
        if channel is None or hidden:
            raise SlackError("channel_not_found", channel_id)
        return channel
