"""What no button and no form of ours says is refused, and nothing of it is kept."""

import copy
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from functools import partial

import pytest
from sqlmodel import Session

from bot.playground.server import FakeSlack
from handlers import all_routes
from tests.fuzz.corpus import thing_of
from tests.rights.deciding import decisions_of_ben
from tests.rights.sending import Sender, sent
from tests.rights.test_cells import EVERY_TRY, ON_THEIR_WAY, Stored
from tests.rights.test_cells import everybody as everybody
from tests.rights.things import recognitions
from tests.rights.tries import Comes
from tests.support import ANA, KIM, KUDOS, TEAM, Bot, Doc

pytestmark = pytest.mark.sqlite

LARGE = "9" * 5000  # digits, more than Python makes a number of
VALUES = [
    *("", " ", "x", "-1", "1e3", "0x1", "\u0663", "\x00", "<!channel>", "{}", "null"),
    *(str(2**63), str(2**80), LARGE, "a" * 300_000, "1:2:3:4", ":", "::", "7:care:99", "0:x:skip"),
    *(f"{what}:{one}" for what in ("edit", "supersede") for one in ("", "x", "1", 2**80, LARGE)),
    *("mine:-1", "decided:0:1", ":99999999999", f"0\n{'w' * 50_000}", "\n", "-1\nclinic"),
]


