"""The questions of a round as a person taps them, and the form for a comment."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.ballot import Ballot
from bot.blocks import forms, kit
from bot.errors import UserError
from bot.outbox import Address, Message, Post
from bot.questions import Question, bank
from bot.recurrence import at_local
from bot.responses import LONGEST_COMMENT
from bot.rituals.pulse import Invited
from bot.rounds import Kind, Round
from bot.scales import Scale

ANSWER = "pulse_answer"
CHANGE = "pulse_change"
OPEN = "pulse_open"
COMMENT = "pulse_comment"
PRIVACY = "pulse_privacy"
FORM = "pulse_form"
ASKED_NOW = "pulse_question"  # the same for each, so that the focus stays when the next one comes
SKIP = "skip"
# Slack wants another action for each button of a row.
ANSWERS = tuple(f"{ANSWER}_{point}" for point in (SKIP, *Scale.RECOMMEND.points))


def posts(
    asked: Round,
    people: Sequence[Invited],
    *,
    when: tuple[date, time] | None = None,
    reminder: int = 0,
) -> Iterator[Post]:
    """The questions for these people, at once or then on each one's own clock.

    A reminder has a number, from 1 on.
    """
    of_zone: dict[ZoneInfo, tuple[Message, datetime | None]] = {}
    nothing_yet = Ballot(asked, frozenset())
    for one in people:
        if one.zone not in of_zone:
            message = card(nothing_yet, zone=one.zone, reminds=bool(reminder))
            of_zone[one.zone] = message, at_local(*when, one.zone) if when else None
        message, send_after = of_zone[one.zone]
        cause = asked.to(one.addressee, reminder=reminder)
        yield Post(cause, Address(one.person), message, send_after=send_after, urgent=False)


def card(
    ballot: Ballot,
    *,
    zone: ZoneInfo,
    reminds: bool = False,
    again: Collection[str] = (),
) -> Message:
    """The questions of a round for one person, one at a time; `again` are those they change now.

    So it stays short on a phone. In the end what is answered stands there, each to be changed.
    """
    asked = ballot.round
    now = _asked_now(ballot, again)
    done = [one for one in asked.asks() if one.slug in ballot.answered]
    blocks = [kit.says(_greeting(ballot, zone=zone, reminds=reminds))]
    blocks += _choices(ballot, now) if now else [_recorded(asked, one) for one in done]
    comment = "Change comment" if ballot.has_commented else "Add a comment"
    blocks += [
        kit.actions(
            *_back(ballot, now),
            kit.button(comment, COMMENT, value=str(asked.id)),
            kit.button("Privacy", PRIVACY, value=str(asked.id)),
            block_id="pulse_more",
        ),
        kit.note(CONFIDENTIAL),
    ]
    return kit.message(_title(asked), *blocks)


CONFIDENTIAL = "Confidential while the round is open, unlinked from you when it closes."


def _title(asked: Round) -> str:
    return "How is it going?" if asked.kind == Kind.WEEKLY else "A question for everybody"


def _greeting(ballot: Ballot, *, zone: ZoneInfo, reminds: bool) -> str:
    until = f"until {moment(ballot.round.closes_at, zone)}, your time"
    if ballot.is_complete:
        return f"Thank you, that is all. You can change what you answered {until}."
    if reminds:
        return f"You can still answer {until}. One tap each, about fifteen seconds."
    title = _title(ballot.round)
    if len(ballot.round.questions) == 1:
        return f"{title}, one tap, {until}."
    return f"{title} One tap each, about fifteen seconds, {until}."


def _asked_now(ballot: Ballot, again: Collection[str]) -> Question | None:
    asked = ballot.round.asks()
    changed = [one for one in asked if one.slug in again]
    waiting = [one for one in asked if one.slug not in ballot.answered]
    return next(iter(changed + waiting), None)


def form(ballot: Ballot, *, zone: ZoneInfo, again: Collection[str] = ()) -> kit.View:
    """The same where there is no message: each tap changes the form."""
    shown = card(ballot, zone=zone, again=again)
    return forms.modal(FORM, shown["text"], shown["blocks"], about=str(ballot.round.id))


def moment(at: datetime, zone: ZoneInfo) -> str:
    """Return a day and time as people read it in this zone."""
    return f"{at.astimezone(zone):%A %-d %B, %H:%M}"


def _back(ballot: Ballot, now: Question | None) -> list[kit.Element]:
    """Leads to the answered question before this one."""
    slugs = [one.slug for one in ballot.round.asks()]
    before = slugs[: slugs.index(now.slug)] if now else []
    done = [slug for slug in before if slug in ballot.answered]
    return [kit.button("Back", CHANGE, value=f"{ballot.round.id}:{done[-1]}")] if done else []


def _choices(ballot: Ballot, question: Question) -> list[kit.Block]:
    about = f"{ballot.round.id}:{question.slug}"
    buttons = [
        kit.button(label, f"{ANSWER}_{point}", value=f"{about}:{point}")
        for point, label in zip(question.scale.points, _labels(question.scale), strict=True)
    ]
    skip = kit.button(bank().skip.capitalize(), f"{ANSWER}_{SKIP}", value=f"{about}:{SKIP}")
    return [
        kit.note(_place(ballot, question)),
        kit.says(kit.words(question.text, bold=True)),
        kit.actions(*buttons, skip, block_id=ASKED_NOW),
    ]


def _place(ballot: Ballot, question: Question) -> str:
    """Which question it is, and what its points mean where they are numbers."""
    asked = ballot.round.asks()
    is_answered = question.slug in ballot.answered
    parts = [
        "Recorded." if ballot.answered and not is_answered else "",
        f"Question {asked.index(question) + 1} of {len(asked)}." if len(asked) > 1 else "",
        "0 is {}, 10 is {}.".format(*bank().recommend_ends) if _is_score(question) else "",
        "Your answer stays until you tap another." if is_answered else "",
    ]
    return " ".join(part for part in parts if part) or "One tap is enough."


def _is_score(question: Question) -> bool:
    return question.scale is Scale.RECOMMEND


def _labels(scale: Scale) -> list[str]:
    if scale is Scale.RECOMMEND:
        return [str(point) for point in scale.points]
    return [label.capitalize() for label in bank().agreement]


def _recorded(asked: Round, question: Question) -> kit.Block:
    return {
        "type": "section",
        "block_id": question.slug,
        "text": kit.plain(f"{question.text}\nRecorded."),
        "accessory": kit.button("Change", CHANGE, value=f"{asked.id}:{question.slug}"),
    }


def about(value: str) -> int:
    """Return the round that a button is about."""
    return _number(value.partition(":")[0])


def chosen(value: str) -> tuple[int, str, int | None]:
    """Return the round, the question and the point that a button stands for, none for a skip."""
    round_id, _, rest = value.partition(":")
    question, _, point = rest.rpartition(":")
    return _number(round_id), question, None if point == SKIP else _number(point)


def to_change(value: str) -> tuple[int, str]:
    """Return the round and the question of which somebody wants to change their answer."""
    round_id, _, question = value.partition(":")
    return _number(round_id), question


def _number(text: str) -> int:
    if text.isdecimal() and len(text) < 20:
        return int(text)
    raise UserError("This button is about nothing that I know. Nothing was stored.")


def comment_form(ballot: Ballot, words: str) -> kit.View:
    """The form for the comment, with what was written so far."""
    field = forms.field(
        "comment",
        "What would you like to add?",
        forms.text_input(words, multiline=True),
        hint=(
            f"Up to {LONGEST_COMMENT:,} characters. Everybody can read it after the close, without "
            f"your name, if at least {ballot.round.fewest_comments} people wrote something; if "
            "not, nobody can. Leave out what gives you away."
        ),
        optional=True,
    )
    return forms.modal(COMMENT, "Your comment", [field], submit="Save", about=str(ballot.round.id))


def read_comment_form(view: kit.View) -> tuple[int, str]:
    """Return the round and what was written."""
    return _number(view.get("private_metadata") or ""), forms.filled(view).text("comment")
