"""The image, as docs/docker.md builds and starts it; asked of `make soak`, where Docker is."""

import asyncio
import re
import shutil
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest

from bot.playground.server import FakeSlack
from tests.process import ROOT, free_ports
from tests.support import ANA, BEN, GENERAL, give, set_up, told

pytestmark = pytest.mark.soak

PAGE = (ROOT / "docs" / "docker.md").read_text()
MOST_SECONDS = 10.0  # that `docker stop` waits by itself
START_SECONDS = 60.0
OURS = re.compile(r"(?<![\w./-])truenorth(?=[ :\n]|$)")  # the image, the container and the volume
PROBE = "id -u; stat -c %a:%u /data; touch /app/x /venv/x /etc/x; touch /data/x /tmp/x && echo both"
SAID = """10001
700:10001
touch: cannot touch '/app/x': Read-only file system
touch: cannot touch '/venv/x': Read-only file system
touch: cannot touch '/etc/x': Read-only file system
both
"""


class Docker:
    """What the page says to type, with another name for what it makes and this machine's ports."""

    def __init__(self, folder: Path) -> None:
        self.name, self._folder = f"truenorth-test-{uuid4().hex[:8]}", folder

    async def type(self, line: str) -> str:
        """Type a line of the page and return what was said; it has to go well."""
        line = OURS.sub(self.name, line).replace("docker run ", "docker run --network host ")
        where = ROOT if line.startswith("docker build") else self._folder
        said, code = await self.try_(line, where)
        assert code == 0, f"{line}\n{said}"
        return said

    async def try_(self, line: str, where: Path | None = None) -> tuple[str, int | None]:
        """Type any line, and return what was said and how it ended."""
        asked = await asyncio.create_subprocess_shell(
            line, cwd=where, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        said, _ = await asked.communicate()
        return said.decode(), asked.returncode

    async def inside(self, line: str) -> str:
        """Return what a shell in the container says."""
        said, _ = await self.try_(f'docker exec {self.name} sh -c "{line}"')
        return said

    async def clear(self) -> None:
        """Take away all that was made."""
        for line in ("rm --force {}", "volume rm --force {}", "rmi --force {}"):
            await self.try_("docker " + line.format(self.name))


def typed(beginning: str) -> str:
    """Return the first line of the page that begins so."""
    return next(line for line in PAGE.splitlines() if line.startswith(beginning))


@pytest.fixture
async def docker(slack: FakeSlack, tmp_path: Path) -> AsyncIterator[Docker]:
    if shutil.which("docker") is None:
        pytest.skip("no Docker is installed")
    made = Docker(tmp_path)
    said, code = await made.try_("docker version")
    if code:
        pytest.skip(f"no Docker answers: {said.splitlines()[-1]}")
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "CLOCK_URL": slack.clock_url,
        "HEALTH_PORT": str(free_ports()),
    }
    (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
    yield made
    await made.clear()


async def test_it_is_built_starts_is_backed_up_ends_and_is_put_back_as_the_page_says(
    slack: FakeSlack, docker: Docker
) -> None:
    await docker.type(typed("docker build"))
    assert "SLACK_BOT_TOKEN works" in await docker.type(typed("docker run --rm"))

    await docker.type(typed("docker run --detach"))
    await slack.until(lambda: slack.sockets.connected and slack.dm(ANA), START_SECONDS)
    await set_up(slack)
    await give(slack, BEN, "@kim stayed late so that the clinic could book again #care")
    assert await docker.inside(PROBE) == SAID
    assert "CapEff:\t0000000000000000" in await docker.inside("cat /proc/self/status")
    for line in PAGE.split("**Backup**")[1].split("```")[1].strip().splitlines():
        await docker.type(line)

    await give(slack, BEN, "@ana stayed late after the backup was made #care")
    began = time.monotonic()
    await docker.type(typed("docker stop"))
    assert time.monotonic() - began < MOST_SECONDS
    await docker.type(typed("docker rm"))
    await docker.type(typed("docker run --rm --user 0"))

    await docker.type(typed("docker run --detach"))
    await slack.until(lambda: slack.sockets.connected, START_SECONDS)
    await slack.command(BEN, GENERAL, "/mission search late")
    assert "book again" in told(slack, BEN)
    assert "after the backup" not in told(slack, BEN)
