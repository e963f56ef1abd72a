"""Looks at everything that Truenorth needs and says in plain words what is wrong."""

from collections.abc import Mapping, Sequence

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot import manifest
from bot.checkup import Channel, examine_database, installed_tokens
from bot.config import ConfigError, Settings
from bot.findings import Finding, exit_code, note, ok, wrong
from bot.httpmode import HttpMode
from bot.porthole import examine_door, examine_port
from bot.vault import KeyLost

PATIENCE = aiohttp.ClientTimeout(total=10)  # seconds

REASONS = {
    "invalid_auth": "Slack does not know it. Copy it again from your app's page",
    "not_authed": "Slack does not know it. Copy it again from your app's page",
    "token_revoked": "it was revoked. Install the app again and copy the new one",
    "token_expired": "it has expired. Turn token rotation off and install the app again",
    "account_inactive": "the app was removed from the workspace. Install it again",
    "not_allowed_token_type": "Slack expects another kind of token there",
    "missing_scope": "it lacks a scope. The app-level token needs connections:write",
    "ratelimited": "Slack asks us to wait. Try again in a minute",
}


_READ_ONE = "The settings can be read, and both tokens are of the right kind."
_READ_MANY = "The settings can be read: they are for many workspaces, over HTTP."


class _UnreachableError(Exception):
    """Nobody answered at Slack's address, or somebody who is not Slack."""


async def run(settings: Settings | ConfigError, channels: Sequence[Channel] = ()) -> int:
    """Print every finding and return the exit code: 1 where anything is wrong."""
    findings = await examine(settings, channels)
    for finding in findings:
        print(finding)
    return exit_code(findings)


async def examine(
    settings: Settings | ConfigError, channels: Sequence[Channel] = ()
) -> list[Finding]:
    """Look at the settings, the database, the port, Slack, and the channels that were chosen.

    With settings that cannot be read there is nothing else to look at.
    """
    if isinstance(settings, ConfigError):
        return [wrong(problem) for problem in settings.problems]
    return [
        ok(_READ_MANY if settings.http else _READ_ONE),
        ok(f"The log is written as {settings.log_format}, from {settings.log_level} on."),
        *examine_database(settings),
        *await examine_port(settings),
        *await (
            _examine_many(settings, settings.http, channels)
            if settings.http
            else _examine_slack(settings, channels)
        ),
    ]


async def _examine_many(
    settings: Settings, http: HttpMode, channels: Sequence[Channel]
) -> list[Finding]:
    door = await examine_door(http)
    try:
        tokens = installed_tokens(settings, http)
    except KeyLost as lost:
        return [door, wrong(lost.message)]
    if not tokens:
        return [door, note("Truenorth is installed in no workspace yet.")]
    findings = [door, ok("TOKEN_KEY opens every token.")]
    async with aiohttp.ClientSession(timeout=PATIENCE) as session:
        for team, token in tokens.items():
            bot = _client(settings, token, session)
            try:
                findings += await _examine_bot_token(bot, team)
                findings += await _examine_channels(bot, settings, team, channels)
            except _UnreachableError as silence:
                return [*findings, _silence(settings, silence)]
    return findings


async def _examine_channels(
    bot: AsyncWebClient, settings: Settings, whose: str, channels: Sequence[Channel]
) -> list[Finding]:
    ours = [channel for channel in channels if channel[0] == whose]
    return [await _examine_channel(bot, settings, channel) for channel in ours]


def _silence(settings: Settings, silence: _UnreachableError) -> Finding:
    return wrong(f"Slack does not answer at {settings.slack_api_url}: {silence}.")


async def _examine_slack(settings: Settings, channels: Sequence[Channel]) -> list[Finding]:
    async with aiohttp.ClientSession(timeout=PATIENCE) as session:
        bot = _client(settings, settings.slack_bot_token, session)
        app = _client(settings, settings.slack_app_token, session)
        try:
            return [
                *await _examine_bot_token(bot),
                await _examine_app_token(app),
                *[await _examine_channel(bot, settings, channel) for channel in channels],
            ]
        except _UnreachableError as silence:
            return [_silence(settings, silence)]


