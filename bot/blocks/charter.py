"""How the mission's wording looks: in force, as it changed, and as an owner writes it."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.blocks import acknowledgement, kit
from bot.charter import Charter, CharterValue, CharterVersion
from bot.outbox import Message
from bot.reach import Reach
from bot.wording import Change, difference

SHOWN_VERSIONS = 12


def value_words(value: CharterValue) -> list[kit.Element]:
    """The value as it was worded, emoji first."""
    emoji = kit.words(f"{value.emoji} ") if value.emoji else []
    return emoji + kit.words(value.name, bold=True)


def _value_item(value: CharterValue) -> list[kit.Part]:
    weight = f" (weight {value.weight})" if value.weight != 1 else ""
    return [*value_words(value), f" — {value.meaning}{weight} · #{value.slug}"]


def wording(charter: Charter, *, zone: ZoneInfo) -> list[kit.Block]:
    """The mission in the wording in force."""
    version = charter.version
    since = version.created_at.astimezone(zone)
    return [
        kit.header("Our mission"),
        kit.rich(kit.quote(version.statement)),
        kit.rich(kit.bullets(_value_item(value) for value in charter.values)),
        kit.note(f"Version {version.number}, in force since {since:%-d %B %Y}"),
    ]


def value_line(value: CharterValue) -> str:
    """A value as an owner writes it, so that it can be changed and sent back."""
    emoji = f"{value.emoji} " if value.emoji else ""
    weight = f" ({value.weight})" if value.weight != 1 else ""
    return f"#{value.slug} {emoji}{value.name} — {value.meaning}{weight}"


def changed(
    charter: Charter, change: Change | None, *, zone: ZoneInfo, read: Reach | None = None
) -> Message:
    """The post about a new version: what is different, why, and how many have read it."""
    version = charter.version
    if change is None:
        blocks = [
            kit.says(kit.person(version.author), " set up our mission."),
            *wording(charter, zone=zone),
            *_reading(version, read),
        ]
        return kit.message("Our mission is set up.", *blocks)
    blocks = [kit.says(kit.person(version.author), " changed our mission.")]
    if change.statement:
        blocks.append(kit.rich(kit.quote(version.statement)))
    items = _change_items(change)
    if items:
        blocks.append(kit.rich(kit.bullets(items)))
    if version.why:
        blocks.append(kit.rich(kit.paragraph(kit.words("Why", bold=True)), kit.quote(version.why)))
    blocks.append(
        kit.note(f"This is version {version.number}. Earlier records keep their wording.")
    )
    blocks += _reading(version, read)
    return kit.message("Our mission changed.", *blocks)


def _reading(version: CharterVersion, read: Reach | None) -> list[kit.Block]:
    line = acknowledgement.line(read, version)
    return [kit.actions(acknowledgement.button(version)), *([kit.note(line)] if line else [])]


def _change_items(change: Change) -> list[list[kit.Part]]:
    added: list[list[kit.Part]] = [["New: ", *_value_item(value)] for value in change.added]
    reworded: list[list[kit.Part]] = [
        ["Reworded: ", *_value_item(new), "; before: ", *value_words(old), f" — {old.meaning}"]
        for old, new in change.reworded
    ]
    retired: list[list[kit.Part]] = [["Retired: ", *value_words(value)] for value in change.retired]
    items = [*added, *reworded, *retired]
    return items if items or change.statement else [["The values stand in another order."]]


def history(charters: Sequence[Charter], *, zone: ZoneInfo) -> Message:
    """How the wording of the mission changed, the latest first."""
    blocks: list[kit.Block] = [kit.header("How our mission changed")]
    earlier = [*charters[1:], None]
    for charter, before in list(zip(charters, earlier, strict=True))[:SHOWN_VERSIONS]:
        blocks.append(_version(charter, before, zone=zone))
    older = len(charters) - SHOWN_VERSIONS
    if older > 0:
        blocks.append(kit.note(f"{older} earlier versions are kept as well."))
    return kit.message("How our mission changed", *blocks)


def _version(charter: Charter, before: Charter | None, *, zone: ZoneInfo) -> kit.Block:
    version = charter.version
    day = version.created_at.astimezone(zone)
    number = kit.words(f"Version {version.number}", bold=True)
    title = kit.paragraph(number, f", {day:%-d %B %Y}, by ", kit.person(version.author))
    if before is None:
        values = kit.bullets(_value_item(value) for value in charter.values)
        return kit.rich(title, kit.quote(version.statement), values)
    change = difference(before, charter)
    items = _change_items(change)
    return kit.rich(
        title,
        *([kit.quote(version.statement)] if change.statement else []),
        *([kit.bullets(items)] if items else []),
        *([kit.paragraph("Why: ", version.why)] if version.why else []),
    )
