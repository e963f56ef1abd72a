"""Answering the weekly pulse in a real browser, with the keyboard alone, at any width."""

from datetime import timedelta

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from bot.playground.server import FakeSlack
from bot.responses import LONGEST_COMMENT
from tests.support import ANA, GENERAL, KIM, LOUNGE, open_form, soon

from .acting import go_to, message, open_drawer, type_in
from .conftest import WIDE, Visit
from .test_newcomer_form import press, tab_to
from .test_telling import fill_in

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE: ViewportSize = {"width": 360, "height": 740}
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
LABELS = ("Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree", "Skip")
OWN = "I know whom to ask about my pay."


async def ask_now(slack: FakeSlack) -> None:
    """Have Ana choose a channel for what comes of it, and ask everybody now."""
    form = await open_form(slack, ANA, "/mission settings")
    assert (await slack.submit(ANA, form["id"], {"updates_channel": LOUNGE})).closed
    assert (await slack.command(ANA, GENERAL, "/pulse now")).ok
    await soon(slack, lambda: "pulse_answer" in str(slack.dm(KIM)))


async def the_card(visit: Visit, slack: FakeSlack, size: ViewportSize) -> tuple[Page, Locator]:
    """Kim's direct messages, and the one that asks."""
    await ask_now(slack)
    page = await visit(KIM, size=size)
    if size is PHONE:
        await open_drawer(page)
    await go_to(page, "Truenorth")
    await page.get_by_role("tab", name="Messages").click()
    return page, message(page, "How is it going?").or_(message(page, "Thank you, that is all"))


async def answer_all(page: Page, card: Locator, *labels: str) -> None:
    """Press these buttons, one for each question."""
    for place, label in enumerate(labels, start=1):
        await expect(card).to_contain_text(f"Question {place} of {len(labels)}.")
        await tab_to(page, card.get_by_role("button", name=label, exact=True))
        await press(page, "Enter")


async def says_no_answer(card: Locator) -> None:
    """No answer's value is to be seen once all are recorded."""
    await expect(card.get_by_text("Recorded.")).to_have_count(5)
    for label in LABELS:
        await expect(card.get_by_text(label, exact=True)).to_have_count(0)


async def is_whole(page: Page, card: Locator) -> None:
    """No label is cut, and nothing lies beside the screen."""
    for button in await card.get_by_role("button").all():
        assert await button.evaluate("node => node.scrollWidth <= node.clientWidth")
    overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert await page.evaluate(overflow) == 0


@SIZES
async def test_every_question_is_answered_and_one_of_them_changed(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    page, card = await the_card(visit, slack, size)
    await is_whole(page, card)
    box = await card.bounding_box()
    assert box is not None
    assert box["height"] < size["height"] * 0.7  # the first question and its answers are in sight
    await answer_all(page, card, "Agree", "Disagree", "Skip", "Strongly agree", "9")
    await expect(card).to_contain_text("Thank you, that is all")
    await says_no_answer(card)
    await is_whole(page, card)
    await tab_to(page, card.get_by_role("button", name="Change", exact=True).nth(1))
    await press(page, "Enter")
    await expect(card).to_contain_text("Your answer stays until you tap another.")
    await tab_to(page, card.get_by_role("button", name="Neither"))
    await press(page, "Enter")
    await expect(card).to_contain_text("Thank you, that is all")
    await says_no_answer(card)


async def test_a_slip_is_put_right_at_once(visit: Visit, slack: FakeSlack) -> None:
    page, card = await the_card(visit, slack, PHONE)
    await tab_to(page, card.get_by_role("button", name="Agree", exact=True))
    await press(page, "Enter")
    await expect(card).to_contain_text("Recorded. Question 2 of 5.")
    await tab_to(page, card.get_by_role("button", name="Back"))
    await press(page, "Enter")
    await expect(card).to_contain_text("Question 1 of 5.")
    await tab_to(page, card.get_by_role("button", name="Disagree", exact=True))
    await press(page, "Enter")
    await expect(card).to_contain_text("Recorded. Question 2 of 5.")


@SIZES
async def test_a_comment_that_is_too_long_is_mended(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    page, card = await the_card(visit, slack, size)
    await tab_to(page, card.get_by_role("button", name="Add a comment"))
    await press(page, "Enter")
    form = page.get_by_role("dialog", name="Your comment")
    words = form.get_by_role("textbox", name="What would you like to add?")
    await expect(words).to_be_focused()
    await page.keyboard.insert_text("x" * (LONGEST_COMMENT + 1))
    await tab_to(page, form.get_by_role("button", name="Save"))
    await press(page, "Enter")
    await expect(words).to_be_focused()
    await expect(words).to_have_attribute("aria-invalid", "true")
    await press(page, "End", "Backspace")
    await tab_to(page, form.get_by_role("button", name="Save"))
    await press(page, "Enter")
    await expect(form).to_be_hidden()
    await tab_to(page, card.get_by_role("button", name="comment"))
    await press(page, "Enter")
    await expect(words).to_have_value("x" * LONGEST_COMMENT)


@SIZES
async def test_home_shows_what_waits_and_is_answered_in_a_form(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    page, _ = await the_card(visit, slack, size)
    await page.get_by_role("tab", name="Home").click()
    home = page.get_by_role("tabpanel")
    await expect(home).to_contain_text("Pulse 1: 5 questions wait for your answer")
    await tab_to(page, home.get_by_role("button", name="Answer"))
    await press(page, "Enter")
    form = page.get_by_role("dialog", name="How is it going?")
    await tab_to(page, form.get_by_role("button", name="Privacy"))
    await press(page, "Enter")
    stored = page.get_by_role("dialog", name="What is stored")
    await expect(stored).to_contain_text("no sign that you answered")
    await press(page, "Escape")
    await answer_all(page, form, "Agree", "Agree", "Agree", "Agree", "10")
    await expect(form).to_contain_text("Thank you, that is all")
    await says_no_answer(form)
    await press(page, "Escape")
    await expect(home).not_to_contain_text("Pulse 1")


@SIZES
async def test_what_is_stored_and_what_came_of_it_is_told_to_who_asks(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    await ask_now(slack)
    page = await visit(KIM, size=size)
    await type_in(page, "/pulse results")
    await expect(message(page, "No round has been counted yet.")).to_be_visible()
    await type_in(page, "/pulse privacy")
    told = message(page, "What is stored about your answers")
    await expect(told).to_contain_text("Pulse 1 is open until")
    await expect(told).to_contain_text("no sign that you answered")
    await slack.pass_time(timedelta(days=5))
    await soon(slack, lambda: "Pulse 1" in str(slack.messages(LOUNGE)))
    await type_in(page, "/pulse results")
    said = message(page, "Too few people answered to say anything.")
    await expect(said).to_be_visible()


@SIZES
async def test_owners_write_questions_of_their_own(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    page = await visit(ANA, size=size)
    await type_in(page, "/pulse questions")
    form = page.get_by_role("dialog", name="Your own questions")
    field = form.get_by_role("textbox", name="Questions of your own")
    await fill_in(page, field, "Pay?")
    await tab_to(page, form.get_by_role("button", name="Save"))
    await press(page, "Enter")
    await expect(form).to_contain_text("10 to 300 characters")
    await expect(field).to_be_focused()
    await press(page, "ControlOrMeta+a")
    await page.keyboard.type(OWN)
    await tab_to(page, form.get_by_role("button", name="Save"))
    await press(page, "Enter")
    await expect(form).to_be_hidden()
    await type_in(page, "/pulse questions")
    await expect(field).to_have_value(OWN)
