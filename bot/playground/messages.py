"""The messages of a workspace, and whom they pinged."""

from bot.playground import mentions
from bot.playground.records import Change, Records
from bot.playground.store import Doc


class Messages:
    """By channel and timestamp; an ephemeral message is one that `only` one person sees."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._channels: dict[str, dict[str, Doc]] = {}
        self._gone: dict[tuple[str, str], Doc] = {}
        self.pings: list[Doc] = []
        for doc in records.store.load("message").values():
            self._keep(doc)
            self._note_pings(doc)

    def post(self, channel: str, message: Doc, *, only: str | None = None) -> Doc:
        """Add a message and return it with its new timestamp."""
        stamped = {"type": "message", **message, "ts": self._records.new_ts()}
        doc = {"channel": channel, "only": only, "message": stamped}
        self._save(doc)
        self._note_pings(doc)
        self._records.tell(Change("message", channel, only, stamped, stamped["ts"]))
        return stamped

    def edit(self, channel: str, ts: str, **fields: object) -> Doc:
        """Replace fields of a message; what becomes None is removed."""
        doc = self._channels[channel][ts]
        merged = {**doc["message"], **fields}
        message = {key: value for key, value in merged.items() if value is not None}
        self._save({**doc, "message": message})
        self._note_pings({**doc, "message": message})
        self._records.tell(Change("message_changed", channel, doc["only"], message, ts))
        return message

    def delete(self, channel: str, ts: str) -> None:
        """Remove a message for good; those who look at it now may not know yet."""
        doc = self._channels[channel].pop(ts)
        self._gone[channel, ts] = doc
        self._records.store.drop("message", f"{channel}/{ts}")
        self._records.tell(Change("message_deleted", channel, doc["only"], ts=ts))

    def get(self, channel: str, ts: str, *, seen_by: str | None = None) -> Doc | None:
        """One message, if it is there; ephemeral ones only for the person who sees them."""
        doc = self._channels.get(channel, {}).get(ts)
        if doc is None or doc["only"] not in (None, seen_by):
            return None
        message: Doc = doc["message"]
        return message

    def last_known(self, channel: str, ts: str) -> Doc | None:
        """One message for all as it is, or as it was when it was deleted since the start."""
        doc = self._channels.get(channel, {}).get(ts) or self._gone.get((channel, ts))
        if doc is None or doc["only"] is not None:
            return None
        message: Doc = doc["message"]
        return message

    def is_ephemeral(self, channel: str, ts: str) -> bool:
        """Whether only one person sees this message."""
        return self._channels[channel][ts]["only"] is not None

    def within(self, channel: str, *, seen_by: str | None = None) -> list[Doc]:
        """A channel's messages, oldest first, with the ephemeral ones of one person."""
        docs = self._channels.get(channel, {}).values()
        shown = [doc["message"] for doc in docs if doc["only"] in (None, seen_by)]
        return sorted(shown, key=lambda message: str(message["ts"]))

    def only_for(self, user: str) -> list[Doc]:
        """A person's ephemeral messages in all channels, oldest first."""
        docs = [doc for channel in self._channels.values() for doc in channel.values()]
        mine = [
            {**doc["message"], "channel": doc["channel"]} for doc in docs if doc["only"] == user
        ]
        return sorted(mine, key=lambda message: str(message["ts"]))

    def _save(self, doc: Doc) -> None:
        self._keep(doc)
        self._records.store.put("message", f"{doc['channel']}/{doc['message']['ts']}", doc)

    def _keep(self, doc: Doc) -> None:
        self._records.taken(doc["message"]["ts"])
        self._channels.setdefault(doc["channel"], {})[doc["message"]["ts"]] = doc

    def _note_pings(self, doc: Doc) -> None:
        if doc["message"].get("bot_id") is None:
            return  # people may ping each other
        place = {"channel": doc["channel"], "ts": doc["message"]["ts"]}
        for kind, target in mentions.pings(doc["message"]):
            ping = {**place, "kind": kind, "id": target}
            if ping not in self.pings:
                self.pings.append(ping)
