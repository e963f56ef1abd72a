"""How decisions stand on Home: those that wait for its person, and the latest ones."""

from collections.abc import Iterator, Mapping, Sequence

from bot.blocks import kit, nudges
from bot.blocks.decided import TITLE, title
from bot.blocks.decision import APPROVE, CHECKLIST, DECIDE, OBJECT, SCORE, STATES, drive_button
from bot.decisions import Decision, Status
from bot.docket import Wait, Waiting

ASKED = {
    Wait.DRIVER: " cannot drive it any more; somebody else has to",
    Wait.VERDICT: "Your verdict is asked for",
    Wait.APPROVER: " cannot approve it any more; another approver is asked for",
    Wait.CHECKLIST: "Its checklist is not settled",
    Wait.DECISION: "You can decide",
    Wait.REVIEW: "Did it come out as predicted?",
}


def waits(one: Waiting, links: Mapping[int, str], *, reader: str) -> list[kit.Block]:
    """What a decision waits for, with a link to its card and the buttons for it."""
    decision = one.decision
    until = f", until {decision.due:%-d %B %Y}" if decision.is_open else ""
    line = kit.says(*named(decision, links), " — ", *_who(one), f"{_asked(one, reader)}{until}")
    is_review = one.what is Wait.REVIEW
    buttons = nudges.review_buttons(decision) if is_review else kit.actions(*_buttons(one, reader))
    return [line, buttons | {"block_id": decision.cause}]


def _who(one: Waiting) -> list[kit.Element]:
    """Who left, where somebody is wanted in their place."""
    left = {Wait.DRIVER: [one.decision.driver], Wait.APPROVER: one.stands.gone[:1]}
    return kit.people(left.get(one.what, []))


def _asked(one: Waiting, reader: str) -> str:
    is_both = one.what is Wait.DRIVER and one.wants_verdict(reader)
    return ASKED[one.what] + (f". {ASKED[Wait.VERDICT]} too" if is_both else "")


def _buttons(one: Waiting, reader: str) -> Iterator[kit.Element]:
    """What somebody can do for a decision."""
    stands, about = one.stands, str(one.decision.id)
    if one.what is Wait.DRIVER:
        yield drive_button(one.decision)
    if not one.decision.is_open:
        return
    if reader in stands.silent:
        yield kit.button("Approve", APPROVE, value=about)
        yield kit.button("Object", OBJECT, value=about)
    if one.what is Wait.APPROVER:
        yield nudges.replace_button(stands, stands.gone[0])
    if stands.open_gates and reader in stands.people:
        yield kit.button("Checklist", CHECKLIST, value=about)
    yield kit.button("Score", SCORE, value=about)
    if reader == one.decision.driver:
        yield kit.button("Decide", DECIDE, value=about)


def latest(decisions: Sequence[Decision], links: Mapping[int, str]) -> list[kit.Block]:
    """The latest decisions that everybody can see."""
    if not decisions:
        return []
    lines = [_line(one, links) for one in decisions]
    return [kit.header("Latest decisions"), kit.rich(kit.bullets(lines))]


def named(decision: Decision, links: Mapping[int, str]) -> list[kit.Element]:
    """A decision's name and title, leading to its card where that stands in Slack."""
    link = links.get(decision.id)
    if link:
        return [kit.link(link, title(decision))]
    return kit.words(title(decision), room=TITLE * 2)


def _line(decision: Decision, links: Mapping[int, str]) -> list[kit.Part]:
    name = named(decision, links)
    chosen = "" if decision.choice is None else f": {decision.options[decision.choice]}"
    state = STATES[Status(decision.status)]
    return [*name, f" — {state}{chosen}, ", kit.person(decision.driver)]
