"""`honmono weights`: the model weights on this machine."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from honmono.cli import failures
from honmono.cli.failures import Exit, explained
from honmono.words import say

if TYPE_CHECKING:
    from honmono.weights import Cache

_MANY = 6
"""Files of one weight that are still named one by one."""

Names = Annotated[list[str] | None, typer.Argument(help=say("Names of weights; all of them where none is given."))]


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(help=say("Model weights: list, fetch, verify, carry."), no_args_is_help=True)
    group.command("list", help=say("List the weights, their licences and whether they are here."))(list_weights)
    group.command(help=say("Fetch and verify what is missing."))(pull)
    group.command(help=say("Read every byte and compare it with the manifest."))(verify)
    group.command("export", help=say("Write weights into one file, for a machine without a network."))(export)
    group.command("import", help=say("Take weights from such a file, verifying every byte."))(import_)
    app.add_typer(group, name="weights")


def list_weights() -> None:
    """List the weights."""
    from rich.table import Table

    from honmono.cli.screen import console, megabytes

    with explained():
        cache = _cache()
        table = Table(title=say("Weights in {folder}", folder=cache.folder), title_justify="left")
        for heading in ("Name", "Size", "State", "Licence", "What it is"):
            table.add_column(say(heading), overflow="fold")
        for state in cache.states():
            weight = state.weight
            table.add_row(weight.name, megabytes(weight.size), say(state.state), weight.weights_licence, weight.engine)
        console().print(table)


def pull(names: Names = None) -> None:
    """Fetch what is missing."""
    from honmono.cli.screen import progress
    from honmono.weights import PullFailed

    with explained():
        cache = _cache()
        failed = []
        for name in _chosen(cache, names):
            try:
                with progress() as show:
                    report = cache.pull(name, show)
            except PullFailed as error:
                # The others may well be had, and each switches on an engine.
                typer.echo(f"{name}: {error}", err=True)
                failed.append(name)
                continue
            typer.echo(
                say("{name}: fetched {files}", name=name, files=_told(report.fetched))
                if report.fetched
                else say("{name}: present and verified", name=name)
            )
        if failed:
            raise failures.stop(
                say("Could not be fetched: {names}. Their engines are not available.", names=" ".join(failed)),
                Exit.WEIGHTS,
            )


def _told(files: tuple[str, ...]) -> str:
    return ", ".join(files) if len(files) <= _MANY else say("{number} files", number=len(files))


def verify(names: Names = None) -> None:
    """Read every byte."""
    from honmono.cli.screen import progress

    with explained():
        cache = _cache()
        bad = []
        for name in _chosen(cache, names):
            with progress() as show:
                state = cache.verify(name, show)
            typer.echo(f"{name}: {say(state.state)}{f' ({state.detail})' if state.detail else ''}")
            if state.state != "present":
                bad.append(name)
        if bad:
            raise failures.stop(
                say("Not as they should be: {names}. Run: honmono weights pull {names}", names=" ".join(bad)),
                Exit.WEIGHTS,
            )


def export(file: Annotated[Path, typer.Argument(help=say("The file to write."))], names: Names = None) -> None:
    """Write weights into one file."""
    from honmono.cli.screen import progress
    from honmono.weights import export_weights

    with explained(), progress() as show:
        written = export_weights(_cache(), file, names or None, show)
    typer.echo(say("Wrote {names} into {file}.", names=", ".join(written), file=file))


def import_(file: Annotated[Path, typer.Argument(help=say("A file that `honmono weights export` wrote."))]) -> None:
    """Take weights from a file."""
    from honmono.cli.screen import progress
    from honmono.weights import import_weights

    with explained(), progress() as show:
        report = import_weights(_cache(), file, show)
    for name in report.imported:
        typer.echo(say("Imported and verified: {name}", name=name))
    for name in report.present:
        typer.echo(say("Was here already: {name}", name=name))
    if report.refused:
        raise failures.stop(say("Refused: {reasons}", reasons="; ".join(report.refused)), Exit.WEIGHTS)


def _cache() -> Cache:
    from honmono.settings import load
    from honmono.weights import Cache

    return Cache(load().cache)


def _chosen(cache: Cache, names: list[str] | None) -> list[str]:
    chosen = list(names or cache.manifest)
    for name in chosen:
        cache.manifest[name]  # an unknown name is refused before the first of the others is fetched
    return chosen
