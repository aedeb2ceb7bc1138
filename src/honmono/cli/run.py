"""`honmono run -- COMMAND`: a server of its own for one command, gone when the command is."""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from honmono.cli import failures
from honmono.cli.failures import explained
from honmono.words import say

if TYPE_CHECKING:
    from honmono.server import Endpoint
    from honmono.settings import Settings

_PREFIX = "honmono-run-"
_NOT_EXECUTABLE, _NOT_FOUND = 126, 127  # as shells have it
_FORWARDED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        help=say("Run a command against a server of its own, on a free port with temporary data."),
        epilog=say("The exit code is the command's own. Example: honmono run -- pytest tests"),
        context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False},
    )(run)


def run(
    command: Annotated[list[str], typer.Argument(help=say("The command and its arguments."), metavar="COMMAND…")],
    data: Annotated[
        Path | None,
        typer.Option(help=say("Keep the data in this directory instead of a temporary one."), metavar="DIR"),
    ] = None,
    region: Annotated[str | None, typer.Option(help=say("The region that the command is told."))] = None,
    tls: Annotated[bool, typer.Option("--tls", help=say("Give the command the HTTPS address and its CA."))] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help=say("Show the server's log on standard error."))
    ] = False,
) -> None:
    """Run a command against a server of its own."""
    from honmono.settings import load

    with explained(), _directory(data) as directory:
        # On loopback whatever the settings file says: the command is given the development key.
        settings = load(
            None, host="127.0.0.1", port=0, tls_port=0, data=directory, tls=tls or None, region=region, allow_reset=True
        )
        code = run_command(command, settings, level=logging.INFO if verbose else logging.WARNING)
    raise typer.Exit(code)


def run_command(command: Sequence[str], settings: Settings, *, level: int) -> int:
    """Start a server in this process, run the command with its address in the environment, stop the server.

    Signals go to the command. The answer is its exit code, 128 + N where signal N ended it.

    Args:
        command: the program and its arguments.
        settings: the server's.
        level: what of the server's log is shown on standard error: logging.INFO with every request.
    """
    from honmono import logs, server
    from honmono.app import App
    from honmono.tls import AUTHORITY

    handler = logs.begin(settings.log, stream=sys.stderr, level=level)
    codes: list[int] = []

    async def main(stop: asyncio.Event) -> None:
        serving, endpoints = await _serving(app, stop)
        try:
            endpoint = endpoints[-1]
            authority = endpoint.certificate.with_name(AUTHORITY) if endpoint.certificate else None
            environment = client_environment(endpoint.url, settings.region, os.environ, authority=authority)
            codes.append(await _run(command, environment))
        finally:
            stop.set()
            await serving

    try:
        with App(settings) as app:
            server.run(main)
    finally:
        handler.close()
    return codes[0]


def client_environment(
    url: str, region: str, environ: Mapping[str, str], *, authority: Path | None = None
) -> dict[str, str]:
    """The environment in which AWS's SDKs and CLI talk to the server at this address and to no other.

    Args:
        url: the server's address.
        region: what the clients are told.
        environ: the variables to begin with.
        authority: the certificate of the CA behind an https address.
    """
    # A profile, a session token or an address for one service would win over what we set.
    foreign = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
               "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")  # fmt: skip
    kept = {
        name: value
        for name, value in environ.items()
        if name not in foreign and not name.startswith("AWS_ENDPOINT_URL_")
    }
    not_proxied = ",".join(filter(None, (kept.get("NO_PROXY") or kept.get("no_proxy"), "127.0.0.1,localhost")))
    kept |= {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": region,
        "AWS_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": not_proxied,
        "no_proxy": not_proxied,
    }
    if authority is not None:
        kept["AWS_CA_BUNDLE"] = str(authority)
    return kept


async def _serving(app: object, stop: asyncio.Event) -> tuple[asyncio.Task[None], list[Endpoint]]:
    """The task that serves, once it is ready, and where.

    Raises what ended it before.
    """
    ready: asyncio.Future[list[Endpoint]] = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(app.serve(stop, ready.set_result))  # type: ignore[attr-defined]
    await asyncio.wait([serving, ready], return_when=asyncio.FIRST_COMPLETED)
    if not ready.done():
        await serving
    return serving, ready.result()


async def _run(command: Sequence[str], environment: Mapping[str, str]) -> int:
    try:
        process = await asyncio.create_subprocess_exec(*command, env=dict(environment))
    except FileNotFoundError:
        failures.stop(say("There is no command {command}.", command=command[0]))
        return _NOT_FOUND
    except OSError as error:
        failures.stop(say("{command} cannot be run: {reason}", command=command[0], reason=error.strerror))
        return _NOT_EXECUTABLE
    loop = asyncio.get_running_loop()
    for number in _FORWARDED:
        loop.add_signal_handler(number, _forward, process, number)
    code = await process.wait()
    return code if code >= 0 else 128 - code


def _forward(process: asyncio.subprocess.Process, number: int) -> None:
    if number in (signal.SIGINT, signal.SIGQUIT) and _terminal_is_ours():
        return  # the terminal has sent it to the command already: it must not come twice
    with suppress(ProcessLookupError):
        process.send_signal(number)


def _terminal_is_ours() -> bool:
    """Whether this process and its child are what the terminal's keys reach."""
    try:
        terminal = os.open("/dev/tty", os.O_RDONLY | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return False
    finally:
        os.close(terminal)


@contextmanager
def _directory(given: Path | None) -> Iterator[Path]:
    if given is not None:
        yield given
        return
    _sweep()
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as directory:
        yield Path(directory)


def _sweep() -> None:
    """Delete what runs that were killed have left: directories of ours that no server holds."""
    from honmono.store.directory import LOCK_NAME

    for directory in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            descriptor = os.open(directory / LOCK_NAME, os.O_RDWR | os.O_CLOEXEC)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(directory)
            finally:
                os.close(descriptor)
