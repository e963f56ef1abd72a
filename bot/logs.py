"""The log: what is written there, and what never is."""

import json
import logging
import sys
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from types import TracebackType

from bot.tokens import hidden

OURS = ("truenorth", "bot", "handlers", "schedules")
BESIDE = "In the process beside:\n"  # begins a note that holds a trace, and no words

log = logging.getLogger("truenorth")


def start(level: str, style: str = "text") -> None:
    """Log from this level on, and from others than us nothing below INFO.

    Slack's libraries write whole payloads at DEBUG, with what people wrote and answered. Bolt gives
    its loggers the root's level, so it is the root that is held back.
    """
    chosen = logging.getLevelNamesMapping()[level]
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLine() if style == "json" else Line())
    logging.basicConfig(handlers=[handler])
    logging.captureWarnings(True)
    logging.root.setLevel(max(chosen, logging.INFO))
    for ours in OURS:
        logging.getLogger(ours).setLevel(chosen)
    logging.getLogger("alembic").setLevel(max(logging.WARNING, chosen))
    sys.excepthook = _last_words


class Line(logging.Formatter):
    """A line of text, and below it where an error arose."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record without what an error says: that may be what somebody wrote."""
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {_message(record)}"
        error = _error(record)
        return f"{line}\n{trace(error)}" if error else line


class JsonLine(logging.Formatter):
    """An object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record without what an error says; with the reference that a person has."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told = {
            "time": at.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": _message(record),
        }
        if reference := getattr(record, "reference", None):
            told["reference"] = reference
        if error := _error(record):
            told["exception"] = trace(error)
        return json.dumps(told, ensure_ascii=False)


def trace(error: BaseException) -> str:
    """Return which errors led to this one and where they arose, without what they say."""
    told: list[str] = []
    for each in _family(error):
        told += traceback.format_tb(each.__traceback__)
        notes: list[str] = getattr(each, "__notes__", [])
        told += [f"{_name(each)}\n", *[note for note in notes if note.startswith(BESIDE)]]
    return hidden("".join(told)).rstrip()


def _family(error: BaseException) -> Iterator[BaseException]:
    """What came before comes first; of several at once, each before what holds them."""
    seen: set[int] = set()

    def walk(one: BaseException | None) -> Iterator[BaseException]:
        if one is None or id(one) in seen:
            return
        seen.add(id(one))
        yield from walk(one.__cause__ or (None if one.__suppress_context__ else one.__context__))
        for each in one.exceptions if isinstance(one, BaseExceptionGroup) else ():
            yield from walk(each)
        yield one

    return walk(error)


def _name(error: BaseException) -> str:
    kind = type(error)
    return (
        kind.__qualname__
        if kind.__module__ == "builtins"
        else f"{kind.__module__}.{kind.__qualname__}"
    )


def _error(record: logging.LogRecord) -> BaseException | None:
    return record.exc_info[1] if record.exc_info else None


def _message(record: logging.LogRecord) -> str:
    message = record.getMessage()
    error = _error(record)
    if error and record.name.split(".")[0] not in OURS:  # others quote it, we do not
        for each in _family(error):
            for words in filter(None, (repr(each), str(each))):
                message = message.replace(words, _name(each))
    return hidden(message)


def _last_words(
    kind: type[BaseException], error: BaseException, where: TracebackType | None
) -> None:
    if not isinstance(error, Exception):  # Ctrl-C
        sys.__excepthook__(kind, error, where)
        return
    log.critical("Truenorth ends: %s", kind.__name__, exc_info=error)