def bugs(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What went wrong on our side."""
    return [repr(one.exc_info[1]) for one in caplog.records if one.exc_info]


SENT = {*ON_THEIR_WAY, "attachment"}  # whoever asks for their own gets it, whatever is said with it


def hidden_ones(session: Session, now: datetime) -> list[str]:
    """What a button could say of a private recognition and of a private decision."""
    sorts = recognitions(private=True), decisions_of_ben(private=True)
    ids = [sort.make(session, KIM, (), now).value for sort in sorts]
    forms = "{}", "{}:0", "edit:{}", "withdraw:{}", "supersede:{}", "scores:{}", "export:{}"
    return [form.format(one) for form in forms for one in ids]


@pytest.mark.parametrize("part", range(4))
async def test_a_button_with_any_other_value_does_nothing(
    slack: FakeSlack, everybody: Bot, caplog: pytest.LogCaptureFixture, part: int
) -> None:
    everybody.may_be_refused("invalid_arguments")
    caplog.set_level(logging.ERROR)
    kim = Sender(slack, KIM)
    hidden = await everybody.database.write(TEAM, partial(hidden_ones, now=slack.now()))
    with closing(sqlite3.connect(str(everybody.settings.database_path))) as connection:
        stored = Stored(connection)
        before = stored.now(without=SENT)
        for action in sorted(all_routes().actions)[part::4]:
            for value in [*VALUES, *hidden]:
                await kim.press(action, value)
                await kim.choose(action, value)
                assert bugs(caplog) == [], (action, value[:40])
        assert stored.now(without=SENT) == before


def altered(view: Doc) -> Iterator[Doc]:
    """A form as its person could send it who writes what Slack sends themselves."""
    for about in ("", "x", "1", "-1:0", "1:2:3", str(2**80), f"{2**80}:0", LARGE, '{"id": 1}'):
        yield view | {"private_metadata": about}
    yield view | {"state": {"values": {}}}
    for name, by_action in view["state"]["values"].items():
        for action, held in by_action.items():
            for other in _others(held):
                changed = copy.deepcopy(view)
                changed["state"]["values"][name][action] = held | other
                yield changed
    for extra in ("score_99_care", "score_0_nothing", "gate_77", "note_77", "U0NOBODY", "x" * 255):
        changed = copy.deepcopy(view)
        changed["state"]["values"][extra] = {"value": {"type": "plain_text_input", "value": "3"}}
        yield changed


def _others(held: Doc) -> Iterator[Doc]:
    (key,) = [key for key in held if key != "type"]
    if key == "value":
        yield from ({key: each} for each in ("", "\x00" * 20, "a" * 300_000, "\u202e" * 50, LARGE))
    elif key == "selected_option":
        yield from ({key: {"value": each}} for each in ("", "x", "99", str(2**80), LARGE))
    elif key == "selected_options":
        yield {key: [{"value": each} for each in ("", "x", "7", "99")]}
    elif key == "selected_users":
        yield from ({key: each} for each in (["U0NOBODY"], [KIM] * 3000, ["x" * 5000], [""]))
    else:
        yield from ({key: each} for each in ("U0NOBODY", "x" * 5000, "", "2026-99-99", "\x00"))


class Forger(Sender):
    """Sends each form altered in every way instead of as it is."""

    async def submit(self, form: Doc, filled: Doc | None = None) -> str:
        for view in altered(sent(form, filled or {})):
            view["id"] = f"V{id(view)}{len(self.slack.sockets.sent)}"
            payload = {"type": "view_submission", "user": self.user, "view": view}
            said = await self._sent("interactive", payload)
            assert "Something went wrong" not in said, said
        return ""


FORMS = [one for one in EVERY_TRY if one.heard.startswith("view")]


@pytest.mark.parametrize("part", range(2))
async def test_a_form_with_anything_else_in_it_is_answered(
    slack: FakeSlack, everybody: Bot, caplog: pytest.LogCaptureFixture, part: int
) -> None:
    everybody.may_be_refused("invalid_blocks")  # an owner may name any channel, none too
    caplog.set_level(logging.ERROR)
    for one in FORMS[part::2]:
        thing = await thing_of(everybody, one)
        await one.send(Forger(slack, ANA), thing)
        assert bugs(caplog) == [], one.heard


AGAIN = [one for one in EVERY_TRY if one.comes is Comes.STORED]


@pytest.mark.parametrize("part", range(2))
async def test_what_is_sent_again_counts_once(slack: FakeSlack, everybody: Bot, part: int) -> None:
    """By Slack, which sends again what it got no answer to, or by who kept what Slack sent."""
    twice = []
    with closing(sqlite3.connect(str(everybody.settings.database_path))) as connection:
        stored = Stored(connection)
        for one in AGAIN[part::2]:
            thing = await thing_of(everybody, one)
            await one.send(Sender(slack, ANA), thing)
            before = stored.now(without=ON_THEIR_WAY)
            again = slack.sockets.sent[-1] | {"envelope_id": f"again {one.heard}"}
            assert (await slack.sockets.send(again)).acked
            if stored.now(without=ON_THEIR_WAY) != before:
                twice.append(one.heard)
    assert twice == []


SPENT = "1.1.spent"


async def test_what_comes_too_late_to_open_a_form_is_told_so(
    slack: FakeSlack, everybody: Bot
) -> None:
    """As where somebody sends a click of some days ago."""
    everybody.may_be_refused("invalid_trigger_id")
    kim = Sender(slack, KIM)
    for action in ("open_recognize", "open_story", "open_decide"):
        said = await kim.press(action, trigger_id=SPENT)
        assert "Slack did not open the form, so nothing was saved." in said
        assert kim.opened == []


START = '{"envelope_id": "1", "type": "interactive", "payload": '
RAW = {
    "deep": START + "[" * 50_000,
    "nobody's": START + '{"type": "block_actions"}}',
    "of nothing": START + "{}}",
    "a list": "[1, 2, 3]",
    "no JSON": "no JSON at all",
}
# Slack's socket is closed by it, and connected anew some seconds later.
LARGE_ONE = pytest.param(f'{START}"{"a" * 5_000_000}"}}', marks=pytest.mark.soak, id="large")


@pytest.mark.parametrize("raw", [*(pytest.param(r, id=n) for n, r in RAW.items()), LARGE_ONE])
async def test_what_is_no_request_at_all_keeps_nobody_else_waiting(
    slack: FakeSlack, mission: Bot, raw: str
) -> None:
    await slack.sockets._open[0].send_text(raw)

    async def answered() -> bool:
        said = await slack.command(KIM, KUDOS, "/mission")
        return said.ok

    assert await answered() or await slack.until(lambda: slack.sockets.connected, 20)
    assert await answered()
