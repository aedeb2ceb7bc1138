"""`honmono tls`: the local certificate authority."""

from __future__ import annotations

import typer

from honmono.cli.failures import explained
from honmono.cli.options import Config, Data
from honmono.words import say


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(help=say("The local certificate authority."), no_args_is_help=True)

    @group.callback()
    def _group() -> None:
        """Keeps `ca` a command of its own while it is the only one."""

    group.command(help=say("Print the path of the authority's certificate, made now where there is none."))(ca)
    app.add_typer(group, name="tls")


def ca(data: Data = None, config: Config = None) -> None:
    """Print the path of the authority's certificate."""
    from honmono import tls
    from honmono.settings import load

    with explained():
        settings = load(config, data=data)
        typer.echo(tls.ensure(settings.data, settings.region, settings.host).authority)
