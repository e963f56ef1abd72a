"""Truenorth's command line: what can be asked for, and what each of it does."""

import argparse
import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bot import (
    backup,
    commands,
    config,
    copying,
    doctor,
    export,
    logs,
    manifest,
    restore,
    rotation,
)
from bot.checkup import chosen_channels
from bot.config import ConfigError, Settings

Action = Callable[[Settings], int]


def read(arguments: Sequence[str] | None = None) -> tuple[argparse.Namespace, list[str]]:
    """Return what is asked for, and the demo's own arguments; end where it makes no sense."""
    parser = argparse.ArgumentParser(prog="app.py", description="Truenorth")
    actions = parser.add_subparsers(dest="action")
    actions.add_parser("run", help="run against Slack (the default)")
    actions.add_parser("demo", help="try it in a browser, without Slack", add_help=False)
    actions.add_parser("doctor", help="say what is missing or wrong")
    printing = actions.add_parser("manifest", help="print the app's manifest for Slack")
    printing.add_argument("--address", default="", help="for many workspaces: https://…")
    saving = actions.add_parser("backup", help="copy the database, also while it is in use")
    saving.add_argument("file", type=Path)
    putting_back = actions.add_parser("restore", help="put a backup where there is nothing yet")
    putting_back.add_argument("file", type=Path)
    exporting = actions.add_parser("export", help="write everything as JSON Lines and CSV")
    exporting.add_argument("folder", type=Path)
    exporting.add_argument("--team", help="which workspace, where there are several: T0123")
    moving = actions.add_parser("copy", help="copy everything into another, empty database")
    moving.add_argument("--to", required=True, metavar="DATABASE_URL")
    erasing = actions.add_parser("erase", help="erase somebody, with a receipt")
    erasing.add_argument("person", help="their id in Slack: U0123ABCD")
    erasing.add_argument("--team", help="in one workspace only, where there are several: T0123")
    erasing.add_argument("--yes", action="store_true", help="without being asked again")
    erasing.add_argument("--receipt", type=Path, metavar="FILE", help="write the receipt there")
    actions.add_parser("reindex", help="put together anew what can be found, also while in use")
    rotating = actions.add_parser("rotate-key", help="encrypt tokens anew with TOKEN_KEY's first")
    rotating.add_argument("--forget-lost", action="store_true", help="forget those no key opens")
    asked_for, more = parser.parse_known_args(arguments)
    if more and asked_for.action != "demo":
        parser.error(f"unrecognized arguments: {' '.join(more)}")
    return asked_for, more


def act(asked_for: argparse.Namespace, running: Mapping[str, Action]) -> int:
    """Do it and return the exit code; `running` is what takes the whole of Truenorth, by name."""
    action = asked_for.action or "run"
    try:
        if action == "manifest":  # wanted before there are any tokens
            print(manifest.dump(config.command_prefix(), asked_for.address), end="")
            return 0
        chosen = loaded()
    except ConfigError as error:
        if action == "doctor":
            return asyncio.run(doctor.run(error))
        print(*error.problems, "`make doctor` says more.", sep="\n", file=sys.stderr)
        return 1
    return {**_alone(asked_for), **running}[action](chosen)


def loaded() -> Settings:
    """Return the settings, by which commands are called and the log is written from now on.

    Raises ConfigError.
    """
    chosen = config.load()
    commands.use_prefix(chosen.command_prefix)
    logs.start(chosen.log_level, chosen.log_format)
    return chosen


def _alone(asked_for: argparse.Namespace) -> dict[str, Action]:
    """Return what needs nothing running."""
    return {
        "doctor": lambda chosen: asyncio.run(doctor.run(chosen, chosen_channels(chosen))),
        "backup": lambda chosen: backup.run(chosen, asked_for.file),
        "restore": lambda chosen: restore.run(chosen, asked_for.file),
        "export": lambda chosen: export.run(chosen, asked_for.folder, asked_for.team),
        "copy": lambda chosen: copying.run(chosen, asked_for.to),
        "rotate-key": lambda chosen: rotation.run(chosen, forget_lost=asked_for.forget_lost),
    }
