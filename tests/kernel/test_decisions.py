"""Whatever anybody clicks, in whatever order: a decision is only ever where it may be."""

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot import decisions, deliberation, docket, handover, involvement, roster, standing
from bot import settings as team_settings
from bot.db import Database
from bot.decisions import Decision, Role, Status
from bot.errors import UserError
from bot.proposal import Proposal, Quorum, Visibility
from bot.rituals import decision, mission, outcome, search
from bot.standing import Answer, Standing, Verdict
from tests.support import STATEMENT, T0, TEAM, VALUES

OWNER, DRIVER, ANN, BOB, CARL, EVA = "U1", "U2", "U3", "U4", "U5", "U6"
PEOPLE = (OWNER, DRIVER, ANN, BOB, CARL, EVA)
MAY_GO = {
    Status.OPEN: {Status.OPEN, Status.DECIDED, Status.WITHDRAWN},
    Status.DECIDED: {Status.DECIDED, Status.REVIEWED, Status.SUPERSEDED},
    Status.REVIEWED: {Status.REVIEWED, Status.SUPERSEDED},
    Status.WITHDRAWN: {Status.WITHDRAWN},
    Status.SUPERSEDED: {Status.SUPERSEDED},
}
REASON = "It is what we said we would do."
WORK = ("answer", "answer", "approve", "approve", "object", "score", "decide", "decide")
ENDS = ("decide_unseen", "withdraw", "review", "supersede", "leave", "come", "replace")
HANDOVERS = ("leave_driverless", "drive", "drive", "drive")
STEPS = (*WORK, *ENDS, *HANDOVERS)
Step = tuple[str, str, int]  # what, who, and a number for the rest
STEP = st.tuples(
    st.sampled_from(STEPS), st.sampled_from((*PEOPLE, *[DRIVER] * 6)), st.integers(0, 23)
)


def user(who: str, *, gone: bool = False, guest: bool = False) -> dict[str, Any]:
    user = {"id": who, "name": who.lower(), "is_admin": who == OWNER}
    return user | {"deleted": gone, "is_restricted": guest}


def prepare(session: Session) -> None:
    roster.remember(session, [user(who) for who in PEOPLE])
    team_settings.change(session, decisions_channel="C0D", roster_loaded_at=T0)
    mission.set_up(session, by=OWNER, statement=STATEMENT, values=VALUES, why="", now=T0)


def proposed(**changes: Any) -> Proposal:
    about: dict[str, Any] = {"driver": DRIVER, "approvers": [ANN, BOB], "contributors": [CARL]}
    about |= {"checklist": ["Does it serve the mission?", "Do we know whom it costs?"]}
    about["review_in"] = 2
    return Proposal(OWNER, "Ship on Friday?", **(about | changes))


