"""`honmono try FILE_OR_TEXT`: what the engines make of one input, without a server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from honmono.cli import failures
from honmono.cli.failures import explained
from honmono.cli.kinds import Sample, kinds
from honmono.cli.options import Config
from honmono.words import say

_HEAD = 8192


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("try", help=say("Show what the engines make of a text or a file, without a server."))(try_)


def try_(
    what: Annotated[str, typer.Argument(help=say("A text, or a file's path; - reads standard input."))],
    config: Config = None,
) -> None:
    """Show what the engines make of one input."""
    from honmono.app import engine_choice
    from honmono.cli.screen import console
    from honmono.compute import Ledger, devices
    from honmono.engines.host import EngineHost
    from honmono.settings import load
    from honmono.weights import Cache

    with explained():
        sample = _sample(what)
        kind = next((kind for kind in kinds() if kind.recognises(sample)), None)
        if kind is None:
            raise failures.stop(
                say(
                    "{name} is of no kind that an engine here can read; a text in UTF-8, a picture or a recording is.",
                    name=sample.name,
                )
            )
        settings = load(config)
        ledger = Ledger(devices.cores(), devices.memory_bytes())
        choices = {field: engine_choice(table) for field, table in settings.engines.items()}
        screen = console()
        with EngineHost(choices, Cache(settings.cache), ledger, in_process=True) as engines:
            kind.show(sample, engines, screen)


def _sample(what: str) -> Sample:
    if what == "-":
        return Sample(say("standard input"), sys.stdin.buffer.read(1 << 20))
    path = Path(what)
    try:
        is_file = path.is_file()
    except OSError:  # a text too long for a path
        is_file = False
    if not is_file:
        return Sample(say("text"), what.encode("utf-8", "surrogateescape"))
    try:
        with path.open("rb") as file:
            return Sample(str(path), file.read(_HEAD), path)
    except OSError as error:
        raise failures.stop(say("{file} cannot be read: {reason}", file=path, reason=error.strerror)) from error
