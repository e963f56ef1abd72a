"""How it looks on Home what waits for its person."""

from collections import Counter
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.ballot import Ballot
from bot.blocks import acknowledgement, docket, kit, outbox, pulse
from bot.charter import CharterVersion
from bot.commands import command
from bot.docket import Waiting
from bot.doubt import Doubt
from bot.waits import Thing

SHOWN = 10  # of at most three blocks each, so that Home stays within the hundred that Slack takes


def blocks(
    things: Sequence[Thing], links: Mapping[int, str], *, reader: str, zone: ZoneInfo
) -> list[kit.Block]:
    """What waits for the reader, in this order, with the buttons for it; `links` lead to cards."""
    if not things:
        return []
    shown: list[kit.Block] = []
    for one in things[:SHOWN]:
        shown += _blocks(one, links, reader=reader, zone=zone)
    return [kit.header("Waiting for you"), *shown, *_rest(things[SHOWN:]), kit.divider()]


def _blocks(
    one: Thing, links: Mapping[int, str], *, reader: str, zone: ZoneInfo
) -> list[kit.Block]:
    match one:
        case CharterVersion():
            return [acknowledgement.unread(one)]
        case Ballot():
            return [pulse.waits(one, zone=zone)]
        case Waiting():
            return docket.waits(one, links, reader=reader)
    return outbox.in_doubt(one.rows)


def _rest(things: Sequence[Thing]) -> list[kit.Block]:
    """How many more there are, and where each of them is found."""
    found = Counter(type(one) for one in things)
    where: dict[type[Thing], kit.Part] = {
        Waiting: kit.words(command("decide list waiting"), code=True),
        Ballot: kit.words(command("pulse"), code=True),
        CharterVersion: kit.words(command("mission"), code=True),
        Doubt: "my direct messages to you",
    }
    parts: list[kit.Part] = []
    for kind, place in where.items():
        if found[kind]:
            parts += [", " if parts else "", f"{found[kind]} in ", place]
    verb = "waits" if len(things) == 1 else "wait"
    return [kit.says(f"{len(things)} more {verb} for you: ", *parts)] if things else []
