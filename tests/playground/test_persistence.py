from datetime import timedelta
from pathlib import Path

from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace

from .conftest import MANIFEST, small_workspace


async def test_what_a_workspace_holds_outlives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "slack.sqlite3"
    fake = FakeSlack(small_workspace(Workspace(path)), manifest=MANIFEST)
    await fake.start()
    await fake.message("UANA", "C1", "kept")
    fake.installation.responses.new("UANA", "C1")
    fake.workspace.views.publish("UANA", {"type": "home", "blocks": [{"type": "divider"}]})
    body = {"user": "U0NORTH", "bot_id": "B0NORTH", "text": "<!here>"}
    fake.workspace.messages.post("C1", body)
    await fake.jump(timedelta(days=1))
    identifier = fake.workspace.new_id("X")
    await fake.stop()
    fake.workspace.close()

    again = FakeSlack(Workspace(path), manifest=MANIFEST)
    await again.start()
    assert [each["text"] for each in again.messages("C1")] == ["kept", "<!here>"]
    assert again.workspace.clock.offset == 86400
    assert again.home("UANA") is not None
    assert again.workspace.person("UANA")["real_name"] == "Ana Souza"
    assert [ping["kind"] for ping in again.workspace.pings] == ["here"]
    assert again.workspace.new_id("X") > identifier
    await again.stop()
    again.workspace.close()


def test_an_open_form_outlives_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "slack.sqlite3"
    first = small_workspace(Workspace(path))
    first.views.open("UANA", {"type": "modal", "title": {}, "blocks": [{"type": "divider"}]})
    view_id = first.views.stack("UANA")[0]["id"]
    first.close()
    second = Workspace(path)
    assert [view["id"] for view in second.views.stack("UANA")] == [view_id]
    second.views.close(view_id)
    second.close()
    third = Workspace(path)
    assert third.views.stack("UANA") == []
    assert third.views.owner(view_id) is None
    third.close()
