"""How Truenorth is installed in a workspace: Bolt's own flow, with stores of ours."""

import logging
import re
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.redirect_uri_page_renderer import RedirectUriPageRenderer
from slack_sdk.web.async_client import AsyncWebClient

from bot import manifest
from bot.config import Settings
from bot.db import Database
from bot.httpmode import INSTALL, INSTALLED, HttpMode
from bot.installations import Installations
from bot.states import STATE_SECONDS, States
from bot.vault import cipher_of

# What Slack is asked here and answers is as good as a token.
_quiet = logging.getLogger(f"{__name__}.slack")
_quiet.setLevel(logging.INFO)
_TEAM = re.compile("[TE][A-Z0-9]{1,20}")
_CODE = re.compile(r"[\w.-]{1,512}", re.ASCII)


_WHY = {
    "access_denied": "Nobody allowed it in Slack.",
    "invalid_browser": "It was begun in another browser, or this one keeps no cookies.",
    "invalid_state": "That took longer than ten minutes, or was done already.",
    "missing_code": "Slack sent you back without a code.",
    "invalid_code": "Slack did not confirm it, or does not answer just now.",
    "storage_error": "It could not be kept just now.",
}
_STYLE = """
:root { color-scheme: light dark; }
body { font: 17px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 24px; }
h1 { font-size: 1.5rem; line-height: 1.25; }
a { display: inline-block; padding: 8px 16px; border: 1px solid; border-radius: 8px; }
"""


class _Pages(RedirectUriPageRenderer):
    """What a browser shows at the end."""

    def render_success_page(self, *_: object, **__: object) -> str:
        """Say where it goes on."""
        return page(
            "Truenorth is in your workspace",
            "In a moment it writes to the admins of your workspace, in Slack, what to do first. "
            "You can close this page.",
        )

    def render_failure_page(self, reason: str) -> str:
        """Say why it did not work, in no words but ours."""
        why = _WHY.get(
            reason.partition(":")[0], "Slack did not say why."
        )  # Bolt explains behind it
        # Below the same address, whatever a proxy puts before it.
        again = f'<a href="{self.install_path.rpartition("/")[2]}">Try again</a>'
        return page("Truenorth was not installed", f"{why} Nothing was kept.</p><p>{again}")


def page(title: str, words: str) -> str:
    """Return a page that says so, in HTML."""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title}</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{title}</h1><p>{words}</p></main></body></html>"
    )


class Flow(AsyncOAuthFlow):
    """Tells `on_installed` once an installation is kept."""

    def __init__(
        self,
        settings: AsyncOAuthSettings,
        client: AsyncWebClient,
        on_installed: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(settings=settings, client=client, logger=_quiet)
        self._on_installed = on_installed

    async def build_authorize_url(self, state: str, request: AsyncBoltRequest) -> str:
        """Return where Slack asks; of what the browser said only a workspace's id goes along."""
        given = str(next(iter(request.query.get("team") or ()), ""))
        team = given if _TEAM.fullmatch(given) else None
        return self.settings.authorize_url_generator.generate(state=state, team=team)

    async def run_installation(self, code: str) -> Installation | None:
        """Ask Slack for the token; what cannot be a code is neither asked for nor logged."""
        if not _CODE.fullmatch(code):
            return None
        try:
            installation = await super().run_installation(code)
        except (ClientError, TimeoutError) as error:
            _quiet.warning("Slack does not answer an installation: %s", type(error).__name__)
            return None
        return installation if installation and installation.bot_token else None

    async def store_installation(
        self, request: AsyncBoltRequest, installation: Installation
    ) -> None:
        """Keep it, and begin to work there."""
        await super().store_installation(request, installation)
        await self._on_installed()


def flow(
    chosen: Settings,
    http: HttpMode,
    database: Database,
    session: ClientSession,
    on_installed: Callable[[], Awaitable[None]],
) -> Flow:
    """Put Bolt's flow together."""
    store = Installations(database, client_id=http.client_id, cipher=cipher_of(http.keys))
    api = urlsplit(chosen.slack_api_url)
    settings = AsyncOAuthSettings(
        client_id=http.client_id,
        client_secret=http.client_secret,
        scopes=[*manifest.required_scopes(), *manifest.optional_scopes()],
        user_scopes=[],
        installation_store=store,
        state_store=States(database),
        state_expiration_seconds=STATE_SECONDS,
        install_page_rendering_enabled=False,
        authorization_url=f"{api.scheme}://{api.netloc}/oauth/v2/authorize",
    )
    settings.redirect_uri_page_renderer = _Pages(
        install_path=INSTALL, redirect_uri_path=INSTALLED, success_url=None, failure_url=None
    )
    client = AsyncWebClient(
        base_url=chosen.slack_api_url, session=session, retry_handlers=[], logger=_quiet
    )
    return Flow(settings, client, on_installed)
