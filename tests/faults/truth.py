"""What must be true of the database and of Slack, whatever died when."""

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from bot.playground.server import FakeSlack
from tests import stored

RECIPIENTS = 2  # of each recognition in this suite

STANDING = """SELECT id FROM recognition WHERE withdrawn_at IS NULL
    UNION SELECT id FROM story WHERE withdrawn_at IS NULL
    UNION SELECT id FROM decision UNION SELECT id FROM charter_version"""

# Each finds what must not be there.
FAULTS = {
    "record cannot be found": f"""SELECT id FROM ({STANDING}) AS standing
        EXCEPT SELECT id FROM search_entry""",
    "what is gone can be found": f"""SELECT id FROM search_entry
        EXCEPT SELECT id FROM ({STANDING}) AS standing""",
    "recognition lacks recipients": f"""SELECT id FROM recognition r WHERE {RECIPIENTS} <>
        (SELECT count(*) FROM recipient WHERE recognition_id = r.id)""",
    "recognition has not one ledger line": """SELECT id FROM recognition r WHERE 1 <>
        (SELECT count(*) FROM ledger WHERE subject = r.id AND kind = 'recognition.given')""",
    "recognition lacks messages": f"""SELECT id FROM recognition r WHERE {RECIPIENTS + 1} <>
        (SELECT count(*) FROM outbox WHERE cause = 'recognition:' || r.id
         OR cause LIKE 'recognition:' || r.id || ':to:%')""",
    "recognition has not one delivery": """SELECT id FROM recognition r WHERE 1 <>
        (SELECT count(*) FROM inbound WHERE at = r.created_at)""",
    "recipient of nothing": """SELECT id FROM recipient WHERE recognition_id NOT IN
        (SELECT id FROM recognition)""",
    "ledger line of nothing": """SELECT id FROM ledger WHERE kind = 'recognition.given'
        AND subject NOT IN (SELECT id FROM recognition)""",
    "message about nothing": """SELECT cause FROM outbox o WHERE cause LIKE 'recognition:%'
        AND NOT EXISTS (SELECT 1 FROM recognition WHERE o.cause LIKE 'recognition:' || id || '%')
        """,
    "delivery without effect": """SELECT key FROM inbound WHERE at NOT IN
        (SELECT at FROM ledger UNION SELECT created_at FROM applause)""",
    "allowance does not add up": """SELECT giver FROM allowance GROUP BY giver HAVING sum(used) <>
        (SELECT count(*) FROM recognition WHERE recognition.author = allowance.giver)""",
}

IN_SQLITE = {
    "record has no words in the index": """SELECT id FROM search_entry
        EXCEPT SELECT id FROM search_index_docsize""",
    "words of what is gone are in the index": """SELECT id FROM search_index_docsize
        EXCEPT SELECT id FROM search_entry""",
    "is damaged": "SELECT * FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
    "refers to nothing": "SELECT * FROM pragma_foreign_key_check",
}
IN_POSTGRESQL = {
    "is in the index by half": """SELECT id FROM search_entry
        FULL JOIN search_index ON rowid = id WHERE id IS NULL OR rowid IS NULL""",
}


def rows(database: Path | str, query: str) -> list[tuple[Any, ...]]:
    """Ask the database beside the bot: a file, or a PostgreSQL at this address."""
    if isinstance(database, str):
        return stored.rows(database, query)
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def one(database: Path | str, query: str) -> Any:
    """Ask for one figure."""
    return rows(database, query)[0][0]


def half_saved(database: Path | str) -> list[str]:
    """Everything that was saved in part, or that the database itself calls damaged."""
    faults = FAULTS | (IN_POSTGRESQL if isinstance(database, str) else IN_SQLITE)
    found = ((fault, rows(database, query)) for fault, query in faults.items())
    return [f"{fault}: {wrong}" for fault, wrong in found if wrong]


def not_once(database: Path | str, slack: FakeSlack, *, besides: Collection[int] = ()) -> list[str]:
    """Every message about a recognition that Slack shows not once, or otherwise than stored.

    And whatever it shows that is of no row, `besides` these.
    """
    shown = list(posted(slack))
    times = Counter(row_id for row_id, *_ in shown)
    query = "SELECT id, cause, status, channel, ts FROM outbox WHERE cause LIKE 'recognition:%'"
    wrong = [
        f"{cause} is {status} at {channel} {ts}, Slack shows {shown}"
        for row_id, cause, status, channel, ts in rows(database, query)
        if not (status == "taken_back" and times[row_id] == 0)
        and (status != "sent" or times[row_id] != 1 or (row_id, channel, ts) not in shown)
    ]
    known = {row_id for (row_id,) in rows(database, "SELECT id FROM outbox")}
    return wrong + [f"{each} is nobody's" for each in shown if each[0] not in {*known, *besides}]


def posted(slack: FakeSlack) -> Iterator[tuple[int, str, str]]:
    """The row, the channel and the ts of everything that the bot posted and Slack shows."""
    workspace = slack.workspace
    channels = [*workspace.channels, *(workspace.dm_id(person) for person in workspace.persons)]
    for channel in channels:
        for message in slack.messages(channel):
            ours = message.get("user") == workspace.bot_user_id
            if ours and "files" not in message:  # a picture comes from no outbox
                yield int(message["metadata"]["event_payload"]["id"]), channel, message["ts"]
