"""What every record has: its value, a menu to correct and withdraw it, and who applauds."""

from collections.abc import Sequence

from bot.blocks import forms, kit
from bot.charter import Charter, CharterValue
from bot.ids import LARGEST
from bot.outbox import Message
from bot.record import Record

EDIT = "edit"
WITHDRAW = "withdraw"
NAMED_APPLAUSE = 5


def menu_of(kind: type[Record]) -> str:
    """The `action_id` of this kind's menu."""
    return f"{kind.KIND}_more"


def withdrawal_of(kind: type[Record]) -> str:
    """The `callback_id` of the form that withdraws a record of this kind."""
    return f"{kind.KIND}_withdraw"


def menu(record: Record) -> kit.Element:
    """The menu beside a record; whoever may not use it is told so."""
    options = [forms.option("Edit", f"{EDIT}:{record.id}")]
    options.append(forms.option("Withdraw", f"{WITHDRAW}:{record.id}"))
    return {"type": "overflow", "action_id": menu_of(type(record)), "options": options}


def number(said: object) -> int:
    """Return the number that a button or a form carries; raise UserError where it has none."""
    text = said if isinstance(said, str) else ""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(LARGEST))
    if not (is_number and int(text) <= LARGEST):
        raise forms.another_version()
    return int(text)


def chosen(value: str) -> tuple[str, int]:
    """Return what was chosen in a record's menu, and the record's id."""
    what, _, record_id = value.partition(":")
    return what, number(record_id)


def edited(view: kit.View) -> tuple[int, int]:
    """Return which record a form corrects, and the revision that it began with."""
    record_id, _, revision = view.get("private_metadata", "").partition(":")
    return number(record_id), number(revision)


def to_withdraw(view: kit.View) -> int:
    """Return which record a form withdraws."""
    return number(view.get("private_metadata", ""))


def about(button: str) -> tuple[int, str]:
    """Return which record a button under its post is about, and the state that the post showed."""
    record_id, _, state = button.partition(":")
    return number(record_id), str(number(state))


def edit_modal(callback_id: str, record: Record, blocks: list[kit.Block]) -> kit.View:
    """The form to correct a record, from which `edited` reads."""
    about = f"{record.id}:{record.revision}"
    return forms.modal(callback_id, f"Edit {record.KIND}", blocks, submit="Save", about=about)


def value_field(charter: Charter, chosen: str | None, *, acts: str = "") -> kit.Block:
    """The choice among the values in force."""
    options = [forms.option(value.title, value.slug) for value in charter.values]
    select = forms.select(options, chosen=chosen, example="Choose a value")
    return forms.field("value", "Which value it served", select, acts=acts)


def value_again(charter: Charter, value: CharterValue, *, acts: str = "") -> kit.Block:
    """The same in a correction, where a retired value can be kept by leaving it open."""
    field = value_field(charter, value.slug, acts=acts)
    if charter.value(value.slug) is not None:
        return field
    hint = kit.plain(f"Leave it open to keep {value.name} as it was worded.")
    return field | {"optional": True, "hint": hint}


def who_left(people: Sequence[str]) -> list[kit.Block]:
    """Says above a correction that who left Slack stays named."""
    return [kit.says(kit.people(people), " left, and stays named.")] if people else []


def applause(people: Sequence[str], *, word: str, counted: bool = True) -> str:
    """Say who applauds: a few by name, the rest as a number or, uncounted, as others."""
    named = [kit.mention(person) for person in people[:NAMED_APPLAUSE]]
    more = len(people) - len(named)
    rest = f" and {more} more" if counted else " and others"
    return f"{word} from {', '.join(named)}" + (rest if more else "")


def withdrawal(record: Record, *, by: str, author_left: bool) -> kit.View:
    """Asks whether to withdraw a record, and says what that does."""
    whose = "your" if by == record.author else "this"
    lines = [
        kit.says(
            f"Withdraw {whose} {record.KIND}? Its words are forgotten and its post says that it "
            "was withdrawn. This cannot be undone."
        )
    ]
    if by != record.author:
        what = "left, and is not told" if author_left else "is told, and gets the words back"
        lines.append(kit.says(kit.person(record.author), f" {what}."))
    return forms.modal(
        withdrawal_of(type(record)), "Withdraw", lines, submit="Withdraw", about=str(record.id)
    )


def words_back(record: Record, words: str) -> kit.View:
    """Shown to an author after withdrawing: the words, to copy."""
    lines = [
        kit.says("It is withdrawn. These were your words, in case you want to use them again.")
    ]
    lines.append(kit.rich(kit.as_typed(words)))
    return forms.modal("notice", "Withdrawn", lines)


def withdrawn(record: Record) -> Message:
    """What stands in the place of a record's post."""
    by = str(record.withdrawn_by)
    if by == record.author:
        line = kit.says(kit.person(by), f" withdrew this {record.KIND}.")
    else:
        line = kit.says(
            kit.person(by),
            f", an owner of the mission, withdrew this {record.KIND} of ",
            kit.person(record.author),
            ".",
        )
    return kit.message(f"This {record.KIND} was withdrawn.", line)


def may_still_stand(record: Record, lanes: Sequence[str]) -> Message:
    """Tells who withdrew a record where Slack never said whether its messages arrived."""
    lines: list[list[kit.Part]] = [
        [kit.channel(lane) if lane.startswith(("C", "G")) else kit.person(lane)] for lane in lanes
    ]
    return kit.message(
        f"A withdrawn {record.KIND} may still be seen.",
        kit.says(
            f"The {record.KIND} is withdrawn. Slack never said whether its messages to these "
            "arrived, and I cannot look there, so they may still show its words. Whoever may "
            "delete messages in Slack can remove them:"
        ),
        kit.rich(kit.bullets(lines)),
    )


def withdrawn_by_owner(record: Record, words: str) -> Message:
    """Tells an author that an owner withdrew their record, and gives the words back."""
    line = kit.says(
        kit.person(str(record.withdrawn_by)),
        f", an owner of the mission, withdrew your {record.KIND}. These were your words:",
    )
    return kit.message(f"Your {record.KIND} was withdrawn.", line, kit.rich(kit.as_typed(words)))


def too_long(text: str, *, longest: int) -> Message:
    """Gives back what was typed after a command, where no form can hold it."""
    return kit.message(
        "Nothing was saved: that is too long.",
        kit.says(
            f"Nothing was saved: that has {len(text):,} characters, {longest:,} is the most. "
            "Here it is, to shorten and send again."
        ),
        kit.rich(kit.as_typed(text)),
    )
