"""Addresses: what a DATABASE_URL may be, and what is https."""

import re
from importlib.util import find_spec
from urllib.parse import urlsplit

SQLITE = "sqlite:///"
POSTGRESQL = "postgresql+psycopg://"
DEFAULT_DATABASE_URL = f"{SQLITE}truenorth.db"


def database_problem(url: str) -> str | None:
    """Return what is wrong with a DATABASE_URL, None where nothing is."""
    if url.startswith(POSTGRESQL):
        return _server_problem(url)
    if not url.startswith(SQLITE):
        scheme, found, _ = url.partition("://")
        kind = f"begins with {scheme}://" if found else f"does not begin with {SQLITE}"
        return (
            f"{kind}; it takes a SQLite file, for instance {DEFAULT_DATABASE_URL}, or a "
            f"PostgreSQL, {POSTGRESQL}user:password@host/database."
        )
    path = url.removeprefix(SQLITE)
    if path in {"", ":memory:"} or path.endswith("/") or re.search("[?#]", path):
        return (
            f"has to name a file after {SQLITE}, without ? or #, "
            f"for instance {DEFAULT_DATABASE_URL}."
        )
    return None


def _server_problem(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 (a port that is no number raises here)
    except ValueError:
        parts = None
    if parts is None or not parts.path.strip("/"):
        return f"has to name a database: {POSTGRESQL}user:password@host/database."
    if parts.netloc.count("@") > 1:  # else what follows the first is taken for the host, and said
        return "holds more than one @. Within a name or a password write %40 for it."
    if find_spec("psycopg") is None:
        return "names a PostgreSQL, and psycopg is not installed: `make postgres` does that."
    return None


def is_https(url: str) -> bool:
    """Say whether the URL is https to a host, without a user and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
