"""A server in the background: started with its log in the data directory, awaited, ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from honmono.cli import failures
from honmono.cli.failures import Exit
from honmono.cli.presence import Presence, running
from honmono.words import say

if TYPE_CHECKING:
    from honmono.settings import Settings

LOG = "honmono.log"
_READY_SECONDS = 60.0
_END_SECONDS = 12.0


def start(settings: Settings, config: Path | None, *, wait: bool) -> None:
    """Start a server that outlives this command; with `wait`, return once it is ready.

    Ends the command with the server's own line and exit code where that does not start.
    """
    settings.data.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = settings.data / LOG
    with log.open("ab") as out:
        begin = out.tell()
        child = subprocess.Popen(
            [sys.executable, "-m", "honmono", *_arguments(settings, config)],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    if not wait:
        typer.echo(say("Starting as process {pid}; its log is {log}.", pid=child.pid, log=log))
        return
    presence = _await(settings.data, child, log, begin)
    typer.echo(
        say("Ready on {urls} (process {pid}; log {log}).", urls=", ".join(presence.endpoints), pid=child.pid, log=log)
    )


def end(data: Path, presence: Presence) -> None:
    """End the server of the data directory and wait until it is gone."""
    os.kill(presence.pid, signal.SIGTERM)
    deadline = time.monotonic() + _END_SECONDS
    while running(data) == presence or _alive(presence.pid):
        if time.monotonic() > deadline:
            raise failures.stop(
                say("Process {pid} did not end within {seconds:.0f} s.", pid=presence.pid, seconds=_END_SECONDS)
            )
        time.sleep(0.02)


def _arguments(settings: Settings, config: Path | None) -> list[str]:
    given = ["up", "--host", settings.host, "--port", str(settings.port), "--data", str(settings.data)]
    given += ["--log", settings.log]
    if settings.tls:
        given.append("--tls")
    if settings.tls_port is not None:
        given += ["--tls-port", str(settings.tls_port)]
    if settings.allow_reset:
        given.append("--allow-reset")
    if config is not None:
        given += ["--config", str(config)]
    return given


def _await(data: Path, child: subprocess.Popen[bytes], log: Path, begin: int) -> Presence:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        presence = running(data)
        if presence is not None and presence.pid == child.pid:
            return presence
        code = child.poll()
        if code is not None:
            with log.open("rb") as lines:
                lines.seek(begin)
                said = lines.read().decode(errors="replace")
            sys.stderr.write(said)
            raise typer.Exit(code if code > 0 else Exit.FAILED)
        time.sleep(0.02)
    raise failures.stop(
        say("The server is not ready after {seconds:.0f} s; see its log {log}.", seconds=_READY_SECONDS, log=log)
    )


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