class Table:
    """Decisions that people work on, and what they were before each click."""

    def __init__(self, session: Session, quorum: Quorum, visibility: Visibility) -> None:
        self.session = session
        made = [
            decision.begin(session, proposed(quorum=quorum, visibility=seen), now=T0)
            for seen in (visibility, visibility, Visibility.CHANNEL)
        ]
        self.ids = [one.decision.id for one in made]
        self.gone: set[str] = set()

    def now(self, of: int) -> Standing:
        return standing.of(self.session, decisions.must_be_there(self.session, of))

    def click(self, what: str, who: str, number: int) -> None:
        of = self.ids[number % 3]
        if what == "drive" and number % 2:  # or there would seldom be anything to take over
            self.leave_driverless(of, who, number, self.now(of))
        before = self.now(of)
        may_drive = handover.candidates(self.session, before)
        if number % 4 in (0, 1):  # mostly by those who may
            may = {"approve": ANN, "object": BOB, "answer": CARL, "drive": (*may_drive, BOB)[0]}
            who = may.get(what, before.decision.driver)
        try:
            getattr(self, what)(of, who, number, before)
        except UserError:
            assert self.now(of) == before  # a refusal changes nothing
        after = self.now(of)
        assert Status(after.decision.status) in MAY_GO[Status(before.decision.status)]
        self.check(before, after, who)
        self.check_who(before, after, who, may_drive)
        self.check_driver(before, after, who, may_drive)
        if what in ("supersede", "come"):
            self.check_sight()

    def check_sight(self) -> None:
        """Whoever sees a decision sees what took its place, and finds the same in every way."""
        there = [self.now(of).decision for of in self.ids]
        seen = {who: {one.id for one in there if self.sees(who, one)} for who in PEOPLE}
        known = roster.people(self.session, PEOPLE)
        for who in (one.slack_id for one in known.values() if one.is_member):
            for one in there:
                assert one.id not in seen[who] or one.superseded_by in {None, *seen[who]}
            page = docket.page(self.session, None, person=who, number=0, now=T0)
            found = search.search(self.session, [], {}, asker=who)
            kinds = [one.entry.id for one in found.results if one.entry.kind == Decision.KIND]
            assert {one.id for one in page.decisions} == seen[who] == {*kinds}
            own = {*involvement.part_of(self.session, who).ids}
            assert own <= seen[who]

    def sees(self, who: str, decision: Decision) -> bool:
        return decisions.can_see(self.session, decision, by=who)

    def check_driver(
        self, before: Standing, after: Standing, who: str, may_drive: Sequence[str]
    ) -> None:
        """Whoever drives it is somebody who could, and took it over from nobody who was here."""
        was, now = before.decision, after.decision
        roles = decisions.roles(self.session, now.id)
        assert decisions.with_role(roles, Role.DRIVER) == [now.driver]
        if now.decider != was.decider:
            assert was.is_open
        if now.driver != was.driver:
            assert before.is_driverless
            assert who == now.driver
            assert who in may_drive
            assert set(after.drove) == {*before.drove, was.driver}
            assert (now.status, now.choice) == (was.status, was.choice)
            assert not was.is_private or who in before.people
        elif before.is_driverless and now.status != was.status:
            assert now.status in (Status.WITHDRAWN, Status.SUPERSEDED)

    def check(self, before: Standing, after: Standing, who: str) -> None:
        """What is never otherwise."""
        was, now = before.decision, after.decision
        if now != was and who not in {OWNER, *before.people}:
            raise AssertionError(f"{who} has nothing to do with it")
        if not was.is_open:
            assert [*before.gates] == [*after.gates]
            assert [one.verdict for one in before.approvals] == [
                one.verdict for one in after.approvals
            ]
        if now.status == Status.REVIEWED != was.status:
            assert was.status == Status.DECIDED
            assert who == now.driver
        if was.status == Status.REVIEWED == now.status:
            assert was == now
        if was.is_open and now.status == Status.DECIDED:
            assert who == now.driver
            assert now.despite == [what.value for what in before.missing]
            assert now.reason or not now.despite
        if now.status == Status.SUPERSEDED != was.status:
            assert Status(
                decisions.must_be_there(self.session, now.superseded_by or 0).status
            ).holds
            chain, seen = now, set()
            while chain.superseded_by is not None:
                assert chain.id not in seen  # no circle
                seen.add(chain.id)
                chain = decisions.must_be_there(self.session, chain.superseded_by)
            assert chain.is_private == now.is_private

    def check_who(
        self, before: Standing, after: Standing, who: str, may_drive: Sequence[str]
    ) -> None:
        """Each thing is done by those alone whose it is."""
        was, now = before.decision, after.decision
        if before.gates != after.gates:
            assert who in before.people
        said = {one.person: one for one in before.approvals}
        for one in after.approvals:
            if one.person in said and one.verdict != said[one.person].verdict:
                assert who == one.person
                assert one.is_here
        if [one.person for one in before.approvals] != [one.person for one in after.approvals]:
            assert who == was.driver
        if now.status == Status.WITHDRAWN != was.status:
            assert who in (was.driver, was.author, OWNER)
        if now.status == Status.SUPERSEDED != was.status:
            assert who == was.driver if before.driver_is_here else who in may_drive

    def answer(self, of: int, who: str, number: int, before: Standing) -> None:
        answers: dict[int, deliberation.Said] = {number % 2: (list(Answer)[number % 3], "")}
        seen = dict(enumerate(gate.said for gate in before.gates))
        deliberation.check(self.session, of, by=who, answers=answers, seen=seen, now=T0)

    def approve(self, of: int, who: str, number: int, _: Standing) -> None:
        deliberation.say(self.session, of, by=who, verdict=Verdict.APPROVED, now=T0)

    def object(self, of: int, who: str, number: int, _: Standing) -> None:
        reason = REASON if number % 4 else "no"
        deliberation.say(self.session, of, by=who, verdict=Verdict.OBJECTED, reason=reason, now=T0)

    def score(self, of: int, who: str, number: int, before: Standing) -> None:
        points = {(number % 2, before.values[0].id): number % 7}
        deliberation.score(self.session, of, by=who, points=points)

    def decide(self, of: int, who: str, number: int, before: Standing) -> None:
        reason, seen = (REASON if number % 3 else ""), before.decision.version
        outcome.decide(
            self.session, of, by=who, choice=number % 3, reason=reason, based_on=seen, now=T0
        )

    def decide_unseen(self, of: int, who: str, number: int, before: Standing) -> None:
        seen = before.decision.version - 1
        with pytest.raises(UserError):
            outcome.decide(self.session, of, by=who, choice=0, reason=REASON, based_on=seen, now=T0)

    def withdraw(self, of: int, who: str, number: int, _: Standing) -> None:
        if number % 3 == 1:  # or none would be left
            outcome.withdraw(self.session, of, by=who, now=T0)

    def review(self, of: int, who: str, number: int, _: Standing) -> None:
        outcome.review(self.session, of, by=who, as_predicted=bool(number % 2), now=T0)

    def supersede(self, of: int, who: str, number: int, _: Standing) -> None:
        other = self.now(self.ids[number // 3 % 3]).decision.name
        outcome.supersede(self.session, of, by=who, successor=other, now=T0)

    def leave(self, of: int, who: str, number: int, _: Standing) -> None:
        if who in (ANN, BOB):
            self.gone.add(who)
            roster.remember(self.session, [user(who, gone=True)])

    def leave_driverless(self, of: int, who: str, number: int, before: Standing) -> None:
        driver, is_guest = before.decision.driver, bool(number % 2)
        roster.remember(self.session, [user(driver, gone=not is_guest, guest=is_guest)])

    def drive(self, of: int, who: str, number: int, _: Standing) -> None:
        handover.take_over(self.session, of, by=who, now=T0)

    def come(self, of: int, who: str, number: int, _: Standing) -> None:
        back = {who} if number % 2 else {*PEOPLE}
        self.gone -= back
        roster.remember(self.session, [user(each) for each in back])

    def replace(self, of: int, who: str, number: int, before: Standing) -> None:
        gone = before.gone[0] if before.gone else ANN
        instead = EVA if number % 2 else None
        deliberation.replace_approver(self.session, of, by=who, gone=gone, instead=instead, now=T0)


def _play(prepared: Path, steps: Sequence[Step], quorum: Quorum, **how: Any) -> None:
    async def play(database: Database) -> None:
        def work(session: Session) -> None:
            prepare(session)
            table = Table(session, quorum, **how)
            for step in steps:
                table.click(*step)

        try:
            await database.write(TEAM, work, patience=60)
        finally:
            database.close()

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "truenorth.db"
        path.write_bytes(prepared.read_bytes())
        asyncio.run(play(Database.open(f"sqlite:///{path}")))


HOW = {
    "steps": st.lists(STEP, min_size=20, max_size=60),
    "quorum": st.sampled_from(Quorum),
    "visibility": st.sampled_from(Visibility),
}
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=40, suppress_health_check=SLOW, derandomize=True)
@given(**HOW)
def test_no_clicks_reach_a_state_that_is_none(
    migrated: Path, steps: list[Step], quorum: Quorum, visibility: Visibility
) -> None:
    _play(migrated, steps, quorum, visibility=visibility)
