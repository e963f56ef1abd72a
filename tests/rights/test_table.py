"""The table of rights is what is asked, and the README says the same."""

import re
from importlib import import_module
from itertools import chain

import pytest

from bot.decisions import Role
from bot.rights import Part, Right, Rule
from tests.test_promises import OURS, ROOT


def rule(right: Right) -> Rule:
    found: Rule = right.value
    return found


def test_the_readme_has_the_table_in_its_words() -> None:
    section = (ROOT / "README.md").read_text().partition("## Who may do what\n")[2]
    rows = re.findall(r"^\| (.+) \| (.+) \|$", section.partition("\n## ")[0], re.M)
    assert rows[1:] == [(rule(one).what, rule(one).who) for one in Right]


# Written down once more, by hand: what is tried elsewhere is asked of the table itself.
PARTS = {
    "USE": {Part.MEMBER, Part.GUEST},
    "ANSWER_FOR": {Part.MEMBER},
    "KEEP": {Part.OWNER},
    "CORRECT": {Part.AUTHOR},
    "WITHDRAW": {Part.AUTHOR, Part.OWNER},
    "SEE_RECOGNITION": {Part.AUTHOR, Part.RECIPIENT},
    "CHANGE_RECOGNITION": {Part.AUTHOR},
    "SEE_DECISION": {Part.AUTHOR, Part.DRIVER, Part.DROVE, Part.APPROVER, Part.CONTRIBUTOR},
    "CHECK": {Part.AUTHOR, Part.DRIVER, Part.DROVE, Part.APPROVER, Part.CONTRIBUTOR},
    "SAY": {Part.APPROVER},
    "DRIVE": {Part.DRIVER},
    "WITHDRAW_DECISION": {Part.DRIVER, Part.AUTHOR, Part.OWNER},
    "SUPERSEDE": {Part.DRIVER, Part.HEIR},
    "TAKE_OVER": {Part.HEIR},
    "ANSWER": {Part.INVITED},
    "POST_AGAIN": {Part.AUTHOR},
    "SEE_RESULTS": {Part.LEAD, Part.IN_TEAM},
    "SEE_OWN": {Part.THEMSELVES},
    "SEE_ANSWERS": set(),
}
NO_GUESTS = {"SAY", "DRIVE", "SUPERSEDE", "TAKE_OVER"}


@pytest.mark.parametrize("right", Right, ids=lambda right: right.name)
def test_nobody_may_more_than_is_written_down_twice(right: Right) -> None:
    assert set(rule(right).parts) == PARTS[right.name]
    assert rule(right).guests == (right.name not in NO_GUESTS)
    if "unless they are" in rule(right).who:
        assert right.name in NO_GUESTS


@pytest.mark.parametrize("right", Right, ids=lambda right: right.name)
def test_every_right_is_asked_or_names_what_looks_up_nothing_else(right: Right) -> None:
    if rule(right).where:
        module, _, function = rule(right).where.rpartition(".")
        assert callable(getattr(import_module(module), function))
    elif rule(right).parts:
        texts = (path.read_text() for path in OURS if path.name != "rights.py")
        assert any(re.search(rf"\bRight\.{right.name}\b", text) for text in texts)


def test_whoever_has_a_role_in_a_decision_has_the_part_of_that_name() -> None:
    assert {Part(role) for role in Role} <= set(Part)


def test_guests_are_kept_from_nothing_but_what_the_table_keeps_them_from() -> None:
    parts = set(chain.from_iterable(rule(one).parts for one in Right)) - {Part.GUEST}
    for right in Right:
        for part in parts:
            allowed = part in rule(right).parts and rule(right).guests
            assert right.allows({part, Part.GUEST}) == (allowed or Part.GUEST in rule(right).parts)


def test_the_page_on_security_names_tests_that_there_are() -> None:
    named = re.findall(r"`(test_\w+|every_\w+)`", (ROOT / "docs" / "security.md").read_text())
    texts = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    assert len(named) > 20
    assert [one for one in named if f"def {one}(" not in texts] == []
