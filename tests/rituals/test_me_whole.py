"""In whatever organisation: what somebody gave, got, told and decided is in theirs, nothing else.

And what people write is in it word by word, and never taken for what the file is made of.
"""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from sqlmodel import Session, select

from bot import about
from bot.acknowledgement import Acknowledgement
from bot.applause import Applause
from bot.blocks import packet
from bot.blocks.entries import Reader
from bot.blocks.me import TITLES
from bot.blocks.packet import Pieces
from bot.charter import CharterVersion
from bot.db import Database
from bot.decisions import Decision, DecisionRole
from bot.mine import Cursor
from bot.rituals import me
from bot.rituals.recognition import Recipient, Recognition
from bot.rituals.story import Credit, Story
from bot.scorecard import Scoring
from bot.standing import Answered
from tests.rituals.doing import PEOPLE, STEP, Organisation, Step, prepare
from tests.support import TEAM, Doc, T

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "me.schema.json").read_text())
READER = MarkdownIt("gfm-like", {"linkify": False})
PAGE = 2  # so that there are several
ADDRESS = "https://clinic.slack.com/"
OURS = ("paragraph", "heading", "list_item", "bullet_list", "blockquote")
INLINE = ("text", "text_special", "link_open", "link_close")
Owned = Mapping[str, set[str]]


def made(session: Session, person: str) -> tuple[str, Doc]:
    """Both files as they would be sent, read in pages of two."""
    rest = about.of_person(session, person, now=T(10_000))
    sections = {name: _read(session, name, person, rest) for name in me.SECTIONS}
    both = packet.files(rest, sections, now=T(10_000))
    return both.markdown.decode(), json.loads(both.json)


def _read(session: Session, name: str, person: str, rest: about.About) -> Sequence[Pieces]:
    found: list[Pieces] = []
    before: Cursor | None = me.LATEST
    while before is not None:
        page = me.SECTIONS[name](session, person, before, PAGE)
        found.append(packet.pieces(page, Reader(person, ADDRESS), rest.zone))
        before = page.after
    return found


def owned(session: Session, person: str) -> Owned:
    """What has to be in the person's packet, by going through everything there is."""

    def all_of(table: Any) -> Sequence[Any]:
        return session.exec(select(table)).all()

    public = {one.id for one in all_of(Decision) if one.number is not None}
    scored = {int(one.card.split(":")[1]) for one in all_of(Scoring) if one.person == person}
    answered = {one.decision_id for one in all_of(Answered) if one.person == person}
    roles = {one.decision_id for one in all_of(DecisionRole) if one.person == person}
    found = {
        "received": {one.recognition_id for one in all_of(Recipient) if one.person == person},
        "given": {one.id for one in all_of(Recognition) if one.author == person},
        "applauded": {one.record_id for one in all_of(Applause) if one.person == person},
        "told": {one.id for one in all_of(Story) if one.author == person},
        "credited": {one.story_id for one in all_of(Credit) if one.person == person},
        "decisions": roles | ((scored | answered) & public),
        "versions": {one.number for one in all_of(CharterVersion) if one.author == person},
        "read": {one.created_at for one in all_of(Acknowledgement) if one.person == person},
    }
    return {name: {str(one) for one in ones} for name, ones in found.items()}


def check_whole(session: Session, person: str, whole: Doc) -> None:
    """It has what is the person's, each once, and as many as the message says."""
    wanted, counted = owned(session, person), me.counts(session, person)
    for name in me.SECTIONS:
        ids = [one["id"] for one in whole["sections"][name]["items"]]
        assert sorted(ids) == sorted(wanted[name]), name
        assert counted.get(name, len(ids)) == len(ids)
    assert set(me.SECTIONS) - set(counted) == {"told", "credited"}
    versions = [str(one["version"]) for one in whole["sections"]["versions"]["items"]]
    assert sorted(versions) == sorted(wanted["versions"])
    assert len(whole["sections"]["read"]["items"]) == len(wanted["read"])


def check_words(session: Session, person: str, whole: Doc) -> None:
    """The words are those that were written, and nobody else's private ones are there."""
    sections, as_text = whole["sections"], json.dumps(whole, ensure_ascii=False)
    kept = {str(one.id): one for one in session.exec(select(Recognition)).all()}
    for one in [*sections["received"]["items"], *sections["given"]["items"]]:
        record = kept[one["id"]]
        assert one["message"] == (record.message if record.stands else None)
    theirs = {one["id"] for name in ("received", "given") for one in sections[name]["items"]}
    for number, record in kept.items():
        if record.is_private and number not in theirs:
            assert number not in as_text
            assert not record.message or json.dumps(record.message)[1:-1] not in as_text
    for private in session.exec(select(Decision)).all():
        people = session.exec(select(DecisionRole).where(DecisionRole.decision_id == private.id))
        if private.is_private and person not in {one.person for one in people}:
            assert str(private.id) not in as_text
            assert private.name not in as_text


