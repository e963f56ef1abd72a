"""How what hypothesis has people do is done: as the handlers do it, with all messages of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from bot import (
    acknowledgement,
    ballot,
    charter,
    decisions,
    deliberation,
    docket,
    handover,
    outbox,
    roster,
    rounds,
)
from bot.blocks import recognition as recognition_blocks
from bot.blocks import story as story_blocks
from bot.decisions import Decision
from bot.deed import Deed
from bot.proposal import Proposal, Visibility
from bot.rituals import decision, mission, outcome, recognition, story
from bot.rounds import Kind as RoundKind
from bot.standing import Answer, Standing, Verdict
from bot.tale import Kind, Tale
from handlers import corrections, reviewing
from handlers import decision as decision_handlers
from handlers import recognition as recognition_handlers
from handlers import story as story_handlers
from handlers.request import Request
from tests.pulse.poll import user
from tests.support import STATEMENT, VALUES
from tests.visibility.acts import EVERYBODYS, Script, Step, Thing, token
from tests.visibility.organisation import LEAVER, MOVER, OWNER, elsewhere


class Doing:
    """Does the steps of a script, as far as they may be done."""

    def __init__(self, script: Script, request: Callable[[str, datetime], Request]) -> None:
        self.script = script
        self.request = request
        self.ids: dict[int, int] = {}
        self.codes: dict[int, str] = {}

    def do(self, step: Step, now: datetime, session: Session) -> None:
        """Do it, or raise UserError; of what was never begun nothing can be done."""
        thing = None if step.thing == EVERYBODYS else self.script.things[step.thing]
        for who in {step.who, thing.by} if thing else ():  # as it is for all that is heard
            roster.must_be_ours(session, who)
        name = step.what if thing is None else f"{thing.kind}_{step.what}"
        asked = self.request(step.who, now)
        if thing is None or step.what in ("begin", "again") or step.thing in self.ids:
            getattr(self, name)(session, step, thing, asked)

    def words(self, step: Step, thing: Thing) -> str:
        """What is said of a thing, with a word that is in nothing else."""
        return f"{token(step.thing)} {thing.words} number {step.chance}"

    # Recognitions

    def recognition_begin(self, session: Session, step: Step, thing: Thing, asked: Request) -> None:
        deed = Deed(thing.by, thing.people, self.words(step, thing), "care", thing.is_private)
        given = recognition.give(session, deed, now=asked.now)
        recognition_handlers.announce(session, given, asked)
        self.ids[step.thing] = given.recognition.id

    def recognition_applaud(self, session: Session, step: Step, _: Thing, asked: Request) -> None:
        about: dict[str, Any] = {
            "recognition_id": self.ids[step.thing],
            "person": step.who,
            "now": asked.now,
        }
        given = recognition.toggle_applause(session, **about)
        post = recognition_blocks.announcement(given)
        outbox.revise(session, given.recognition.cause, post)

    def recognition_reword(
        self, session: Session, step: Step, thing: Thing, asked: Request
    ) -> None:
        given = recognition.to_correct(session, recognition_id=self.ids[step.thing], by=thing.by)
        deed = Deed(thing.by, given.recipients, self.words(step, thing), "", thing.is_private)
        about: dict[str, Any] = {"recognition_id": self.ids[step.thing], "now": asked.now}
        based_on = given.recognition.revision
        new = recognition.correct(session, deed, **about, based_on=based_on).given
        posts = list(recognition_handlers.messages(new))
        corrections._show(session, corrections.Shown(posts, {}, new.recognition), asked)

    def recognition_withdraw(
        self, session: Session, step: Step, thing: Thing, asked: Request
    ) -> None:
        about: dict[str, Any] = {"recognition_id": self.ids[step.thing], "now": asked.now}
        taken = recognition.withdraw(session, **about, by=thing.by)
        posts = list(recognition_handlers.messages(taken.given))
        record = taken.given.recognition
        corrections._say_withdrawn(session, corrections.Forgotten(record, "", posts), asked)

    # Stories

    def tale(self, step: Step, thing: Thing) -> Tale:
        words = self.words(step, thing)
        texts = {"happened": words, "impact": words, "expected": words, "learned": words}
        kind = Kind.SUCCESS if step.thing % 2 else Kind.LEARNING
        return Tale(thing.by, kind, words, texts | {"change": words}, "candour", thing.people)

    def story_begin(self, session: Session, step: Step, thing: Thing, asked: Request) -> None:
        told = story.tell(session, self.tale(step, thing), now=asked.now)
        story_handlers.announce(session, told, asked)
        self.ids[step.thing] = told.story.id

    def story_thank(self, session: Session, step: Step, _: Thing, asked: Request) -> None:
        about: dict[str, Any] = {
            "story_id": self.ids[step.thing],
            "person": step.who,
            "now": asked.now,
        }
        told = story.toggle_thanks(session, **about)
        outbox.revise(session, told.story.cause, story_blocks.announcement(told))

    def story_retell(self, session: Session, step: Step, thing: Thing, asked: Request) -> None:
        told = story.to_correct(session, story_id=self.ids[step.thing], by=thing.by)
        about: dict[str, Any] = {
            "story_id": told.story.id,
            "based_on": told.story.revision,
            "now": asked.now,
        }
        new = story.correct(session, self.tale(step, thing), **about).told
        posts = list(story_handlers.messages(new))
        corrections._show(session, corrections.Shown(posts, {}, new.story), asked)

    def story_untell(self, session: Session, step: Step, thing: Thing, asked: Request) -> None:
        about: dict[str, Any] = {"story_id": self.ids[step.thing], "by": thing.by, "now": asked.now}
        taken = story.withdraw(session, **about)
        posts = list(story_handlers.messages(taken.told))
        corrections._say_withdrawn(
            session, corrections.Forgotten(taken.told.story, "", posts), asked
        )

    # Decisions

    def decision_begin(self, session: Session, step: Step, thing: Thing, asked: Request) -> None:
        driver, *others = thing.people
        words = self.words(step, thing)
        proposal = Proposal(
            thing.by,
            words,
            context=words,
            checklist=[f"{words}?"] if step.chance % 2 else [],
            driver=driver,
            approvers=others[:1],
            contributors=others[1:],
            due=(asked.now + timedelta(days=1 + step.chance % 3)).date(),
            prediction=words,
            confidence=70,
            review_in=1,
            visibility=Visibility.PRIVATE if thing.is_private else Visibility.CHANNEL,
        )
        stands = decision.begin(session, proposal, now=asked.now)
        decision_handlers.announce(session, stands, asked)
        self.ids[step.thing] = stands.decision.id
        if thing.is_private:  # all others are asked for by their numbers
            self.codes[step.thing] = stands.decision.name

    def decision_approve(self, session: Session, step: Step, _: Thing, asked: Request) -> None:
        self._say(session, step, asked, Verdict.APPROVED)

    def decision_object(self, session: Session, step: Step, thing: Thing, asked: Request) -> None:
        self._say(session, step, asked, Verdict.OBJECTED, self.words(step, thing))

    def _say(
        self, session: Session, step: Step, asked: Request, verdict: Verdict, reason: str = ""
    ) -> None:
        said: dict[str, Any] = {"by": step.who, "verdict": verdict, "reason": reason}
        one = self.ids[step.thing]
        self._show(session, deliberation.say(session, one, **said, now=asked.now), asked)

    def _show(self, session: Session, stands: Standing, asked: Request) -> None:
        decision_handlers.show(session, stands, asked)

    def decision_check(self, session: Session, step: Step, thing: Thing, asked: Request) -> None:
        stands = deliberation.must_be_open(session, self.ids[step.thing], by=step.who)
        seen = dict(enumerate(gate.said for gate in stands.gates))
        answer = Answer.YES if step.chance % 3 else Answer.NO
        answers: dict[int, deliberation.Said] = {0: (answer, self.words(step, thing))}
        about: dict[str, Any] = {"by": step.who, "answers": answers, "seen": seen}
        one = stands.decision.id
        self._show(session, deliberation.check(session, one, **about, now=asked.now), asked)

    def decision_score(self, session: Session, step: Step, _: Thing, asked: Request) -> None:
        stands = deliberation.must_be_open(session, self.ids[step.thing], by=step.who)
        points = {(step.chance % 2, stands.values[0].id): step.chance % 6}
        one = stands.decision.id
        self._show(session, deliberation.score(session, one, by=step.who, points=points), asked)

    def _now(self, session: Session, step: Step) -> Decision:
        return decisions.must_be_there(session, self.ids[step.thing])

    def decision_decide(self, session: Session, step: Step, thing: Thing, asked: Request) -> None:
        known = self._now(session, step)
        about: dict[str, Any] = {
            "by": known.driver,
            "choice": step.chance % 2,
            "reason": self.words(step, thing),
        }
        made = outcome.decide(session, known.id, **about, based_on=known.version, now=asked.now)
        self._show(session, made, asked)

    def decision_review(self, session: Session, step: Step, _: Thing, asked: Request) -> None:
        known = self._now(session, step)
        came: dict[str, Any] = {"by": known.driver, "as_predicted": bool(step.chance % 2)}
        self._show(session, outcome.review(session, known.id, **came, now=asked.now), asked)

    def decision_drive(self, session: Session, step: Step, _: Thing, asked: Request) -> None:
        one = self.ids[step.thing]
        driven = handover.take_over(session, one, by=step.who, now=asked.now)
        reviewing.miss_nobody(session, driven, asked)

    def decision_end(self, session: Session, step: Step, _: Thing, asked: Request) -> None:
        one = self.ids[step.thing]
        self._show(session, outcome.withdraw(session, one, by=step.who, now=asked.now), asked)

    # The pulse

    def answer_begin(self, session: Session, step: Step, thing: Thing, asked: Request) -> None:
        self.answer_again(session, step, thing, asked)

    def answer_again(self, session: Session, step: Step, thing: Thing, asked: Request) -> None:
        latest = rounds.latest(session, RoundKind.WEEKLY)
        assert latest is not None
        question = latest.asks()[step.chance % len(latest.asks())].slug
        about: dict[str, Any] = {"person": thing.by, "question": question, "now": asked.now}
        ballot.answer(session, latest.id, point=1 + step.chance % 5, **about)

    def comment_begin(self, session: Session, step: Step, thing: Thing, asked: Request) -> None:
        self.comment_again(session, step, thing, asked)

    def comment_again(self, session: Session, step: Step, thing: Thing, asked: Request) -> None:
        latest = rounds.latest(session, RoundKind.WEEKLY)
        assert latest is not None
        words = self.words(step, thing)
        ballot.comment(session, latest.id, person=thing.by, words=words, now=asked.now)

    # What is everybody's

    def leave(self, session: Session, _: Step, __: None, asked: Request) -> None:
        self._becomes(session, user(LEAVER, gone=True), asked)

    def come(self, session: Session, _: Step, __: None, asked: Request) -> None:
        self._becomes(session, user(LEAVER), asked)

    def move(self, session: Session, step: Step, _: None, asked: Request) -> None:
        self._becomes(session, elsewhere(MOVER) if step.chance % 3 else user(MOVER), asked)

    def _becomes(self, session: Session, known: dict[str, Any], asked: Request) -> None:
        roster.remember(session, [known])
        for stands in docket.answered_for(session, known["id"]):
            reviewing.miss_nobody(session, stands, asked)

    def word(self, session: Session, step: Step, _: None, asked: Request) -> None:
        statement = f"{STATEMENT} So we say {step.chance}."
        about: dict[str, Any] = {
            "by": OWNER,
            "statement": statement,
            "values": VALUES,
            "why": "Clearer",
        }
        mission.set_up(session, **about, now=asked.now)

    def read(self, session: Session, step: Step, _: None, asked: Request) -> None:
        number = charter.must_be_in_force(session).version.number
        acknowledgement.acknowledge(session, number=number, person=step.who, now=asked.now)
