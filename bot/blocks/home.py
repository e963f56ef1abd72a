"""How Home looks: what waits for a person, the mission, what they got and gave, the stories."""

from collections.abc import Sequence

from bot.blocks import docket, kit, mission, teams, waits
from bot.blocks import record as record_blocks
from bot.blocks.charter import value_words
from bot.blocks.me import OPEN_ME
from bot.blocks.shortened import SHOWN, shortened
from bot.blocks.story import KINDS
from bot.commands import command
from bot.homes import Page
from bot.places import Place
from bot.record import Record
from bot.rituals.home import Content, Thanks, Told
from bot.tale import Kind

MISSING = {
    "statement": ("There is no mission yet.", "Set up the mission", mission.OPEN_SETUP),
    "recognition_channel": (
        "No channel for recognitions is chosen yet, so none is posted.",
        "Choose it in the settings",
        mission.OPEN_SETTINGS,
    ),
    "stories_channel": (
        "No channel for stories is chosen yet, so none is posted.",
        "Choose it in the settings",
        mission.OPEN_SETTINGS,
    ),
    "decisions_channel": (
        "No channel for decisions is chosen yet, so none is posted.",
        "Choose it in the settings",
        mission.OPEN_SETTINGS,
    ),
    "updates_channel": (
        "No channel for updates is chosen yet, so the weekly pulse does not begin.",
        "Choose it in the settings",
        mission.OPEN_SETTINGS,
    ),
    "teams": (
        "No teams are named yet, so the pulse speaks of the whole alone.",
        "Name a team",
        teams.OPEN_ADD,
    ),
}


def page(content: Content, *, address: str) -> Page:
    """The Home of one person; `address` is the workspace's, to which the links lead."""
    if content.refusal:
        return Page({"type": "home", "blocks": [kit.says(content.refusal)]})
    blocks = [
        *_still_to_do(content.missing),
        *waits.blocks(
            content.waits, _links(content, address), reader=content.person, zone=content.zone
        ),
        *_mission(content),
        *_thanks(content, address),
        *_stories(content, address),
        *_decisions(content, address),
        kit.actions(kit.button("Everything about me", OPEN_ME)),
    ]
    return Page({"type": "home", "blocks": blocks}, settled=content.settled)


def _still_to_do(missing: Sequence[str]) -> list[kit.Block]:
    if not missing:
        return []
    blocks = [kit.header("Still to set up")]
    for what in missing:
        sentence, label, action = MISSING[what]
        blocks.append(kit.beside(kit.plain(sentence), kit.button(label, action, style="primary")))
    return [*blocks, kit.divider()]


def _mission(content: Content) -> list[kit.Block]:
    if content.charter is not None:
        card = mission.card(content.charter, zone=content.zone, owner=content.is_owner)
        return list(card["blocks"])
    if content.is_owner:  # told so above already
        return []
    return list(mission.not_set_up(owner=False, who=content.who_writes)["blocks"])


def _thanks(content: Content, address: str) -> list[kit.Block]:
    blocks: list[kit.Block] = []
    if content.got:
        blocks.append(kit.header("Thanks you got"))
    for thanks in content.got:
        blocks += [_got(thanks, content.person), kit.note_of(_about(thanks, content, address))]
    if content.gave:
        blocks.append(kit.header("Thanks you gave"))
    for thanks in content.gave:
        blocks += [_gave(thanks), _with_menu(thanks.recognition, _about(thanks, content, address))]
    return blocks or ([_nothing_yet()] if content.charter else [])


def _nothing_yet() -> kit.Block:
    return kit.says(
        "Thanks that you give and get will stand here. Who made your week easier? Tell them with ",
        kit.words(command("recognize"), code=True),
        ".",
    )


def _got(thanks: Thanks, person: str) -> kit.Block:
    others = [one for one in thanks.recipients if one != person]
    together: list[kit.Part] = [" together with ", *kit.people(others)] if others else []
    return _said(thanks, kit.person(thanks.recognition.author), " recognised you", *together)


def _gave(thanks: Thanks) -> kit.Block:
    return _said(thanks, "You recognised ", kit.people(thanks.recipients))


def _said(thanks: Thanks, *whom: kit.Part) -> kit.Block:
    line = kit.paragraph(*whom, " for ", value_words(thanks.value))
    return kit.rich(line, kit.quote(shortened(thanks.recognition.message)))


def _about(thanks: Thanks, content: Content, address: str) -> str:
    given = thanks.recognition
    label = "Open the message" if given.is_private else "Open the post"
    label = "Read all of it" if len(given.message) > SHOWN else label
    parts = _when_and_where(given, content, _link(thanks.place, label, address))
    return " · ".join([*parts, "between you"] if given.is_private else parts)


def _when_and_where(record: Record, content: Content, where: str) -> list[str]:
    at = record.created_at
    day = f"{at.astimezone(content.zone):%-d %B %Y}"
    when = f"<!date^{int(at.timestamp())}^{{date_short_pretty}}|{day}>"
    return [when, where] if where else [when]


def _link(place: Place | None, label: str, address: str) -> str:
    return f"<{place.link(address)}|{label}>" if place and address else ""


def _stories(content: Content, address: str) -> list[kit.Block]:
    blocks: list[kit.Block] = []
    for title, stories in (
        ("Latest stories", content.stories),
        ("Earlier stories of yours", content.own_stories),
    ):
        blocks += [kit.header(title)] if stories else []
        for told in stories:
            blocks += _story(told, content, address)
    return blocks


def _story(told: Told, content: Content, address: str) -> list[kit.Block]:
    story = told.story
    title = kit.words(story.title, bold=True)
    line = kit.says(title, f" — {KINDS[Kind(story.kind)]}, told by ", kit.person(story.author))
    where = _link(told.place, "Read the story", address)
    about = " · ".join(_when_and_where(story, content, where))
    is_own = story.author == content.person
    return [line, _with_menu(story, about) if is_own else kit.note_of(about)]


def _decisions(content: Content, address: str) -> list[kit.Block]:
    return docket.latest(content.decisions, _links(content, address))


def _links(content: Content, address: str) -> dict[int, str]:
    return {one: place.link(address) for one, place in content.cards.items() if address}


def _with_menu(record: Record, about: str) -> kit.Block:
    block = kit.beside({"type": "mrkdwn", "text": about}, record_blocks.menu(record))
    return block | {"block_id": record.cause}
