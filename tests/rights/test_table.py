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
