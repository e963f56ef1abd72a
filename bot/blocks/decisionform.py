"""The form in which somebody says what is to be decided, and by whom."""

from collections.abc import Sequence
from datetime import date

from bot.blocks import forms, kit, pointed
from bot.proposal import (
    CONFIDENCES,
    DO_IT,
    LONGEST_CONTEXT,
    LONGEST_PREDICTION,
    MOST_APPROVERS,
    MOST_CONTRIBUTORS,
    MOST_GATES,
    OPTIONS,
    REVIEW_WEEKS,
    TITLE,
    Draft,
    Proposal,
    Quorum,
    Visibility,
)

CALLBACK = "decide"
MORE = "decide_more"
SHORTCUT = "decide_on_this"


def form(draft: Draft) -> kit.View:
    """The form, filled with what is known; what is rarely needed comes with *More*."""
    hint = f"What it is about, in {TITLE[0]} to {TITLE[-1]} characters."
    title = forms.text_input(
        draft.title, example="Ship the new booking page on Friday?", longest=TITLE[-1]
    )
    context = forms.text_input(draft.context, multiline=True, longest=LONGEST_CONTEXT)
    options = forms.text_input("\n".join(DO_IT), multiline=True)
    checklist = forms.text_input("\n".join(draft.checklist), multiline=True)
    blocks = [
        *([kit.says("\n".join(draft.notes))] if draft.notes else []),
        forms.field("title", "What is to be decided", title, hint=hint),
        forms.field("context", "What one has to know", context, optional=True),
        forms.field(
            "options", "Options", options, hint=f"One a line, {OPTIONS[0]} to {OPTIONS[-1]}."
        ),
        forms.field(
            "checklist",
            "Checklist",
            checklist,
            hint=f"Questions that a yes settles, one a line, up to {MOST_GATES}.",
            optional=True,
        ),
        kit.actions(kit.button("More", MORE), block_id="more"),
    ]
    about = draft.link or ""
    return forms.modal(CALLBACK, "Decide", blocks, submit="Begin", about=about)


def with_more(view: kit.View) -> kit.View | None:
    """The form with everything that can be said, None where it shows that already."""
    rest = [block for block in view["blocks"] if block["block_id"] != "more"]
    if len(rest) == len(view["blocks"]):
        return None
    blocks = [*rest, *_people(), *_ahead(), _visibility()]
    return forms.modal(
        CALLBACK, "Decide", blocks, submit="Begin", about=view.get("private_metadata") or ""
    )


def _people() -> list[kit.Block]:
    driver: kit.Element = {"type": "users_select", "placeholder": kit.plain("You")}
    quorum = [
        forms.option("All of them", Quorum.ALL),
        forms.option("More than half of them", Quorum.MAJORITY),
    ]
    return [
        forms.field("driver", "Who drives it, and decides", driver, optional=True),
        forms.field(
            "approvers",
            "Who approves",
            forms.people_input([], most=MOST_APPROVERS),
            hint=f"Up to {MOST_APPROVERS} people.",
            optional=True,
        ),
        forms.field(
            "contributors",
            "Who contributes",
            forms.people_input([], most=MOST_CONTRIBUTORS),
            hint="They answer the checklist as well, and see it where it is private.",
            optional=True,
        ),
        forms.field("quorum", "How many have to approve", forms.radio(quorum, chosen=Quorum.ALL)),
    ]


def _ahead() -> list[kit.Block]:
    day: kit.Element = {"type": "datepicker", "placeholder": kit.plain("In a week")}
    sure = [forms.option(f"{each} %", str(each)) for each in CONFIDENCES]
    weeks = [forms.option(f"{n} week{'s' if n > 1 else ''}", str(n)) for n in REVIEW_WEEKS]
    prediction = forms.text_input(multiline=True, longest=LONGEST_PREDICTION)
    return [
        forms.field("due", "Until when", day, optional=True),
        forms.field(
            "prediction",
            "What you expect to come of it",
            prediction,
            hint="So that you can see later whether it came out like that.",
            optional=True,
        ),
        forms.field(
            "confidence",
            "How sure you are of that",
            forms.select(sure, chosen=None, example="Choose"),
            optional=True,
        ),
        forms.field(
            "review_in",
            "When to ask whether it did, after it is decided",
            forms.select(weeks, chosen=None, example="Not at all"),
            optional=True,
        ),
    ]


def _visibility() -> kit.Block:
    options = [
        forms.option("Everybody, in the channel for decisions", Visibility.CHANNEL),
        forms.option("Only its people, by direct message", Visibility.PRIVATE),
    ]
    return forms.field("visibility", "Who sees it", forms.radio(options, chosen=Visibility.CHANNEL))


def read_form(view: kit.View, *, author: str) -> Proposal:
    """Return what was filled in."""
    filled = forms.filled(view)
    return Proposal(
        author,
        title=filled.text("title"),
        context=filled.text("context"),
        options=_lines(filled.text("options")),
        checklist=_lines(filled.text("checklist")),
        driver=filled.text("driver"),
        approvers=filled.many("approvers"),
        contributors=filled.many("contributors"),
        quorum=Quorum(filled.text("quorum") or Quorum.ALL),
        due=date.fromisoformat(filled.text("due")) if filled.text("due") else None,
        prediction=filled.text("prediction"),
        confidence=_number(filled.text("confidence")),
        review_in=_number(filled.text("review_in")),
        visibility=Visibility(filled.text("visibility") or Visibility.CHANNEL),
        link=pointed.link_in(view.get("private_metadata") or ""),
    )


def _lines(text: str) -> Sequence[str]:
    return text.splitlines()


def _number(chosen: str | None) -> int | None:
    return int(chosen) if chosen else None
