"""What a person does with the page, in the words of somebody who looks at it."""

from playwright.async_api import Locator, Page, expect


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Message")


def message(page: Page, text: str) -> Locator:
    return page.get_by_role("log").get_by_role("listitem").filter(has_text=text)


async def type_in(page: Page, text: str) -> None:
    """Write it letter by letter and send it."""
    await composer(page).press_sequentially(text)
    await page.keyboard.press("Enter")


async def act_as(page: Page, name: str) -> None:
    await page.get_by_role("button", name="Acting as").click()
    await page.get_by_role("menuitemradio", name=name).click()
    await expect(page.get_by_role("button", name=f"Acting as {name}")).to_be_visible()


async def go_to(page: Page, name: str) -> None:
    await page.get_by_role("navigation", name="Places").get_by_role("link", name=name).click()
    await expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()


async def open_drawer(page: Page) -> None:
    await page.get_by_role("button", name="Places and people").click()
