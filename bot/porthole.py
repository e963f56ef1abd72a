"""What the doctor looks at where others look in: the port for those who watch over Truenorth."""

import asyncio
from ipaddress import ip_address

import aiohttp

from bot.config import Settings
from bot.findings import Finding, note, ok, wrong
from bot.health import ports, refused

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
    if any(not line.endswith(": ok") for line in told):
        return wrong(f"The Truenorth at work on port {port} is not ready: {', '.join(told)}.")
    return ok(f"A Truenorth is at work on port {port}, and ready.")


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
    name = f"[{host}]" if ":" in host else host
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.get(f"http://{name}:{port}/readyz") as response,
        ):
            lines = (await response.text()).splitlines()
    except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError):
        return None
    parts = [line.split(":")[0] for line in lines]
    return lines if parts in (["database", "socket"], ["database", "workspaces"]) else None
