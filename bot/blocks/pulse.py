"""How the pulse answers who asks: what is open, what is stored, that everybody is asked."""

from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.ballot import Ballot, Held
from bot.blocks import asking, forms, kit
from bot.blocks.asking import moment
from bot.commands import command
from bot.numerals import spelled
from bot.outbox import Message
from bot.questions import Own
from bot.rounds import Asked, Kind, Round

QUESTIONS = "pulse_questions"

HELP = (
    ("pulse", "what is open for you to answer"),
    ("pulse results", "what the last round says, with how sure it is"),
    ("pulse privacy", "what is stored about your answers, and until when"),
    ("pulse questions", "questions of your own that join the weekly ones (owners)"),
    ("pulse now", "open a round now (owners)"),
    ("pulse ask The move went well for me.", "ask everybody who agrees with a sentence (owners)"),
)


def questions_form(chosen: Sequence[Own]) -> kit.View:
    """The form for the owners' own questions."""
    lines = "\n".join(one.question.text for one in chosen)
    field = forms.field(
        "questions",
        "Questions of your own",
        forms.text_input(lines, multiline=True, example="I know whom to ask about my pay."),
        hint=(
            "One a line, up to nine: sentences that people agree with or not. Each is asked once "
            "in nine weeks, beside the others. What you take out is asked no more; one that you "
            "reword is a new one, so that what was answered stays with the old words."
        ),
        optional=True,
    )
    return forms.modal(QUESTIONS, "Your own questions", [field], submit="Save")


def read_questions_form(view: kit.View) -> str:
    """Return the lines that were written."""
    return forms.filled(view).text("questions")


def waits(ballot: Ballot, *, zone: ZoneInfo) -> kit.Block:
    """What stands on the Home of who has not answered everything."""
    asked = ballot.round
    left = sum(one.slug not in ballot.answered for one in asked.asks())
    questions = "1 question waits" if left == 1 else f"{left} questions wait"
    until = moment(asked.closes_at, zone)
    sentence = f"{name(asked)}: {questions} for your answer, until {until}, your time."
    button = kit.button("Answer", asking.OPEN, value=str(asked.id), style="primary")
    return kit.beside(kit.plain(sentence), button) | {"block_id": asked.cause}


def nothing_open(next_at: datetime | None, *, zone: ZoneInfo) -> Message:
    """What somebody is told for whom nothing is open."""
    when = f" The next round opens on {moment(next_at, zone)}." if next_at else ""
    return kit.sentence(f"Nothing is open for you to answer.{when}")


def closed(next_at: datetime | None, *, zone: ZoneInfo) -> str:
    """What somebody is told who answers too late."""
    when = f" The next one opens on {moment(next_at, zone)}." if next_at else ""
    results = command("pulse results")
    return (
        f"Thank you. This round is closed, so nothing was stored. {results} shows what "
        f"came of it.{when}"
    )


def opened(asked: Round, *, people: int, zone: ZoneInfo, has_channel: bool) -> Message:
    """Tells an owner that everybody is being asked."""
    until = moment(asked.closes_at, zone)
    few = (
        f" Of fewer than {spelled(asked.fewest_scores)} answers nothing will be said, so that "
        "nobody can be told apart."
        if people < asked.fewest_scores
        else ""
    )
    whom = "1 person is" if people == 1 else f"{people:,} people are"
    where = (
        ""
        if has_channel
        else " No channel for updates is chosen yet: the result waits until one is, in "
        f"{command('mission settings')}."
    )
    return kit.sentence(f"{whom} being asked, until {until} ({zone.key}).{few}{where}")


def privacy(held: Sequence[Held], earlier: Sequence[Round], *, zone: ZoneInfo) -> Message:
    """What is stored about a person's answers, and since when nothing leads from earlier ones."""
    blocks = [kit.says(kit.words("What is stored about your answers", bold=True))]
    if not held:
        blocks.append(kit.says("No round is open for you, so no answer of yours is stored."))
    for one in held:
        blocks += _held(one, zone=zone)
    if earlier:
        lines: list[list[kit.Part]] = [[_gone(one, zone=zone)] for one in earlier]
        blocks += [kit.says(kit.words("Earlier rounds", bold=True)), kit.rich(kit.bullets(lines))]
    return kit.message("What is stored about your answers", *blocks, kit.note(STAYS))


def privacy_notice(told: Message) -> kit.View:
    """The same to be read over a form, where no message can be sent."""
    return forms.modal("notice", "What is stored", told["blocks"])


STAYS = (
    "Backups made while a round was open keep what was in it; whoever runs this server can tell "
    "you for how long. Whoever runs it could also look while a round is open."
)


def _held(held: Held, *, zone: ZoneInfo) -> list[kit.Block]:
    team = f"in the team {held.team}" if held.team else "in no team"
    excused = "; and that Slack could not bring you the question" if held.is_excused else ""
    lines: list[list[kit.Part]] = [
        [f"that you are asked, {team}, as it was when the round opened{excused}"],
        ["that you have answered something" if held.takes_part else "no sign that you answered"],
        [_answers(held)],
        [
            "the messages that ask and remind you, in Slack and as copies here, and when the last "
            "one was sent; none shows what you answered"
        ],
    ]
    until = moment(held.round.closes_at, zone)
    return [
        kit.says(
            kit.words(f"{name(held.round)} is open", bold=True),
            f" until {until}, your time. This is held about you:",
        ),
        kit.rich(kit.bullets(lines)),
        kit.says(
            "When it closes, the round's key is destroyed first: without it, nothing leads from an "
            "answer to you. Then the answers, who answered, and the messages' copies here are "
            "erased, and so is when they were sent; of the figures, only what is shown is kept."
        ),
    ]


def _answers(held: Held) -> str:
    if not held.answers and not held.has_commented:
        return "no answer and no comment"
    answers = "1 answer" if held.answers == 1 else f"{held.answers} answers"
    comment = "a comment" if held.has_commented else "no comment"
    return (
        f"{answers} and {comment}, not under your name but under a code made of it and of the "
        "round's key, without a time"
    )


def _gone(earlier: Round, *, zone: ZoneInfo) -> str:
    key = f"key destroyed on {moment(earlier.key_destroyed_at or earlier.closes_at, zone)}"
    if earlier.erased_at is None:
        return f"{name(earlier)}: {key}; what is left is being erased"
    if earlier.erased_at.astimezone(zone).date() == _day_of_key(earlier, zone):
        return f"{name(earlier)}: {key}, all erased on the same day"
    return f"{name(earlier)}: {key}, all erased on {moment(earlier.erased_at, zone)}"


def _day_of_key(earlier: Round, zone: ZoneInfo) -> date:
    return (earlier.key_destroyed_at or earlier.closes_at).astimezone(zone).date()


def name(asked: Round | Asked) -> str:
    """Return how a round is called."""
    return f"Pulse {asked.number}" if asked.kind == Kind.WEEKLY else f"Question {asked.number}"
