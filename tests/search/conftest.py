"""What the tests of the search share."""

import pytest

from tests.rituals.deciding import deciding as deciding
from tests.rituals.telling import stories as stories


@pytest.fixture(autouse=True)
def nobody_else_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other process has to be let in between two steps."""
    monkeypatch.setattr("schedules.search.LETS_IN", 0.0)
