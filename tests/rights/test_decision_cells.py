"""Who may do what with a decision: as test_cells has it of everything else."""

import pytest

from tests.rights.decisions import DECISIONS, PRIVATE_DECISIONS
from tests.rights.test_cells import everybody as everybody
from tests.rights.test_cells import faults
from tests.rights.tries import Try
from tests.support import Bot

pytestmark = pytest.mark.sqlite


@pytest.mark.parametrize("tries", [DECISIONS, PRIVATE_DECISIONS], ids=["public", "private"])
async def test_each_may_do_with_a_decision_what_the_table_says(
    everybody: Bot, tries: list[Try]
) -> None:
    assert await faults(everybody, tries) == {}
