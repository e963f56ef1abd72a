"""What a try is: a way in, the rights that it takes, and what comes of it where they are there."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from bot.rights import Right
from tests.rights.sending import Sender
from tests.rights.things import NOTHING, Sort, Thing


class Comes(Enum):
    """What is to be seen where something is allowed."""

    STORED = "what is kept changes"
    POSTED = "a message is on its way"
    OPENED = "a form opens, or changes"
    TOLD = "an answer"


@dataclass(frozen=True)
class Try:
    """One way to do something, by the name of the listener that hears it.

    Who has not all the rights that it `needs` is refused for want of the first.
    """

    heard: str
    needs: tuple[Right, ...]
    send: Callable[[Sender, Thing], Awaitable[str]]
    comes: Comes = Comes.STORED
    of: Sort = NOTHING

    def lacks(self, thing: Thing) -> Right | None:
        """The right for want of which it is refused, None where it is allowed."""
        return next((one for one in self.needs if not one.allows(thing.theirs)), None)


# What is said to somebody who lacks a right, a piece of each sentence.
REFUSED = {
    Right.USE: ("Only people of this workspace can use Truenorth, so nothing was stored.",),
    Right.ANSWER_FOR: ("is a guest, who may not see all of it.",),
    Right.KEEP: ("Only an owner of the mission can do that. Its owner is ana.",),
    Right.CORRECT: ("can change this",),
    Right.WITHDRAW: ("or an owner of the mission can withdraw this",),
    Right.SEE_RECOGNITION: ("This recognition is no longer here, so nothing was changed.",),
    Right.CHANGE_RECOGNITION: ("This recognition is between its people, so nothing was changed.",),
    Right.SEE_DECISION: ("I know no such decision. Nothing was changed.",),
    Right.CHECK: ("Only its people answer the checklist. Nothing was saved.",),
    Right.SAY: (
        "Only its approvers say yes or no to this decision. Nothing was saved.",
        "A guest cannot approve a decision, or object to it. Nothing was saved.",
    ),
    Right.DRIVE: (
        "can do that: they drive this decision. Nothing was saved.",
        "A guest cannot drive a decision. Nothing was saved.",
    ),
    Right.WITHDRAW_DECISION: ("Its driver, who asked for it, or an owner of the mission can",),
    Right.SUPERSEDE: (
        "Nothing was changed. This can be superseded by",
        "can do that: they drive this decision. Nothing was saved.",
    ),
    Right.TAKE_OVER: ("Nothing was changed. This can be taken over by",),
    Right.ANSWER: ("You were not asked in this round",),
    Right.POST_AGAIN: ("This is settled already; pressing again changes nothing.",),
}
