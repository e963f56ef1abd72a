"""What hypothesis has people do: records that are private or not, and what becomes of them."""

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.visibility.organisation import OUTSIDE, PEOPLE

WORDS = ("clinic", "clinics", "booked", "booking", "late", "garden", "warden", "printer")


@dataclass(frozen=True)
class Thing:
    """A record with a word of its own, or somebody's answer to the pulse.

    Of a decision the first of `people` drives it, and one after the other approves or contributes.
    """

    kind: str
    by: str
    people: tuple[str, ...]
    words: str
    is_private: bool

    def seen_by(self, who: str) -> bool:
        """Whether somebody may know of it, as the README says."""
        if self.kind in ("answer", "comment"):
            return who == self.by
        if who == OUTSIDE:  # who shares one channel
            return self.kind == "recognition" and not self.is_private
        return not self.is_private or who in (self.by, *self.people)


@dataclass(frozen=True)
class Step:
    """Something that is done with a thing: what, by whom, and a number for the rest."""

    thing: int
    what: str
    who: str
    chance: int


EVERYBODYS = -1  # the thing of what is no record's: a new wording, somebody leaving, time passing
OF = {
    "recognition": ("applaud", "reword", "withdraw"),
    "story": ("thank", "retell", "untell"),
    "decision": ("approve", "object", "check", "score", "decide", "review", "drive", "end"),
    "answer": ("again",),
    "comment": ("again",),
}
who = st.sampled_from(PEOPLE)


@st.composite
def things(draw: st.DrawFn) -> Thing:
    kind = draw(st.sampled_from([*OF, "decision", "recognition", "decision"]))
    by = draw(who)
    others = [one for one in PEOPLE if one != by]
    return Thing(
        kind,
        by,
        tuple(draw(st.lists(st.sampled_from(others), min_size=1, max_size=3, unique=True))),
        " ".join(draw(st.lists(st.sampled_from(WORDS), min_size=2, max_size=4))),
        kind in ("recognition", "decision") and draw(st.booleans()),
    )


@dataclass(frozen=True)
class Script:
    """Things that begin, one after the other, and what is done with them later."""

    things: tuple[Thing, ...]
    steps: tuple[Step, ...]

    def hidden(self, who: str) -> set[int]:
        """Which things somebody may not know of."""
        return {at for at, thing in enumerate(self.things) if not thing.seen_by(who)}


@st.composite
def scripts(draw: st.DrawFn) -> Script:
    made = draw(st.lists(things(), min_size=1, max_size=6))
    steps: list[Step] = []
    for number in range(len(made)):
        steps.append(Step(number, "begin", made[number].by, draw(st.integers(0, 99))))
        for _ in range(draw(st.integers(0, 3))):
            steps.append(draw(_later(made[: number + 1])))
    return Script(tuple(made), tuple(steps))


@st.composite
def _later(draw: st.DrawFn, made: list[Thing]) -> Step:
    if draw(st.integers(0, 5)) == 0:
        what = draw(st.sampled_from(("leave", "come", "move", "word", "read", "day", "day")))
        return Step(EVERYBODYS, what, draw(who), draw(st.integers(0, 99)))
    thing = draw(st.integers(0, len(made) - 1))
    what = draw(st.sampled_from(OF[made[thing].kind]))
    people = (made[thing].by, *made[thing].people)
    by = draw(st.sampled_from(people) | who)
    return Step(thing, what, by, draw(st.integers(0, 99)))


def token(thing: int) -> str:
    """A word that stands in what is said of this thing, and nowhere else."""
    return f"zq{'abcdefghij'[thing]}word"
