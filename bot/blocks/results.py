"""What a round says, each figure with how sure it is, and in words where too few answered."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.blocks import forms, kit
from bot.blocks.asking import moment
from bot.blocks.pulse import name
from bot.clipping import Verdict
from bot.disclosure import Figure, ShownTurnout, Turnout, restored_figure, restored_turnout
from bot.estimates import Direction, favourable_share, recommend_score
from bot.numerals import MINUS, rounded, spelled
from bot.outbox import Message
from bot.questions import Question
from bot.rounds import Round
from bot.scales import Scale

TOO_FEW = "too few to say"
COMMENTS = "pulse_comments"
MOST_COMMENTS = 90  # of the blocks that a form takes
MOST_CHARACTERS = 60_000


def summary(closed: Round, *, zone: ZoneInfo, more: Sequence[kit.Block] = ()) -> Message:
    """The figures of the whole of a round that is closed."""
    result: Mapping[str, Any] = closed.result or {}
    turnout = restored_turnout(result["turnout"])
    if turnout.whole is None and not any(_has_figure(closed, result)):
        line = f"{name(closed)} is closed. {_participation(turnout)}"
        return kit.message(line, kit.says(line), *more)
    figures = [
        _line(
            question, _whole(result, question), change=_change(result.get("changes", {}), question)
        )
        for question in closed.asks()
    ]
    line = f"{name(closed)}: how it is going"
    when = f"Closed on {moment(closed.closes_at, zone)}."
    return kit.message(
        f"{line}. {_participation(turnout)}",
        kit.says(kit.words(line, bold=True)),
        kit.says(f"{_participation(turnout)} {when}"),
        kit.rich(kit.bullets(figures)),
        kit.note(_notes(closed)),
        *more,
    )


SCORE = (
    "The score is how many percent would send a friend very gladly (9 or 10) less how many would "
    "not (0 to 6)."
)


def _notes(closed: Round) -> str:
    scores = any(question.scale is Scale.RECOMMEND for question in closed.asks())
    how_sure = (
        "In brackets is its 95 % interval: how far off the figure may be by chance. Of fewer than "
        f"{spelled(closed.fewest_scores)} people nothing is said, and where nearly all or nearly "
        "nobody agree, only that: so nobody's answer can be told."
    )
    return f"{how_sure} {SCORE}" if scores else how_sure


def _line(question: Question, shown: Figure, *, change: str = "") -> list[kit.Part]:
    """One figure, which stands out from the words around it."""
    said, range_ = figure(shown, question)
    stands_out = {"bold": True} if said != TOO_FEW else {}
    beginning = kit.words(f"{question.text} ")  # a sentence of its own
    return [*beginning, *kit.words(said.capitalize(), **stands_out), f"{range_}{change}"]


def comments_button(closed: Round, many: int) -> kit.Block:
    """Leads to the comments, which stand in no order."""
    return kit.actions(kit.button(f"Read {many} comments", COMMENTS, value=str(closed.id)))


def comments(closed: Round, words: Sequence[str]) -> kit.View:
    """The comments of a round, as many as a form holds."""
    shown: list[kit.Block] = []
    room = MOST_CHARACTERS
    for each in words[:MOST_COMMENTS]:
        room -= len(each)
        if room < 0:
            break
        shown.append(kit.rich(kit.quote(each)))
    left = len(words) - len(shown)
    lines = [kit.note("In no order, without names, teams or times.")]
    if left:
        lines.append(kit.note(f"{left} more do not fit here."))
    return forms.modal("notice", f"Comments, {name(closed)}"[:24], [*lines, *shown])


def of_team(closed: Round, team: str, *, called: str) -> Message:
    """The figures of one team of a round, as far as they may be shown."""
    result: Mapping[str, Any] = closed.result or {}
    figures = {question: _of_team(result, question, team) for question in closed.asks()}
    turnout = result["turnout"]["teams"].get(team)
    line = f"{called}, {name(closed)}"
    if all(each.verdict is Verdict.WITHHELD for each in figures.values()):
        withheld = f"{line}: {TOO_FEW}."
        return kit.message(withheld, kit.says(withheld), kit.note(_why_withheld(closed)))
    changes = result.get("team_changes", {}).get(team, {})
    lines = [
        _line(question, shown, change=_change(changes, question))
        for question, shown in figures.items()
    ]
    return kit.message(
        line,
        kit.says(kit.words(line, bold=True)),
        kit.says(_answered(Turnout(**turnout)) if turnout else f"How many answered: {TOO_FEW}."),
        kit.rich(kit.bullets(lines)),
        kit.note(_why_withheld(closed) + (_why_no_change(closed) if _has_changed(changes) else "")),
    )


def _why_withheld(closed: Round) -> str:
    fewest = spelled(closed.fewest_scores)
    return (
        f"A team is shown where at least {fewest} answered, and where nothing about fewer people "
        "could be worked out from it and the whole."
    )


def _why_no_change(closed: Round) -> str:
    most = spelled(closed.fewest_scores - 1)
    return (
        f" Where one to {most} people joined or left it since, no change is said: it could tell of "
        "them."
    )


def _has_changed(changes: Mapping[str, Any]) -> bool:
    return any("team_has_changed" in change for change in changes.values())


def _has_figure(closed: Round, result: Mapping[str, Any]) -> Iterable[bool]:
    for question in closed.asks():
        yield _whole(result, question).verdict is not Verdict.WITHHELD


def _whole(result: Mapping[str, Any], question: Question) -> Figure:
    return restored_figure(result["questions"][question.slug]["whole"])


def _of_team(result: Mapping[str, Any], question: Question, team: str) -> Figure:
    # Alone, as the leads of every team are told at once of theirs.
    stored = result["questions"][question.slug]["teams"].get(team)
    return restored_figure(stored) if stored else Figure()


def _change(changes: Mapping[str, Any], question: Question) -> str:
    change = changes.get(question.slug)
    if change is None:
        return ""
    since = f"since Pulse {change['since']}"
    if "team_has_changed" in change:
        return f"; the team has changed {since}"
    low, high = (rounded(100 * change[bound], signed=True) for bound in ("low", "high"))
    if change["direction"] == Direction.UNCLEAR:
        return f"; no clear change {since} ({low} to {high} points)"
    points = rounded(100 * abs(change["value"]))
    return f"; {change['direction']} {points} points ({low} to {high}) {since}"


def _participation(turnout: ShownTurnout) -> str:
    return _answered(turnout.whole) if turnout.whole else "Too few people answered to say anything."


def _answered(turnout: Turnout) -> str:
    percent = 100 * turnout.responders / turnout.invited
    return f"{turnout.responders} of {turnout.invited} answered ({percent:.0f} %)."


def figure(shown: Figure, question: Question) -> tuple[str, str]:
    """Return a figure in words, or that too few answered, and what says how sure it is."""
    if shown.tally is None:
        return _in_words(shown.verdict, question.scale), ""
    answers = f"{sum(shown.tally)} answers"
    if question.scale is Scale.RECOMMEND:
        score = recommend_score(shown.tally)
        if score is None:
            return TOO_FEW, ""
        value, low, high = map(rounded, (score.value, score.low, score.high))
        return f"a score of {value}", f" ({low} to {high}), {answers}"
    share = favourable_share(shown.tally)
    return (
        f"{100 * share.share:.0f} % agree",
        f" ({100 * share.low:.0f}–{100 * share.high:.0f} %), {answers}",
    )


def _in_words(verdict: Verdict, scale: Scale) -> str:
    agree = scale is Scale.AGREEMENT
    if verdict is Verdict.HIGH:
        return "80 % or more agree" if agree else "a score of 60 or more"
    if verdict is Verdict.LOW:
        return "20 % or less agree" if agree else f"a score of {MINUS}60 or less"
    return TOO_FEW
