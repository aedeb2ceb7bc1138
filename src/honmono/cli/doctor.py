"""`honmono doctor`: what this installation can do here, how good it is, and the line that brings what is missing."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from honmono import __version__
from honmono.cli.failures import Exit, explained
from honmono.cli.options import Config, Data
from honmono.words import say

if TYPE_CHECKING:
    from rich.table import Table

    from honmono.settings import Settings

# What the server cannot do without, as installed distributions.
_PACKAGES = ("boto3", "botocore", "cryptography", "granian", "moto", "onnxruntime", "orjson", "sqlalchemy", "uvloop")


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that is not there: what stays switched off without it, and the line that brings it."""

    what: str
    line: str


@dataclass(frozen=True, slots=True)
class EngineReport:
    """An engine as it is chosen for a field."""

    field: str
    engine: str
    state: str
    licence: str = ""
    languages: int = 0
    quality: str = ""
    memory_bytes: int = 0


@dataclass(frozen=True, slots=True)
class WeightReport:
    """A weight of the manifest."""

    name: str
    state: str
    size: int
    weights_licence: str
    code_licence: str


@dataclass(slots=True)
class Report:
    """Everything that `doctor` says."""

    version: str
    python: str
    system: str
    cores: float
    memory_bytes: int
    free_memory_bytes: int
    devices: list[str]
    data: str
    cache: str
    free_disk_bytes: int
    server: list[str]
    packages: dict[str, str | None]
    engines: list[EngineReport]
    weights: list[WeightReport]
    missing: list[Missing] = field(default_factory=list)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        help=say("Say what is installed, which engines and weights are here, how good they are, and what is missing."),
        epilog=say("The exit code is 0 where nothing is missing, else 1."),
    )(doctor)


def doctor(
    json_: Annotated[bool, typer.Option("--json", help=say("Print JSON."))] = False,
    data: Data = None,
    config: Config = None,
) -> None:
    """Say what is here and what is missing."""
    from honmono.settings import load

    with explained():
        report = examine(load(config, data=data))
    if json_:
        typer.echo(json.dumps(asdict(report), indent=1))
    else:
        _draw(report)
    raise typer.Exit(Exit.FAILED if report.missing else Exit.OK)


def examine(settings: Settings) -> Report:
    """Look at everything; load nothing heavy, start nothing."""
    from honmono.cli.presence import running
    from honmono.compute import devices

    found = devices.devices()
    presence = running(settings.data)
    report = Report(
        version=__version__,
        python=platform.python_version(),
        system=f"{platform.system()} {platform.machine()}",
        cores=devices.cores(),
        memory_bytes=devices.memory_bytes(),
        free_memory_bytes=devices.free_memory_bytes(),
        devices=[f"{device.kind}: {device.model}" for device in found],
        data=str(settings.data),
        cache=str(settings.cache),
        free_disk_bytes=shutil.disk_usage(_nearest(settings.data)).free,
        server=list(presence.endpoints) if presence else [],
        packages={name: _version(name) for name in _PACKAGES},
        engines=[],
        weights=[],
    )
    absent = [name for name, version in report.packages.items() if version is None]
    if absent:
        report.missing.append(Missing(", ".join(absent), f"{sys.executable} -m pip install {' '.join(absent)}"))
    report.missing += [Missing(f"{device.kind}: {device.model}", device.note) for device in found if not device.usable]
    _examine_folders(settings, report)
    _examine_weights(settings, report)
    _examine_engines(settings, report)
    return report


def _examine_folders(settings: Settings, report: Report) -> None:
    for folder, option in ((settings.data, "--data DIR"), (settings.cache, "HONMONO_CACHE=DIR")):
        nearest = _nearest(folder)
        if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
            report.missing.append(
                Missing(say("{folder} cannot be written", folder=folder), say("choose another one: {how}", how=option))
            )


def _examine_weights(settings: Settings, report: Report) -> None:
    from honmono.weights import Cache

    for state in Cache(settings.cache).states():
        weight = state.weight
        report.weights.append(
            WeightReport(weight.name, state.state, weight.size, weight.weights_licence, weight.code_licence)
        )
        if state.state != "present":
            report.missing.append(
                Missing(say("the weight {name}", name=weight.name), f"honmono weights pull {weight.name}")
            )


