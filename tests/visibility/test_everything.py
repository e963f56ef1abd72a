"""Nobody is shown, in all that there is to be seen, what is not theirs to know.

The strongest way to say so: where everything that somebody may not know of never was, all that they
can be shown is the same, to its last word, number and place in a list.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from sqlmodel import Session, col, select

import schedules
from bot.db import Database
from bot.errors import UserError
from bot.outbox import OutboxRow, Status
from bot.rituals import home
from bot.roster import ONLY_OURS
from tests.pulse.poll import RED, TEAM_AT_FIRST
from tests.support import TEAM
from tests.visibility import organisation
from tests.visibility.acts import EVERYBODYS, Script, Step, Thing, scripts, token, who
from tests.visibility.doing import Doing
from tests.visibility.organisation import (
    ANN,
    BOB,
    CARL,
    DORA,
    GUEST,
    LEAD,
    LEAVER,
    MOVER,
    NAMES,
    NOW,
    OUTSIDE,
    OWNER,
    PEOPLE,
)
from tests.visibility.shown import Asking, Recorder, Shown, Unhurried, masked, request

NO_CODE, NO_ID = "P-22222{}", 999_999_999_999_999_990  # of records that never were
DAY = timedelta(days=1)
DAYS_AFTER = 8  # until all that is due of a decision came, and another round of the pulse


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Path:
    """The organisation's database, to be copied."""
    path = tmp_path_factory.mktemp("visibility") / "organisation.db"
    asyncio.run(organisation.prepare(path, migrated))
    return path


class Play:
    """An organisation in which a script is played, but for some of its things."""

    def __init__(self, database: Database, script: Script, without: Collection[int]) -> None:
        self.database, self.script, self.without = database, script, without
        self.doing = Doing(script, lambda by, now: request(database, by, now))
        self.now = NOW
        self.concerned: dict[int, Sequence[str]] = {}  # for each step those whose Home follows
        self.shown: dict[str, list[Shown]] = {}

    async def all_of_it(self) -> None:
        """Play it, and let the days after it pass."""
        last = (await self.database.read(TEAM, partial(home.news, after=None, now=NOW))).last
        for number, step in enumerate(self.script.steps):
            self.now += timedelta(minutes=1)
            if step.thing in self.without:
                await self._deliver()
                continue
            if step.what == "day":
                await self._let_pass(DAY)
            else:
                await self._do(step)
            await self._deliver()
            news = await self.database.read(TEAM, partial(home.news, after=last, now=self.now))
            last, self.concerned[number] = news.last, news.people
        for _ in range(DAYS_AFTER):
            await self._let_pass(DAY)
            await self._deliver()

    async def _do(self, step: Step) -> None:
        try:
            await self.database.write(TEAM, partial(self.doing.do, step, self.now))
        except UserError:
            return

    async def _let_pass(self, time: timedelta) -> None:
        until = self.now + time
        while self.now < until:
            self.now = min(self.now + timedelta(hours=8), until)
            deps = Asking(self.database, "", self.now).deps(Recorder())
            await schedules.tick(deps, team=TEAM)

    async def _deliver(self) -> None:
        """Have Slack show every message: of one moment those of each channel in their order."""

        def deliver(session: Session) -> None:
            waiting = [Status.WAITING, Status.STALE]
            rows = select(OutboxRow).where(
                col(OutboxRow.status).in_(waiting), col(OutboxRow.send_after) <= self.now
            )
            places: dict[str, int] = {}
            for row in session.exec(rows.order_by(col(OutboxRow.id))):
                lane = str(row.lane)
                places[lane] = places.get(lane, 0) + 1
                row.status, row.channel = Status.SENT, lane
                row.ts = row.ts or f"{self.now.timestamp():.0f}.{places[lane]:06}"
                session.add(row)

        await self.database.write(TEAM, deliver)

    async def shown_to(self, person: str) -> list[Shown]:
        """All that this person can be shown by now."""
        numbers = range(len(self.script.things))
        tokens = [token(number) for number in numbers]
        ids = [self.doing.ids.get(number, NO_ID + number) for number in numbers]
        codes = [self.doing.codes.get(number, NO_CODE.format(number + 2)) for number in numbers]
        asking = Asking(self.database, person, self.now)
        return await asking.everything(tokens, ids, codes)


async def played(
    template: Path, script: Script, *people: str, without: Collection[int] = ()
) -> Play:
    """An organisation after the script, with all that these people can be shown by then."""
    with tempfile.TemporaryDirectory() as folder:
        database = Unhurried.open(f"sqlite:///{shutil.copy(template, folder)}")
        try:
            play = Play(database, script, without)
            await play.all_of_it()
            for person in people:
                play.shown[person] = await play.shown_to(person)
            return play
        finally:
            database.close()


def apart(one: str, other: str) -> str:
    """Where two texts begin to differ, to be read."""
    at = next((at for at, pair in enumerate(zip(one, other, strict=False)) if len({*pair}) > 1), 0)
    return f"\n{one[max(at - 300, 0) : at + 300]}\n--\n{other[max(at - 300, 0) : at + 300]}"


# Each example is two organisations: to make what fails smaller would take minutes.
@settings(
    max_examples=10,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.generate,),
)
@given(script=scripts(), person=who)
def test_all_that_somebody_is_shown_is_the_same_where_what_is_hidden_never_was(
    template: Path, script: Script, person: str
) -> None:
    must_be_the_same_without_what_is_hidden(template, script, person)


