"""What a person reads who asks for everything about themselves: how much there is, and who sees it.

The message has nobody's words: they can be withdrawn, and would stay in it. The files have them.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.about import About
from bot.blocks import kit, nudges, pulse
from bot.blocks.asking import moment
from bot.blocks.charter import value_words
from bot.blocks.decision import STATES
from bot.blocks.story import KINDS
from bot.commands import command
from bot.decisions import Status
from bot.mine import Clapped, Decided, Given, Item, Kept, Told
from bot.outbox import Message
from bot.tale import Kind

OPEN_ME = "open_me"
TITLE = 60  # characters of a decision's
MOST_NUMBERS = 12
ROOM = 12_000  # characters of JSON; Slack refuses a message of a little more
ON_ITS_WAY = "Everything about you is on its way to you, as a direct message with two files."
SELF_ONLY = (
    "What is about somebody is told to that person alone, so nobody else can ask for it here. "
    "They can ask for theirs, and share it with you if they like."
)

TITLES: Mapping[str, str] = {
    "you": "You",
    "received": "Recognitions you got",
    "given": "Recognitions you gave",
    "applauded": "What you applaud",
    "told": "Stories you told",
    "credited": "Stories that credit you",
    "decisions": "Decisions you have to do with",
    "calibration": "How far your predictions can be trusted",
    "teams": "Your teams",
    "pulse": "The pulse",
    "versions": "Versions of the mission you wrote",
    "read": "Versions of the mission you have read",
    "allowance": "Recognitions you gave today",
}


def seen(section: str) -> str:
    """What others may see of a section."""
    return {
        "you": "Your name and account are in Slack for everybody there to see; who is an owner is "
        "told to whoever asks for something that only owners may do.",
        "received": "A public one: whoever can read its channel. A private one: you, who gave it, "
        "and the others it names.",
        "given": "A public one: whoever can read its channel. A private one: you and the people it "
        "names.",
        "applauded": "A post names up to five of those who applaud it, so one of them may be you.",
        "told": "Whoever can read the channel for stories.",
        "credited": "Whoever can read the channel for stories.",
        "decisions": "A public one: everybody here. A private one: the people it names. Your "
        "verdict and answers stand on its card; your scores count in its means without your name.",
        "calibration": "Nobody.",
        "teams": "Who reports in a team is told who leads it. Owners see the teams, how many are "
        "in each, and who is in several.",
        "pulse": "Nobody. No answer of yours is here, nor whether you gave one, since these files "
        f"outlive the round; {command('pulse privacy')} says what is held while it is open.",
        "versions": f"Everybody: each was posted with your name, and {command('mission history')} "
        "keeps its words.",
        "read": "Nobody. Others see only how many have read it, from five people on.",
        "allowance": "Nobody.",
    }[section]


BESIDES = (
    "Besides these, a log of what happened names you by your id and has nobody's words; it is "
    "kept. Messages to you are kept here for 30 days and then in Slack "
    "alone. When you last opened Home is kept, so that it can follow what happens. Backups keep "
    "what there was when they were made; whoever runs this server can tell you for how long."
)


def message(
    about: About,
    counts: Mapping[str, int],
    latest: Mapping[str, Sequence[Item]],
    *,
    address: str,
    now: datetime,
) -> Message:
    """The private message: how much of each kind there is, the latest few, and who can see it.

    Of what is not counted it says that it is all in the files.

    As few of them as it takes to be within what Slack takes of a message.
    """
    amounts = {
        name: f"{counts[name]:,}" if name in counts else "all in the files"
        for name, items in latest.items()
        if items
    }
    made = [
        _blocks(about, amounts, {name: of[:few] for name, of in latest.items()}, address, now)
        for few in range(max(map(len, latest.values())), -1, -1)
    ]
    fitting = next((blocks for blocks in made if len(json.dumps(blocks)) <= ROOM), made[-1])
    return kit.message("Everything about you, as a message and two files", *fitting)


def _blocks(
    about: About,
    amounts: Mapping[str, str],
    latest: Mapping[str, Sequence[Item]],
    address: str,
    now: datetime,
) -> list[kit.Block]:
    day = f"{now.astimezone(about.zone):%-d %B %Y}"
    lead = (
        f"This is what Truenorth holds about you on {day}. It is yours: nobody else can ask for "
        "it, and you may share it with whom you like. Two files follow with all of it, one to read "
        "and one for programs. Should they not come within a few minutes, ask again with "
    )
    blocks = [
        kit.header("Everything about you"),
        kit.says(lead, kit.words(command("mission me"), code=True), "."),
    ]
    for section, amount in amounts.items():
        lines = [_line(item, about, address) for item in latest[section]]
        blocks.append(_section(section, amount, lines))
    rest = {section: words for section, words in _rest(about).items() if words}
    blocks += [_section(section, words, []) for section, words in rest.items()]
    empty = [TITLES[one] for one in TITLES if not (one in amounts or one in rest or one == "you")]
    return blocks + ([kit.note(f"Nothing is held of these: {', '.join(empty)}.")] if empty else [])


def _section(section: str, words: str, lines: list[list[kit.Part]]) -> kit.Block:
    title = kit.paragraph(kit.words(TITLES[section], bold=True), f": {words}")
    who = kit.paragraph(kit.words(f"Who else sees it: {seen(section)}", italic=True))
    return kit.rich(title, *([kit.bullets(lines)] if lines else []), who)


def _rest(about: About) -> dict[str, str]:
    """What is said of the rest, nothing where nothing is held."""
    open_now = [
        f"{pulse.name(one)} is open for you until {moment(one.closes_at, about.zone)}"
        for one in about.open_rounds
    ]
    home, led = about.reports_in, [one.name for one in about.leads[:MOST_NUMBERS]]
    theirs = [f"you report in {home.name}"] if home else []
    theirs += [f"you lead {', '.join(led)}"] if led else []
    asked = len(about.asked)
    rounds = [f"you were asked in {asked} round{'' if asked == 1 else 's'}"] if asked else []
    known = about.calibration
    return {
        "calibration": nudges.calibration_words(known) if known.count else "",
        "teams": "; ".join(theirs),
        "pulse": "; ".join([*open_now, *rounds]),
        "versions": _numbers([one.version.number for one in about.versions]),
        "read": _numbers([number for number, _ in about.read]),
        "allowance": f"{about.used_today} of {about.allowance}",
    }


def _numbers(numbers: Sequence[int]) -> str:
    few = ", ".join(str(number) for number in numbers[:MOST_NUMBERS])
    more = len(numbers) - MOST_NUMBERS
    return f"{few} and {more} more" if more > 0 else few


def _line(item: Item, about: About, address: str) -> list[kit.Part]:
    at = item.involved.decision.created_at if isinstance(item, Decided) else item.cursor[0]
    day = f"{at.astimezone(about.zone):%-d %B %Y}"
    linked = kit.link(item.place.link(address), day) if item.place and address else day
    if isinstance(item, Decided):
        return [linked, ", ", *_decided(item)]
    what = _clapped(item) if isinstance(item, Clapped) else _kept(item, about.person.slack_id)
    return [linked, ", ", *what]


def _kept(kept: Kept, reader: str) -> list[kit.Part]:
    record = kept.record
    is_own = record.author == reader
    if isinstance(record, Told):
        by: list[kit.Part] = [] if is_own else [", told by ", kit.person(record.author)]
        what: list[kit.Part] = [KINDS[Kind(record.kind)], *by]
    elif is_own:
        what = ["to ", kit.few(kept.named)]
    else:
        what = ["from ", kit.person(record.author)]
    private = ", private" if isinstance(record, Given) and record.is_private else ""
    return [
        *what,
        " for ",
        value_words(kept.value),
        private,
        "" if kept.stands else ", withdrawn",
    ]


def _clapped(clapped: Clapped) -> list[kit.Part]:
    ending = ", withdrawn" if clapped.is_withdrawn else ""
    return [f"a {clapped.kind} of ", kit.person(clapped.author), ending]


def _decided(decided: Decided) -> list[kit.Part]:
    decision = decided.involved.decision
    private = ", private" if decision.is_private else ""
    title = f"{decision.name} · {kit.cut(decision.title, TITLE)}{private}: "
    return [title, STATES[Status(decision.status)]]
