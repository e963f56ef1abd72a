"""What somebody is told whose file did not come, and what they can do."""

from bot.blocks import kit
from bot.commands import command
from bot.decisions import Decision
from bot.outbox import Message


def did_not_come(decision: Decision | None, *, unknown: bool) -> Message:
    """Says that a decision's file, or without one the files about oneself, did not come.

    It is `unknown` where Slack never said whether they arrived.
    """
    what = f"the file of decision {decision.name}" if decision else "the files about you"
    typed = command(f"decide export {decision.name}" if decision else "mission me")
    if unknown:
        return kit.sentence(
            f"Slack did not say whether {what} arrived. If you see nothing above, ask again with "
            f"{typed}."
        )
    return kit.sentence(
        f"I could not share {what} with you. Please ask again with {typed}; if that does not help, "
        "tell whoever runs Truenorth."
    )
