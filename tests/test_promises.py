"""What is easily forgotten when something is added: each fails by the name of what is missing."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, UniqueConstraint
from sqlmodel import SQLModel

import app  # noqa: F401 - every table is known
import handlers
from bot import config, manifest
from bot.blocks import mission as mission_blocks
from bot.playground import contract

ROOT = Path(__file__).parent.parent
OURS = [
    path
    for folder in ("bot", "handlers", "schedules")
    for path in (ROOT / folder).rglob("*.py")
    if "playground" not in path.parts and "versions" not in path.parts
]
MAY_SPEAK_CORE = {
    "db.py",
    "rows.py",
    "engine.py",
    "fulltext.py",
    "upkeep.py",
    "memory.py",
    "migrate.py",
    "tenancy.py",
    "sqlite.py",
    "postgres.py",
    "copying.py",
    "lexemes.py",
    "sdkstore.py",
}
TABLES = list(SQLModel.metadata.tables.values())


def routes() -> Any:
    return handlers.all_routes()


def test_every_command_is_in_the_manifest_and_the_reverse() -> None:
    declared = {
        c["command"].removeprefix("/") for c in manifest.load()["features"]["slash_commands"]
    }
    assert set(routes().commands) == declared


def test_every_shortcut_is_in_the_manifest_and_the_reverse() -> None:
    declared = {each["callback_id"] for each in manifest.load()["features"].get("shortcuts", [])}
    assert set(routes().shortcuts) == declared


def test_every_event_that_is_heard_is_in_the_manifest_and_the_reverse() -> None:
    declared = set(manifest.load()["settings"]["event_subscriptions"]["bot_events"])
    assert set(routes().events) == declared


def test_every_ritual_that_has_listeners_is_in_the_list() -> None:
    files = {path.stem for path in (ROOT / "handlers").glob("*.py")}
    listed = {module.__name__.removeprefix("handlers.") for module in handlers.ALL}
    assert files - {"__init__", "corrections", "door", "erasure", "request", "routes"} == listed


def methods_called() -> set[str]:
    called: set[str] = set()
    for path in [*OURS, ROOT / "app.py"]:
        called |= set(re.findall(r"slack\.([a-z]+_[A-Za-z_]+)\(", path.read_text()))
    return called - {"api_call"}


def test_every_scope_that_a_call_needs_is_in_the_manifest() -> None:
    granted = {*manifest.required_scopes(), *manifest.optional_scopes()}
    needed = {name.replace("_", ".", 1) for name in methods_called()}
    assert needed >= {"chat.postMessage", "views.open", "users.list"}
    for name in needed:
        scopes = contract.METHODS[name].scopes.values()
        assert not scopes or granted & set(scopes), f"{name} needs one of {scopes}"


@pytest.mark.parametrize("path", [*OURS, ROOT / "app.py"], ids=lambda path: str(path.name))
def test_nothing_speaks_past_the_team_that_work_is_bound_to(path: Path) -> None:
    if path.name in MAY_SPEAK_CORE:
        return
    text = path.read_text()
    for word in ("__table__", "from_statement", "exec_driver_sql", "bulk_update_mappings"):
        assert word not in text, f"{path.name} uses {word}"
    imported = {
        alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
    }
    assert not imported & {"text", "insert", "table", "literal_column"}
    assert ".connection()" not in text, f"{path.name} goes around the session"


KNOW_THE_INDEX = {"fulltext.py", "lexemes.py", "relevance.py", "upkeep.py"}


@pytest.mark.parametrize("path", [*OURS, ROOT / "app.py"], ids=lambda path: str(path.name))
def test_nobody_else_knows_what_is_behind_the_search(path: Path) -> None:
    text = path.read_text()
    assert path.name in KNOW_THE_INDEX or not re.search("search_index|fts5|MATCH", text)


def test_the_app_knows_every_table_however_it_is_started() -> None:
    """What copies, exports and erases goes through those that are known."""
    asked = "import app; from sqlmodel import SQLModel; print(*SQLModel.metadata.tables)"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=True, capture_output=True)
    every = {table.name for table in TABLES}
    assert set(told.stdout.decode().split()) == every


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
def test_every_table_belongs_to_a_team(table: Table) -> None:
    assert "team_id" in table.columns
    assert not table.columns["team_id"].nullable


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.name))
def test_every_unique_key_begins_with_the_team(table: Table) -> None:
    keys = [list(c.columns) for c in table.constraints if isinstance(c, UniqueConstraint)]
    keys += [list(index.columns) for index in table.indexes]
    for key in keys:
        assert key[0].name == "team_id", f"{table.name}: {[column.name for column in key]}"


def test_tables_with_several_teams_are_there_to_be_checked() -> None:
    assert {"recognition", "outbox", "person", "due", "inbound", "lane"} <= {t.name for t in TABLES}


def test_every_command_has_a_row_in_the_documentation() -> None:
    readme = (ROOT / "README.md").read_text()
    for typed, _ in mission_blocks.HELP:
        words = " ".join(typed.split()[: 2 if typed.startswith("mission") else 1])
        assert f"`/{words}" in readme, f"/{words} has no row in the README"


def test_every_setting_and_scope_is_explained() -> None:
    readme = (ROOT / "README.md").read_text()
    example = (ROOT / ".env.example").read_text()
    for name in config.NAMES:
        assert f"`{name}`" in readme, f"{name} is not in the README"
        assert name in example, f"{name} is not in .env.example"
    for scope in [*manifest.required_scopes(), *manifest.optional_scopes()]:
        assert f"`{scope}`" in readme, f"the README does not say what {scope} is for"


def test_every_dependency_is_named_with_its_purpose() -> None:
    readme = (ROOT / "README.md").read_text()
    for name in dependencies():
        assert f"`{name}`" in readme, f"the README does not say what {name} is for"


def dependencies() -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    for named in [*project["dependencies"], *project["optional-dependencies"]["dev"]]:
        yield re.split("[<>=]", named)[0]


def listeners() -> Iterator[tuple[str, Any]]:
    table = routes()
    for kind in (table.commands, table.words, table.shortcuts, table.actions, table.views):
        yield from kind.items()
    for name, heard_by in table.events.items():
        for listener in heard_by:
            yield name, listener


@pytest.mark.parametrize(("name", "listener"), list(listeners()))
def test_a_listener_takes_the_request_and_is_short(name: str, listener: Any) -> None:
    assert list(listener.__annotations__) == ["request", "return"]
    code = listener.__code__
    lines = [line for *_, line in code.co_lines() if line]
    assert max(lines) - code.co_firstlineno <= 25, f"{name} is longer than 25 lines"


def test_whatever_is_said_to_be_made_can_be() -> None:
    """Before anything is installed only make can be told to do something."""
    targets = set(re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.M)[0].split())
    said = [
        *OURS,
        ROOT / "app.py",
        ROOT / "README.md",
        ROOT / ".env.example",
        ROOT / "manifest.yml",
    ]
    for path in said:
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"`make ([a-z]+)", text)) <= targets, path
        assert "`python app.py" not in text, path
