"""What somebody is told or asked of a decision that waits for them."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot import calibration
from bot.blocks import decision as card
from bot.blocks import kit
from bot.blocks.decided import TITLE, title
from bot.calibration import OF_A_COIN, Calibration
from bot.decisions import Decision
from bot.nudges import Nudge, driving_cause, is_to_review, replacing_cause, review_cause
from bot.outbox import Message, Post, direct
from bot.standing import Standing

REPLACE = "decide_open_replace"
CAME_OUT = "decide_came_out"
CAME_OUT_NOT = "decide_came_out_not"
TOO_EARLY = "decide_too_early"
LESSON = "decide_lesson"


def posts(stands: Standing, nudges: Sequence[Nudge], links: Mapping[str, str]) -> Iterator[Post]:
    """The direct messages of one stage: to who owes, or to their leads.

    `links` lead each of them to the card.
    """
    for one in nudges:
        is_theirs = list(one.owing) == [one.person]
        message = reminder(stands, one.person) if is_theirs else to_lead(stands, one.owing)
        if link := links.get(one.person):
            message["blocks"].append(kit.note_of(f"<{link}|Open its card>"))
        yield Post(one.cause, direct(one.cause, one.person, message).address, message, one.at)


def reminder(stands: Standing, person: str) -> Message:
    """Asks somebody for their part, with the buttons for it."""
    decision = stands.decision
    wanted, buttons = _part(stands, person)
    line = f"It is to be decided by {_due(decision)}, and waits for {wanted}."
    pressed = [kit.button(text, action, value=str(decision.id)) for text, action in buttons.items()]
    text = f"Decision {decision.name} waits for you."
    return kit.message(text, *_about(decision, line), kit.actions(*pressed))


def _part(stands: Standing, person: str) -> tuple[str, dict[str, str]]:
    """What is wanted of somebody, and the buttons for it."""
    if person in stands.silent:
        return "your verdict", {"Approve": card.APPROVE, "Object": card.OBJECT}
    if stands.open_gates:
        both = {"Checklist": card.CHECKLIST, "Decide": card.DECIDE}
        return "its checklist and your decision", both
    return "your decision", {"Decide": card.DECIDE}


def _due(decision: Decision) -> str:
    return f"{decision.due:%A, %-d %B %Y}"


def _about(decision: Decision, *line: kit.Part) -> list[kit.Block]:
    heading = kit.paragraph(kit.words(title(decision), room=TITLE * 2, bold=True))
    return [kit.rich(heading), kit.says(*line)]


def late(stands: Standing) -> Message:
    """Says below the card that it is late, and whose part is missing."""
    line = f"This was to be decided by {_due(stands.decision)}. It waits for "
    whom = kit.people(stands.owing) if stands.owing else "somebody to drive it"
    return kit.message("A decision is late.", kit.says(line, whom, "."))


def to_lead(stands: Standing, owing: Sequence[str]) -> Message:
    """Tells a lead whose part is missing, of those whom they lead."""
    line = f"This was to be decided by {_due(stands.decision)}. It waits for "
    why = ", and you lead their team."
    blocks = _about(stands.decision, line, kit.people(owing), why)
    return kit.message(f"Decision {stands.decision.name} waits for somebody you lead.", *blocks)


def settled(stands: Standing) -> Message:
    """What stands in the place of a reminder once it has no reason any more."""
    state = (
        "It does not wait for you any more." if stands.decision.is_open else stands.decision.state
    )
    name = stands.decision.name
    return kit.message(f"Decision {name} does not wait any more.", *_about(stands.decision, state))


def asking(stands: Standing, candidates: Sequence[str], *, now: datetime) -> Iterator[Post]:
    """What is asked now because somebody left: of its driver or, with none, who drives it instead.

    `candidates` are those who can.
    """
    decision = stands.decision
    if stands.is_driverless:
        for person in candidates:
            yield direct(driving_cause(decision, person, now=now), person, driverless(stands))
    elif decision.is_open:
        yield from _replacing(stands)
    elif is_to_review(decision, now=now):
        yield direct(review_cause(stands), decision.driver, review(stands))


def driverless(stands: Standing) -> Message:
    """Asks whether somebody drives it in the place of who left."""
    decision = stands.decision
    why = " drove this and cannot any more. Whoever drives it now "
    does = "brings it to its end, and decides." if decision.is_open else "is asked how it came out."
    button = kit.actions(card.drive_button(decision))
    blocks = [*_about(decision, kit.person(decision.driver), why, does), button]
    return kit.message(f"Decision {decision.name} needs somebody to drive it.", *blocks)


def driven(stands: Standing) -> Message:
    """What stands in the place of that question once somebody does, or it is done with."""
    decision = stands.decision
    drives = [kit.person(decision.driver), " drives it now."]
    what = drives if decision.needs_driver else [decision.state]
    return kit.message(
        f"Decision {decision.name} needs nobody to drive it.", *_about(decision, *what)
    )


def _replacing(stands: Standing) -> Iterator[Post]:
    """Asks the driver, once, who approves in the place of each who left."""
    decision = stands.decision
    for gone in stands.gone:
        left = " was to approve this and cannot any more."
        button = kit.actions(replace_button(stands, gone))
        blocks = [*_about(decision, kit.person(gone), left), button]
        message = kit.message(f"Decision {decision.name} needs another approver.", *blocks)
        yield direct(replacing_cause(stands, gone), decision.driver, message)


def replace_button(stands: Standing, gone: str) -> kit.Element:
    """Opens the form in which its driver says who approves in the place of somebody who left."""
    return kit.button("Replace them", REPLACE, value=f"{stands.decision.id}:{gone}")


def review(stands: Standing) -> Message:
    """Asks the driver whether it came out as predicted."""
    decision = stands.decision
    chosen = decision.options[decision.choice or 0]
    other = decision.decided_by
    who: list[kit.Part] = [kit.person(other), " decided: "] if other else ["You decided: "]
    blocks = _about(decision, *who, kit.words(chosen, bold=True))
    if decision.prediction:
        sure = f" ({decision.confidence} % sure)" if decision.confidence else ""
        expected = "was expected" if stands.drove else "you expected"
        lead = kit.paragraph(f"This is what {expected}{sure}:")
        blocks.append(kit.rich(lead, kit.quote(decision.prediction)))
    blocks += [kit.says("Did it come out like that?"), review_buttons(decision)]
    return kit.message(f"How did decision {decision.name} come out?", *blocks)


def review_buttons(decision: Decision) -> kit.Block:
    """The three answers to that."""
    answers = (
        ("As predicted", CAME_OUT),
        ("Not as predicted", CAME_OUT_NOT),
        ("Too early to say", TOO_EARLY),
    )
    about = str(decision.id)
    return kit.actions(*(kit.button(text, action, value=about) for text, action in answers))


def reviewed(stands: Standing, known: Calibration) -> Message:
    """What stands in the place of that question once it is answered."""
    decision = stands.decision
    how = "came out" if decision.as_predicted else "did not come out"
    blocks = _about(decision, f"It {how} as predicted. Thank you for looking back.")
    if decision.confidence is not None and known.score is not None:
        blocks.append(kit.note(calibration_words(known)))
    if not decision.as_predicted:
        blocks.append(kit.says("What did you learn? A story of it helps everybody."))
        button = kit.button("Tell what we learned", LESSON, value=str(decision.id))
        blocks.append(kit.actions(button))
    return kit.message(f"Decision {decision.name} is reviewed.", *blocks)


def postponed(stands: Standing, *, zone: ZoneInfo) -> Message:
    """What stands in the place of that question where it came too early, in its driver's zone."""
    when = stands.decision.review_at
    day = f" on {when.astimezone(zone):%-d %B %Y}" if when else ""
    line = f"I will ask you again{day}."
    return kit.message(line, *_about(stands.decision, line))


def calibration_words(known: Calibration) -> str:
    """How far a person's predictions can be trusted, in words for them alone."""
    if known.score is None or known.error is None:
        return (
            f"This takes {calibration.FEWEST} decisions of yours that said how sure you were and "
            f"were reviewed; there {'is' if known.count == 1 else 'are'} {known.count}."
        )
    better = "better than" if known.score < OF_A_COIN else "no better than"
    return (
        f"Your Brier score is {known.score:.2f}, give or take {known.error:.2f}, over "
        f"{known.count} decisions: {better} always saying 50 %, which gives {OF_A_COIN}. "
        "0 would be never wrong and always sure. Only you see this."
    )
