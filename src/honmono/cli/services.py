"""`honmono services`: which operations of AWS are answered, counted from the classes and AWS's own models."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from honmono.cli import failures
from honmono.words import say

if TYPE_CHECKING:
    from honmono.wire.service import Service


@dataclass(frozen=True, slots=True)
class Coverage:
    """A service's operations, by AWS's names: those that have a method, and those that do not yet."""

    service: str
    title: str
    answered: tuple[str, ...]
    missing: tuple[str, ...]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=say("Say which services and operations are answered."))(services)


def services(
    name: Annotated[str | None, typer.Argument(help=say("A service, as boto3 names it."))] = None,
    json_: Annotated[bool, typer.Option("--json", help=say("Print JSON."))] = False,
) -> None:
    """Say which services and operations are answered."""
    found = {each.service: each for each in map(coverage, _classes())}
    if name is not None and name not in found:
        raise failures.stop(
            say("Honmono does not answer {name} itself; it answers {known}.", name=name, known=", ".join(found))
        )
    if json_:
        typer.echo(
            json.dumps(
                {
                    each.service: {"answered": each.answered, "not yet": each.missing}
                    for each in ([found[name]] if name else found.values())
                }
            )
        )
    elif name is None:
        _draw_all(list(found.values()))
    else:
        _draw(found[name])


def coverage(service: type[Service]) -> Coverage:
    """What a service's class answers of its model's operations."""
    from honmono.wire.model import load
    from honmono.wire.service import Service

    model = load(service.name)
    answered: list[str] = []
    missing: list[str] = []
    for name, operation in sorted(model.operations.items()):
        there = hasattr(service, operation.method_name) and not hasattr(Service, operation.method_name)
        (answered if there else missing).append(name)
    title = model.metadata.get("serviceFullName", service.name)
    return Coverage(service.name, str(title), tuple(answered), tuple(missing))


def _classes() -> list[type[Service]]:
    from honmono.services import catalogue

    return [catalogue.service_class(name) for name in catalogue.service_names()]


def _draw_all(found: list[Coverage]) -> None:
    from rich.table import Table

    from honmono.cli.screen import bar, console

    table = Table()
    table.add_column(say("Service"))
    table.add_column(say("Name"))
    table.add_column(say("Answered"), justify="right")
    table.add_column("", min_width=16)
    for each in found:
        total = len(each.answered) + len(each.missing)
        table.add_row(
            each.service, each.title, f"{len(each.answered)} / {total}", bar(len(each.answered) / total, width=16)
        )
    console().print(table)
    console().print(
        say("`honmono services NAME` lists the operations. The rest of AWS is simulated by moto, in memory."),
        markup=False,
    )


def _draw(each: Coverage) -> None:
    from rich.columns import Columns

    from honmono.cli.screen import console

    screen = console()
    screen.print(f"[bold]{each.title}[/bold] ({each.service})")
    for heading, names in ((say("Answered"), each.answered), (say("Not yet"), each.missing)):
        screen.print(f"\n{heading}: {len(names)}")
        if names:
            screen.print(Columns(names, padding=(0, 2)))
