"""The scenes that the bot must survive: what somebody does, and what must be true afterwards."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.playground.outcome import Outcome
from tests.faults.steps import Plan
from tests.faults.truth import one
from tests.faults.world import PACE, World
from tests.reading import Doc, text_of
from tests.support import ANA, BEN, GENERAL, KIM, KUDOS, open_form

DEED = "stayed late so that the clinic could book again"
BETTER = "stayed late twice so that the clinic could book again"
STORY = {
    "title": "The reminders went out twice",
    "expected": "one reminder for each booking",
    "happened": "two went out, since the job ran on both machines",
    "learned": "a job needs one owner",
    "change": "the job asks for a lease first",
    "value": "candour",
    "credits": [ANA, KIM],
}
ONE_LINER = f"/recognize @ana @kim {DEED} #care"


async def nothing(world: World) -> None:
    """Nothing has to be there first."""


async def say_it(world: World) -> Outcome:
    """Ben recognises Ana and Kim in one line."""
    return await world.slack.command(BEN, GENERAL, ONE_LINER)


async def open_the_form(world: World) -> None:
    """Ben opens the form."""
    await open_form(world.slack, BEN, "/recognize")


async def send_the_form(world: World) -> Outcome:
    """Ben recognises Ana and Kim in the form that he has open."""
    view = world.slack.views(BEN)[-1]
    filled = {"recipients": [ANA, KIM], "message": DEED, "value": "care"}
    return await world.slack.submit(BEN, view["id"], filled)


async def ask_for_the_form(world: World) -> Outcome:
    """Ben types the command alone."""
    return await world.slack.command(BEN, GENERAL, "/recognize")


async def recognition_is_there(world: World) -> None:
    """Ben has recognised Ana and Kim, and everything about it is sent."""
    assert (await say_it(world)).ok, world.story()
    await world.settle()
    assert world.count("recognition") == 1, world.story()


async def applaud(world: World) -> Outcome:
    """Kim applauds Ben's recognition."""
    post = world.slack.messages(KUDOS)[-1]
    return await world.slack.click(KIM, channel=KUDOS, ts=post["ts"], action_id="applaud")


async def open_from_menu(world: World, what: str) -> None:
    """Ben has recognised Ana and Kim, and opens a form from the menu beside the post."""
    await recognition_is_there(world)
    (post,) = world.slack.messages(KUDOS)
    option = f"{what}:{one(world.database, 'SELECT id FROM recognition')}"
    clicked = await world.slack.click(
        BEN, channel=KUDOS, ts=post["ts"], action_id="recognition_more", option=option
    )
    assert clicked.ok, world.story()


async def open_correction(world: World) -> None:
    """Ben opens the form to correct what he gave."""
    await open_from_menu(world, "edit")


async def open_withdrawal(world: World) -> None:
    """Ben is asked whether to withdraw what he gave."""
    await open_from_menu(world, "withdraw")


async def correct(world: World) -> Outcome:
    """Ben sends other words."""
    view = world.slack.views(BEN)[-1]
    return await world.slack.submit(BEN, view["id"], {"message": BETTER})


async def withdraw(world: World) -> Outcome:
    """Ben withdraws it."""
    return await world.slack.submit(BEN, world.slack.views(BEN)[-1]["id"])


async def open_story(world: World) -> None:
    """Ben opens the form for a story."""
    await open_form(world.slack, BEN, "/story learning")


async def tell(world: World) -> Outcome:
    """Ben tells what failed, and credits Ana and Kim."""
    view = world.slack.views(BEN)[-1]
    return await world.slack.submit(BEN, view["id"], STORY)


def told_once(world: World, outcome: Outcome) -> None:
    """The story that was acknowledged is saved; what is saved is posted and told once."""
    world.check()
    told = world.count("story")
    assert told == 1 if outcome.acked else told in (0, 1), world.story()
    assert world.count("story_credit") == 2 * told
    assert world.count("ledger WHERE kind = 'story.told'") == told
    shown = [world.slack.messages(KUDOS), world.slack.dm(ANA), world.slack.dm(KIM)]
    assert [len(messages) for messages in shown] == [told] * 3, world.story()


