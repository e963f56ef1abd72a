"""Somebody of another organisation, who shares a channel, is answered one sentence and no more."""

from datetime import timedelta

import pytest

from bot import roster
from bot.blocks.me import OPEN_ME
from bot.playground.server import FakeSlack
from bot.roster import ONLY_OURS
from handlers import all_routes
from tests.rights.sending import Sender
from tests.rituals.deciding import begin, press, shows, the_decision
from tests.rituals.deciding import deciding as deciding
from tests.rituals.saying_when import go_to
from tests.rituals.test_decide_handover import asked
from tests.rituals.test_welcome import SEOUL, ZOE, join, welcomes
from tests.stored import dump
from tests.support import (
    BEN,
    EVE,
    KIM,
    KUDOS,
    STATEMENT,
    TEAM,
    Bot,
    Doc,
    give,
    soon,
    text_of,
    told,
)

FAR = "U0FAR"  # of another organisation too, and nobody that Slack ever told of
ROUTES = all_routes()
DEED = "stayed late so that the clinic could book again"


class Outsider(Sender):
    """Somebody of another organisation, all of whose buttons and forms are about one decision."""

    def __init__(self, slack: FakeSlack, who: str, about: str) -> None:
        super().__init__(slack, who, team="T0OTHER")
        self.about = about

    async def view(self, name: str, *blocks: Doc) -> str:
        """Send a form with these blocks and nothing filled in."""
        view: Doc = {"id": "V1", "hash": name, "type": "modal", "callback_id": name}
        view |= {"blocks": blocks, "state": {"values": {}}, "private_metadata": self.about}
        payload = {"type": "view_submission", "user": self.user, "view": view}
        return await self._sent("interactive", payload)


COMMANDS = [*((name, "") for name in ROUTES.commands), *(("mission", w) for w in ROUTES.words)]
COMMANDS += [
    ("mission", "search clinic"),
    ("recognize", f"@ben {DEED} #care"),
    ("story", "We halved the waiting list"),
    ("decide", "Ship the new booking page on Friday?"),
    ("decide", "list"),
    ("decide", "show 1"),
    ("decide", "export 1"),
    ("decide", "checklist"),
    ("decide", "calibration"),
    ("pulse", "results"),
    ("pulse", "privacy"),
    ("pulse", "now"),
    ("pulse", "ask The move went well for me."),
    ("pulse", "questions"),
    ("dance", "on a fix"),
]


async def everything(outsider: Outsider) -> dict[str, str]:
    """What comes of everything that can be done."""
    said = {f"/{name} {text}": await outsider.command(f"/{name} {text}") for name, text in COMMANDS}
    said |= {
        f"action {name}": await outsider.press(name, outsider.about) for name in ROUTES.actions
    }
    said |= {f"shortcut {name}": await outsider.shortcut_beside(name) for name in ROUTES.shortcuts}
    for name in ROUTES.shortcuts:
        said[f"shortcut {name} anywhere"] = await outsider.shortcut(name)
    said |= {f"form {name}": await outsider.view(name) for name in ROUTES.views}
    field = {"type": "input", "block_id": "message"}
    return said | {f"form {n} with a field": await outsider.view(n, field) for n in ROUTES.views}


async def something_there(slack: FakeSlack, deciding: Bot) -> int:
    """Have there be a recognition and a decision, and everything sent; return the decision's id."""
    await give(slack, BEN, f"@kim {DEED} #care")
    await begin(slack)
    await deciding.has_sent_everything()
    return (await deciding.read(the_decision)).id


@pytest.mark.parametrize("who", [EVE, FAR])
async def test_whatever_they_do_they_are_told_one_sentence_and_nothing_is_stored(
    slack: FakeSlack, deciding: Bot, who: str
) -> None:
    """Everything that is heard, by the routes themselves: what is added is tried as well."""
    decision = await something_there(slack, deciding)
    before = dump(deciding.settings.database_url)
    said = await everything(Outsider(slack, who, str(decision)))
    # What they typed comes back to them, as it does to everybody.
    answers = {what: words.removesuffix(f"\n{what}") for what, words in said.items()}
    assert {what: words for what, words in answers.items() if words != ONLY_OURS} == {}
    assert dump(deciding.settings.database_url) == before


