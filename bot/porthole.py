"""What the doctor looks at of the ports: for those who watch over Truenorth, and for Slack."""

import asyncio
from ipaddress import ip_address

import aiohttp

from bot.config import Settings
from bot.findings import Finding, note, ok, wrong
from bot.health import ports, refused
from bot.httpmode import EVENTS, REFUSED, HttpMode

PATIENCE = aiohttp.ClientTimeout(total=5)  # seconds


async def examine_port(settings: Settings) -> list[Finding]:
    """Look whether the port can be had, and where a Truenorth has it how that one fares."""
    host, among = settings.health_host, ports(settings)
    if not among:
        return [ok("No port is opened for those who watch over Truenorth.")]
    findings = [await _examine(host, port) for port in among]
    if not ip_address(host).is_loopback:
        findings.append(
            note(
                f"HEALTH_HOST is {host}, so other machines may read how Truenorth fares; of what "
                "people write nothing is there."
            )
        )
    return findings


async def _examine(host: str, port: int) -> Finding:
    if await _is_free(host, port):
        return ok(f"Port {port} of {host} is free for /healthz, /readyz and /metrics.")
    told = await _told(host, port)
    if told is None:
        return wrong(refused(host, range(port, port + 1)))
    if any(": ok" not in line for line in told):
        return wrong(f"The Truenorth at work on port {port} is not ready: {', '.join(told)}.")
    return ok(f"A Truenorth is at work on port {port}, and ready.")


async def examine_door(http: HttpMode) -> Finding:
    """Look whether the port for Slack's requests can be had, or a Truenorth has it."""
    if await _is_free(http.host, http.port):
        return ok(f"Port {http.port} of {http.host} is free for what Slack sends.")
    if await _refuses(http.host, http.port):
        return ok(
            f"A Truenorth is at work on port {http.port}, and refuses what Slack did not sign."
        )
    return wrong(
        f"Truenorth cannot listen on port {http.port} of {http.host}: taken, or not Truenorth's to "
        "have. Choose another HTTP_PORT, and name it to what stands before it."
    )


async def _refuses(host: str, port: int) -> bool:
    """Say whether what has the port refuses what nobody signed, as Truenorth does."""
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.post(f"http://{_name(host)}:{port}{EVENTS}") as response,
        ):
            return response.status == REFUSED
    except (aiohttp.ClientError, TimeoutError):
        return False


def _name(host: str) -> str:
    return f"[{host}]" if ":" in host else host


async def _is_free(host: str, port: int) -> bool:
    try:
        server = await asyncio.start_server(lambda _reader, writer: writer.close(), host, port)
    except OSError:
        return False
    server.close()
    await server.wait_closed()
    return True


async def _told(host: str, port: int) -> list[str] | None:
    """Return how the Truenorth that has the port fares; None where it is none, or cannot be had."""
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.get(f"http://{_name(host)}:{port}/readyz") as response,
        ):
            lines = (await response.text()).splitlines()
    except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError):
        return None
    parts = [line.split(":")[0] for line in lines]
    return lines if parts in (["database", "socket"], ["database", "workspaces"]) else None
