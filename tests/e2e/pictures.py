"""Draws the documentation's pictures from a fresh demo: `python -m tests.e2e.pictures`."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.async_api import Browser, Page, async_playwright, expect

from bot.playground import organisation
from bot.playground.organisation import place, someone

from .acting import message, type_in
from .conftest import NAMES, QUIET, WIDE

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
DESK = (WIDE["width"], WIDE["height"])
PHONE = (360, 740)
READY_SECONDS = 120
READY = "Truenorth runs at "


@dataclass(frozen=True)
class Picture:
    """One picture: its name, who looks at what, and what is done before it is taken."""

    name: str
    who: str
    where: str
    prepare: Callable[[Page], Awaitable[None]]
    size: tuple[int, int] = DESK
    scheme: Literal["light", "dark"] = "light"


async def posts(page: Page) -> None:
    """The newest recognitions."""
    await expect(page.get_by_role("button", name="Applaud").last).to_be_visible()


async def home(page: Page) -> None:
    """The app's own page."""
    await expect(page.get_by_role("tabpanel")).to_contain_text("Our mission")


async def form(page: Page) -> None:
    """The form, opened by a line that has no value and filled in."""
    await type_in(page, "/recognize @wanjiru drew the way of a referral with three front desks")
    dialog = page.get_by_role("dialog", name="Recognize")
    await dialog.get_by_role("combobox", name="Which value it served").select_option("partnership")


async def story(page: Page) -> None:
    """The form for a story, changed to its other kind after the title was typed."""
    await type_in(page, "/story The reminder calls came too early")
    dialog = page.get_by_role("dialog", name="Tell a story")
    await dialog.get_by_role("radio", name="Something failed, and we learned").check()
    expected = dialog.get_by_role("textbox", name="What we expected")
    await expected.fill("Who is called two days before comes more often than who is called late.")
    await dialog.get_by_role("textbox", name="What happened").focus()


async def decision(page: Page) -> None:
    """The card of a decision that is open."""
    await expect(page.get_by_role("button", name="Decide", exact=True).last).to_be_visible()


async def scores(page: Page) -> None:
    """The form in which every option is scored for every value."""
    await page.get_by_role("button", name="Score", exact=True).last.click()
    dialog = page.get_by_role("dialog", name="Score")
    await dialog.get_by_role("combobox", name="Care").first.select_option("4")


async def balance(page: Page) -> None:
    """How recognition spread in the quarter."""
    await type_in(page, "/mission values")
    await expect(page.get_by_text("By people")).to_be_visible()


async def search(page: Page) -> None:
    """What somebody finds."""
    await type_in(page, "/mission search referrals within a working day")
    await expect(page.get_by_role("link", name="Open the card").last).to_be_visible()


async def teams(page: Page) -> None:
    """The teams, as an owner sees them."""
    await type_in(page, "/mission teams")
    await expect(page.get_by_role("button", name="Add a team").last).to_be_visible()


async def everything(page: Page) -> None:
    """What somebody reads who asks for everything about themselves, from its beginning."""
    await page.get_by_role("tab", name="Messages").click()
    await type_in(page, "/mission me")
    await expect(page.get_by_role("link", name="everything-about-me.json")).to_be_attached()
    sent = message(page, "Recognitions you got").last
    await sent.evaluate("sent => sent.scrollIntoView({block: 'start'})")


async def pulse(page: Page) -> None:
    """What asks for the week's answers; on a day on which nothing is open, an owner opens it."""
    await page.get_by_role("tab", name="Messages").click()
    agree = page.get_by_role("button", name="Agree", exact=True)
    if not await agree.count():
        await type_in(page, "/pulse now")
    await expect(agree.last).to_be_visible()


async def results(page: Page) -> None:
    """What came of the last pulse."""
    comments = page.get_by_role("button", name="Read 10 comments")
    await expect(comments).to_be_attached()
    # Its picture and what came later stand below.
    await comments.evaluate("button => button.scrollIntoView({block: 'end'})")


RECOGNITIONS = place(organisation.RECOGNITIONS).id
SUPPORT = place("support").id
INES, MAYA, JOAO = (someone(handle).id for handle in (organisation.OWNER, "maya", "joao"))

PICTURES = (
    Picture("page", INES, RECOGNITIONS, posts),
    Picture("page-dark", INES, RECOGNITIONS, posts, scheme="dark"),
    Picture("home", INES, "app", home),
    Picture("form", MAYA, SUPPORT, form),
    Picture("story", JOAO, SUPPORT, story),
    Picture("search", MAYA, SUPPORT, search),
    Picture("teams", INES, place("general").id, teams),
    Picture("pulse-phone", INES, "app", pulse, size=PHONE),
    Picture("pulse-results", INES, place(organisation.UPDATES).id, results),
    Picture("decision", JOAO, place(organisation.DECISIONS).id, decision),
    Picture("decision-score-phone", INES, place(organisation.DECISIONS).id, scores, size=PHONE),
    Picture("me", MAYA, "app", everything),
    Picture("balance", INES, place("general").id, balance),
)


@asynccontextmanager
async def demo(folder: str) -> AsyncIterator[str]:
    """A fresh demo in this folder, on a free port; gives its address."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(ROOT / "app.py"), "demo", "--port", "0"),
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "CI": "true"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(READY_SECONDS):
            address = await _address(process)
        yield address
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    async for line in process.stdout:
        if line.decode().startswith(READY):
            return line.decode().removeprefix(READY).strip()
    raise SystemExit("The demo ended before it was ready.")


async def take(browser: Browser, address: str, picture: Picture) -> None:
    """Open the page as this person, prepare it and save what is seen."""
    width, height = picture.size
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=picture.scheme,
        reduced_motion="reduce",
    )
    page = await context.new_page()
    await page.add_init_script("localStorage.setItem('playground.hint', 'seen')")
    await page.goto(f"{address}#as={picture.who}&in={picture.where}")
    await picture.prepare(page)
    await page.screenshot(path=DOCS / f"{picture.name}.png", animations="disabled")
    await context.close()


async def main(names: list[str]) -> None:
    """Take the pictures with these names, or all of them."""
    chromium = next((found for name in NAMES if (found := shutil.which(name))), None)
    if chromium is None:
        raise SystemExit("No Chromium is installed.")
    DOCS.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        async with demo(folder) as address, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
            for picture in PICTURES:
                if not names or picture.name in names:
                    await take(browser, address, picture)
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
