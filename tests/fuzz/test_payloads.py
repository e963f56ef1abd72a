"""Whatever comes in the place of what Slack sends is answered, and changes nothing without a right.

`make test` sends some, `make soak` a million: the dice of each part are its number.
"""

import json
import logging
import random
import sqlite3
from collections import Counter
from contextlib import closing

import pytest

from tests.conftest import Say
from tests.fuzz.corpus import corpus, stamped
from tests.fuzz.mutation import Mutator
from tests.rights.people import FAR
from tests.rights.test_cells import ON_THEIR_WAY, Stored
from tests.rights.test_cells import everybody as everybody
from tests.support import ANA, BEN, DAN, EVE, GIL, KIM, PIA, ROBY, Bot, Doc

OURS = (ANA, BEN, KIM, GIL)
NOBODY = (EVE, ROBY, DAN, PIA, FAR)
WHO = ("user", "user_id")
# What becomes of a wrong value that an owner, who may, gives to Slack.
REFUSALS = (
    *("invalid_arguments", "invalid_blocks", "channel_not_found", "not_found"),
    *("invalid_trigger_id", "invalid_url", "used_url", "expired_url"),
    *("expired_trigger_id", "exchanged_trigger_id", "user_not_found"),
)
AT_ONCE = 500
LARGEST = 1_000_000
FEW = 600
MANY = 125_010  # of each of eight parts; a few are larger than what is sent


class Fuzzer:
    """Sends one after the other, and sees that each is answered as it is to be."""

    def __init__(self, bot: Bot, caplog: pytest.LogCaptureFixture, seed: int) -> None:
        self.bot, self.slack, self._caplog = bot, bot.slack, caplog
        self.dice = random.Random(seed)  # noqa: S311 - to be the same again
        self.answers: Counter[str] = Counter()

    async def send(self, envelope: Doc, *people: str) -> None:
        """Send it as one of the people, and fail where it is not answered, or with a fault."""
        who = self.dice.choice(people)
        made = stamped(self.slack, envelope, who, self.dice)
        if len(json.dumps(made)) > LARGEST:
            return  # the connection would end, as tests/rights shows
        reply = await self.slack.sockets.request(made["type"], made["payload"])
        faults = [one for one in self._caplog.records if one.exc_info]
        if faults or not reply.acked or "Traceback" in str(reply.payload):
            pytest.fail(f"{self._caplog.text[-5000:]}\n{who} sent {json.dumps(made)[:5000]}")
        self.answers[made["type"]] += 1
        if sum(self.answers.values()) % AT_ONCE == 0:
            self._tidy()

    def _tidy(self) -> None:
        self._caplog.clear()
        for kept in (self.slack.sockets.sent, self.slack.calls, self.slack.refusals):
            kept.clear()
        for who in (*OURS, *NOBODY):
            self.slack.workspace.views.close_all(who)


@pytest.fixture
def fuzzer(everybody: Bot, caplog: pytest.LogCaptureFixture, part: int) -> Fuzzer:
    caplog.set_level(logging.WARNING)
    everybody.may_be_refused(*REFUSALS)
    return Fuzzer(everybody, caplog, seed=part)


async def whole(fuzzer: Fuzzer) -> Mutator:
    made = await corpus(fuzzer.bot)
    return Mutator(made, fuzzer.dice)


async def anybody_sends_anything(fuzzer: Fuzzer, count: int) -> None:
    mutator = await whole(fuzzer)
    for _ in range(count):
        await fuzzer.send(mutator.next(), *OURS, *NOBODY)


async def who_is_none_of_ours_changes_nothing(fuzzer: Fuzzer, count: int) -> None:
    made = [each for each in await corpus(fuzzer.bot) if each["type"] != "events_api"]
    mutator = Mutator(made, fuzzer.dice)
    await fuzzer.bot.has_sent_everything()
    with closing(sqlite3.connect(str(fuzzer.bot.settings.database_path))) as connection:
        stored = Stored(connection)
        before = stored.now(without=ON_THEIR_WAY)
        for _ in range(count):
            made_one = mutator.next(sparing=WHO)
            await fuzzer.send(made_one, *NOBODY)
            assert stored.now(without=ON_THEIR_WAY) == before, made_one


FEW_PARTS = [pytest.param(part, FEW, id=f"some {part}") for part in (1,)]
MANY_PARTS = [
    pytest.param(part, MANY, id=f"many {part}", marks=pytest.mark.soak) for part in range(2, 6)
]


@pytest.mark.parametrize(("part", "count"), [*FEW_PARTS, *MANY_PARTS])
async def test_whatever_anybody_sends_is_answered(fuzzer: Fuzzer, count: int, say: Say) -> None:
    await anybody_sends_anything(fuzzer, count)
    say(f"{dict(fuzzer.answers)}")


@pytest.mark.sqlite
@pytest.mark.parametrize(("part", "count"), [*FEW_PARTS, *MANY_PARTS])
async def test_nothing_that_a_stranger_sends_changes_anything(
    fuzzer: Fuzzer, count: int, say: Say
) -> None:
    await who_is_none_of_ours_changes_nothing(fuzzer, count)
    say(f"{dict(fuzzer.answers)}")
