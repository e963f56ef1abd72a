"""What must be true of the database and of Slack once all is over, of everything that was due."""

from collections import Counter
from collections.abc import Iterator

from bot.playground.server import FakeSlack
from tests.faults.truth import FAULTS, IN_POSTGRESQL, posted, rows
from tests.faults.world import World
from tests.support import KUDOS


def questions_of(world: World) -> set[int]:
    """The messages with the questions of rounds that are closed, of which no copy is kept."""
    stored = {row_id for (row_id,) in rows(world.database, "SELECT id FROM outbox")}
    return {
        row_id
        for row_id, channel, _ in posted(world.slack)
        if row_id not in stored and channel.startswith("D")
    }


def twice(slack: FakeSlack) -> Iterator[str]:
    """What stands in Slack more than once."""
    for row_id, times in Counter(row_id for row_id, *_ in posted(slack)).items():
        if times > 1:
            yield f"{row_id} was posted {times} times"


def out_of_order(world: World) -> Iterator[str]:
    """What stands in another order than saved, where nothing is more urgent than the other."""
    for urgent in ("urgent", "NOT urgent"):
        of_them = f"SELECT id FROM outbox WHERE lane = '{KUDOS}' AND ts IS NOT NULL AND {urgent}"
        stand, saved = (rows(world.database, f"{of_them} ORDER BY {by}") for by in ("ts", "id"))
        if stand != saved:
            yield f"in #kudos stand {stand}, saved as {saved}"


NOT_AS_IT_SHOULD = {
    "left out": "SELECT kind FROM ledger WHERE kind = 'due.skipped'",
    "still to be sent, or nobody knows": """SELECT cause FROM outbox
        WHERE status NOT IN ('sent', 'taken_back')""",
    "not opened once": """SELECT r.id FROM round r WHERE 1 <>
        (SELECT count(*) FROM ledger WHERE kind = 'pulse.opened' AND subject = r.id)""",
    "without its result": """SELECT id FROM round r WHERE status = 'closed' AND NOT EXISTS
        (SELECT 1 FROM outbox WHERE cause = 'round:' || r.id || ':result')""",
} | {fault: FAULTS[fault] for fault in ("record cannot be found", "what is gone can be found")}


def undone(world: World) -> Iterator[str]:
    """What was left undone, or done by half."""
    for fault, query in (NOT_AS_IT_SHOULD | IN_POSTGRESQL).items():
        if found := rows(world.database, query):
            yield f"{fault}: {found}"
