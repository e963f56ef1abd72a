"""Who may do and see what, in one table: every check asks it, and the README says it in its words.

How somebody is told that something is not theirs is said where they are told.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, StrEnum


class Part(StrEnum):
    """What somebody is here, or has to do with what they want to do something with.

    Bots, people who left or have not joined yet and people of another organisation are none of
    these, whatever they had to do with it before. Those in a decision are called like its roles.
    """

    MEMBER = "member"
    GUEST = "guest"
    OWNER = "owner"
    AUTHOR = "author"
    RECIPIENT = "recipient"
    DRIVER = "driver"
    DROVE = "drove"
    APPROVER = "approver"
    CONTRIBUTOR = "contributor"
    HEIR = "heir"  # could drive it, since its driver left or became a guest
    INVITED = "invited"
    IN_TEAM = "in team"
    LEAD = "lead"
    THEMSELVES = "themselves"


ITS_PEOPLE = (Part.AUTHOR, Part.DRIVER, Part.DROVE, Part.APPROVER, Part.CONTRIBUTOR)


@dataclass(frozen=True)
class Rule:
    """Whose a right is: one of the parts is enough, except for guests where it is not for them.

    `where` names what looks up only what is theirs, where nobody can ask for anything else.
    """

    what: str
    who: str
    parts: frozenset[Part]
    guests: bool
    where: str


def _rule(what: str, who: str, *parts: Part, guests: bool = True, where: str = "") -> Rule:
    return Rule(what, who, frozenset(parts), guests, where)


class Right(Enum):
    """Everything that can be done and seen."""

    USE = _rule(
        "thank, tell, applaud, ask for a decision, score its options, search, say that they have "
        "read the mission; read what is posted for everybody, and what is said of everybody "
        "together",
        "everybody, guests too",
        Part.MEMBER,
        Part.GUEST,
    )
    ANSWER_FOR = _rule(
        "be the driver or an approver of a decision, which whoever asks for one in a line is",
        "everybody but guests",
        Part.MEMBER,
    )
    KEEP = _rule(
        "word the mission and the checklist of decisions, choose the settings, name teams and see "
        "all of them, word questions of the pulse, open a round",
        "owners",
        Part.OWNER,
    )
    CORRECT = _rule("correct a recognition or a story", "who wrote it", Part.AUTHOR)
    WITHDRAW = _rule(
        "withdraw a recognition or a story", "who wrote it, and owners", Part.AUTHOR, Part.OWNER
    )
    SEE_RECOGNITION = _rule(
        "see a private recognition", "who gave it and who got it", Part.AUTHOR, Part.RECIPIENT
    )
    CHANGE_RECOGNITION = _rule(
        "correct or withdraw a private recognition", "who gave it", Part.AUTHOR
    )
    SEE_DECISION = _rule(
        "see a private decision, and do anything with it",
        "its people: who asked, drives or drove it, approves or contributes",
        *ITS_PEOPLE,
    )
    CHECK = _rule("answer a decision's checklist", "its people", *ITS_PEOPLE)
    SAY = _rule(
        "approve a decision or object to it",
        "its approvers, unless they are guests",
        Part.APPROVER,
        guests=False,
    )
    DRIVE = _rule(
        "decide, have somebody else approve, say how it came out",
        "its driver, unless they are a guest",
        Part.DRIVER,
        guests=False,
    )
    WITHDRAW_DECISION = _rule(
        "withdraw a decision",
        "its driver, who asked for it, and owners",
        Part.DRIVER,
        Part.AUTHOR,
        Part.OWNER,
    )
    SUPERSEDE = _rule(
        "supersede a decision",
        "its driver; where they left or became a guest, who could drive it instead",
        Part.DRIVER,
        Part.HEIR,
        guests=False,
    )
    TAKE_OVER = _rule(
        "drive a decision whose driver left or became a guest",
        "its approvers; without any, owners, of a private one its people",
        Part.HEIR,
        guests=False,
    )
    ANSWER = _rule("answer the pulse, and comment", "who is asked in the round", Part.INVITED)
    POST_AGAIN = _rule(
        "send again a message that may not have arrived",
        "whose message it is",
        Part.AUTHOR,
        where="bot.doubt.post_again",
    )
    SEE_RESULTS = _rule(
        "see a team's results, as far as anything is said of it",
        "its leads, and who reports in it",
        Part.IN_TEAM,
        Part.LEAD,
        where="handlers.pulse.results",
    )
    SEE_OWN = _rule(
        "see everything about somebody, their Home, their calibration, what is stored of their "
        "answers",
        "they themselves, nobody else",
        Part.THEMSELVES,
        where="handlers.me.message_for",
    )
    SEE_ANSWERS = _rule(
        "see who answered what, who answered at all, or who has read the mission", "nobody"
    )

    def allows(self, parts: Collection[Part]) -> bool:
        """Whether this is a right of somebody who has these parts."""
        rule: Rule = self.value
        is_theirs = not rule.parts.isdisjoint(parts)
        return is_theirs and (rule.guests or Part.GUEST not in parts)
