"""A green run in CI has run everything."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.skips import REFERENCE_ABSENT

ROOT = Path(__file__).parents[1]


def run(folder: Path, *, reason: str, ci: str) -> subprocess.CompletedProcess[str]:
    body = f"import pytest\n\n@pytest.mark.skip(reason={reason!r})\ndef test_it(): ...\n"
    (folder / "test_skipped.py").write_text(body + "\ndef test_other(): ...\n")
    (folder / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.skips", "--rootdir", str(folder)]
    environ = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [*command, str(folder)],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_skipped_test_fails_the_run_in_ci_and_says_why(tmp_path: Path) -> None:
    outcome = run(tmp_path, reason="no browser", ci="true")
    assert outcome.returncode == 1
    assert "test_skipped.py::test_it: no browser" in outcome.stdout
    assert "every test has to run here" in outcome.stdout


@pytest.mark.parametrize(("reason", "ci"), [(REFERENCE_ABSENT, "true"), ("no browser", "")])
def test_an_excused_skip_is_named_and_the_run_stays_green(
    tmp_path: Path, reason: str, ci: str
) -> None:
    outcome = run(tmp_path, reason=reason, ci=ci)
    assert outcome.returncode == 0
    assert f"test_skipped.py::test_it: {reason}" in outcome.stdout
