"""The pictures and texts that the app uploads: asked for, received, and shared once."""

import base64
import secrets

from bot.playground.errors import SlackError
from bot.playground.people import BOT_USER
from bot.playground.records import Records
from bot.playground.store import Doc

# Slack takes more, and other things; the app has no use for that.
MOST_BYTES = 50_000_000
PNG = b"\x89PNG\r\n\x1a\n"
KINDS = {
    "png": {"mimetype": "image/png", "filetype": "png"},
    "md": {"mimetype": "text/markdown", "filetype": "markdown"},
    "json": {"mimetype": "application/json", "filetype": "json"},
}


def _check_text(content: bytes) -> None:
    try:
        content.decode()
    except UnicodeDecodeError as problem:
        raise SlackError("file_type_not_allowed", "it is no text") from problem


class Files:
    """By id, with the content once it came; the ticket of an upload is good for one."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._docs = records.store.load("file")
        self._tickets: dict[str, str] = {}

    def expect(self, name: str, length: int, alt_text: str) -> tuple[Doc, str]:
        """Return a new file that is to be so many bytes long, and the ticket of its upload."""
        doc: Doc = {
            "id": self._records.new_id("F"),
            "name": name,
            "length": length,
            "alt_txt": alt_text,
            "created": int(self._records.clock.seconds()),
            "content": None,
            "channel": None,
        }
        ticket = secrets.token_urlsafe(12)
        self._tickets[ticket] = doc["id"]
        return self._keep(doc), ticket

    def receive(self, ticket: str, content: bytes) -> None:
        """Take what was uploaded; raises SlackError where it is not what was said."""
        if ticket not in self._tickets:
            raise SlackError("invalid_url", "not an address of an upload, or used already")
        doc = self._docs[self._tickets[ticket]]
        if len(content) != doc["length"]:
            raise SlackError("wrong_length", f"{len(content)} bytes instead of {doc['length']}")
        if doc["name"].endswith(".png") != content.startswith(PNG):
            raise SlackError("file_type_not_allowed", f"it is not what {doc['name']} says")
        if not doc["name"].endswith(".png"):
            _check_text(content)
        del self._tickets[ticket]
        self._keep({**doc, "content": base64.b64encode(content).decode()})

    def ready(self, id: str) -> Doc:
        """Return a file that was received and is not shared yet; raises SlackError otherwise."""
        doc = self._docs.get(id)
        if doc is None or doc["content"] is None or doc["channel"] is not None:
            raise SlackError("file_not_found", f"{id} is not waiting to be shared")
        found: Doc = doc
        return found

    def share(self, id: str, channel: str, title: str) -> Doc:
        """Remember where a file is shared, and return it as a message has it."""
        doc = self._keep({**self._docs[id], "channel": channel, "title": title})
        kept = ("id", "name", "title", "alt_txt", "created")
        kind = KINDS[doc["name"].rpartition(".")[2]]
        return {**{key: doc[key] for key in kept}, **kind, "size": doc["length"], "user": BOT_USER}

    def shared(self, id: str) -> tuple[str, bytes]:
        """Return where a file was shared and what is in it; raises LookupError for no such file."""
        doc = self._docs.get(id)
        if doc is None or doc["channel"] is None:
            raise LookupError(f"no file {id} was shared")
        return doc["channel"], base64.b64decode(doc["content"])

    def _keep(self, doc: Doc) -> Doc:
        self._docs[doc["id"]] = doc
        self._records.store.put("file", doc["id"], doc)
        return doc
