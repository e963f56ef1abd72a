"""Where CI=true, a skipped test is a failure; every run says at its end what it skipped and why."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

REFERENCE = Path(__file__).parents[2] / "shared" / "slack-reference"
REFERENCE_ABSENT = "the slack-reference folder is absent"

needs_reference = pytest.mark.skipif(not REFERENCE.is_dir(), reason=REFERENCE_ABSENT)


def _skips(config: pytest.Config) -> Iterator[tuple[str, str]]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    for report in reporter.stats.get("skipped", []):
        _, _, reason = cast(tuple[str, int, str], report.longrepr)
        yield report.nodeid, reason.removeprefix("Skipped: ")


def _forbidden(config: pytest.Config) -> bool:
    in_ci = os.environ.get("CI") == "true"
    return in_ci and any(reason != REFERENCE_ABSENT for _, reason in _skips(config))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.exitstatus == pytest.ExitCode.OK and _forbidden(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    skips = list(_skips(config))
    if not skips:
        return
    terminalreporter.section("skipped, and why")
    for name, reason in skips:
        terminalreporter.line(f"{name}: {reason}")
    if _forbidden(config):
        terminalreporter.line("CI=true: every test has to run here, so this run failed.", red=True)
