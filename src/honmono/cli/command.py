"""The command's tree. Every command imports what it needs when it runs: `--help` and `up` start fast."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from honmono import __version__
from honmono.cli import demo, doctor, evaluate, keys, run, sdk_config, services, tls, trying, up, weights
from honmono.words import say

app = typer.Typer(
    name="honmono",
    help=say("Honmono: a machine learning cloud on your own machine that speaks AWS's wire."),
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for each in (up, run, demo, trying, evaluate, doctor, services, weights, keys, sdk_config, tls):
    each.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"honmono {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help=say("Print the version and exit."), callback=_version, is_eager=True)
    ] = False,
) -> None:
    """What every command shares."""


def main() -> None:
    """Run the command line."""
    # Until a server begins its log: a command says itself what went wrong, on one line.
    logging.getLogger("honmono").addHandler(logging.NullHandler())
    app(prog_name="honmono")
