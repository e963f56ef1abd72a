"""Databases on a PostgreSQL, each a test's own.

`python -m tests.postgres [ARGUMENTS]` starts a server on a free port of this machine, as Debian
installs it, and runs pytest with these arguments on it.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from bot.db import Database
from bot.migrate import migrate


@dataclass
class Server:
    """A server, and the name of a database that every migration was applied to, to be copied."""

    url: str
    template: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    @contextmanager
    def copy(self, url: str) -> Iterator[str]:
        """Make a copy of a database to which nobody is connected, and take it away in the end."""
        with self.database_made(
            f'TEMPLATE "{make_url(url).database}" STRATEGY file_copy'
        ) as address:
            yield address

    @contextmanager
    def empty_database(self) -> Iterator[str]:
        """Make one with nothing in it, and take it away in the end."""
        with self.database_made("TEMPLATE template0") as url:
            yield url

    @contextmanager
    def database_in(self, language: str) -> Iterator[str]:
        """Make an empty one that sorts as a language does, and take it away in the end."""
        how = f"TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE '{language}' LOCALE 'C.UTF-8'"
        with self.database_made(how) as url:
            yield url

    @contextmanager
    def database_made(self, how: str) -> Iterator[str]:
        """Make one as CREATE DATABASE is told, and take it away in the end."""
        name = f"{self.template}_{next(self._numbers)}"
        self.do(f'CREATE DATABASE "{name}" {how}')
        yield self.address(name)
        self.do(f'DROP DATABASE "{name}" WITH (FORCE)')

    def address(self, name: str) -> str:
        """Return the DATABASE_URL of the database that is called so."""
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)

    def do(self, statement: str) -> None:
        """Do what no transaction can."""
        engine = create_engine(self.url, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(statement)
        engine.dispose()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Iterator[Server | None]:
    """The PostgreSQL that the tests were told to use, if any."""
    url = request.config.getoption("--postgres")
    if not url:
        yield None
        return
    worker = getattr(request.config, "workerinput", {"workerid": "alone"})["workerid"]
    server = Server(url, f"truenorth_test_{worker}")
    server.do(f'DROP DATABASE IF EXISTS "{server.template}"')
    server.do(f'CREATE DATABASE "{server.template}"')
    database = Database.open(server.address(server.template))
    migrate(database.writer)
    database.close()
    yield server
    server.do(f'DROP DATABASE "{server.template}"')


PROGRAMS = Path("/usr/lib/postgresql")
MEMORY = Path("/dev/shm")  # a database is six hundred files, of which a disk makes more than a copy
ROOM = 2 * 1024**3  # bytes, a multiple of what the server's files come to
OWNER = "postgres"  # of the server's processes, as it refuses to run as root


@dataclass(frozen=True)
class Started:
    """A server of one's own, and the DATABASE_URL of a user who may do all in it."""

    url: str
    data: str

    def restart(self) -> None:
        """End it as if it had crashed, and start it again."""
        _run("pg_ctl", "-D", self.data, "-w", "-m", "immediate", "restart")


@contextmanager
def started(*, fsync: bool = False) -> Iterator[Started]:
    """Start a server of one's own, and end it; without `fsync` nothing outlives the machine."""
    in_memory = not fsync and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ROOM
    where = MEMORY if in_memory else None
    with tempfile.TemporaryDirectory(dir=where) as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        if os.geteuid() == 0:
            shutil.chown(folder, OWNER)
        data = f"{folder}/data"
        _run("initdb", "-D", data, "-U", OWNER, "-A", "trust", "--no-sync", "-E", "UTF8")
        options = (
            f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder}"
            f" -c fsync={'on' if fsync else 'off'} -c max_connections=300"
        )
        _run("pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", options, "start")
        try:
            yield Started(f"postgresql+psycopg://{OWNER}@127.0.0.1:{port}/postgres", data)
        finally:
            _run("pg_ctl", "-D", data, "-w", "-m", "fast", "stop")


def _run(program: str, *arguments: str) -> None:
    newest = max(PROGRAMS.glob("*/bin"), key=lambda path: float(path.parent.name))
    user = OWNER if os.geteuid() == 0 else None
    subprocess.run([newest / program, *arguments], check=True, user=user, stdout=subprocess.DEVNULL)


def main(arguments: Sequence[str]) -> int:
    """Run the tests on a server that is there for them alone."""
    with started() as server:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "--postgres", server.url, *arguments], check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
