"""What it takes to serve many workspaces over HTTP: four names, all of them or none."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address

NEEDED = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "SLACK_SIGNING_SECRET", "TOKEN_KEY")
TOKENS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
SETTABLE = ("HTTP_PORT", "HTTP_HOST", "HTTP_WORKERS", "RETENTION_UNINSTALLED")
PORT, HOST, WORKERS, KEPT_DAYS = 3000, "127.0.0.1", 1, 30
FOR_EVER = "forever"
# Where Slack's requests and those who install Truenorth arrive.
EVENTS, INSTALL, INSTALLED = "/slack/events", "/slack/install", "/slack/oauth_redirect"
REFUSED = 401  # the status of an answer to what Slack did not sign just now

_PLACE = "Copy it from your app's page on api.slack.com: Basic Information, App Credentials."
_KEY = re.compile(r"[A-Za-z0-9_-]{43}=")  # 32 bytes in URL-safe Base64, as Fernet takes them
_BOTH = (
    "{tokens} and {named} are both set. Tokens are for one workspace, the others for many over "
    "HTTP: remove the ones or the others."
)


@dataclass(frozen=True)
class HttpMode:
    """What serves many workspaces; of its secrets none shows in its repr.

    The first of the `keys` encrypts tokens, all of them decrypt. What is left of a workspace that
    Truenorth was taken out of is kept for `kept_days`; for ever without.
    """

    client_id: str
    client_secret: str = field(repr=False)
    signing_secret: str = field(repr=False)
    keys: tuple[str, ...] = field(repr=False)
    port: int = PORT
    host: str = HOST
    workers: int = WORKERS  # processes, of which each answers for every workspace
    kept_days: int | None = KEPT_DAYS


def read(given: Mapping[str, str]) -> tuple[HttpMode | None, list[str]]:
    """Return what is given by name, and all that is wrong with it, which never says a value.

    Where none of the four is given it is another mode.
    """
    tokens, named = ([name for name in names if given[name]] for names in (TOKENS, NEEDED))
    if not named:
        return None, []
    if tokens:
        return None, [_BOTH.format(tokens=" and ".join(tokens), named=" and ".join(named))]
    keys = tuple(key.strip() for key in given["TOKEN_KEY"].split(","))
    problems = [f"{name} {wrong}" for name, wrong in _wrong(given, keys) if wrong]
    if problems:
        return None, problems
    client, secret, signing = (given[name] for name in NEEDED[:3])
    port, kept = given["HTTP_PORT"] or str(PORT), given["RETENTION_UNINSTALLED"]
    workers = int(given["HTTP_WORKERS"] or WORKERS)
    days = None if kept.casefold() == FOR_EVER else int(kept or KEPT_DAYS)
    return HttpMode(
        client, secret, signing, keys, int(port), given["HTTP_HOST"] or HOST, workers, days
    ), []


def _wrong(given: Mapping[str, str], keys: tuple[str, ...]) -> list[tuple[str, str | None]]:
    checks: dict[str, Callable[[str], str | None]] = {
        "SLACK_CLIENT_ID": _id_problem,
        "SLACK_CLIENT_SECRET": _secret_problem,
        "SLACK_SIGNING_SECRET": _secret_problem,
        "TOKEN_KEY": lambda _: _key_problem(keys),
        "HTTP_PORT": _port_problem,
        "HTTP_HOST": _host_problem,
        "HTTP_WORKERS": _workers_problem,
        "RETENTION_UNINSTALLED": _days_problem,
    }
    found = [(name, check(given[name])) for name, check in checks.items()]
    secret = given["SLACK_CLIENT_SECRET"]
    if secret and secret == given["SLACK_SIGNING_SECRET"]:
        found.append(("SLACK_SIGNING_SECRET", f"is the same as SLACK_CLIENT_SECRET. {_PLACE}"))
    return found


def _id_problem(value: str) -> str | None:
    if not value:
        return f"is missing. {_PLACE}"
    return None if re.fullmatch(r"[0-9]+\.[0-9]+", value) else f"is two numbers and a dot. {_PLACE}"


def _secret_problem(value: str) -> str | None:
    if not value:
        return f"is missing. {_PLACE}"
    whole = re.fullmatch("[A-Za-z0-9]{16,200}", value)
    return None if whole else f"is not a whole secret. {_PLACE}"


def _key_problem(keys: tuple[str, ...]) -> str | None:
    make = "Make one with `openssl rand -base64 32 | tr '+/' '-_'`, and keep a copy of it elsewhere"
    if not any(keys):
        return f"is missing: with it tokens are encrypted. {make}."
    whole = all(map(_KEY.fullmatch, keys))
    return None if whole else f"is not a key, or several with commas between. {make}."


def _port_problem(value: str) -> str | None:
    fits = not value or (re.fullmatch("[0-9]{1,5}", value) and 0 < int(value) < 65536)
    return None if fits else "has to be a number from 1 to 65535."


def _workers_problem(value: str) -> str | None:
    fits = not value or (re.fullmatch("[0-9]{1,2}", value) and int(value) > 0)
    return None if fits else "has to be a number from 1 to 99."


def _host_problem(value: str) -> str | None:
    try:
        ip_address(value or HOST)
    except ValueError:
        return "has to be an address, such as 127.0.0.1 or 0.0.0.0."
    return None


def _days_problem(value: str) -> str | None:
    fits = value.casefold() in ("", FOR_EVER) or re.fullmatch("[0-9]{1,5}", value)
    return None if fits else f"has to be a number of days, or {FOR_EVER}."
