"""`honmono sdk-config`: files that point AWS's SDKs and CLI here, in a folder of their own."""

from __future__ import annotations

import importlib.util
import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from honmono.cli import failures
from honmono.cli.failures import Exit, explained
from honmono.cli.options import Config, Data
from honmono.words import say

if TYPE_CHECKING:
    from honmono.settings import Settings

_FOLDER = ".honmono-aws"


@dataclass(frozen=True, slots=True)
class Target:
    """The server that the files point to; `https` and `authority` where it speaks TLS."""

    url: str
    https: str | None
    authority: Path | None
    region: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "sdk-config",
        help=say("Write a folder of settings for AWS's SDKs and CLI, and print the lines that switch to it."),
        epilog=say('Use it as: eval "$(honmono sdk-config)". Your own ~/.aws stays as it is.'),
    )(sdk_config)


def sdk_config(
    folder: Annotated[Path, typer.Argument(help=say("Where to write."))] = Path(_FOLDER),
    force: Annotated[bool, typer.Option("--force", help=say("Replace files that are there."))] = False,
    tls: Annotated[bool, typer.Option("--tls", help=say("Point to the HTTPS port, and AWS's STS names too."))] = False,
    data: Data = None,
    config: Config = None,
) -> None:
    """Write a folder of settings for AWS's SDKs."""
    from honmono.settings import load

    with explained():
        target = _target(load(config, data=data, tls=tls or None))
        files = contents(target, folder)
        there = [str(folder / name) for name in files if (folder / name).exists()]
        if there and not force:
            raise failures.stop(
                say(
                    "{files} exists already; --force replaces it, and another folder leaves it.", files=", ".join(there)
                ),
                Exit.USAGE,
            )
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    for line in _explanation(target, folder):
        typer.echo(f"# {line}")
    for name, value in exports(target, folder).items():
        typer.echo(f"export {name}={shlex.quote(value)}")


def contents(target: Target, folder: Path) -> dict[str, str]:
    """The files by their path in the folder."""
    lines = [f"region = {target.region}", f"endpoint_url = {target.https or target.url}"]
    if target.authority is not None:
        lines.append(f"ca_bundle = {target.authority}")
    # Path-style: a bucket's own host name (bucket.127.0.0.1) does not resolve.
    lines += ["s3 =", "    addressing_style = path"]
    profile = "\n".join(lines)
    files = {
        "config": f"[default]\n{profile}\n\n[profile honmono]\n{profile}\n",
        "credentials": "".join(
            f"[{name}]\naws_access_key_id = test\naws_secret_access_key = test\n\n" for name in ("default", "honmono")
        ),
    }
    if target.https is not None:
        files["models/endpoints.json"] = json.dumps(_endpoints(target.https.removeprefix("https://")))
    return files


def exports(target: Target, folder: Path) -> dict[str, str]:
    """The variables that make SDKs read the folder instead of ~/.aws."""
    folder = folder.absolute()
    variables = {"AWS_CONFIG_FILE": str(folder / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials")}
    if target.https is not None:
        variables["AWS_DATA_PATH"] = str(folder / "models")
        variables["AWS_CA_BUNDLE"] = str(target.authority)
    return variables


def _target(settings: Settings) -> Target:
    """The running server's addresses, or else what the settings say they will be."""
    from honmono import tls
    from honmono.cli.presence import running

    presence = running(settings.data)
    urls = list(presence.endpoints) if presence is not None else _planned(settings)
    https = next((url for url in urls if url.startswith("https:")), None)
    if settings.tls and https is None:
        raise failures.stop(say("The server that runs has no HTTPS port; start it with: honmono up --tls"))
    authority = tls.ensure(settings.data, settings.region, settings.host).authority if https is not None else None
    return Target(urls[0], https, authority, settings.region)


def _planned(settings: Settings) -> list[str]:
    from honmono.server import Endpoint

    urls = [Endpoint(settings.host, settings.port).url]
    if settings.tls:
        here = Path()
        urls.append(Endpoint(settings.host, settings.https_port, here, here).url)
    return urls


def _endpoints(host: str) -> dict[str, Any]:
    """botocore's own table of endpoints, with STS here: the SageMaker SDK takes that name from the table whatever
    endpoint it was given."""
    spec = importlib.util.find_spec("botocore")
    if spec is None or spec.origin is None:
        raise failures.stop(say("botocore is not installed, so its table of endpoints cannot be written."))
    table: dict[str, Any] = json.loads((Path(spec.origin).parent / "data/endpoints.json").read_text("utf-8"))
    for partition in table["partitions"]:
        sts = partition["services"].get("sts", {"endpoints": {}})
        sts["endpoints"] = {
            region: {"hostname": host, "credentialScope": {"region": "us-east-1" if "global" in region else region}}
            for region in {*sts["endpoints"], *partition["regions"]}
        }
        partition["services"]["sts"] = sts
    return table


def _explanation(target: Target, folder: Path) -> list[str]:
    lines = [
        say("Wrote {folder}: AWS's SDKs and CLI talk to {url} in a shell that has run the lines below.",
            folder=folder, url=target.https or target.url),
        say("Your own ~/.aws was neither read nor changed."),
    ]  # fmt: skip
    if target.https is None:
        lines.append(
            say("The SageMaker SDK asks AWS for STS by name, over HTTPS: for it, use --tls here and with `honmono up`.")
        )
    return lines
