"""What Slack can show, shown; and what people write, shown as they wrote it."""

from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack

from .app import button, mrkdwn, plain

pytestmark = pytest.mark.asyncio(loop_scope="session")

Doc = dict[str, Any]


def log(page: Page) -> Locator:
    return page.get_by_role("log")


async def post(client: AsyncWebClient, *blocks: Doc) -> None:
    await client.chat_postMessage(channel="C1", text="In words", blocks=list(blocks))


def rich(*elements: Doc, kind: str = "rich_text_section", **more: Any) -> Doc:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(elements), **more}]}


def text(words: str, **style: bool) -> Doc:
    return {"type": "text", "text": words, **({"style": style} if style else {})}


MRKDWN = [
    ("*bold* _it_ ~no~ `x*y*`", "<strong>bold</strong> <em>it</em> <s>no</s> <code>x*y*</code>"),
    ("*a _b_*", "<strong>a <em>b</em></strong>"),
    ("2*3*4 snake_case_word 12:30:45", "2*3*4 snake_case_word 12:30:45"),
    ("a &lt;b&gt; &amp;amp;", "a &lt;b&gt; &amp;amp;"),
    ("> one\n&gt; two\nthree", "<blockquote>one\ntwo</blockquote>three"),
    (">>> one\ntwo", "<blockquote>one\ntwo</blockquote>"),
    ("a\n```\n*x*\n```\nb", "a<pre>*x*</pre>b"),
    (":nothing_known:", ":nothing_known:"),
    ("<javascript:alert(1)|press>", "press"),
    ("<img src=x onerror=alert(1)>", "img src=x onerror=alert(1)"),
    ("* not bold * and _ not _", "* not bold * and _ not _"),
]


async def test_slacks_markup_becomes_nodes(page: Page) -> None:
    script = """async (texts) => {
        const { mrkdwn } = await import("/page/mrkdwn.js");
        return texts.map((typed) => {
            const div = document.createElement("div");
            div.append(...mrkdwn(typed));
            return [typed, div.innerHTML];
        });
    }"""
    found = await page.evaluate(script, [typed for typed, _ in MRKDWN])
    assert [tuple(each) for each in found] == MRKDWN


async def test_mentions_channels_links_and_dates_are_shown_in_words(
    page: Page, client: AsyncWebClient
) -> None:
    words = (
        "<@UBEN> <#C2> <!here> <https://example.org/a|the plan> <!date^0^{date_num}|then> :tada:"
    )
    await post(client, {"type": "section", "text": mrkdwn(words)})
    await expect(log(page)).to_contain_text("@Ben Okafor #care-team @here the plan 01/01/1970 🎉")
    link = log(page).get_by_role("link", name="the plan")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await log(page).get_by_role("link", name="#care-team").click()
    await expect(page.get_by_role("heading", name="care-team")).to_be_visible()


async def test_what_people_write_is_shown_as_they_wrote_it(
    page: Page, client: AsyncWebClient
) -> None:
    typed = "<b>*x*</b> <!channel> &amp; <img src=x onerror=alert(1)> :tada:"
    await post(client, rich(text(typed)))
    await expect(log(page).get_by_text(typed, exact=True)).to_be_visible()


async def test_rich_text_has_its_styles_lists_quotes_and_code(
    page: Page, client: AsyncWebClient
) -> None:
    item = {"type": "rich_text_section", "elements": [text("an item")]}
    await post(
        client,
        rich(text("loud", bold=True), text(" soft", italic=True), text(" gone", strike=True)),
        rich({"type": "user", "user_id": "UBEN"}, {"type": "emoji", "name": "wave"}),
        rich(item, kind="rich_text_list", style="ordered"),
        rich(text("quoted"), kind="rich_text_quote"),
        rich(text("x = 1"), kind="rich_text_preformatted"),
    )
    await expect(log(page).locator("strong", has_text="loud")).to_be_visible()
    await expect(log(page).locator("em", has_text="soft")).to_be_visible()
    await expect(log(page).locator("s", has_text="gone")).to_be_visible()
    await expect(log(page)).to_contain_text("@Ben Okafor👋")
    await expect(log(page).locator("ol ol li")).to_have_text("an item")
    await expect(log(page).locator("blockquote")).to_have_text("quoted")
    await expect(log(page).locator("pre")).to_have_text("x = 1")


async def test_the_other_blocks_are_there(page: Page, client: AsyncWebClient) -> None:
    picture = {"type": "image", "image_url": "https://example.org/x.png", "alt_text": "A compass"}
    await post(
        client,
        {"type": "header", "text": plain(":star: Care")},
        {"type": "divider"},
        {
            "type": "section",
            "fields": [mrkdwn("*Value*"), plain("*as typed*")],
            "accessory": button("Open", "open", url="https://example.org/"),
        },
        {"type": "context", "elements": [mrkdwn("small"), picture]},
        picture,
    )
    await expect(page.get_by_role("heading", name="⭐ Care")).to_be_visible()
    await expect(log(page).get_by_role("separator")).to_be_visible()
    await expect(log(page).get_by_text("*as typed*")).to_be_visible()
    await expect(log(page).get_by_role("img", name="A compass")).to_have_count(2)
    opens = log(page).get_by_role("link", name="Open")
    await expect(opens).to_have_attribute("href", "https://example.org/")


async def test_shortcodes_in_plain_text_stay_where_it_says_so(
    page: Page, client: AsyncWebClient
) -> None:
    await post(client, {"type": "section", "text": plain(":star: as typed", emoji=False)})
    await expect(log(page)).to_contain_text(":star: as typed")


async def test_a_block_that_is_not_known_is_named(page: Page, fake: FakeSlack) -> None:
    blocks: list[Doc] = [{"type": "marquee"}, rich({"type": "hologram"})]
    body = {"user": "UBEN", "text": "x", "blocks": blocks}
    fake.workspace.messages.post("C1", body)
    await expect(log(page)).to_contain_text("This block is not known here: marquee")
    await expect(log(page)).to_contain_text("This text is not known here: hologram")


async def test_the_page_asks_no_other_host_for_anything(page: Page, client: AsyncWebClient) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    picture = {"type": "image", "image_url": "https://example.org/x.png", "alt_text": "A compass"}
    await post(client, picture)
    await expect(log(page).get_by_role("img", name="A compass")).to_be_visible()
    assert [url for url in asked if "127.0.0.1" not in url] == []
