"""How it looks that people have read the mission: the button, and how many pressed it."""

from bot.blocks import kit
from bot.blocks.record import number
from bot.charter import CharterVersion
from bot.outbox import Message
from bot.reach import A_FEW, FEW, Reach

READ = "acknowledge"


def button(version: CharterVersion) -> kit.Element:
    """The button of whoever has read this version."""
    return kit.button("I have read it", READ, value=str(version.number))


def unread(version: CharterVersion) -> kit.Block:
    """What stands on the Home of who has not read this version, which stands below it."""
    sentence = f"Version {version.number} of our mission stands below, for you to read."
    block_id = f"charter:{version.number}"
    return kit.beside(kit.plain(sentence), button(version)) | {"block_id": block_id}


def version_read(value: str) -> int:
    """Return the number of the version that a button is about."""
    return number(value)


def line(read: Reach | None, version: CharterVersion) -> str:
    """How many have read the version; nothing before anybody has."""
    what = f"read v{version.number}"
    if read is None:
        return ""
    if read.count == read.of:
        return f"All {read.of:,} have {what}"
    if read.count is not None:
        return f"{read.count:,} of {read.of:,} have {what}"
    if read.is_most:
        return f"All but {A_FEW} of {read.of:,} have {what}"
    return f"{'Some' if read.of <= FEW else A_FEW.capitalize()} of {read.of:,} have {what}"


def thanks(number: int, *, is_new: bool) -> Message:
    """What only the person sees who pressed the button."""
    if not is_new:
        return kit.sentence(f"You said before that you have read version {number}. It counts once.")
    return kit.sentence(
        f"Thank you for reading version {number}. Everybody sees how many have, and nobody who."
    )
