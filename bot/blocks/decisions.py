"""What somebody reads who asks for decisions: the answer to a line, the list, the help."""

from bot.blocks import kit
from bot.decisions import Decision
from bot.outbox import Message

HELP = (
    ("decide Ship the new booking page on Friday?", "begin a decision in one line"),
    ("decide", "the form, with options, a checklist and, under More, everything else"),
    ("decide list", "all decisions; or only those that are open, decided, mine, waiting, …"),
    ("decide show 12", "one decision as it stands"),
    ("decide export 12", "the same as a Markdown file, by direct message"),
    ("decide checklist", "word the questions that every decision begins with (owners)"),
    ("decide calibration", "how far your predictions can be trusted; only you see it"),
)


def begun(decision: Decision, *, trouble: str | None) -> Message:
    """What only whoever asked sees after a line; `trouble` says why it is not posted yet."""
    where: list[kit.Part] = []
    if decision.channel:
        where = [" Its card is on its way to ", kit.channel(decision.channel), "."]
    line = kit.says(f"Decision {decision.name} is open, and you drive it.", *where)
    return kit.message("Your decision is open.", line, *([kit.says(trouble)] if trouble else []))
