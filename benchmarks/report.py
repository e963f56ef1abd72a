"""The table that a run leaves behind."""

import os
import platform
import sqlite3
import tempfile
import time
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from statistics import median

import psutil

from benchmarks.figures import Row

SYNCS = 101
RESULTS = Path(__file__).with_name("results.md")
PACKAGES = ("slack-bolt", "slack-sdk", "aiohttp", "SQLAlchemy", "sqlmodel", "apscheduler")
HEADINGS = ["what", "floor", "ours", "ratio, median [min–max]", "goal", ""]
HOW = """\
The floor is a bare slack_bolt AsyncApp with `process_before_response=True` and one listener, which
writes the very same rows with sqlite3 in one durable transaction (WAL, `synchronous=FULL`), then
acknowledges. Routing and memory are held against a bare app that imports what ours does, start
against those imports alone. Floor and ours run in processes of their own over Socket Mode on this
machine, in turn, each round with new processes and new copies of one database. The other end
answers every call at once. Our sender runs all the while, at its usual pace: whoever is alone
waits a moment before the next command, in a crowd it competes for the one writer. What was saved
is counted after each step.

Over HTTP the other side is bolt-js with better-sqlite3 (`benchmarks/peer`), which writes the same
rows in one durable transaction and acknowledges after it; ours stands behind starlette and uvicorn
(uvloop, h11), and both check the signature. Over TLS a message of the sender's, from its
claim to its conclusion without the pace, is held against a kept-alive POST of the same body. Home
is what its queries cost, not Slack's answer: the same questions are asked with sqlite3. Everything
of one person is read page by page into what stands in the files, by hand with as few statements as
it takes. A search is held against FTS5 by itself, ranking the same words in the same index for
whoever asks; what half of the searches take is there for comparison. While what was withdrawn is
erased, somebody writes all the time, and waits as often.

The rows of SQLite and PostgreSQL are recognitions saved and acknowledged: each system against
itself with 1,000 records, PostgreSQL with one process against SQLite, and three processes against
one. The server runs on the same two cores, with `fsync` on. An hour is all that thousands of people
do in it, as fast as it is answered.

Two rows are there for comparison: what bare Bolt for Python takes over HTTP, with nothing of ours
around it, and what the client of Slack's SDK takes a message by itself.

Only ratios mean anything: the figures are this machine's, on this day.
"""


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a table."""
    lines = [HEADINGS, ["---"] * len(HEADINGS), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def sync_ms() -> float:
    """Return how long the disk takes to make a page durable, in milliseconds."""
    spent = []
    with tempfile.TemporaryFile(prefix="truenorth-bench-") as file:
        for _ in range(SYNCS):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            spent.append(time.perf_counter() - began)
    return median(spent) * 1000


def machine() -> str:
    """Say what it was measured on, without names."""
    memory = psutil.virtual_memory().total / 2**30
    names = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{psutil.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, "
        f"{platform.system()}, {sync_ms():.2f} ms to make a page durable. "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {names}."
    )


def write(rows: Iterable[Row], *, rounds: int) -> str:
    """Write the results and return them."""
    parts = ["# Benchmarks", f"`make bench`, {rounds} rounds. {machine()}", table(rows), HOW]
    text = "\n\n".join(parts)
    RESULTS.write_text(text, encoding="utf-8")
    return text
