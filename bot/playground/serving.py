"""A web server inside the running event loop: started, stopped, and nothing left behind."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp, Scope

TICK_SECONDS = 1.0
GRACE_SECONDS = 2.0  # that requests under way have to come to their end


class _Server(uvicorn.Server):
    """Leaves the process's signal handlers alone and stops when told."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.stopping = asyncio.Event()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def main_loop(self) -> None:
        while not self.stopping.is_set():
            await self.on_tick(0)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(TICK_SECONDS):
                    await self.stopping.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # What is closing already would refuse to be closed once more; another may begin meanwhile.
        while closing := [
            connection.transport
            for connection in self.server_state.connections
            if connection.transport.is_closing()
        ]:
            for transport in closing:
                transport.abort()
            await asyncio.sleep(0)
        # As uvicorn's own, which waits a tenth of a second even where nobody is connected.
        for server in self.servers:
            server.close()
        for listener in sockets or []:
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            _, left = await asyncio.wait(self.server_state.tasks, timeout=GRACE_SECONDS)
            for task in left:
                task.cancel()


class Serving:
    """One server on a loopback port."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._server: _Server | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self, port: int) -> int:
        """Listen and return the real port; raises OSError when it is taken."""
        # Only of a socket that says it is TCP does asyncio send every piece at once.
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("127.0.0.1", port))
            listener.listen(2048)
        except OSError:
            listener.close()
            raise
        config = uvicorn.Config(
            self._app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
        )
        self._server = _Server(config)
        self._task = asyncio.create_task(self._server.serve(sockets=[listener]))
        # The socket listens already: whoever connects before the loop accepts just waits.
        return int(listener.getsockname()[1])

    async def stop(self) -> None:
        """Close every connection and wait until the server has ended."""
        if self._server is None or self._task is None:
            return
        self._server.stopping.set()
        await self._task
        self._server = self._task = None

    def break_connection(self, scope: Scope) -> None:
        """Cut the connection of this request without an answer."""
        if self._server is None:
            return
        client = tuple(scope["client"])
        for connection in list(self._server.server_state.connections):
            if getattr(connection, "client", None) == client:
                connection.transport.abort()
