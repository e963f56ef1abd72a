"""Forms: filled in by keyboard, refused, slow, replaced, closed."""

import pytest
from playwright.async_api import Locator, Page, expect

from bot.playground.server import FakeSlack

from .app import Small, form

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def opened(page: Page) -> Locator:
    field = page.get_by_role("textbox", name="Message #general")
    await field.fill("/recognize")
    await field.press("Enter")
    dialog = page.get_by_role("dialog", name="Recognize")
    await expect(dialog).to_be_visible()
    return dialog


async def fill_in(page: Page, message: str) -> None:
    await page.get_by_role("combobox", name="Who").press_sequentially("ben")
    await page.keyboard.press("Enter")
    await page.get_by_role("textbox", name="What did they do?").fill(message)


async def send(page: Page) -> None:
    await page.get_by_role("dialog").get_by_role("button", name="Send").click()


async def test_a_form_can_be_filled_in_and_sent_with_the_keyboard_alone(
    page: Page, app: Small
) -> None:
    dialog = await opened(page)
    await expect(page.get_by_role("combobox", name="Who")).to_be_focused()
    for keys in ("oka", "cleo"):
        await page.keyboard.type(keys)
        await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("stayed late")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    await expect(dialog.get_by_role("button", name="Send")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    values = app.heard.forms[-1]
    assert values["who"]["it"]["selected_users"] == ["UBEN", "UCLEO"]
    assert values["message"]["it"]["value"] == "stayed late"
    assert values["value"]["it"]["selected_option"]["value"] == "care"
    await expect(page.get_by_role("textbox", name="Message #general")).to_be_focused()


async def test_no_more_people_can_be_chosen_than_allowed_and_each_can_be_removed(
    page: Page, app: Small
) -> None:
    await opened(page)
    who = page.get_by_role("combobox", name="Who")
    for name in ("ben", "cleo", "ana"):
        await who.press_sequentially(name)
        await page.keyboard.press("Enter")
    await expect(page.get_by_text("2 is the most that can be chosen.")).to_be_visible()
    await page.get_by_role("button", name="Remove Ben Okafor").click()
    await expect(page.get_by_role("button", name="Remove")).to_have_count(1)
    await who.press("Backspace")
    await expect(page.get_by_role("button", name="Remove")).to_have_count(0)


async def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(
    page: Page, app: Small
) -> None:
    await opened(page)
    await fill_in(page, "too vague")
    await send(page)
    what = page.get_by_role("textbox", name="What did they do?")
    await expect(what).to_be_focused()
    await expect(what).to_have_attribute("aria-invalid", "true")
    await expect(what).to_have_accessible_description(
        "Say whom it helped. One sentence is enough 9 of 40"
    )
    await expect(page.get_by_text("Choose a value.")).to_be_visible()
    await expect(what).to_have_value("too vague")
    await expect(page.get_by_role("button", name="Remove Ben Okafor")).to_be_visible()
    await what.press_sequentially(" no more")
    await expect(what).not_to_have_attribute("aria-invalid", "true")


async def test_a_missing_answer_is_refused_before_anything_is_sent(page: Page, app: Small) -> None:
    await opened(page)
    await send(page)
    await expect(page.get_by_role("combobox", name="Who")).to_be_focused()
    await expect(page.get_by_text("Please complete this required field.").first).to_be_visible()
    assert app.heard.forms == []


async def test_a_form_that_nobody_answers_stays_open_with_what_was_typed(
    page: Page, app: Small
) -> None:
    await opened(page)
    await fill_in(page, "crash")
    await send(page)
    await expect(page.get_by_role("dialog").get_by_role("alert")).to_have_text(
        "We had some trouble connecting. Try again?"
    )
    await expect(page.get_by_role("textbox", name="What did they do?")).to_have_value("crash")
    await page.get_by_role("textbox", name="What did they do?").fill("stayed late")
    await send(page)
    await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_the_length_of_a_text_is_counted_against_its_limit(page: Page, app: Small) -> None:
    await opened(page)
    await fill_in(page, "x" * 41)
    await expect(page.get_by_text("41 of 40")).to_be_visible()
    await send(page)
    await expect(page.get_by_text("Please enter at most 40 characters.")).to_be_visible()
    assert app.heard.forms == []


async def test_a_form_that_changes_keeps_what_was_typed_and_the_focus(
    page: Page, app: Small
) -> None:
    await opened(page)
    await fill_in(page, "stayed late")
    await page.get_by_role("radio", name="Something learned").click()
    await expect(page.get_by_role("textbox", name="What was learned?")).to_be_visible()
    await expect(page.get_by_role("radio", name="Something learned")).to_be_checked()
    await expect(page.get_by_role("radio", name="Something learned")).to_be_focused()
    await expect(page.get_by_role("textbox", name="What did they do?")).to_have_value("stayed late")
    await expect(page.get_by_role("button", name="Remove Ben Okafor")).to_be_visible()


async def test_escape_closes_the_suggestions_first_and_then_the_form(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    dialog = await opened(page)
    view = fake.views("UANA")[-1]["id"]
    await page.keyboard.type("b")
    await expect(page.get_by_role("option", name="Ben Okafor")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("option", name="Ben Okafor")).to_have_count(0)
    await expect(dialog).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog).to_be_hidden()
    await fake.until(lambda: app.heard.closed == [view])


async def test_the_focus_stays_in_the_form(page: Page, app: Small) -> None:
    dialog = await opened(page)
    for _ in range(12):
        await page.keyboard.press("Tab")
        outside = await dialog.evaluate(
            "node => document.hasFocus() && document.activeElement !== document.body"
            " && !node.contains(document.activeElement)"
        )
        assert not outside


async def test_a_form_is_there_again_after_the_page_is_loaded_anew(page: Page, app: Small) -> None:
    await opened(page)
    await fill_in(page, "stayed late")
    await page.get_by_role("radio", name="Something learned").click()
    await expect(page.get_by_role("textbox", name="What was learned?")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("textbox", name="What did they do?")).to_have_value("stayed late")
    await expect(page.get_by_role("button", name="Remove Ben Okafor")).to_be_visible()


async def test_typing_goes_on_where_it_was_when_the_app_replaces_the_form(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    await opened(page)
    what = page.get_by_role("textbox", name="What did they do?")
    await what.press_sequentially("stay late")
    for _ in range(len(" late")):
        await page.keyboard.press("ArrowLeft")
    view_id = fake.views("UANA")[-1]["id"]
    await app.client.views_update(view_id=view_id, view=form(title="Changed"))
    await expect(page.get_by_role("dialog", name="Changed")).to_be_visible()
    await page.keyboard.type("ed")
    await expect(what).to_have_value("stayed late")


async def test_a_form_on_top_of_another_gives_way_to_it_with_what_was_typed(
    page: Page, app: Small
) -> None:
    below = await opened(page)
    await fill_in(page, "more")
    await send(page)
    above = page.get_by_role("dialog", name="And another")
    await expect(above).to_be_visible()
    await expect(page.get_by_role("textbox", name="What did they do?")).to_have_value("")
    await above.get_by_role("button", name="Cancel").click()
    await expect(below).to_be_visible()
    await expect(page.get_by_role("textbox", name="What did they do?")).to_have_value("more")
    await expect(page.get_by_role("button", name="Remove Ben Okafor")).to_be_visible()
