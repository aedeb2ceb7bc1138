"""`honmono up`: the server in the foreground, or detached; `down` and `status` for the detached one."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from honmono import __version__
from honmono.cli import failures
from honmono.cli.failures import Exit, explained
from honmono.cli.options import Config, Data
from honmono.cli.presence import announced, running
from honmono.words import say

if TYPE_CHECKING:
    from honmono.app import App
    from honmono.server import Endpoint
    from honmono.settings import Settings

_log = logging.getLogger("honmono")

_END_SECONDS = 9.0
"""How long an ordered end may take before the process ends anyway. What was acknowledged is on the disk by then."""


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command(help=say("Start the server."), epilog=failures.exit_codes())(up)
    app.command(help=say("Stop the server of a data directory."))(down)
    app.command(help=say("Say whether a server runs on a data directory, and where."))(status)


def up(
    host: Annotated[str | None, typer.Option(help=say("The address to listen on."), show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option(help=say("The HTTP port; 0 takes a free one."), show_default="4566")
    ] = None,
    data: Data = None,
    tls: Annotated[bool, typer.Option("--tls", help=say("Listen for HTTPS and HTTP/2 on a second port too."))] = False,
    tls_port: Annotated[
        int | None, typer.Option(help=say("The HTTPS port."), show_default=say("the HTTP port + 1"))
    ] = None,
    allow_reset: Annotated[
        bool,
        typer.Option("--allow-reset", help=say("On loopback: let test suites empty the state and use their own keys.")),
    ] = False,
    log: Annotated[
        str | None, typer.Option(help=say("The form of the log lines: text or json."), show_default="text")
    ] = None,
    config: Config = None,
    detach: Annotated[
        bool, typer.Option("--detach", help=say("Run in the background; the log goes to DATA/honmono.log."))
    ] = False,
    wait: Annotated[bool, typer.Option("--wait", help=say("With --detach: return once the server is ready."))] = False,
) -> None:
    """Start the server."""
    began = time.monotonic()
    from honmono.settings import load

    if wait and not detach:
        raise failures.stop(say("--wait goes with --detach: without it, up returns when the server ends."), Exit.USAGE)
    with explained():
        settings = load(
            config,
            host=host,
            port=port,
            data=data,
            tls=tls or None,
            tls_port=tls_port,
            allow_reset=allow_reset or None,
            log=log,
        )
        if detach:
            from honmono.cli.detached import start

            start(settings, config, wait=wait)
            return
        serve(settings, began)


def serve(settings: Settings, began: float) -> None:
    """Serve until SIGINT or SIGTERM; the process ends within `_END_SECONDS` of it.

    Raises what `failures.explained` explains.
    """
    from honmono import logs

    handler = logs.begin(settings.log)
    try:
        from honmono import server
        from honmono.app import App
        from honmono.control import PATH, KeyControl

        control = KeyControl()
        with App(settings, pages={PATH: control}) as app:
            control.keys = app.keys
            server.run(lambda stop: _serve(app, stop, began, control.token))
    finally:
        handler.close()


async def _serve(app: App, stop: asyncio.Event, began: float, token: str) -> None:
    settings: Settings = app.settings
    with ExitStack() as told:

        def ready(endpoints: list[Endpoint]) -> None:
            urls = [endpoint.url for endpoint in endpoints]
            told.enter_context(announced(settings.data, urls, __version__, token))
            seconds = time.monotonic() - began
            _log.info(
                say("Honmono {version} is ready on {urls} (data: {data}; {seconds:.2f} s)").format(
                    version=__version__, urls=", ".join(urls), data=settings.data, seconds=seconds
                ),
                extra={"event": "ready", "endpoints": urls, "pid": os.getpid(), "seconds": round(seconds, 3)},
            )
            if not settings.loopback and not app.keys.list():
                _log.warning(say("There is no access key yet, so nobody can sign in: honmono keys create"))

        watching = asyncio.create_task(_end_in_time(stop))
        try:
            await app.serve(stop, ready)
        finally:
            watching.cancel()


async def _end_in_time(stop: asyncio.Event) -> None:
    """Once the server is told to stop, see to it that the process ends, even if a request or a child does not."""
    await stop.wait()

    def give_up() -> None:
        _log.warning(
            say("Something did not end within {seconds:.0f} s; ending without it.").format(seconds=_END_SECONDS)
        )
        os._exit(Exit.OK)

    timer = threading.Timer(_END_SECONDS, give_up)
    timer.daemon = True
    timer.start()


def down(data: Data = None, config: Config = None) -> None:
    """Stop the server of a data directory."""
    from honmono.cli.detached import end

    with explained():
        directory = _data(data, config)
        presence = running(directory)
        if presence is None:
            raise _not_running(directory)
        end(directory, presence)
        typer.echo(say("Stopped the server with process {pid}.", pid=presence.pid))


def status(data: Data = None, config: Config = None) -> None:
    """Say whether a server runs on a data directory."""
    with explained():
        directory = _data(data, config)
        presence = running(directory)
        if presence is None:
            raise _not_running(directory)
        typer.echo(
            say(
                "Honmono {version} runs on {urls} (process {pid}).",
                version=presence.version,
                urls=", ".join(presence.endpoints),
                pid=presence.pid,
            )
        )


def _data(data: Path | None, config: Path | None) -> Path:
    from honmono.settings import load

    return load(config, data=data).data


def _not_running(directory: Path) -> typer.Exit:
    return failures.stop(say("No server runs on {data}.", data=directory), Exit.NOT_RUNNING)
