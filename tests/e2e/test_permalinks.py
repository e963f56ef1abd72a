"""Links to messages, which lead to them."""

import pytest
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack

from .acting import message
from .app import Doc, actions, button

pytestmark = pytest.mark.asyncio(loop_scope="session")


def address(channel: str, ts: str, more: str = "") -> str:
    return f"https://playground.slack.com/archives/{channel}/p{ts.replace('.', '')}{more}"


def linked(url: str, words: str = "the message") -> list[Doc]:
    link = {"type": "link", "url": url, "text": words}
    line = {"type": "rich_text_section", "elements": [link]}
    return [{"type": "rich_text", "elements": [line]}]


async def post(client: AsyncWebClient, url: str) -> None:
    await client.chat_postMessage(channel="C1", text="x", blocks=linked(url))


async def follow(page: Page) -> None:
    await page.get_by_role("log").get_by_role("link", name="the message").click()


async def test_a_link_opens_its_message_far_back_in_another_channel(
    page: Page, fake: FakeSlack, client: AsyncWebClient
) -> None:
    written = await fake.message("UBEN", "C2", "The booking works again")
    for number in range(200):
        fake.workspace.messages.post("C2", {"user": "UBEN", "text": f"number {number}."})
    await post(client, address("C2", written["ts"]))
    await follow(page)
    await expect(page.get_by_role("heading", name="care-team")).to_be_visible()
    there = message(page, "The booking works again")
    await expect(there).to_be_in_viewport()
    await expect(there).to_be_focused()
    await expect(there).to_have_attribute("aria-current", "true")
    await page.reload()
    await expect(message(page, "number 199.")).to_be_in_viewport()


async def test_a_link_is_followed_as_often_as_it_is_clicked(
    page: Page, fake: FakeSlack, client: AsyncWebClient
) -> None:
    first = await fake.message("UBEN", "C1", "The booking works again")
    for number in range(30):
        await fake.message("UBEN", "C1", f"number {number}.")
    await post(client, address("C1", first["ts"]))
    for _ in range(2):
        await follow(page)
        await expect(message(page, "works again")).to_be_in_viewport()
        await expect(message(page, "works again")).to_be_focused()


async def test_a_link_to_a_reply_leads_to_the_reply(
    page: Page, fake: FakeSlack, client: AsyncWebClient
) -> None:
    first = await fake.message("UBEN", "C2", "Who knows the sync?")
    reply = await fake.message("UANA", "C2", "I do.", thread_ts=first["ts"])
    await post(client, address("C2", reply["ts"], f"?thread_ts={first['ts']}&cid=C2"))
    await follow(page)
    await expect(message(page, "I do.")).to_have_attribute("aria-current", "true")


async def test_a_link_to_a_message_that_is_gone_says_so(
    page: Page, fake: FakeSlack, client: AsyncWebClient
) -> None:
    written = await fake.message("UBEN", "C2", "taken back")
    await fake.delete_message("UBEN", "C2", written["ts"])
    await post(client, address("C2", written["ts"]))
    await follow(page)
    await expect(page.get_by_role("heading", name="care-team")).to_be_visible()
    gone = page.get_by_role("alert").filter(has_text="That message is gone.")
    await expect(gone).to_be_visible()
    await page.get_by_role("button", name="Hide this note").click()
    await expect(gone).to_be_hidden()


async def test_a_link_into_a_channel_that_one_cannot_see_says_so(
    page: Page, fake: FakeSlack, client: AsyncWebClient
) -> None:
    written = await fake.message("UBEN", "C3", "a secret")
    await post(client, address("C3", written["ts"]))
    await follow(page)
    await expect(page.get_by_text("Ana Souza cannot see that message.")).to_be_visible()
    await expect(page.get_by_text("a secret")).to_have_count(0)


async def test_a_link_to_what_the_app_wrote_me_opens_its_messages(
    page: Page, fake: FakeSlack, client: AsyncWebClient
) -> None:
    told = await client.chat_postMessage(channel="UANA", text="Ben thanked you")
    url = address(fake.workspace.dm_id("UANA"), told["ts"])
    opens = actions(button("Open it", "open", url=url))
    await client.chat_postMessage(channel="C1", text="x", blocks=[opens])
    # Once it is read, the app's place opens at Home by itself.
    await page.goto(f"{fake.url}/#as=UANA&in=app&tab=messages")
    await expect(message(page, "Ben thanked you")).to_be_visible()
    await page.goto(f"{fake.url}/#as=UANA&in=C1")
    await page.get_by_role("link", name="Open it").click()
    await expect(page.get_by_role("tab", name="Messages")).to_have_attribute(
        "aria-selected", "true"
    )
    await expect(message(page, "Ben thanked you")).to_have_attribute("aria-current", "true")


async def test_a_link_to_another_workspace_leads_out(page: Page, client: AsyncWebClient) -> None:
    await post(client, "https://elsewhere.slack.com/archives/C2/p1700000000000000")
    link = page.get_by_role("log").get_by_role("link", name="the message")
    await expect(link).to_have_attribute("target", "_blank")
