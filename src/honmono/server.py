"""The sockets: granian's server embedded in this process, on an HTTP port and, where asked, a TLS/h2 port."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces, SSLProtocols
from granian.server.embed import Server

_READY_SECONDS = 10.0
_GRACE_SECONDS = 8.0
# granian configures logging in its constructor, which closes every handler there is; not when it is told this.
_LOGGING_LEFT_ALONE = {"incremental": True, "handlers": {}, "loggers": {}}


class PortTaken(OSError):
    """Another program listens on the port."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"Port {port} on {host} is taken by another program. Stop it, or choose another port with --port; "
            "--port 0 takes a free one."
        )


class HostUnusable(OSError):
    """The address is not this machine's, or the port is not for this user."""

    def __init__(self, host: str, port: int, error: OSError) -> None:
        super().__init__(
            f"Cannot listen on {host} port {port}: {error.strerror or error}. Give an address of this machine with "
            "--host (127.0.0.1, 0.0.0.0 for all) and a port from 1024 with --port."
        )


class ServerEnded(RuntimeError):
    """granian gave up on a socket; its cause says why."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to listen. Port 0 means any free one; ``certificate`` and ``key`` (PEM files) make it TLS."""

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None

    def bound(self) -> Endpoint:
        """The endpoint with an address in place of a name, and a definite port that nobody else holds.

        Raises PortTaken, HostUnusable.
        """
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise HostUnusable(self.host, self.port, error) from error
        # "localhost" may be ::1 first; who is told 127.0.0.1 must reach it.
        family, _, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(address)
            except OSError as error:
                if self.port and error.errno == errno.EADDRINUSE:
                    raise PortTaken(self.host, self.port) from error
                raise HostUnusable(self.host, self.port, error) from error
            # granian wants an address, not a name.
            return Endpoint(str(address[0]), probe.getsockname()[1], self.certificate, self.key)

    @property
    def url(self) -> str:
        """The endpoint as clients write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self.certificate else 'http'}://{host}:{self.port}"


async def serve(
    application: Any,
    endpoints: list[Endpoint],
    on_ready: Callable[[], None],
    stop: asyncio.Event,
) -> None:
    """Serve the application on all endpoints until ``stop`` is set.

    ``on_ready`` is called once every endpoint accepts connections. Raises ServerEnded.
    """
    servers = [_server(application, endpoint) for endpoint in endpoints]
    tasks = [asyncio.create_task(server.serve()) for server in servers]
    try:
        accepting = asyncio.gather(*(_accepting(endpoint) for endpoint in endpoints))
        await asyncio.wait([accepting, *tasks], return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            if task.done():
                accepting.cancel()
                raise _ended("The server ended before it listened", task) from task.exception()
        await accepting
        on_ready()
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait([stopped, *tasks], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        for task in tasks:
            if task.done() and not stop.is_set():
                raise _ended("The server ended by itself", task) from task.exception()
    finally:
        for server in servers:
            server.stop()  # type: ignore[no-untyped-call]
        await asyncio.wait(tasks, timeout=_GRACE_SECONDS)


def run(main: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run a coroutine on a fresh loop; its argument, an event, is set by SIGINT and SIGTERM."""
    import uvloop

    async def with_signals() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await main(stop)

    uvloop.run(with_signals())


def _ended(what: str, task: asyncio.Task[Any]) -> ServerEnded:
    cause = task.exception()
    return ServerEnded(f"{what}: {cause}" if cause is not None else f"{what}, and did not say why.")


def _server(application: Any, endpoint: Endpoint) -> Server:
    return Server(
        application,
        address=endpoint.host,
        port=endpoint.port,
        interface=Interfaces.ASGINL,
        http=HTTPModes.auto,
        log_enabled=False,
        log_dictconfig=_LOGGING_LEFT_ALONE,
        backlog=1024,
        ssl_cert=endpoint.certificate,
        ssl_key=endpoint.key,
        ssl_protocol_min=SSLProtocols.tls12,
    )


async def _accepting(endpoint: Endpoint) -> None:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(endpoint.host, endpoint.host)
    deadline = asyncio.get_running_loop().time() + _READY_SECONDS
    while True:
        try:
            _, writer = await asyncio.open_connection(host, endpoint.port)
        except ConnectionRefusedError:
            if asyncio.get_running_loop().time() > deadline:
                raise
            await asyncio.sleep(0.005)
        else:
            writer.close()
            return
