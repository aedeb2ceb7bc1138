"""`honmono demo`: the main job on real input, beside what moto answers.

The server runs in this process (or runs already); the calls come from a process of their own, `showcase`, as an
application's would.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from honmono.cli.failures import explained
from honmono.cli.options import Config
from honmono.words import say

if TYPE_CHECKING:
    from honmono.settings import Settings
    from honmono.weights import Cache

_FIELDS = ("language", "sentiment", "speech-synthesis", "speech-recognition", "image-labels", "translation")
_SERVER_BYTES = 90 << 20
_CLIENT_BYTES = 250 << 20
_BYTES_A_SECOND = 2 << 20
_WARM_SECONDS = 40


@dataclass(frozen=True, slots=True)
class Needs:
    """What the demo will take: weights to fetch and their bytes, disk and memory in bytes, seconds."""

    weights: tuple[str, ...]
    download: int
    disk: int
    memory: int
    seconds: int


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=say("Show the main job on real input, beside what moto answers."))(demo)


def demo(
    texts: Annotated[list[str] | None, typer.Argument(help=say("Texts of your own; four are built in."))] = None,
    config: Config = None,
) -> None:
    """Show the main job on real input."""
    from honmono.settings import load
    from honmono.weights import Cache

    with explained():
        settings = load(config)
        cache = Cache(settings.cache)
        needs = _needs(settings, cache)
        _announce(needs)
        _pull(cache, needs)
        code = _show(settings, [sys.executable, "-m", "honmono.cli.showcase", *(texts or [])])
    raise typer.Exit(code)


def _needs(settings: Settings, cache: Cache) -> Needs:
    from honmono.app import engine_choice
    from honmono.compute import Ledger
    from honmono.engines.host import EngineHost

    choices = {field: engine_choice(table) for field, table in settings.engines.items()}
    with EngineHost(choices, cache, Ledger(1, 1 << 40)) as engines:
        infos = [engines.info(field) for field in _FIELDS]
    names = tuple(dict.fromkeys(name for info in infos for name in info.weights))
    absent = tuple(name for name in names if cache.state(name).state != "present")
    download = sum(cache.manifest[name].download for name in absent)
    size = sum(cache.manifest[name].size for name in absent)
    return Needs(
        weights=absent,
        download=download,
        disk=download + 2 * size,  # the package that a weight comes in, the weight, and what is computed from it
        memory=_SERVER_BYTES + _CLIENT_BYTES + sum(info.cost.memory_bytes for info in infos),
        seconds=_WARM_SECONDS + download // _BYTES_A_SECOND,
    )


def _announce(needs: Needs) -> None:
    from honmono.cli.screen import console, megabytes

    fetched = (
        say("fetches {names} ({size})", names=", ".join(needs.weights), size=megabytes(needs.download))
        if needs.weights
        else say("fetches nothing")
    )
    console().print(
        say(
            "This demo {fetched}, takes {disk} of disk and about {memory} of memory, and lasts about {seconds} s.",
            fetched=fetched,
            disk=megabytes(needs.disk),
            memory=megabytes(needs.memory),
            seconds=needs.seconds,
        ),
        markup=False,
    )


def _pull(cache: Cache, needs: Needs) -> None:
    from honmono.cli.screen import progress

    for name in needs.weights:
        with progress() as show:
            cache.pull(name, show)


def _show(settings: Settings, command: list[str]) -> int:
    from honmono.cli.presence import running
    from honmono.cli.run import client_environment, run_command
    from honmono.settings import load

    presence = running(settings.data)
    if presence is not None and settings.loopback:
        environment = client_environment(presence.endpoints[0], settings.region, os.environ)
        return subprocess.run(command, env=environment, check=False).returncode
    with tempfile.TemporaryDirectory(prefix="honmono-demo-", ignore_cleanup_errors=True) as directory:
        own = load(None, host="127.0.0.1", port=0, data=Path(directory), cache=settings.cache)
        # What fails, the calls say; the server's tracebacks would bury it.
        return run_command(command, own, level=logging.CRITICAL)