async def test_their_home_is_the_same_sentence_and_is_not_followed(
    slack: FakeSlack, deciding: Bot
) -> None:
    await something_there(slack, deciding)
    before = dump(deciding.settings.database_url)
    for _ in range(2):
        assert text_of(await slack.open_home(EVE) or {}) == ONLY_OURS
    assert dump(deciding.settings.database_url) == before
    await begin(slack)
    await deciding.has_sent_everything()
    assert {text_of(view) for view in slack.published(EVE)} == {ONLY_OURS}


async def moves(slack: FakeSlack, who: str, team: str = "T0OTHER") -> None:
    """Have the bot hear that somebody belongs to this team now; their id stays, as in a grid."""
    slack.workspace.edit_person(who, team_id=team)
    await slack.events.settled()


async def test_who_goes_to_another_organisation_keeps_no_way_in(
    slack: FakeSlack, deciding: Bot
) -> None:
    await something_there(slack, deciding)
    home = await slack.open_home(BEN)
    assert home is not None
    assert "Thanks you gave" in text_of(home)
    await moves(slack, BEN)
    before = slack.views(BEN)
    await slack.click(BEN, view=home, action_id=OPEN_ME)
    (notice,) = [view for view in slack.views(BEN) if view not in before]
    assert text_of(notice) == ONLY_OURS
    assert text_of(slack.home(BEN) or {}) == ONLY_OURS
    await moves(slack, BEN, TEAM)
    assert "Thanks you gave" in text_of(await slack.open_home(BEN) or {})


async def test_who_was_let_in_is_looked_up_again_after_a_minute(
    slack: FakeSlack, mission: Bot
) -> None:
    assert STATEMENT in await says(slack, KIM)
    elsewhere = {"id": KIM, "name": "kim", "team_id": "T0OTHER"}
    await mission.write(lambda session: roster.remember(session, [elsewhere]))
    await slack.jump(timedelta(minutes=1))
    assert await says(slack, KIM) == ONLY_OURS


async def says(slack: FakeSlack, who: str) -> str:
    """What this person is answered who asks for the mission."""
    await slack.command(who, KUDOS, "/mission")
    return str(told(slack, who))


async def test_what_waited_to_be_sent_does_not_follow_them(slack: FakeSlack, mission: Bot) -> None:
    await join(slack, **SEOUL)
    await moves(slack, ZOE)
    await go_to(slack, "01-06", "00:00")
    await mission.has_sent_everything()
    assert slack.dm(ZOE) == []


async def test_what_they_got_before_is_still_taken_back(slack: FakeSlack, mission: Bot) -> None:
    await give(slack, BEN, f"@kim {DEED} #care")
    await soon(slack, lambda: slack.dm(KIM))
    await mission.has_sent_everything()
    await moves(slack, KIM)
    home = await slack.open_home(BEN)
    menu = next(b["accessory"] for b in (home or {})["blocks"] if "Withdraw" in str(b))
    option = next(one["value"] for one in menu["options"] if one["value"].startswith("withdraw"))
    await slack.click(BEN, view=home, action_id=menu["action_id"], option=option)
    assert (await slack.submit(BEN, slack.views(BEN)[-1]["id"])).ok
    await soon(slack, lambda: DEED not in text_of(slack.dm(KIM)[-1]))


async def test_who_comes_from_another_organisation_is_welcomed_when_they_join(
    slack: FakeSlack, mission: Bot
) -> None:
    await slack.open_home(EVE)
    slack.workspace.edit_person(EVE, team_id=TEAM, is_stranger=False)
    await slack.events.settled()
    assert slack.dm(EVE) == []
    await moves(slack, EVE)
    slack.workspace.add_person(id=EVE, name="eve", tz="Europe/Lisbon")
    await join(slack, EVE)
    await soon(slack, lambda: welcomes(slack, EVE))
    assert STATEMENT in text_of(await slack.open_home(EVE) or {})


async def test_what_they_drove_somebody_else_is_asked_to_drive(
    slack: FakeSlack, deciding: Bot
) -> None:
    card = await begin(slack, {"approvers": [KIM], "checklist": ""})
    await moves(slack, BEN)
    await asked(slack, KIM)
    await shows(slack, card, "@ben cannot drive it any more; somebody else has to.")
    await press(slack, BEN, card, "decide_decide", message=card)
    assert told(slack, BEN) == ONLY_OURS
