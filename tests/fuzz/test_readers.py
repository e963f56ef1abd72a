"""What reads what people type raises nothing but a sentence for them."""

import importlib.util
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from tests.conftest import Say
from tests.fuzz.readers import EVERY

ROOT = Path(__file__).parent.parent.parent
RUNS = 1_000_000
PIECES = [
    "<@U0ANA>",
    "<@U0ANA|ana>",
    "<!subteam^S1>",
    "#care",
    "@ana",
    "&lt;",
    ":",
    "\n",
    '"',
    "from:",
]
TYPED = st.lists(
    st.one_of(st.text(max_size=20), st.sampled_from(PIECES)),
    max_size=8,
).map("".join)


@pytest.mark.parametrize("reads", EVERY, ids=lambda reads: str(reads.__name__))
@given(text=TYPED)
def test_whatever_is_typed_is_read_or_refused_in_a_sentence(
    reads: Callable[[str], None], text: str
) -> None:
    with suppress(UserError):
        reads(text)


@pytest.mark.soak
def test_what_reaches_more_of_the_code_is_read_or_refused_too(say: Say) -> None:
    if importlib.util.find_spec("atheris") is None:
        pytest.skip("atheris is not installed: pip install '.[fuzz]'")
    asked = [sys.executable, "-m", "tests.fuzz.parsing", str(RUNS), "1"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, check=False)
    told = done.stderr.decode(errors="replace")
    assert done.returncode == 0, told[-5000:]
    (runs,) = re.findall(r"Done (\d+) runs", told)
    say(f"{runs} runs, {re.findall(r'cov: [0-9]+', told)[-1]} branches and lines reached")