def _client(settings: Settings, token: str, session: aiohttp.ClientSession) -> AsyncWebClient:
    url = settings.slack_api_url
    return AsyncWebClient(token=token, base_url=url, session=session, retry_handlers=[])


async def _examine_bot_token(slack: AsyncWebClient, whose: str = "") -> list[Finding]:
    called = f"The token of {whose}" if whose else "SLACK_BOT_TOKEN"
    answer = await _call(slack, "auth.test")
    if isinstance(answer, str):
        return [wrong(f"{called} does not work: {_reason(answer)}.")]
    told: Mapping[str, object] = answer.data if isinstance(answer.data, dict) else {}
    return [
        ok(f"{called} works: {told.get('user')} in {told.get('team')}."),
        *_examine_scopes(answer.headers),
    ]


def _examine_scopes(headers: Mapping[str, str]) -> list[Finding]:
    told = {name.lower(): value for name, value in headers.items()}.get("x-oauth-scopes")
    if told is None:
        return [note("Slack did not say which scopes the bot token has.")]
    granted = {scope.strip() for scope in told.split(",")}
    missing = [scope for scope in manifest.required_scopes() if scope not in granted]
    refused = [scope for scope in manifest.optional_scopes() if scope not in granted]
    findings = [_scopes_missing(missing) if missing else ok("The bot token has every scope.")]
    if refused:
        findings.append(
            note(
                f"The bot token does without {', '.join(refused)}. Where a post's fate is unknown, "
                "Truenorth asks its owner instead of looking."
            )
        )
    return findings


def _scopes_missing(scopes: Sequence[str]) -> Finding:
    return wrong(
        f"The bot token lacks {', '.join(scopes)}. Give your app what `make manifest` "
        "prints and install it again."
    )


async def _examine_app_token(slack: AsyncWebClient) -> Finding:
    answer = await _call(slack, "apps.connections.open")
    if isinstance(answer, str):
        return wrong(f"SLACK_APP_TOKEN does not work: {_reason(answer)}.")
    return ok("SLACK_APP_TOKEN works: Slack offers a connection.")


async def _examine_channel(slack: AsyncWebClient, settings: Settings, channel: Channel) -> Finding:
    _, name, channel_id = channel
    answer = await _call(slack, "conversations.info", channel=channel_id)
    choose = f"Choose another with /{settings.command_prefix}mission settings"
    if answer == "channel_not_found":
        return wrong(f"{name}: {channel_id} is gone, or private without Truenorth in it. {choose}.")
    if isinstance(answer, str):
        return wrong(f"{name}: Slack says nothing about {channel_id} ({answer}).")
    told = answer.get("channel") or {}
    if told.get("is_archived"):
        return wrong(f"{name}: #{told.get('name')} is archived. {choose}, or bring it back.")
    if not told.get("is_member"):
        return wrong(f"{name}: Truenorth is not in #{told.get('name')}. Invite it there.")
    return ok(f"{name}: Truenorth is in #{told.get('name')}.")


async def _call(slack: AsyncWebClient, method: str, **arguments: str) -> AsyncSlackResponse | str:
    """Return Slack's answer or its error code; raise _UnreachableError where there is neither."""
    try:
        return await slack.api_call(method, data=arguments)
    except SlackApiError as refusal:
        code = refusal.response.get("error") if _is_answer(refusal.response) else None
        if code is None:
            raise _UnreachableError("what answers there is not Slack") from refusal
        return str(code)
    except AttributeError as stumble:  # slack_sdk's, over an answer in plain text
        raise _UnreachableError("what answers there is not Slack") from stumble
    except TimeoutError as silence:
        raise _UnreachableError("no answer within ten seconds") from silence
    except aiohttp.ClientError as failure:
        raise _UnreachableError(str(failure)) from failure


def _is_answer(response: object) -> bool:
    return isinstance(response, AsyncSlackResponse) and isinstance(response.data, dict)


def _reason(code: str) -> str:
    return REASONS.get(code, f"Slack says {code}")
