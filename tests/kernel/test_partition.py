"""Each person reports in one team at most, whatever people and owners do, and in the right one."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from bot import membership, roster, teams
from bot import settings as team_settings
from bot.rituals import teams as ritual
from bot.sources import Source
from tests.support import ANA, T0, in_a_copy

PEOPLE = [f"U0P{number}" for number in range(3)]
SOURCES = ["C0ONE", "C0TWO", "S0THREE"]
A_SECOND = timedelta(seconds=1)

person, source = st.sampled_from(PEOPLE), st.sampled_from(SOURCES)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(["come", "go", "go", "choose", "choose"]), source, person),
        st.tuples(st.sampled_from(["read", "add", "remove"]), source, st.none()),
        st.tuples(st.just("order"), st.none(), person),
        st.tuples(st.sampled_from(["first", "last"]), source, st.none()),
        st.tuples(st.sampled_from(["leave", "return"]), st.none(), person),
    ),
    min_size=10,
    max_size=40,
)


@dataclass
class World:
    """What is so in Slack and what the owners decided, in a few words."""

    session: Session
    inside: dict[str, set[str]] = field(default_factory=lambda: {one: set() for one in SOURCES})
    here: set[str] = field(default_factory=lambda: set(PEOPLE))
    order: list[str] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)
    now = T0

    def expected(self) -> dict[str, str]:
        """In which source's team each person reports, by the rule as it is told to people."""
        found = {}
        for one in self.here:
            theirs = [source for source in self.order if one in self.inside[source]]
            if theirs:
                chosen = self.chosen.get(one)
                found[one] = chosen if chosen in theirs else theirs[0]
        return found

    def team(self, source: str) -> int:
        found = teams.of_source(self.session, source)
        assert found is not None
        return found.id

    def come(self, source: str, person: str) -> None:
        self.inside[source].add(person)
        membership.hear(self.session, source, at=self.now, came=[person])

    def go(self, source: str, person: str) -> None:
        self.inside[source].discard(person)
        membership.hear(self.session, source, at=self.now, went=[person])

    def read(self, source: str, _: None) -> None:
        if (team := teams.of_source(self.session, source)) is not None:
            membership.read(self.session, team, self.inside[source], began=self.now)

    def add(self, source: str, _: None) -> None:
        if source not in self.order and self.inside[source] & self.here:
            found = Source(source, source, f"#{source}", sorted(self.inside[source]))
            ritual.add(self.session, by=ANA, source=found, name="", leads=[ANA], now=self.now)
            self.order.append(source)

    def remove(self, source: str, _: None) -> None:
        if source in self.order:
            ritual.remove(self.session, by=ANA, team=self.team(source), now=self.now)
            self.order.remove(source)
            self.chosen = {who: one for who, one in self.chosen.items() if one != source}

    def choose(self, source: str, person: str) -> None:
        if source in self.order and person in self.inside[source] & self.here:
            chosen = {person: self.team(source)}
            ritual.choose(self.session, by=ANA, chosen=chosen, now=self.now)
            self.chosen[person] = source

    def order_(self, _: None, person: str) -> None:
        theirs = [one for one in self.order if person in self.inside[one]]
        ritual.choose(self.session, by=ANA, chosen={person: None}, now=self.now)
        if person in self.here and self.chosen.get(person) in theirs:
            del self.chosen[person]

    def place(self, source: str, at: int) -> None:
        if source in self.order:
            team = teams.of_source(self.session, source)
            assert team is not None
            ritual.change(
                self.session,
                by=ANA,
                team=team.id,
                based_on=team.revision,
                name=team.name,
                leads=[ANA],
                position=str(at),
                now=self.now,
            )
            self.order.remove(source)
            self.order.insert(at - 1, source)

    def first(self, source: str, _: None) -> None:
        self.place(source, 1)

    def last(self, source: str, _: None) -> None:
        self.place(source, len(self.order))

    def leave(self, _: None, person: str) -> None:
        self.here.discard(person)
        roster.remember(self.session, [{"id": person, "name": person, "deleted": True}])

    def return_(self, _: None, person: str) -> None:
        self.here.add(person)
        roster.remember(self.session, [{"id": person, "name": person}])

    def check(self) -> None:
        """Every person here who is in a team is in exactly one part, and nobody else in any."""
        found = teams.reporting(self.session)
        parts: dict[int, set[str]] = {}
        for who, team in found.items():
            parts.setdefault(team, set()).add(who)
        whole = [who for part in parts.values() for who in part]
        anywhere = set().union(*(self.inside[source] for source in self.order))
        assert len(whole) == len(set(whole))
        assert set(whole) == self.here & anywhere
        assert found == {who: self.team(source) for who, source in self.expected().items()}


