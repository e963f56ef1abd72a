"""Which values held in a quarter, and how they are called in its report."""

from datetime import datetime, timedelta

from bot.charter import Charter, CharterValue, CharterVersion
from bot.tenure import Tenure, tenures
from tests.support import T0, TEAM

DAY = timedelta(days=1)
BEGINS, ENDS = T0 + 100 * DAY, T0 + 200 * DAY
BEFORE, WITHIN, AFTER = T0, T0 + 150 * DAY, T0 + 250 * DAY


def version(number: int, at: datetime, *values: str) -> Charter:
    """A charter of values like "care:Kindness", or "care" where it is called by its slug."""
    head = CharterVersion(
        id=number, team_id=TEAM, number=number, statement="", author="U", created_at=at
    )
    return Charter(head, [_value(each, number, place) for place, each in enumerate(values)])


def _value(written: str, number: int, position: int) -> CharterValue:
    slug, _, name = written.partition(":")
    return CharterValue(
        id=100 * number + position, team_id=TEAM, version_id=number, position=position, slug=slug,
        name=name or slug, meaning="meaning",
    )  # fmt: skip


def found(*charters: Charter) -> dict[str, Tenure]:
    latest_first = sorted(charters, key=lambda each: -each.version.number)
    return {each.value.slug: each for each in tenures(latest_first, begins=BEGINS, ends=ENDS)}


def test_values_stand_in_the_charters_order_and_retired_ones_behind() -> None:
    first = version(1, BEFORE, "old", "care", "candour")
    second = version(2, WITHIN, "candour", "new", "care")
    assert list(found(first, second)) == ["candour", "new", "care", "old"]


def test_a_value_is_called_as_it_is_now_and_a_retired_one_as_it_was_last() -> None:
    values = found(
        version(1, BEFORE, "care:Care", "haste:Haste"),
        version(2, WITHIN, "care:Kindness", "haste:Hurry"),
        version(3, AFTER, "care:Warmth"),
    )
    assert (values["care"].value.name, values["care"].is_retired) == ("Warmth", False)
    assert (values["haste"].value.name, values["haste"].is_retired) == ("Hurry", True)


def test_only_words_that_changed_within_count_as_reworded() -> None:
    values = found(
        version(1, BEFORE - DAY, "care:Care", "candour:Candour"),
        version(2, BEFORE, "care:Kindness", "candour:Candour"),
        version(3, WITHIN, "care:Kindness", "candour:Openness"),
        version(4, AFTER, "care:Warmth", "candour:Openness"),
    )
    assert not values["care"].was_reworded
    assert values["candour"].was_reworded


def test_words_that_changed_back_were_reworded() -> None:
    values = found(
        version(1, BEFORE, "care:Care"),
        version(2, WITHIN, "care:Kindness"),
        version(3, WITHIN + DAY, "care:Care"),
    )
    assert values["care"].was_reworded


def test_a_value_held_if_it_did_at_any_time_of_the_quarter() -> None:
    values = found(
        version(1, BEFORE - DAY, "gone", "begun"),
        version(2, BEFORE, "begun", "brief"),
        version(3, WITHIN, "late"),
        version(4, AFTER, "late", "after"),
    )
    assert {slug: each.held for slug, each in values.items()} == {
        "late": True,
        "after": False,
        "begun": True,
        "brief": True,
        "gone": False,
    }


def test_words_that_begin_as_the_quarter_ends_are_the_next_ones() -> None:
    values = found(version(1, BEFORE, "care:Care"), version(2, ENDS, "care:Warmth", "after"))
    assert not values["care"].was_reworded
    assert not values["after"].held