def given_once(world: World, outcome: Outcome) -> None:
    """What was acknowledged is saved; what is saved is sent once; there are never two."""
    world.check()
    given = world.count("recognition")
    assert given == 1 if outcome.acked else given in (0, 1), world.story()
    assert len(world.slack.messages(KUDOS)) == given, world.story()
    assert [len(world.slack.dm(person)) for person in (ANA, KIM)] == [given, given]


def none_given(world: World, outcome: Outcome) -> None:
    """Opening a form saves nothing."""
    world.check()
    assert world.count("recognition") == 0


def applauded_once(world: World, outcome: Outcome) -> None:
    """The applause that was acknowledged is saved, and the post shows what is saved."""
    world.check()
    applause = world.count("applause")
    assert applause == 1 if outcome.acked else applause in (0, 1), world.story()
    (post,) = world.slack.messages(KUDOS)
    assert ("Applaud · 1" in text_of(post)) is bool(applause), world.story()


def corrected_once(world: World, outcome: Outcome) -> None:
    """The correction that was acknowledged is saved, and every message shows what is saved."""
    world.check()
    revision = one(world.database, "SELECT revision FROM recognition")
    assert revision == 1 if outcome.acked else revision in (0, 1), world.story()
    for message in _everywhere(world):
        assert (BETTER in text_of(message)) is bool(revision), world.story()


def withdrawn_once(world: World, outcome: Outcome) -> None:
    """The withdrawal that was acknowledged is saved, and no message shows the words any more."""
    world.check()
    withdrawn = world.count("recognition WHERE withdrawn_at IS NOT NULL")
    assert withdrawn == 1 if outcome.acked else withdrawn in (0, 1), world.story()
    assert world.count("ledger WHERE kind = 'recognition.withdrawn'") == withdrawn
    for message in _everywhere(world):
        assert (DEED in str(message)) is not bool(withdrawn), world.story()


def _everywhere(world: World) -> list[Doc]:
    told = [world.slack.messages(KUDOS), world.slack.dm(ANA), world.slack.dm(KIM)]
    assert [len(messages) for messages in told] == [1, 1, 1], world.story()
    return [message for messages in told for message in messages]


@dataclass(frozen=True)
class Scene:
    """`first` comes before anything is counted; `since` is the envelope that `act` sends."""

    name: str
    since: str
    first: Callable[[World], Awaitable[None]]
    act: Callable[[World], Awaitable[Outcome]]
    verify: Callable[[World, Outcome], None]

    def dying(self, named: str = "", *, nth: int = 0) -> Plan:
        """Die at this step of this scene."""
        return Plan(self.since, named, nth)


ONE_LINE = Scene("one line", "slash_commands", nothing, say_it, given_once)
FORM = Scene("form", "view_submission", open_the_form, send_the_form, given_once)
OPENING = Scene("opening the form", "slash_commands", nothing, ask_for_the_form, none_given)
APPLAUSE = Scene("applause", "block_actions", recognition_is_there, applaud, applauded_once)
CORRECTION = Scene("correction", "view_submission", open_correction, correct, corrected_once)
WITHDRAWAL = Scene("withdrawal", "view_submission", open_withdrawal, withdraw, withdrawn_once)
STORY_TOLD = Scene("story", "view_submission", open_story, tell, told_once)


async def play(world: World, scene: Scene, plan: Plan) -> Outcome:
    """Play the scene until all is sent or the bot is dead; how the person was answered."""
    await world.start(plan)
    await scene.first(world)
    outcome = await scene.act(world)
    await world.settle()
    await world.slack.jump(PACE)  # until the bot, if it lives, has done what comes after its answer
    await world.settle()
    return outcome