def must_be_the_same_without_what_is_hidden(template: Path, script: Script, person: str) -> None:
    """Play it with all that there is and without what is hidden, and see no difference."""
    hidden = script.hidden(person)
    all_of_it = asyncio.run(played(template, script, person))
    theirs = asyncio.run(played(template, script, person, without=hidden))
    pairs = zip(masked(all_of_it.shown[person]), masked(theirs.shown[person]), strict=False)
    for (what, shown), (_, other) in pairs:
        assert shown == other, f"{what}{apart(shown, other)}"
    assert len(all_of_it.shown[person]) == len(theirs.shown[person])
    # Their Home is published for as many steps, and for none that is hidden.
    followed = {at for at, people in all_of_it.concerned.items() if person in people}
    assert followed == {at for at, people in theirs.concerned.items() if person in people}


# Of two decisions whose driver leaves, comes back and leaves again the first is private.
DRIVERLESS = Script(
    (
        Thing("decision", ANN, (LEAVER,), "garden printer", is_private=True),
        Thing("decision", BOB, (LEAVER,), "late clinic", is_private=False),
    ),
    (
        Step(0, "begin", ANN, 1),
        Step(1, "begin", BOB, 1),
        Step(EVERYBODYS, "leave", ANN, 0),
        Step(EVERYBODYS, "come", ANN, 0),
        Step(EVERYBODYS, "leave", ANN, 0),
    ),
)
TAKEN_OVER = Script(DRIVERLESS.things, (*DRIVERLESS.steps, Step(0, "drive", ANN, 0)))


@pytest.mark.parametrize("script", [DRIVERLESS, TAKEN_OVER], ids=["waits", "is taken over"])
@pytest.mark.parametrize("person", [OWNER, BOB])
def test_that_a_private_decision_waits_for_a_driver_is_seen_by_nobody_else(
    template: Path, script: Script, person: str
) -> None:
    must_be_the_same_without_what_is_hidden(template, script, person)


def test_a_decision_that_waits_for_a_driver_is_shown_to_who_can_drive_it(template: Path) -> None:
    play = asyncio.run(played(template, DRIVERLESS, *PEOPLE))
    waiting = {one: dict(shown)["list waiting"] for one, shown in play.shown.items()}
    seen = {one: [token(at) in text for at in range(2)] for one, text in waiting.items()}
    theirs = {ANN: [True, False], OWNER: [False, True]}
    assert seen == {one: theirs.get(one, [False, False]) for one in PEOPLE}
    for person, shown in play.shown.items():
        assert ("decide_drive" in dict(shown)["home"]) == (person in theirs)
    # Their Homes follow, whenever the driver leaves or comes back.
    for step in range(2, 5):
        assert {ANN, OWNER} <= {*play.concerned[step]}


SECRETS = Script(
    (
        Thing("recognition", BOB, (ANN, GUEST), "late booking", is_private=True),
        Thing("decision", ANN, (BOB, CARL, DORA), "garden printer", is_private=True),
        Thing("comment", DORA, (), "clinic late", is_private=True),
        Thing("story", GUEST, (ANN,), "late clinic", is_private=False),
    ),
    tuple(Step(number, "begin", ANN, 1) for number in range(4)),
)


def test_each_is_shown_just_what_is_theirs_to_know(template: Path) -> None:
    play = asyncio.run(played(template, SECRETS, *PEOPLE))
    for person, everything in play.shown.items():
        answers = str([shown for what, shown in everything if "zq" not in what])
        seen = [token(at) in answers for at in range(len(SECRETS.things))]
        # A comment is shown to nobody before the close.
        known = [thing.kind != "comment" and thing.seen_by(person) for thing in SECRETS.things]
        assert seen == known, person
        led = [RED] if person == LEAD else []
        theirs = {TEAM_AT_FIRST.get(person), *led, *(NAMES if person == OWNER else ())}
        teams = {team for team, name in NAMES.items() if name in answers}
        assert teams == theirs - {None}, person


TOLD_IN_PUBLIC = Script(
    (
        Thing("recognition", BOB, (MOVER,), "late booking", is_private=False),
        Thing("decision", ANN, (MOVER, CARL, DORA), "garden printer", is_private=False),
        Thing("story", GUEST, (MOVER,), "late clinic", is_private=False),
    ),
    (
        *(Step(number, "begin", ANN, 1) for number in range(3)),
        Step(EVERYBODYS, "move", OWNER, 1),
        *(Step(number, what, MOVER, 1) for number, what in ((0, "applaud"), (2, "thank"))),
    ),
)


def test_who_is_of_another_organisation_is_shown_the_channel_they_share_alone(
    template: Path,
) -> None:
    assert TOLD_IN_PUBLIC.hidden(OUTSIDE) == {1, 2}
    must_be_the_same_without_what_is_hidden(template, TOLD_IN_PUBLIC, OUTSIDE)


@pytest.mark.parametrize("person", [OUTSIDE, MOVER])
def test_who_is_of_another_organisation_is_answered_one_sentence(
    template: Path, person: str
) -> None:
    play = asyncio.run(played(template, TOLD_IN_PUBLIC, person))
    shown = [(what, text) for what, text in play.shown[person] if what != "message"]
    answers = [(what, text) for what, text in shown if what != "file"]
    assert [what for what, text in answers if text.count(ONLY_OURS) == 0] == []
    assert [what for what, text in shown if "zq" in text and "zq" not in what] == []
    assert {text for what, text in shown if what == "file"} == {"[]"}
