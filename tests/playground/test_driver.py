from slack_bolt.app.async_app import AsyncApp

from bot.playground.server import FakeSlack


async def test_a_command_reaches_the_app_and_its_answer_is_for_one_person(
    fake: FakeSlack, app: AsyncApp
) -> None:
    done = await fake.command("UANA", "C1", "/echo hello")
    assert done.acked
    assert [each["text"] for each in fake.ephemerals("UANA")] == ["hello"]
    assert fake.messages("C1") == []


async def test_a_form_is_opened_filled_in_and_closed(fake: FakeSlack, app: AsyncApp) -> None:
    assert (await fake.command("UANA", "C1", "/form")).ok
    view = fake.views("UANA")[-1]
    done = await fake.submit("UANA", view["id"], {"who": ["UBEN"]})
    assert done.closed
    assert fake.views("UANA") == []
