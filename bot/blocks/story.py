"""How a story looks: its forms, its post, its direct messages."""

import json
from collections.abc import Mapping, Sequence

from bot.blocks import forms, kit, record
from bot.blocks.charter import value_words
from bot.charter import Charter
from bot.outbox import Message
from bot.rituals.story import Told
from bot.tale import FIELDS, MOST_CREDITS, TEXT, TITLE, WORDS, Draft, Kind, Tale

CALLBACK = "story"
EDIT_CALLBACK = "story_edit"
KIND_CHOSEN = "story_kind"
THANK = "thank"
SHORTCUT = "tell_story"
MESSAGE_SHORTCUT = "tell_as_story"
ROOM = 9_600  # for all texts together, see bot/blocks/kit.py
CARRIED = 3000  # bytes that a form may keep unseen

HELP = (
    ("story We halved the waiting list", "tell what worked"),
    ("story learning The reminders went out twice", "tell what failed, and what we learned"),
    ("story", "the form, with nothing filled in"),
)
KINDS = {Kind.SUCCESS: "a story of what worked", Kind.LEARNING: "a story of what we learned"}
CHOICES = {Kind.SUCCESS: "Something worked", Kind.LEARNING: "Something failed, and we learned"}
HEADINGS = {
    "expected": "What we expected",
    "happened": "What happened",
    "impact": "What it changed",
    "learned": "What we learned",
    "change": "What we do differently now",
}
ASKED = {
    "expected": "What was the plan, and why did it look right?",
    "happened": "Who did what, in which order?",
    "impact": "Who is better off now, and how do you know?",
    "learned": "What do you know now that you did not know before?",
    "change": "What will you, or others, do another way?",
}


def form(charter: Charter, draft: Draft) -> kit.View:
    """The form for the draft's kind, filled with what is known."""
    blocks = [
        *([kit.says("\n".join(draft.notes))] if draft.notes else []),
        _kind(draft.kind),
        _title(draft.title),
        *_fields(draft.kind, draft.texts),
        record.value_field(charter, draft.value),
        _credits(draft.credits),
    ]
    return _modal(draft.kind, blocks, carried={})


def _modal(kind: Kind, blocks: list[kit.Block], *, carried: Mapping[str, str]) -> kit.View:
    about = _unseen(kind, carried)
    return forms.modal(CALLBACK, "Tell a story", blocks, submit="Tell", about=about)


def _kind(chosen: Kind) -> kit.Block:
    options = [forms.option(text, kind.value) for kind, text in CHOICES.items()]
    return forms.field("kind", "What kind", forms.radio(options, chosen=chosen), acts=KIND_CHOSEN)


def _title(title: str) -> kit.Block:
    typed = forms.text_input(title, example="We halved the waiting list", longest=TITLE[-1])
    hint = f"What it is about, in {TITLE[0]} to {TITLE[-1]} characters."
    return forms.field("title", "Title", typed, hint=hint)


def _fields(kind: Kind, texts: Mapping[str, str]) -> list[kit.Block]:
    length = f"{TEXT[0]} to {TEXT[-1]:,} characters."
    return [
        forms.field(
            name, HEADINGS[name], _text(texts.get(name, "")), hint=f"{ASKED[name]} {length}"
        )
        for name in FIELDS[kind]
    ]


def _text(text: str) -> kit.Element:
    return forms.text_input(text, multiline=True, longest=TEXT[-1])


def _credits(people: Sequence[str]) -> kit.Block:
    chosen = forms.people_input(people, most=MOST_CREDITS)
    hint = f"Up to {MOST_CREDITS} people; each of them is told."
    return forms.field("credits", "Who deserves credit", chosen, hint=hint, optional=True)


def changed(view: kit.View) -> kit.View | None:
    """The form as its chosen kind needs it, None where it is like that already.

    Nothing typed is lost: what the other kind's fields held is kept unseen, and comes back with
    that kind; what is too long for that stays in sight.
    """
    filled = forms.filled(view)
    shown, carried = _seen(view)
    kind = _named(filled.text("kind"), shown)
    if kind is shown:
        return None
    texts = carried | {name: filled.text(name) for name in WORDS if filled.text(name)}
    unused = {name: text for name, text in texts.items() if name not in FIELDS[kind]}
    fitting = _fitting(kind, unused)
    inputs = forms.inputs(view)
    blocks = [
        *(block for block in view["blocks"] if block["type"] != "input"),
        _kind(kind),
        inputs["title"],
        *_fields(kind, texts),
        inputs["value"],
        inputs["credits"],
        *(_left_over(name, text) for name, text in unused.items() if name not in fitting),
    ]
    return _modal(kind, blocks, carried=fitting)