def prepared(session: Session) -> World:
    people = [{"id": one, "name": one} for one in PEOPLE]
    roster.remember(session, [*people, {"id": ANA, "name": "ana", "is_admin": True}])
    team_settings.change(session, roster_loaded_at=T0)
    return World(session)


@settings(max_examples=60)
@given(steps=STEPS)
@example(steps=[("choose", "C0TWO", "U0P0"), ("go", "C0TWO", "U0P0")])
@example(steps=[("choose", "C0TWO", "U0P0"), ("remove", "C0TWO", None), ("add", "C0TWO", None)])
def test_teams_never_overlap_and_everybody_is_in_the_right_one(
    migrated: Path, steps: list[tuple[str, str | None, str | None]]
) -> None:
    def work(session: Session) -> None:
        world = prepared(session)
        for number, one in enumerate(PEOPLE):  # each is in two of the teams at first
            world.come(SOURCES[number % 3], one)
            world.come(SOURCES[(number + 1) % 3], one)
        for each in SOURCES:
            world.add(each, None)
        for what, source, person in steps:
            world.now += timedelta(minutes=2)
            name = f"{what}_" if what in ("order", "return") else what
            getattr(world, name)(source, person)
            world.check()

    in_a_copy(migrated, work)


@settings(max_examples=200)
@given(
    truth=st.lists(st.tuples(st.sampled_from(PEOPLE[:2]), st.booleans()), min_size=1, max_size=12),
    data=st.data(),
)
def test_events_may_come_in_any_order_and_twice_and_between_readings(
    migrated: Path, truth: list[tuple[str, bool]], data: st.DataObject
) -> None:
    """The last word of Slack counts, also where a reading began before it and was saved after."""
    times = [T0 + timedelta(minutes=5) * (number + 1) for number in range(len(truth))]
    events = list(zip(times, truth, strict=True))
    delivered = data.draw(st.permutations([*events, *data.draw(st.lists(st.sampled_from(events)))]))
    began = data.draw(st.integers(0, len(events)))  # so many had happened when the reading began
    saved = data.draw(st.integers(0, len(delivered)))

    def inside(of: int) -> set[str]:
        last = {who: is_in for _, (who, is_in) in events[:of]}
        return {who for who, is_in in last.items() if is_in}

    def work(session: Session) -> None:
        world = prepared(session)
        world.inside["C0ONE"] = {PEOPLE[0]}
        world.add("C0ONE", None)
        team = teams.of_source(session, "C0ONE")
        assert team is not None
        at = T0 + timedelta(minutes=5) * began + 2 * membership.CLOCKS_DIFFER
        for number, (when, (who, is_in)) in enumerate([*delivered, (None, ("", False))]):
            if number == saved:
                membership.read(session, team, inside(began), began=at)
            if when is not None:
                news = {"came": [who]} if is_in else {"went": [who]}
                membership.heard(session, team, at=when, **news)
        found = {who for who in teams.reporting(session) if who != ANA}
        assert found == inside(len(events))

    in_a_copy(migrated, work)
