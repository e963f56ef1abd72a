import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.server import FakeSlack
from bot.playground.workspace import Workspace

from .asking import error, refusal
from .conftest import MANIFEST, small_workspace

META = {"event_type": "outbox", "event_payload": {"id": "1"}}


async def test_the_bot_learns_who_it_is_and_what_it_may(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    answer = await client.auth_test()
    assert answer["user_id"] == fake.workspace.bot_user_id
    assert answer.headers["x-oauth-scopes"].split(",") == fake.installation.scopes


async def test_a_wrong_token_is_refused_and_each_token_has_its_methods(fake: FakeSlack) -> None:
    async def auth(token: str) -> str:
        client = AsyncWebClient(token=token, base_url=fake.api_url)
        return await error(client.auth_test())

    assert await auth("xoxb-other") == "invalid_auth"
    assert await auth(fake.app_token) == "not_allowed_token_type"
    client = AsyncWebClient(base_url=fake.api_url)
    assert await error(client.auth_test()) == "not_authed"
    assert await error(client.apps_connections_open(app_token=fake.bot_token)) == (
        "not_allowed_token_type"
    )


async def test_an_unknown_method_and_an_unknown_argument_are_refused_and_noted(
    fake: FakeSlack, client: AsyncWebClient
) -> None:
    assert await error(client.api_call("chat.shout")) == "unknown_method"
    call = client.api_call("chat.postMessage", json={"channel": "C1", "text": "x", "loud": True})
    assert await error(call) == "invalid_arguments"
    assert [each["method"] for each in fake.refusals] == ["chat.shout", "chat.postMessage"]
    assert fake.calls == []


async def test_a_method_without_its_scope_is_refused_with_what_is_needed() -> None:
    manifest = {**MANIFEST, "oauth_config": {"scopes": {"bot": ["commands", "users:read"]}}}
    fake = FakeSlack(small_workspace(Workspace()), manifest=manifest)
    await fake.start()
    client = AsyncWebClient(token=fake.bot_token, base_url=fake.api_url)
    answer = await refusal(client.chat_postMessage(channel="C1", text="x"))
    assert answer["needed"] == "chat:write"
    assert answer["provided"] == "commands,users:read"
    await fake.stop()


async def test_a_method_that_takes_no_json_refuses_it(client: AsyncWebClient) -> None:
    assert await error(client.api_call("users.list", json={"limit": 1})) == "invalid_arguments"


async def test_a_body_that_is_no_json_object_is_refused(fake: FakeSlack) -> None:
    async def post(body: str, kind: str) -> str:
        headers = {"Authorization": f"Bearer {fake.bot_token}", "Content-Type": kind}
        url = f"{fake.api_url}chat.postMessage"
        async with aiohttp.ClientSession() as session:
            response = await session.post(url, data=body, headers=headers)
            return str((await response.json())["error"])

    assert await post("{", "application/json") == "invalid_json"
    assert await post("[]", "application/json") == "json_not_object"
    assert await post("x", "text/csv") == "invalid_post_type"