def check_outcomes(session: Session, whole: Doc) -> None:
    """Each decision is there as it came out."""
    kept = {str(one.id): one for one in session.exec(select(Decision)).all()}
    for one in whole["sections"]["decisions"]["items"]:
        record = kept[one["id"]]
        chosen = None if record.choice is None else record.options[record.choice]
        assert (one["status"], one["choice"], one["reason"]) == (
            record.status,
            chosen,
            record.reason,
        )
        assert (one["prediction"], one["confidence"], one["as_predicted"]) == (
            record.prediction,
            record.confidence,
            record.as_predicted,
        )
        assert bool(one["decided_at"]) is bool(record.decided_at)
        assert bool(one["reviewed_at"]) is bool(record.reviewed_at)


def check_people(session: Session, whole: Doc) -> None:
    """Whoever is named in an item stands on the post or the card of it."""
    for name in ("received", "given", "told", "credited"):
        for one in whole["sections"][name]["items"]:
            assert len(one["applause"]["by"]) <= 5
            applauding = _applauding(session, one["id"])
            assert [each["id"] for each in one["applause"]["by"]] == applauding[:5]
            assert one["withdrawn"] or one.get("message") or one.get("title")


def _applauding(session: Session, record: str) -> list[str]:
    found = select(Applause).where(Applause.record_id == int(record))
    return [one.person for one in sorted(session.exec(found), key=lambda one: one.id)]


def check_markdown(markdown: str, whole: Doc) -> None:
    """A reader of Markdown finds our headings, lists and quotes, and nothing that people made."""
    tokens = READER.parse(markdown)
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert kinds <= {*OURS, "inline"}
    inside = [
        child
        for token in tokens
        if not token.content.startswith("*Who else sees it")  # the only words that stand out
        for child in token.children or []
    ]
    assert {child.type for child in inside} <= set(INLINE)
    for child in inside:
        assert child.type != "link_open" or str(child.attrs["href"]).startswith(ADDRESS)
    for name, section in whole["sections"].items():
        beneath = f"\n## {TITLES[name]}\n\n*Who else sees it: {section['seen_by']}*\n"
        assert beneath in markdown
    assert headings(tokens, "h2") == [*TITLES.values(), "What else is held"]
    named = [
        one
        for section in whole["sections"].values()
        for one in section["items"]
        if {"at", "name", "team"} & one.keys()
    ]
    assert len(headings(tokens, "h3")) == len(named)
    assert not [token for token in tokens if token.type == "bullet_list_open" and token.level]
    assert quotes(tokens) == [text for one in named for text in texts_of(one)]


def headings(tokens: Sequence[Token], tag: str) -> list[str]:
    found = (at for at, token in enumerate(tokens) if token.type == "heading_open")
    return [text_of(tokens[at + 1]) for at in found if tokens[at].tag == tag]


def text_of(token: Token) -> str:
    return "".join(child.content for child in token.children or [])


def quotes(tokens: Sequence[Token]) -> list[str]:
    """The words of each quote, without the breaks between its lines."""
    found: list[list[str]] = []
    for token in tokens:
        if token.type == "blockquote_open":
            found.append([])
        elif token.type == "inline" and token.level == 2 and found:
            found[-1].append(text_of(token))
    return [" ".join(" ".join(lines).split()) for lines in found]


def texts_of(one: Doc) -> list[str]:
    names = ("message", "context", "reason", "prediction", "statement", "why")
    texts = [one[name] for name in one if name in names] + [*one.get("texts", {}).values()]
    return [" ".join(text.split()) for text in texts if text]


def check(session: Session) -> None:
    for person in PEOPLE:
        markdown, whole = made(session, person)
        jsonschema.validate(whole, SCHEMA)
        check_whole(session, person, whole)
        check_words(session, person, whole)
        check_outcomes(session, whole)
        check_people(session, whole)
        check_markdown(markdown, whole)


def play(prepared: Path, steps: Sequence[Step]) -> None:
    def work(session: Session) -> None:
        prepare(session)
        organisation = Organisation(session)
        for number, step in enumerate(steps, start=1):
            organisation.do(number, *step)
        check(session)

    async def played(database: Database) -> None:
        try:
            await database.write(TEAM, work, patience=60)
        finally:
            database.close()

    with TemporaryDirectory() as folder:
        path = Path(folder) / "truenorth.db"
        path.write_bytes(prepared.read_bytes())
        asyncio.run(played(Database.open(f"sqlite:///{path}")))


MANY = st.lists(STEP, min_size=30, max_size=90)
NO_SHRINK = (Phase.explicit, Phase.reuse, Phase.generate)
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=15, suppress_health_check=SLOW, derandomize=True, phases=NO_SHRINK)
@given(steps=MANY)
def test_everything_of_a_person_is_in_theirs_and_nothing_else(
    migrated: Path, steps: list[Step]
) -> None:
    play(migrated, steps)


@pytest.mark.soak
@settings(max_examples=1000, suppress_health_check=SLOW)
@given(steps=MANY)
def test_everything_of_a_person_is_in_theirs_in_many_more_organisations(
    migrated: Path, steps: list[Step]
) -> None:
    play(migrated, steps)