def _examine_engines(settings: Settings, report: Report) -> None:
    from honmono.app import engine_choice
    from honmono.compute import Ledger
    from honmono.engines.host import EngineHost
    from honmono.weights import Cache

    choices = {field: engine_choice(table) for field, table in settings.engines.items()}
    ledger = Ledger(report.cores, report.memory_bytes)
    with EngineHost(choices, Cache(settings.cache), ledger) as engines:
        states = engines.states()
    for each in states:
        if each.info is None:
            report.engines.append(EngineReport(each.field, "", each.problem))
        else:
            state = each.problem
            if each.missing_weights:
                state = say("needs {weights}", weights=", ".join(each.missing_weights))
            info = each.info
            report.engines.append(
                EngineReport(
                    each.field,
                    info.identity,
                    state or say("ready"),
                    info.licence,
                    len(info.languages),
                    info.quality,
                    info.cost.memory_bytes,
                )
            )
        if each.problem:
            chosen = each.field in settings.engines
            report.missing.append(
                Missing(
                    say("an engine for {field}: {problem}", field=each.field, problem=each.problem),
                    say("mend [engines.{field}] in honmono.toml, or what it names", field=each.field)
                    if chosen
                    else f"{sys.executable} -m pip install 'honmono[text]'",
                )
            )


def _draw(report: Report) -> None:
    from rich.markup import escape
    from rich.table import Table

    from honmono.cli.screen import console, megabytes

    screen = console()
    screen.print(f"[bold]Honmono {report.version}[/bold] · Python {report.python} · {report.system}")
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="dim")
    facts.add_column(overflow="fold")
    memory = say(
        "{memory}, {free} free", memory=megabytes(report.memory_bytes), free=megabytes(report.free_memory_bytes)
    )
    facts.add_row(say("Devices"), escape("; ".join(report.devices)))
    facts.add_row(say("Cores"), f"{report.cores:g}")
    facts.add_row(say("Memory"), memory)
    facts.add_row(
        say("Data"), escape(say("{folder} ({free} free)", folder=report.data, free=megabytes(report.free_disk_bytes)))
    )
    facts.add_row(say("Weights"), escape(report.cache))
    facts.add_row(say("Server"), escape(", ".join(report.server)) or say("none runs on this data directory"))
    screen.print(facts)
    screen.print(f"\n{say('Engines')}", style="italic")
    screen.print(_engines_table(report))
    screen.print()
    screen.print(_weights_table(report))
    packages = ", ".join(f"{name} {version or say('missing')}" for name, version in report.packages.items())
    screen.print(say("Packages: {packages}", packages=packages), style="dim")
    if not report.missing:
        screen.print(say("Nothing is missing."), style="green")
    for each in report.missing:
        screen.print(f"[yellow]{say('Missing')}[/yellow]: ", end="")
        screen.print(each.what, markup=False)
        screen.print(f"  → {each.line}", markup=False)


def _engines_table(report: Report) -> Table:
    from rich.markup import escape
    from rich.table import Table

    from honmono.cli.screen import megabytes

    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    # What engines say has brackets, as in [engines.sentiment], which rich would take for its own marks.
    for each in report.engines:
        facts = [each.engine, each.state]
        if each.languages:
            facts.append(say("{count} languages", count=each.languages))
        if each.memory_bytes:
            facts.append(megabytes(each.memory_bytes))
        table.add_row(escape(each.field), escape(" · ".join(filter(None, facts))))
        if each.quality:
            table.add_row("", escape(say("Measured: {quality}", quality=each.quality)))
        if each.licence:
            table.add_row("", f"[dim]{escape(say('Licence') + ': ' + each.licence)}[/dim]")
    return table


def _weights_table(report: Report) -> Table:
    from rich.table import Table

    from honmono.cli.screen import megabytes

    table = Table(title=say("Weights"), title_justify="left")
    for heading in ("Name", "Size", "State", "Licence", "Licence of the code"):
        table.add_column(say(heading))
    for each in report.weights:
        table.add_row(each.name, megabytes(each.size), say(each.state), each.weights_licence, each.code_licence)
    return table


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _nearest(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    folder = folder.absolute()
    while not folder.exists() and folder.parent != folder:
        folder = folder.parent
    return folder
