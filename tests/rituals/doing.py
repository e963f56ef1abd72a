"""An organisation that hypothesis makes up: its people give, tell, decide and take back."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from sqlmodel import Session, col, select

from bot import acknowledgement, charter, deliberation, roster, standing
from bot import settings as team_settings
from bot.decisions import Decision, DecisionRole
from bot.deed import Deed
from bot.errors import UserError
from bot.proposal import Proposal, Visibility
from bot.rituals import decision, mission, outcome, recognition, story
from bot.rituals.recognition import Recognition
from bot.rituals.story import Story
from bot.standing import Answer, Verdict
from bot.tale import Kind, Tale
from tests.support import STATEMENT, T0, VALUES, T

OWNER, ANN, BOB, CARL, EVA, FAY = PEOPLE = ("U1", "U2", "U3", "U4", "U5", "U6")
# Words that would be a heading, a list, a quote, a link, a picture, markup, code or a mention.
NASTY = (
    "# not a heading at all",
    "- one\n- two\n  * three of them",
    "> quoted\n---\n===\n1. first",
    "[a link](https://evil.example) ![a picture](x)",
    "<script>alert(1)</script> <@U6> <!channel> &amp;",
    "```\ncode and `more` of it\n```",
    "    indented\n\n| a | b |\n|---|---|\n| c | d |",
    "**bold** _slanted_ ~~struck~~ https://evil.example \\",
)
STEPS = (
    *["recognise"] * 4,
    *["applaud"] * 3,
    "reword",
    "withdraw",
    "tell",
    "tell",
    "retell",
    "untell",
)
MORE = (*["ask"] * 3, "say", "answer", "score", "decide", "review", "mission", "read")
Step = tuple[str, list[str], int]  # what, who in which order, and a number for the rest
STEP = st.tuples(
    st.sampled_from((*STEPS, *MORE)),
    st.permutations(PEOPLE),
    st.integers(0, 1000),
)


def user(who: str) -> dict[str, Any]:
    return {"id": who, "name": f"*{who.lower()}* #1", "is_admin": who == OWNER}


def prepare(session: Session) -> None:
    roster.remember(session, [user(who) for who in PEOPLE])
    team_settings.change(session, roster_loaded_at=T0, allowance=100)
    mission.set_up(session, by=OWNER, statement=STATEMENT, values=VALUES, why="", now=T0)


class Organisation:
    """People who do what there is to do, as far as they may."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.now = T0

    def do(self, number: int, what: str, people: list[str], chance: int) -> None:
        self.now = T(60 * number)
        try:
            getattr(self, what)(people, chance, f"{NASTY[chance % len(NASTY)]} ({number})")
        except UserError:
            return

    def one(self, table: Any, chance: int) -> Any:
        found = self.session.exec(select(table).order_by(col(table.id))).all()
        if not found:
            raise UserError("there is none yet")
        return found[chance % len(found)]

    def recognise(self, people: list[str], chance: int, words: str) -> None:
        giver, *others = people
        deed = Deed(giver, others[: 1 + chance % 3], words, "care", is_private=chance % 3 == 0)
        recognition.give(self.session, deed, now=self.now)

    def reword(self, people: list[str], chance: int, words: str) -> None:
        given = self.one(Recognition, chance)
        deed = Deed(given.author, people[: 1 + chance % 2], words, "", given.is_private)
        about = {"recognition_id": given.id, "based_on": given.revision, "now": self.now}
        recognition.correct(self.session, deed, **about)

    def withdraw(self, people: list[str], chance: int, _words: str) -> None:
        given = self.one(Recognition, chance)
        by = given.author if chance % 2 else OWNER
        recognition.withdraw(self.session, recognition_id=given.id, by=by, now=self.now)

    def applaud(self, people: list[str], chance: int, _words: str) -> None:
        for who in people[: 1 + chance % 6]:
            about: dict[str, Any] = {"person": who, "now": self.now}
            if chance % 2:
                given = self.one(Recognition, chance)
                recognition.toggle_applause(self.session, recognition_id=given.id, **about)
            else:
                told = self.one(Story, chance)
                story.toggle_thanks(self.session, story_id=told.id, **about)

    def tale(self, author: str, people: list[str], chance: int, words: str) -> Tale:
        kind = Kind.SUCCESS if chance % 2 else Kind.LEARNING
        texts = dict.fromkeys(("expected", "happened", "impact", "learned", "change"), words)
        title = " ".join(words.split())[:150]
        return Tale(author, kind, title, texts, "candour", people[1 : 1 + chance % 3])

    def tell(self, people: list[str], chance: int, words: str) -> None:
        story.tell(self.session, self.tale(people[0], people, chance, words), now=self.now)

    def retell(self, people: list[str], chance: int, words: str) -> None:
        told = self.one(Story, chance)
        tale = replace(self.tale(told.author, people, chance, words), value="")
        story.correct(self.session, tale, story_id=told.id, based_on=told.revision, now=self.now)

    def untell(self, people: list[str], chance: int, _words: str) -> None:
        told = self.one(Story, chance)
        story.withdraw(self.session, story_id=told.id, by=told.author, now=self.now)

    def ask(self, people: list[str], chance: int, words: str) -> None:
        asker, driver, first, second, third, _ = people
        proposal = Proposal(
            asker,
            " ".join(words.split())[:150],
            context=words,
            driver=driver,
            approvers=[first, second][: chance % 3],
            contributors=[third][: chance % 2],
            checklist=["# Is it so?", "Does it serve?"],
            prediction=words if chance % 2 else "",
            confidence=70 if chance % 2 else None,
            visibility=Visibility.PRIVATE if chance % 4 == 0 else Visibility.CHANNEL,
        )
        decision.begin(self.session, proposal, now=self.now)

    def say(self, _people: list[str], chance: int, words: str) -> None:
        role = self.one(DecisionRole, chance)
        verdict = Verdict.OBJECTED if chance % 2 else Verdict.APPROVED
        said = {"by": role.person, "verdict": verdict, "reason": words}
        deliberation.say(self.session, role.decision_id, **said, now=self.now)

    def answer(self, _people: list[str], chance: int, words: str) -> None:
        asked = self.one(Decision, chance)
        stands = standing.of(self.session, asked)
        seen = dict(enumerate(gate.said for gate in stands.gates))
        answers: dict[int, deliberation.Said] = {chance % 2: (Answer.NO, words)}
        by = stands.people[chance % len(stands.people)]
        about: dict[str, Any] = {"by": by, "answers": answers, "seen": seen, "now": self.now}
        deliberation.check(self.session, asked.id, **about)

    def score(self, people: list[str], chance: int, _words: str) -> None:
        asked = self.one(Decision, chance)
        values = charter.values_of(self.session, asked.version_id)
        points = {(chance % 2, values[0].id): chance % 6}
        deliberation.score(self.session, asked.id, by=people[0], points=points)

    def decide(self, _people: list[str], chance: int, words: str) -> None:
        asked = self.one(Decision, chance)
        about = {"by": asked.driver, "choice": chance % 2, "reason": words}
        outcome.decide(self.session, asked.id, **about, based_on=asked.version, now=self.now)

    def review(self, _people: list[str], chance: int, _words: str) -> None:
        asked = self.one(Decision, chance)
        came = {"by": asked.driver, "as_predicted": bool(chance % 2)}
        outcome.review(self.session, asked.id, **came, now=self.now)

    def mission(self, _people: list[str], chance: int, words: str) -> None:
        statement = " ".join(words.split())[:300]
        values = f"#care Care {chance} — {NASTY[chance % 4].splitlines()[0]}\n#candour Candour — so"
        mission.set_up(
            self.session, by=OWNER, statement=statement, values=values, why=words, now=self.now
        )

    def read(self, people: list[str], _chance: int, _words: str) -> None:
        number = charter.must_be_in_force(self.session).version.number
        acknowledgement.acknowledge(self.session, number=number, person=people[0], now=self.now)
