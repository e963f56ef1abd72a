"""`make demo`: a Slack workspace in a browser, with a real Truenorth in it."""

import argparse
import asyncio
import signal
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import yaml

from bot import config
from bot.playground import botprocess, history, organisation, script
from bot.playground.botprocess import BotProcess
from bot.playground.clock import real_now
from bot.playground.folder import Folder, FolderError
from bot.playground.patience import HistoryError
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
FOLDER = Path("demo")
CONNECT_SECONDS = 30.0

PLAYING = "Playing five weeks of history …"
ADDRESS = "Truenorth runs at {}"
HINTS = (
    "Type /mission or /recognize, applaud in #thank-you, be somebody else, move the clock.\n"
    "Ctrl-C ends it. What you do stays in ./demo; make demo FRESH=1 starts over."
)


class DemoError(Exception):
    """A sentence why there is no demo."""


def main(arguments: Sequence[str]) -> int:
    """Show the demo that is asked for until Ctrl-C or SIGTERM and return the exit code."""
    parser = argparse.ArgumentParser(prog="app.py demo")
    parser.add_argument("--port", type=int, default=8400)
    parser.add_argument("--fresh", action="store_true", help="begin anew")
    asked = parser.parse_args(arguments)
    try:
        asyncio.run(_run(Folder(FOLDER.resolve()), port=asked.port, fresh=asked.fresh))
    except (DemoError, FolderError, HistoryError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _run(folder: Folder, *, port: int, fresh: bool) -> None:
    stop = _told_to_stop()
    _check_port(port)
    with folder.held():
        new = fresh or not folder.is_complete
        if new:
            folder.clear()
        async with (
            _slack(folder, port=port, new=new) as fake,
            botprocess.running(fake, database=folder.database, log=folder.log) as bot,
        ):
            await _until_over(fake, bot, folder, stop=stop, new=new)


def _told_to_stop() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    return stop


def _check_port(port: int) -> None:
    """Look before anything is made or removed."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError) as error:
            raise _no_port(port, error) from error


def _no_port(port: int, error: Exception) -> DemoError:
    why = getattr(error, "strerror", None) or str(error)
    other = port + 1 if 1024 <= port < 65535 else 8400
    return DemoError(
        f"Port {port} cannot be used ({why}); choose another one, like this: make demo PORT={other}"
    )


@asynccontextmanager
async def _slack(folder: Folder, *, port: int, new: bool) -> AsyncIterator[FakeSlack]:
    workspace = Workspace(folder.workspace, name=organisation.NAME, domain=organisation.DOMAIN)
    if new:
        now = real_now()
        workspace.move_clock((script.begins(now) - now).total_seconds())
        organisation.settle(workspace)
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    fake = FakeSlack(workspace, manifest=manifest)
    try:
        await fake.start(port)
        yield fake
    except OSError as error:
        raise _no_port(port, error) from error
    finally:
        await fake.stop()
        workspace.close()


async def _until_over(
    fake: FakeSlack, bot: BotProcess, folder: Folder, *, stop: asyncio.Event, new: bool
) -> None:
    """Show the demo until told to stop; raises DemoError where the bot ends before that."""
    shown = asyncio.create_task(_show(fake, folder, new=new))
    stopped, ended = asyncio.create_task(stop.wait()), asyncio.create_task(bot.ended())
    try:
        await asyncio.wait({shown, stopped, ended}, return_when=asyncio.FIRST_COMPLETED)
        if shown.done() and not stopped.done():
            shown.result()
            await asyncio.wait({stopped, ended}, return_when=asyncio.FIRST_COMPLETED)
        if not stopped.done():
            raise _bot_ended(ended.result(), bot)
    finally:
        for task in (shown, stopped, ended):
            task.cancel()
        await asyncio.gather(shown, stopped, ended, return_exceptions=True)


def _bot_ended(code: int, bot: BotProcess) -> DemoError:
    return DemoError(f"The bot ended by itself (exit code {code}). It said:\n{bot.last_lines()}")


async def _show(fake: FakeSlack, folder: Folder, *, new: bool) -> None:
    if new:
        print(PLAYING, flush=True)
        await history.play(fake)
        folder.complete()
    else:
        await fake.connected(CONNECT_SECONDS)
    address = f"{fake.url}/"
    print(ADDRESS.format(address), HINTS, sep="\n", flush=True)
    if config.has_screen():
        with suppress(webbrowser.Error):  # the address is printed anyway
            webbrowser.open(address)


if __name__ == "__main__":  # what `make demo` runs: it needs nothing of what the bot imports
    sys.exit(main(sys.argv[1:]))
