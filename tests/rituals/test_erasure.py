"""Somebody is erased while Truenorth is at work: what Slack shows then, and what comes after."""

import io
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import Session, select

from bot import outbox, pseudonym
from bot.chores import LEARN
from bot.ledger import LedgerLine
from bot.outbox import OutboxRow, direct
from bot.playground.server import FakeSlack
from bot.roster import Person
from handlers import erasure
from handlers.erasure import Asked
from schedules.roster import Learner
from schedules.search import forget
from tests.rituals.deciding import begin, shows
from tests.rituals.test_decide_handover import DRIVEN, asked, drive
from tests.stored import dump
from tests.support import BEN, DAN, KIM, KUDOS, T0, Bot, give, soon, text_of

DEED = "stayed late so that the clinic could book again"
OTHER = "explained the new booking page to all of us"


@pytest.fixture(autouse=True)
def learns_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the bot, which starts after this, look often whether it is to learn who is here."""
    monkeypatch.setattr(Learner, "looks_again", 0.05)


async def erased(bot: Bot, person: str, **more: Any) -> int:
    """Erase somebody as the command does."""
    asked = Asked(person, **{"sure": True, **more})
    return await erasure.run(bot.settings, asked, forget=forget, now=bot.slack.workspace.clock.now)


def known(session: Session) -> dict[str, str]:
    return {one.slack_id: one.name for one in session.exec(select(Person))}


async def test_what_they_gave_is_withdrawn_and_what_they_got_names_them_no_more(
    slack: FakeSlack, mission: Bot
) -> None:
    given = await give(slack, KIM, f"@ben {DEED} #care")
    got = await give(slack, BEN, f"@kim {OTHER} #care")
    await soon(slack, lambda: slack.dm(BEN) and slack.dm(KIM))
    await mission.has_sent_everything()
    assert await erased(mission, KIM) == 0
    await soon(slack, lambda: "was withdrawn" in str(post(slack, given)))
    await soon(slack, lambda: pseudonym.SOMEBODY in text_of(post(slack, got)))
    shown = str([post(slack, given), post(slack, got), *slack.dm(BEN)])
    assert KIM not in shown
    assert DEED not in shown
    assert OTHER in text_of(post(slack, got))
    assert not [line for line in dump(mission.settings.database_url) if DEED in line]


def post(slack: FakeSlack, before: Any) -> Any:
    return next(one for one in slack.messages(KUDOS) if one["ts"] == before["ts"])


async def test_who_is_still_here_starts_anew(slack: FakeSlack, mission: Bot) -> None:
    await give(slack, KIM, f"@ben {DEED} #care")
    await mission.has_sent_everything()
    assert await erased(mission, KIM) == 0
    await soon(slack, lambda: KIM in str(rows_of(mission, "person")))
    await give(slack, KIM, f"@ben {DEED} #care")


def rows_of(bot: Bot, table: str) -> list[str]:
    lines = dump(bot.settings.database_url)
    return [line for line in lines if line.startswith(f"{table}: ")]


async def test_who_has_left_is_not_learned_again(slack: FakeSlack, mission: Bot) -> None:
    assert DAN in await mission.read(known)
    assert await erased(mission, DAN) == 0
    done = select(LedgerLine).where(LedgerLine.kind == "person.erased")
    assert await mission.read(lambda session: session.exec(done).one().actor) is None
    await soon(slack, lambda: LEARN not in str(rows_of(mission, "search_chore")))
    assert DAN not in await mission.read(known)
    slack.workspace.edit_person(DAN, real_name="Dan Gone Again")
    await slack.events.settled()
    assert DAN not in await mission.read(known)


async def test_nothing_is_sent_to_somebody_who_was_erased(mission: Bot) -> None:
    def post_it(session: Session) -> None:
        outbox.post(session, direct("a", pseudonym.new(), {"text": "a"}), now=T0)
        outbox.post(session, direct("b", KIM, {"text": "b"}), now=T0)

    await mission.write(post_it)
    causes = await mission.read(lambda session: [*session.exec(select(OutboxRow.cause))])
    assert {"a", "b"} & {*causes} == {"b"}


async def test_what_they_drove_is_handed_over(slack: FakeSlack, deciding: Bot) -> None:
    card = await begin(slack, DRIVEN)
    await deciding.has_sent_everything()
    assert await erased(deciding, BEN) == 0
    await drive(slack, KIM, await asked(slack, KIM))
    said = await shows(slack, card, "It was handed over from")
    assert f"It was handed over from {pseudonym.SOMEBODY}" in said
    assert BEN not in said


# What the command asks and says


async def test_it_says_what_it_will_do_and_does_it_only_where_the_id_is_typed_again(
    slack: FakeSlack,
    mission: Bot,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await give(slack, KIM, f"@ben {DEED} #care")
    await mission.has_sent_everything()
    before = dump(mission.settings.database_url)
    for typed in ("", "yes\n", f"{BEN}\n"):
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        assert await erased(mission, KIM, sure=False) == 1
        said = capsys.readouterr()
        assert "kept, their words erased: recognition 1" in said.out
        assert "Their account is active in Slack." in said.out
        assert said.err == "Nothing was erased.\n"
    assert dump(mission.settings.database_url) == before
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{KIM}\n"))
    assert await erased(mission, KIM, sure=False) == 0
    assert "one person was erased" in capsys.readouterr().out


async def test_the_receipt_names_nobody_and_counts(
    slack: FakeSlack, mission: Bot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await give(slack, KIM, f"@ben {DEED} #care")
    await mission.has_sent_everything()
    file = tmp_path / "receipt.txt"
    assert await erased(mission, KIM, receipt=file) == 0
    receipt = file.read_text()
    assert receipt in capsys.readouterr().out
    assert "kept, their words erased: recognition 1" in receipt
    assert "deleted: allowance 1" in receipt
    assert "backups and exports made before" in receipt
    assert not any(name in receipt for name in (KIM, "Kim", pseudonym.BEGINNING, DEED))
    assert await erased(mission, BEN, receipt=file) == 1
    assert "is there already" in capsys.readouterr().err
    assert BEN in await mission.read(known)


async def test_what_is_no_id_is_refused_and_who_is_named_nowhere_is_told(
    mission: Bot, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await erased(mission, "kim") == 1
    assert "name the person by the id in Slack" in capsys.readouterr().err
    assert await erased(mission, "U0NOBODY") == 0
    assert "Nothing names U0NOBODY any more." in capsys.readouterr().out
    assert await erased(mission, KIM, team="T0OTHER") == 1
    assert "there is no workspace T0OTHER here" in capsys.readouterr().err
    assert KIM in await mission.read(known)
