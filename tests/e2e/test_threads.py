"""Threads: a reply below what it answers, and a picture with its words in one."""

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.clipping import Verdict
from bot.panels import Point
from bot.pictures import Picture, Series, trend
from bot.playground.server import FakeSlack
from bot.shares import wilson

from .acting import act_as, message

pytestmark = pytest.mark.asyncio(loop_scope="session")

PHONE = ViewportSize(width=360, height=740)


def drawn() -> Picture:
    points: list[Point] = [wilson(n / 12, n=12) for n in (6, 7, 5, 8, 9)]
    rounds = [f"{day} Jan" for day in range(2, 26, 4)]
    label = "This week we moved our mission forward."
    return trend("The mission, week by week", rounds, [Series(label, (*points, Verdict.HIGH))])


async def share(client: AsyncWebClient, channel: str = "C1") -> str:
    """Post a result with a picture in its thread, something later, and return the words."""
    picture = drawn()
    ts = (await client.chat_postMessage(channel=channel, text="The result of the week"))["ts"]
    await client.chat_postMessage(channel=channel, text="Something later")
    await client.files_upload_v2(
        filename="trend.png",
        content=picture.png,
        alt_txt=picture.words,
        title="The mission",
        channel=channel,
        thread_ts=ts,
        initial_comment="Over the weeks",
    )
    return picture.words


def rows(page: Page) -> Locator:
    return page.get_by_role("log").get_by_role("listitem").filter(has=page.locator(".sender"))


async def is_drawn(picture: Locator) -> bool:
    return bool(await picture.evaluate("async (img) => (await img.decode(), img.naturalWidth > 0)"))


async def test_a_picture_stands_below_its_message_with_its_words(
    page: Page, client: AsyncWebClient
) -> None:
    words = await share(client)
    reply = message(page, "Over the weeks")
    await expect(reply).to_contain_text("Reply")
    picture = reply.get_by_role("img", name=" ".join(words.split()))
    await expect(picture).to_be_visible()
    assert await is_drawn(picture)
    texts = await rows(page).all_inner_texts()
    order = ["The result of the week", "Over the weeks", "Something later"]
    assert [next(line for line in order if line in text) for text in texts] == order


async def test_a_reply_to_an_older_message_is_there_after_a_reload_too(
    page: Page, fake: FakeSlack, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="A question"))["ts"]
    await client.chat_postMessage(channel="C1", text="Something later")
    await client.chat_postMessage(channel="C1", text="An answer", thread_ts=ts)
    await expect(rows(page).nth(1)).to_contain_text("An answer")
    await client.chat_postMessage(
        channel="C1", text="For everybody", thread_ts=ts, reply_broadcast=True
    )
    await page.reload()
    await expect(rows(page)).to_have_count(4)
    await expect(rows(page).nth(1)).to_contain_text("An answer")
    await expect(rows(page).nth(2)).to_contain_text("Something later")
    await expect(rows(page).nth(3)).to_contain_text("For everybody")
    await expect(page.get_by_role("log").get_by_text("Reply", exact=True)).to_have_count(1)


async def test_a_link_to_a_reply_leads_there(
    page: Page, fake: FakeSlack, client: AsyncWebClient
) -> None:
    ts = (await client.chat_postMessage(channel="C1", text="A question"))["ts"]
    reply = await client.chat_postMessage(channel="C1", text="An answer", thread_ts=ts)
    await page.goto(f"{fake.url}/#as=UANA&in=C1&at={reply['ts']}")
    await expect(page.locator("li[aria-current]")).to_contain_text("An answer")
    await expect(page.locator("li[aria-current]")).to_be_focused()


async def test_the_picture_opens_by_itself_with_the_keyboard(
    page: Page, client: AsyncWebClient
) -> None:
    await share(client)
    link = message(page, "Over the weeks").get_by_role("link")
    await link.focus()
    async with page.context.expect_page() as opened:
        await page.keyboard.press("Enter")
    alone = await opened.value
    await alone.wait_for_load_state()
    assert await is_drawn(alone.locator("img"))


async def test_the_picture_is_asked_for_as_whoever_acts(page: Page, client: AsyncWebClient) -> None:
    await share(client)
    await act_as(page, "Ben Okafor")
    picture = message(page, "Over the weeks").get_by_role("img")
    assert "as=UBEN" in (await picture.get_attribute("src") or "")
    assert await is_drawn(picture)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_it_is_as_wide_as_a_phone_lets_it_be(
    page: Page, client: AsyncWebClient, scheme: str
) -> None:
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await page.set_viewport_size(PHONE)
    await share(client)
    picture = message(page, "Over the weeks").get_by_role("img")
    await picture.scroll_into_view_if_needed()
    assert await is_drawn(picture)
    box = await picture.bounding_box()
    assert box is not None
    assert box["width"] >= 280
    assert box["x"] + box["width"] <= PHONE["width"]
    assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    await page.screenshot(path=f"/tmp/phone-{scheme}.png")
