"""What stands between the bot and Slack and can fall silent: it passes nothing on, nor hangs up."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

CHUNK = 65536  # bytes


class Proxy:
    """Passes on what it hears, in both directions, until it is told to fall silent."""

    def __init__(self, port: int) -> None:
        self._behind = port
        self._silent: set[asyncio.StreamWriter] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._passing: set[asyncio.Task[None]] = set()
        self.swallowed = 0  # connections that came while it was silent for all
        self.silent_for_all = False

    def fall_silent(self) -> None:
        """Pass nothing more on of what is connected now; what connects later is heard."""
        self._silent |= self._writers

    def hang_up(self) -> None:
        """End the connections that fell silent."""
        for writer in self._silent:
            writer.close()

    async def connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Connect whoever comes to what is behind."""
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._behind)
        for one, other in ((reader, there_writer), (there_reader, writer)):
            self._writers.add(other)
            if self.silent_for_all:
                self._silent.add(other)
            task = asyncio.create_task(self._pass_on(one, other))
            self._passing.add(task)
            task.add_done_callback(self._passing.discard)
        self.swallowed += self.silent_for_all

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while heard := await reader.read(CHUNK):
                if writer not in self._silent:
                    writer.write(heard)
                    await writer.drain()
        if writer not in self._silent:
            writer.close()

    async def end(self) -> None:
        """End every connection."""
        for writer in self._writers:
            writer.close()
        for task in list(self._passing):
            task.cancel()
        await asyncio.gather(*self._passing, return_exceptions=True)


@asynccontextmanager
async def before(port: int) -> AsyncIterator[tuple[Proxy, str]]:
    """Put a proxy before a port of this machine; yields it and the address where it listens."""
    proxy = Proxy(port)
    server = await asyncio.start_server(proxy.connected, "127.0.0.1", 0)
    host, real = server.sockets[0].getsockname()
    try:
        yield proxy, f"http://{host}:{real}"
    finally:
        server.close()
        await proxy.end()
