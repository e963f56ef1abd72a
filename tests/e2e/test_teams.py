"""Naming a team and choosing where somebody reports, in a real browser with the keyboard alone."""

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from bot.playground.server import FakeSlack
from tests.support import ANA, BEN, GIL, KIM, LOUNGE, ROBY

from .acting import message, type_in
from .conftest import NARROW, WIDE, Visit
from .test_newcomer_form import press, tab_to

pytestmark = pytest.mark.asyncio(loop_scope="session")

SIZES = pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])


async def press_in(page: Page, where: Locator, name: str) -> None:
    """Come to a button with Tab and press Enter."""
    await tab_to(page, where.get_by_role("button", name=name, exact=True))
    await press(page, "Enter")


async def choose(page: Page, form: Locator, field: str, name: str) -> None:
    """Type part of a name into a field and take what is offered."""
    await tab_to(page, form.get_by_role("combobox", name=field))
    await page.keyboard.type(name[:3])
    await expect(page.get_by_role("option", name=name).first).to_be_visible()
    await press(page, "Enter")


async def list_of(page: Page) -> Locator:
    """Ask for the teams, and go back to the top of what is answered."""
    await type_in(page, "/mission teams")
    answer = message(page, "Only visible to you").last
    await expect(answer.get_by_role("button", name="Add a team")).to_be_visible()
    await press(page, *["Shift+Tab"] * 12)
    return answer


@SIZES
async def test_a_team_is_named_mended_and_chosen_for_somebody(
    visit: Visit, slack: FakeSlack, size: ViewportSize
) -> None:
    slack.workspace.add_usergroup("S0NURSES", "nurses", "Nurses", members=[KIM, GIL, ROBY])
    page = await visit(ANA, size=size)
    await press_in(page, await list_of(page), "Add a team")
    form = page.get_by_role("dialog", name="Add a team")
    await tab_to(page, form.get_by_role("combobox", name="Or its user group"))
    await press(page, "ArrowDown")
    await choose(page, form, "Who leads it", "Roby")
    await press_in(page, form, "Add")
    await expect(form.get_by_text("roby is a bot.")).to_be_visible()
    await expect(form.get_by_role("combobox", name="Or its user group")).to_have_value("S0NURSES")
    await press(page, "Backspace")
    await choose(page, form, "Who leads it", "Ben Carter")
    await press_in(page, form, "Add")
    notice = page.get_by_role("dialog", name="Saved")
    await expect(notice).to_contain_text("Nurses is made of @nurses, 2 people")
    await expect(notice).to_contain_text("fewer than five people")
    await press(page, "Escape")
    await expect(notice).to_be_hidden()

    await press_in(page, await list_of(page), "Add a team")
    await choose(page, form, "Its channel", "lounge")
    await choose(page, form, "Who leads it", "Ben Carter")
    await press_in(page, form, "Add")
    await expect(notice).to_contain_text("3 people, of whom 2 report here")
    await press(page, "Escape")

    await press_in(page, await list_of(page), "Who is in several · 1")
    several = page.get_by_role("dialog", name="Who is in several")
    await tab_to(page, several.get_by_role("combobox", name="kim"))
    await press(page, "End")
    await press_in(page, several, "Save")
    done = page.get_by_role("dialog", name="Done")
    await expect(done).to_contain_text("The choices are saved.")
    await press(page, "Escape")

    answer = await list_of(page)
    await expect(answer).to_contain_text("2 people, of whom 1 report here")
    await press_in(page, answer, "Remove Nurses")
    question = page.get_by_role("dialog", name="Remove a team")
    await press_in(page, question, "Remove")
    await expect(done).to_contain_text("Nurses is removed.")
    await press(page, "Escape")
    assert slack.workspace.usergroups["S0NURSES"]["users"] == [KIM, GIL, ROBY]
    assert BEN in slack.workspace.channels[LOUNGE]["members"]
