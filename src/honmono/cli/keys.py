"""`honmono keys`: the access keys of a data directory, whether its server runs or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from honmono.cli import failures
from honmono.cli.failures import explained
from honmono.cli.options import Config, Data
from honmono.cli.presence import Presence, running
from honmono.words import say

Account = Annotated[str | None, typer.Option(help=say("Twelve digits; the server's own account where not given."))]
Json = Annotated[bool, typer.Option("--json", help=say("Print JSON."))]


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(help=say("Access keys: create, list, delete."), no_args_is_help=True)
    group.command(help=say("Make a key pair of the account's root; the secret is shown this once."))(create)
    group.command("list", help=say("List the keys."))(list_keys)
    group.command(help=say("Delete a key; it stops working at once."))(delete)
    app.add_typer(group, name="keys")


def create(account: Account = None, json_: Json = False, data: Data = None, config: Config = None) -> None:
    """Make a key pair."""
    if account is not None and not (account.isdecimal() and len(account) == 12):
        raise failures.stop(say("An account is twelve digits, not {account}.", account=account), failures.Exit.USAGE)
    made = _ask(data, config, {"action": "create", "account": account})
    if json_:
        typer.echo(json.dumps(made))
    else:
        typer.echo(f"AWS_ACCESS_KEY_ID={made['access_key']}\nAWS_SECRET_ACCESS_KEY={made['secret_key']}")


def list_keys(account: Account = None, json_: Json = False, data: Data = None, config: Config = None) -> None:
    """List the keys."""
    keys = _ask(data, config, {"action": "list", "account": account})["keys"]
    if json_:
        typer.echo(json.dumps(keys))
        return
    for key in keys:
        typer.echo("  ".join((key["access_key"], key["status"], key["created"], key["principal"])))
    typer.echo(say("On loopback the development key test/test works besides."), err=True)


def delete(
    key: Annotated[str, typer.Argument(help=say("The access key's id."))], data: Data = None, config: Config = None
) -> None:
    """Delete a key."""
    _ask(data, config, {"action": "delete", "access_key": key})
    typer.echo(say("Deleted {key}.", key=key))


def _ask(data: Path | None, config: Path | None, request: dict[str, Any]) -> dict[str, Any]:
    from honmono.settings import load

    with explained():
        settings = load(config, data=data)
        presence = running(settings.data)
        if presence is not None:
            return _ask_server(presence, request)
        from honmono.control import perform
        from honmono.services.iam.keys import AccessKeys, KeyMissing
        from honmono.store.database import Database

        database = Database.open(settings.database_url)
        try:
            return perform(AccessKeys(database, settings.account, development_key=False), request)
        except KeyMissing as error:
            raise failures.stop(str(error)) from error
        finally:
            database.close()


def _ask_server(presence: Presence, request: dict[str, Any]) -> dict[str, Any]:
    import urllib.error
    import urllib.request

    message = urllib.request.Request(
        presence.endpoints[0] + "/_honmono/keys",
        json.dumps(request).encode(),
        {"authorization": f"Bearer {presence.token}", "content-type": "application/json"},
    )
    # A proxy of the environment does not reach this machine's own address.
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(message, timeout=10) as response:
            return dict(json.load(response))
    except urllib.error.HTTPError as error:
        raise failures.stop(json.load(error)["message"]) from error
    except OSError as error:
        raise failures.stop(say("The server does not answer: {reason}", reason=error)) from error
