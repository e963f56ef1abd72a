"""Acting as different people, going about, the clock, Home, and a narrow screen."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Browser, Page, expect

from bot import manifest
from bot.playground import organisation
from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace

from .app import Small

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_plain_address_opens_where_the_recognitions_are(browser: Browser) -> None:
    workspace = Workspace()
    organisation.settle(workspace)
    slack = FakeSlack(workspace, manifest=manifest.load())
    await slack.start()
    page = await browser.new_page()
    await page.goto(slack.url)
    await page.get_by_role("heading", name=organisation.RECOGNITIONS).wait_for()
    await expect(page.get_by_role("button", name="Acting as Inês Carvalho")).to_be_visible()
    await page.close()
    await slack.stop()


async def test_somebody_else_sees_their_own_home(page: Page, fake: FakeSlack, app: Small) -> None:
    await page.goto(f"{fake.url}/#as=UANA&in=app&tab=home")
    await expect(page.get_by_role("heading", name="Our mission")).to_be_visible()
    await page.get_by_role("button", name="Acting as Ana Souza").click()
    await page.get_by_role("menuitemradio", name="Ben Okafor").click()
    await expect(page.get_by_role("button", name="Acting as Ben Okafor")).to_be_visible()
    await expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    await expect(page.get_by_role("heading", name="Our mission")).to_be_visible()
    assert fake.home("UBEN")


async def test_somebody_of_a_partner_company_is_told_that_commands_are_not_for_them(
    page: Page, fake: FakeSlack
) -> None:
    await page.goto(f"{fake.url}/#as=UEVE&in=C1")
    await expect(page.get_by_role("button", name="Acting as Eve Ray")).to_be_visible()
    await expect(page.get_by_text("New here?")).to_be_hidden()
    field = page.get_by_role("textbox", name="Message #general")
    await field.press_sequentially("/recognize @ben")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Enter")
    refusal = page.get_by_role("alert").filter(has_text="Commands are for the people of")
    await expect(refusal).to_be_visible()
    await expect(field).to_have_value("/recognize @ben")


async def test_who_acts_and_where_stay_in_the_address(page: Page, fake: FakeSlack) -> None:
    await (
        page.get_by_role("navigation", name="Places").get_by_role("link", name="care-team").click()
    )
    await page.get_by_role("button", name="Acting as Ana Souza").click()
    await page.get_by_role("menuitemradio", name="Ben Okafor").click()
    await expect(page.get_by_role("button", name="Acting as Ben Okafor")).to_be_visible()
    await expect(page.get_by_role("link", name="leads")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("button", name="Acting as Ben Okafor")).to_contain_text("Admin")
    await expect(page.get_by_role("heading", name="care-team")).to_be_visible()
    await page.go_back()
    await expect(page.get_by_role("button", name="Acting as Ana Souza")).to_be_visible()


async def test_nobody_can_act_as_a_deactivated_person(page: Page) -> None:
    await page.get_by_role("button", name="Acting as Ana Souza").click()
    gone = page.get_by_role("menuitemradio", name="Olga Petrova")
    await expect(gone).to_contain_text("Deactivated · cannot act")
    await expect(gone).to_be_disabled()
    await gone.dispatch_event("click")
    await expect(gone).to_be_visible()


async def test_the_clock_moves_by_an_hour_and_by_a_day(page: Page, fake: FakeSlack) -> None:
    before = fake.now()
    await page.get_by_role("button", name="+1 hour").click()
    await expect(page.get_by_text("It is now")).to_be_visible()
    assert timedelta(hours=1) <= fake.now() - before < timedelta(hours=2)
    await page.get_by_role("button", name="+1 day").click()
    await fake.until(lambda: fake.now() - before >= timedelta(hours=25))


async def test_next_tuesday_is_ten_in_the_morning_where_the_person_is(
    page: Page, fake: FakeSlack
) -> None:
    await page.goto(f"{fake.url}/#as=UBEN&in=C1")
    await expect(page.get_by_role("button", name="Acting as Ben Okafor")).to_be_visible()
    await page.get_by_role("button", name="Next Tuesday 10:00").click()
    await expect(page.get_by_text("It is now Tue")).to_be_visible()
    local = fake.now().astimezone(ZoneInfo("Asia/Kolkata"))
    assert (local.isoweekday(), local.hour, local.minute) == (2, 10, 0)


TUESDAYS = [
    ("2026-03-24T09:59:00Z", "Europe/Lisbon", "2026-03-24T10:00:00Z"),
    ("2026-03-24T10:00:00Z", "Europe/Lisbon", "2026-03-31T09:00:00Z"),
    ("2026-10-24T12:00:00Z", "Europe/Berlin", "2026-10-27T09:00:00Z"),
    ("2026-03-23T23:30:00Z", "Asia/Kolkata", "2026-03-24T04:30:00Z"),
    ("2026-03-24T23:30:00Z", "Pacific/Kiritimati", "2026-03-30T20:00:00Z"),
]


async def test_next_tuesday_is_right_across_zones_and_clock_changes(page: Page) -> None:
    script = """async (cases) => {
        const { nextWeekday } = await import("/page/time.js");
        const tuesday = { weekday: 2, hour: 10 };
        return cases.map(([now, zone]) => nextWeekday(Date.parse(now), zone, tuesday));
    }"""
    found = await page.evaluate(script, [[now, zone] for now, zone, _ in TUESDAYS])
    expected = [datetime.fromisoformat(expected) for _, _, expected in TUESDAYS]
    assert [datetime.fromtimestamp(ms / 1000, UTC) for ms in found] == expected


async def test_home_is_drawn_by_the_app_and_its_buttons_work(page: Page, app: Small) -> None:
    await (
        page.get_by_role("navigation", name="Places").get_by_role("link", name="Truenorth").click()
    )
    await expect(page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    await expect(page.get_by_role("heading", name="Our mission")).to_be_visible()
    await page.get_by_role("button", name="Recognize someone").click()
    await expect(page.get_by_role("dialog", name="Recognize")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_role("tab", name="Home").press("ArrowRight")
    await expect(page.get_by_role("tab", name="Messages")).to_be_focused()
    await expect(page.get_by_role("textbox", name="Message Truenorth")).to_be_visible()


async def test_an_option_on_home_is_chosen_by_keyboard(
    page: Page, fake: FakeSlack, app: Small
) -> None:
    await page.goto(f"{fake.url}/#as=UANA&in=app&tab=home")
    await page.get_by_role("button", name="More options").press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="More options")).to_be_focused()
    await fake.until(lambda: app.heard.actions == ["withdraw"])


async def test_the_first_stop_of_the_keyboard_skips_to_writing(page: Page) -> None:
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("link", name="Skip to the conversation")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("textbox", name="Message #general")).to_be_focused()


async def test_on_a_narrow_screen_the_places_are_a_drawer_and_nothing_is_cut_off(
    browser: Browser, fake: FakeSlack, app: Small
) -> None:
    context = await browser.new_context(
        viewport={"width": 400, "height": 800}, reduced_motion="reduce"
    )
    page = await context.new_page()
    await page.goto(f"{fake.url}/#as=UANA&in=C1")
    places = page.get_by_role("button", name="Places and people")
    await expect(page.get_by_role("link", name="care-team")).to_be_hidden()
    await places.click()
    await page.get_by_role("link", name="care-team").click()
    await expect(page.get_by_role("heading", name="care-team")).to_be_visible()
    await expect(page.get_by_role("link", name="care-team")).to_be_hidden()
    await places.click()
    await page.keyboard.press("Escape")
    await expect(places).to_be_focused()
    field = page.get_by_role("textbox", name="Message #care-team")
    await field.fill("/recognize")
    await field.press("Enter")
    box = await page.get_by_role("dialog", name="Recognize").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 400, "height": 800}
    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide == 400
    await context.close()


async def test_the_hint_leads_from_the_first_command_to_the_other_person(
    page: Page, app: Small
) -> None:
    hint = page.get_by_role("note")
    await expect(hint).to_contain_text("/recognize @")
    field = page.get_by_role("textbox", name="Message #general")
    await field.fill("/recognize @ben stayed late")
    await field.press("Enter")
    await expect(hint).to_contain_text("Now act as that person")
    await page.get_by_role("button", name="Acting as Ana Souza").click()
    await page.get_by_role("menuitemradio", name="Ben Okafor").click()
    await expect(page.get_by_role("button", name="Acting as Ben Okafor")).to_be_visible()
    await expect(hint).to_be_hidden()
