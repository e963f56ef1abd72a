"""What is held about a person as plain values, each name of them as docs/me.schema.json has it.

Times are UTC in ISO 8601, ids are texts, and people's words stand as they were typed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.blocks.record import NAMED_APPLAUSE
from bot.charter import CharterValue
from bot.decisions import Status
from bot.involvement import Involved
from bot.mine import Clapped, Decided, Given, Item, Kept, Told
from bot.places import Place
from bot.tale import Kind

Entry = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """Whose packet it is, where links lead, and the names of those who are in it."""

    person: str
    address: str
    names: Mapping[str, str] = field(default_factory=dict)

    def someone(self, person: str) -> Entry:
        """Somebody by their id and name."""
        return {"id": person, "name": self.names.get(person, person)}

    def everyone(self, people: Sequence[str]) -> list[Entry]:
        """Several of them."""
        return [self.someone(person) for person in people]

    def link(self, place: Place | None) -> str | None:
        """The link to a message, None where it does not stand in Slack."""
        return place.link(self.address) if place and self.address else None


def moment(at: datetime) -> str:
    """A moment, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def moment_or_none(at: datetime | None) -> str | None:
    """A moment where there is one."""
    return moment(at) if at else None


def entry(item: Item, reader: Reader) -> Entry:
    """One item of a section."""
    if isinstance(item, Clapped):
        return _clapped(item, reader)
    if isinstance(item, Decided):
        return _decided(item, reader)
    kept = item.record
    if isinstance(kept, Told):
        return _story(item, kept, reader)
    return _recognition(item, kept, reader)


def _recognition(kept: Kept, given: Given, reader: Reader) -> Entry:
    return {
        "id": str(given.id),
        "at": moment(given.created_at),
        "by": reader.someone(given.author),
        "to": reader.everyone(kept.named),
        "private": given.is_private,
        "value": worded(kept.value, kept.version),
        "message": given.message if kept.stands else None,
        "about": given.link,
        "applause": _applause(kept, reader),
        **_fate(kept, reader),
        "link": reader.link(kept.place),
    }


def _story(kept: Kept, story: Told, reader: Reader) -> Entry:
    is_counted = story.kind != Kind.LEARNING
    return {
        "id": str(story.id),
        "at": moment(story.created_at),
        "kind": story.kind,
        "by": reader.someone(story.author),
        "credits": reader.everyone(kept.named),
        "value": worded(kept.value, kept.version),
        "title": story.title if kept.stands else None,
        "texts": story.texts if kept.stands else {},
        "applause": _applause(kept, reader, is_counted=is_counted),
        **_fate(kept, reader),
        "link": reader.link(kept.place),
    }


def _fate(kept: Kept, reader: Reader) -> Entry:
    record, withdrawn = kept.record, None
    if record.withdrawn_at is not None:
        by = reader.someone(str(record.withdrawn_by))
        withdrawn = {"at": moment(record.withdrawn_at), "by": by}
    return {"corrections": record.revision, "withdrawn": withdrawn}


def _applause(kept: Kept, reader: Reader, *, is_counted: bool = True) -> Entry:
    """As the post shows it: a few by name, and of a story of what was learned no number."""
    more = len(kept.applauded_by) - NAMED_APPLAUSE
    named = reader.everyone(kept.applauded_by[:NAMED_APPLAUSE])
    return {"by": named, "more": max(more, 0) if is_counted else more > 0}


def worded(value: CharterValue, version: int) -> Entry:
    """A value as it was worded in a version."""
    return {
        "slug": value.slug,
        "emoji": value.emoji,
        "name": value.name,
        "meaning": value.meaning,
        "weight": value.weight,
        "version": version,
    }


def _clapped(clapped: Clapped, reader: Reader) -> Entry:
    return {
        "id": str(clapped.record_id),
        "at": moment(clapped.cursor[0]),
        "kind": clapped.kind,
        "by": reader.someone(clapped.author),
        "withdrawn": clapped.is_withdrawn,
        "link": reader.link(clapped.place),
    }


def _decided(decided: Decided, reader: Reader) -> Entry:
    involved = decided.involved
    decision = involved.decision
    chosen = None if decision.choice is None else decision.options[decision.choice]
    return {
        "id": str(decision.id),
        "name": decision.name,
        "at": moment(decision.created_at),
        "private": decision.is_private,
        "roles": [role.value for role in involved.roles],
        "author": reader.someone(decision.author),
        "driver": reader.someone(decision.driver),
        "title": decision.title,
        "context": decision.context,
        "about": decision.link,
        "options": decision.options,
        "due": decision.due.isoformat(),
        "status": Status(decision.status).value,
        "choice": chosen,
        "reason": decision.reason,
        "despite": decision.despite,
        "decided_at": moment_or_none(decision.decided_at),
        "prediction": decision.prediction,
        "confidence": decision.confidence,
        "as_predicted": decision.as_predicted,
        "reviewed_at": moment_or_none(decision.reviewed_at),
        **_part(involved),
        "link": reader.link(decided.place),
    }


def _part(involved: Involved) -> Entry:
    decision, said = involved.decision, involved.verdict
    verdict = {"said": said.verdict, "reason": said.reason, "at": moment(said.at)} if said else None
    return {
        "verdict": verdict,
        "answers": [
            {
                "question": decision.checklist[one.position],
                "answer": one.answer,
                "note": one.note,
                "at": moment(one.at),
            }
            for one in involved.answers
        ],
        "scores": [
            {
                "option": decision.options[item],
                "value": involved.values[value].name,
                "points": given,
            }
            for (item, value), given in sorted(involved.scores.items())
        ],
    }
