"""How the digest of a week looks."""

from datetime import date

from bot.blocks import kit
from bot.blocks.charter import value_words
from bot.blocks.story import KINDS
from bot.outbox import Message
from bot.rituals.digest import Content, Told
from bot.tale import Kind


def message(content: Content) -> Message:
    """The post: thanks by value, stories, and what is coming."""
    title = "Our week"
    blocks = [kit.header(title), kit.note(f"Since {_day(content)}")]
    if content.is_empty:
        blocks.append(kit.says("What this told of was withdrawn since."))
    blocks += [*_thanks(content), *_stories(content), *_coming(content)]
    return kit.message(title, *blocks)


def _day(content: Content) -> str:
    return _named(content.digest.begins.astimezone(content.zone).date())


def _named(day: date) -> str:
    return f"{day:%A %-d %B}"


def _thanks(content: Content) -> list[kit.Block]:
    if not content.values:
        return []
    items: list[list[kit.Part]] = [
        [value_words(value), f": {_recognitions(count)}"] for value, count in content.values
    ]
    return [_part("Thanks, by value", items)]


def _recognitions(count: int) -> str:
    return "1 recognition" if count == 1 else f"{count:,} recognitions"


def _stories(content: Content) -> list[kit.Block]:
    if not content.stories:
        return []
    more: list[list[kit.Part]] = [] if content.are_all else [["and others"]]
    return [_part("Stories", [*map(_story, content.stories), *more])]


def _story(told: Told) -> list[kit.Part]:
    story = told.story
    kind = KINDS[Kind(story.kind)]
    link: list[kit.Part] = [". ", kit.link(told.link, "Read it")] if told.link else []
    title = kit.words(story.title, bold=True)
    return [title, f" — {kind}, told by ", kit.person(story.author), *link]


def _coming(content: Content) -> list[kit.Block]:
    items: list[list[kit.Part]] = [
        [f"{_named(one.at.astimezone(content.zone).date())}: {one.name}"] for one in content.coming
    ]
    return [_part("What is coming", items)] if items else []


def _part(title: str, items: list[list[kit.Part]]) -> kit.Block:
    return kit.rich(kit.paragraph(kit.words(title, bold=True)), kit.bullets(items))
