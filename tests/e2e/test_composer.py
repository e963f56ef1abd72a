"""Writing messages and commands."""

import pytest
from playwright.async_api import Locator, Page, expect

from bot.playground.server import FakeSlack

from .app import Small

pytestmark = pytest.mark.asyncio(loop_scope="session")


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message #general")


def suggestion(page: Page, name: str) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option", name=name)


async def test_a_command_and_a_mention_are_completed_by_keyboard(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    await composer(page).press_sequentially("/rec")
    await composer(page).press("Tab")
    await expect(composer(page)).to_have_value("/recognize ")
    await composer(page).press_sequentially("@oka")
    await composer(page).press("Enter")
    await expect(composer(page)).to_have_value("/recognize @ben ")
    await composer(page).press_sequentially("stayed late #care")
    await expect(suggestion(page, "care-team")).to_be_visible()
    await composer(page).press("Enter")
    await expect(page.get_by_text("Only visible to you")).to_be_visible()
    assert app.heard.commands == ["<@UBEN|ben> stayed late #care"]
    await expect(composer(page)).to_have_value("")


async def test_the_suggestions_say_who_cannot_be_named(page: Page) -> None:
    await composer(page).press_sequentially("@")
    await expect(suggestion(page, "Olga Petrova")).to_contain_text("Deactivated")
    await expect(suggestion(page, "Eve Ray")).to_contain_text("From Harbor")
    await composer(page).press("Escape")
    await expect(page.get_by_role("listbox", name="Suggestions")).to_have_count(0)
    await expect(composer(page)).to_have_value("@")


async def test_a_group_is_a_mention_where_it_was_chosen_and_a_word_where_it_was_typed(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    await composer(page).press_sequentially("/recognize @nur")
    await expect(suggestion(page, "Nurses")).to_contain_text("@nurses · 2 people")
    await composer(page).press("Tab")
    await expect(composer(page)).to_have_value("/recognize @nurses ")
    await composer(page).press_sequentially("stayed, said @nurses.")
    await composer(page).press("Escape")
    await composer(page).press("Enter")
    await expect(composer(page)).to_have_value("")
    await expect(page.get_by_role("log")).to_contain_text("Saved: @nurses stayed, said @nurses.")
    await composer(page).fill("/recognize @nurses stayed")
    await composer(page).press("Enter")
    await expect(composer(page)).to_have_value("")
    chosen = "<!subteam^S1|@nurses>"
    assert app.heard.commands == [f"{chosen} stayed, said {chosen}.", "@nurses stayed"]


async def test_a_chosen_group_is_kept_with_the_draft_of_its_place(
    page: Page, fake: FakeSlack
) -> None:
    places = page.get_by_role("navigation", name="Places")
    await composer(page).press_sequentially("thanks @nur")
    await composer(page).press("Tab")
    await places.get_by_role("link", name="care-team").click()
    await expect(page.get_by_role("textbox", name="Message #care-team")).to_have_value("")
    await places.get_by_role("link", name="general").click()
    await expect(composer(page)).to_have_value("thanks @nurses ")
    await composer(page).press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("thanks @nurses")
    assert [each["text"] for each in fake.messages("C1")] == ["thanks <!subteam^S1|@nurses>"]


async def test_the_usage_of_a_command_is_shown_while_it_is_written(page: Page) -> None:
    await composer(page).fill("/recognize ")
    await expect(page.get_by_text("Thank a colleague")).to_be_visible()
    await expect(page.get_by_text("/recognize @person what they did")).to_be_visible()


async def test_a_word_that_is_no_command_is_not_sent(page: Page, fake: FakeSlack) -> None:
    await composer(page).fill("/recognise ben")
    await composer(page).press("Enter")
    await expect(page.get_by_text("/recognise is not a command here")).to_be_visible()
    await expect(composer(page)).to_have_value("/recognise ben")
    assert fake.messages("C1") == []


async def test_a_command_that_nobody_answers_gives_the_text_back(page: Page, app: Small) -> None:
    await composer(page).fill("/fail with my long text")
    await composer(page).press("Enter")
    await expect(page.get_by_role("alert").filter(has_text="/fail failed")).to_be_visible()
    await expect(composer(page)).to_have_value("/fail with my long text")
    await expect(composer(page)).to_be_editable()


async def test_enter_sends_and_shift_enter_begins_a_line(page: Page, fake: FakeSlack) -> None:
    await composer(page).press_sequentially("one")
    await composer(page).press("Shift+Enter")
    await composer(page).press_sequentially("two :tad")
    await composer(page).press("Enter")
    await expect(composer(page)).to_have_value("one\ntwo :tada: ")
    await composer(page).press("Enter")
    await expect(page.get_by_role("log")).to_contain_text("🎉")
    assert [each["text"] for each in fake.messages("C1")] == ["one\ntwo :tada:"]


async def test_each_place_keeps_its_own_draft(page: Page) -> None:
    places = page.get_by_role("navigation", name="Places")
    await composer(page).fill("half a thought")
    await places.get_by_role("link", name="care-team").click()
    await expect(page.get_by_role("textbox", name="Message #care-team")).to_have_value("")
    await places.get_by_role("link", name="general").click()
    await expect(composer(page)).to_have_value("half a thought")


async def test_nothing_can_be_written_into_an_archived_channel(page: Page) -> None:
    await page.get_by_role("link", name="attic").click()
    await expect(page.get_by_text("#attic is archived")).to_be_visible()
    await expect(page.get_by_role("button", name="Send")).to_be_hidden()


async def test_the_hint_begins_a_command_and_can_be_hidden_for_good(page: Page) -> None:
    await page.get_by_role("button", name="let me begin one for you").click()
    await expect(composer(page)).to_have_value("/recognize @")
    await expect(composer(page)).to_be_focused()
    await page.get_by_role("button", name="Hide this hint").click()
    await page.reload()
    await page.get_by_role("heading", name="general").wait_for()
    await expect(page.get_by_text("New here?")).to_be_hidden()