def _left_over(name: str, text: str) -> kit.Block:
    hint = "This is no part of this kind of story, and is not told. It stays here for you to copy."
    return forms.field(name, HEADINGS[name], _text(text), hint=hint, optional=True)


def _fitting(kind: Kind, texts: Mapping[str, str]) -> dict[str, str]:
    fitting: dict[str, str] = {}
    for name, text in texts.items():
        if len(_unseen(kind, {**fitting, name: text}).encode()) <= CARRIED:
            fitting[name] = text
    return fitting


def _unseen(kind: Kind, carried: Mapping[str, str]) -> str:
    return json.dumps({"kind": kind, "texts": carried}, ensure_ascii=False)


def _seen(view: kit.View) -> tuple[Kind, dict[str, str]]:
    """The kind that the form shows, and what it keeps unseen."""
    try:
        unseen = json.loads(view.get("private_metadata") or "")
        return Kind(unseen["kind"]), dict(unseen["texts"])
    except (ValueError, KeyError, TypeError) as error:
        raise forms.another_version() from error


def _named(kind: str | None, otherwise: Kind) -> Kind:
    if kind and kind not in list(Kind):
        raise forms.another_version()
    return Kind(kind) if kind else otherwise


def read_form(view: kit.View, *, author: str) -> Tale:
    """Return what was filled into either form; a correction has no kind of its own."""
    filled = forms.filled(view)
    return Tale(
        author,
        kind=_named(filled.text("kind"), Kind.SUCCESS),
        title=filled.text("title"),
        texts={name: filled.text(name) for name in WORDS},
        value=filled.text("value"),
        credits=filled.many("credits"),
    )


def edit_form(charter: Charter, told: Told, *, here: Sequence[str]) -> kit.View:
    """The form to correct a story; `here` are those credited who did not leave Slack."""
    story = told.story
    blocks = [
        *record.who_left([person for person in told.credits if person not in here]),
        _title(story.title),
        *_fields(Kind(story.kind), story.texts),
        record.value_again(charter, told.value),
        _credits(here),
    ]
    return record.edit_modal(EDIT_CALLBACK, story, blocks)


def announcement(told: Told) -> Message:
    """The post in the stories channel."""
    story = told.story
    blocks = [
        *_story(told, " told "),
        kit.actions(thank_button(told), record.menu(story)),
    ]
    if told.thanked_by:
        thanks = record.applause(told.thanked_by, word="Thanks", counted=_is_counted(told))
        blocks.append(kit.note_of(thanks))
    return kit.message(f"{kit.mention(story.author)} told {KINDS[Kind(story.kind)]}", *blocks)


def _is_counted(told: Told) -> bool:
    return told.story.kind != Kind.LEARNING


def _story(told: Told, says: str) -> list[kit.Block]:
    story = told.story
    kind = KINDS[Kind(story.kind)]
    line = kit.says(kit.person(story.author), says, kind, ", for ", value_words(told.value))
    title = kit.paragraph(kit.words(story.title, bold=True))
    room = ROOM // len(story.texts)
    pieces = [
        piece
        for name, text in story.texts.items()
        for piece in (
            kit.paragraph(kit.words(HEADINGS[name], italic=True)),
            kit.quote(text, room=room),
        )
    ]
    credits = [kit.says("With credit to ", kit.people(told.credits))] if told.credits else []
    return [line, kit.rich(title, *pieces), *credits]


def thank_button(told: Told) -> kit.Element:
    """The button, whose value names the post's state, so that a double click counts once."""
    story, count = told.story, len(told.thanked_by)
    text = f"Thank · {count}" if count and _is_counted(told) else "Thank"
    return kit.button(text, THANK, value=f"{story.id}:{story.applause_changes}")


def credited(told: Told) -> Message:
    """The direct message to somebody whom a story credits."""
    story = told.story
    blocks = _story(told, " credits you in ")
    if story.channel:
        blocks.append(kit.note_of(f"For everybody to see in <#{story.channel}>"))
    return kit.message(
        f"{kit.mention(story.author)} credits you in {KINDS[Kind(story.kind)]}", *blocks
    )


def not_credited_any_more(told: Told) -> Message:
    """What stands in the place of a direct message to somebody whom a correction left out."""
    author = kit.person(told.story.author)
    line = kit.says(author, " corrected a story, and it credits somebody else or nobody now.")
    return kit.message("A story was corrected.", line)


def words(title: str, texts: Mapping[str, str]) -> str:
    """All words of a story, to be copied."""
    return "\n\n".join([title, *(f"{HEADINGS[name]}\n{text}" for name, text in texts.items())])
