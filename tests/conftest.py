"""What every test shares."""

from collections.abc import Callable

import hypothesis
import pytest
from hypothesis import is_hypothesis_test

# Each after what it imports.
pytest_plugins = [
    "tests.postgres",
    "tests.skips",
    "tests.statements",
    "tests.support",
    "tests.beginnings",
]

# How long an example takes says more about the machine than about the code; and whoever changed
# nothing is to see what they saw before.
hypothesis.settings.register_profile("truenorth", deadline=None, derandomize=True)
hypothesis.settings.load_profile("truenorth")


def pytest_addoption(parser: pytest.Parser) -> None:
    help_text = "run the properties alone, with this many times their examples, each time others"
    parser.addoption("--examples", type=int, default=1, metavar="TIMES", help=help_text)
    help_text = "run on databases made on this PostgreSQL, where its user may make some"
    parser.addoption("--postgres", default="", metavar="DATABASE_URL", help=help_text)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items[:] = _of_database(config, items)
    _more_examples(config, items)


def _of_database(config: pytest.Config, items: list[pytest.Item]) -> list[pytest.Item]:
    """Leave out what is about the other database, and there what has none of its own.

    What a browser shows on the one it shows on the other: it asks Slack, and no database.
    """
    on_server = bool(config.getoption("--postgres"))
    other = "sqlite" if on_server else "postgres"
    kept = [item for item in items if not item.get_closest_marker(other)]
    if on_server:
        kept = [item for item in kept if "server" in getattr(item, "fixturenames", ())]
        kept = [item for item in kept if "e2e" not in item.path.parts]
    config.hook.pytest_deselected(items=[item for item in items if item not in kept])
    return kept


def _more_examples(config: pytest.Config, items: list[pytest.Item]) -> None:
    times = config.getoption("--examples")
    if times == 1:
        return
    properties = [item for item in items if is_hypothesis_test(getattr(item, "obj", None))]
    for item in properties:
        _multiply(item, times)
    config.hook.pytest_deselected(items=[item for item in items if item not in properties])
    items[:] = properties


def _multiply(item: pytest.Item, times: int) -> None:
    # The decorator is for whoever writes the test, once: later there is this attribute alone.
    test = item.obj  # type: ignore[attr-defined]
    name = "_hypothesis_internal_use_settings"
    chosen: hypothesis.settings = getattr(test, name, hypothesis.settings())
    count = times * chosen.max_examples
    more = hypothesis.settings(chosen, max_examples=count, derandomize=False, database=None)
    setattr(test, name, more)


Say = Callable[[str], None]


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """Print where whoever waits can read it."""

    def aloud(line: str) -> None:
        with capsys.disabled():
            print(f"\n{line}", flush=True)

    return aloud
