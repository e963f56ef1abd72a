"""Keeps a workspace's documents, in one SQLite file when it has a path."""

import json
import sqlite3
from pathlib import Path
from typing import Any

Doc = dict[str, Any]


class Store:
    """JSON documents by kind and key; every change is written at once.

    Survives the death of the process, not that of the machine: nothing here is worth a sync.
    """

    def __init__(self, path: Path | str | None = None) -> None:
        self._db: sqlite3.Connection | None = None
        if path is None:
            return
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = OFF")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS document "
            "(kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, UNIQUE (kind, key))"
        )

    def load(self, kind: str) -> dict[str, Any]:
        """All documents of a kind by key, in the order in which they were first put."""
        if self._db is None:
            return {}
        rows = self._db.execute(
            "SELECT key, body FROM document WHERE kind = ? ORDER BY rowid", (kind,)
        )
        return {key: json.loads(body) for key, body in rows}

    def put(self, kind: str, key: str, body: object) -> None:
        """Add a document or replace it, keeping its place."""
        if self._db is not None:
            self._db.execute(
                "INSERT INTO document VALUES (?, ?, ?) "
                "ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
                (kind, key, json.dumps(body)),
            )

    def drop(self, kind: str, key: str) -> None:
        """Remove a document, if it is there."""
        if self._db is not None:
            self._db.execute("DELETE FROM document WHERE kind = ? AND key = ?", (kind, key))

    def close(self) -> None:
        """Let go of the file."""
        if self._db is not None:
            self._db.close()
            self._db = None
