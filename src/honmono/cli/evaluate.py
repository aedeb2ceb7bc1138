"""`honmono evaluate`: how good an engine is on labelled data of the user's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from honmono.cli import failures
from honmono.cli.evaluations import TASKS, Request, Unfit, task
from honmono.cli.failures import explained
from honmono.cli.options import Config
from honmono.words import say

if TYPE_CHECKING:
    from rich.console import Console

    from honmono.evaluation.labelled import Format
    from honmono.evaluation.report import Cell, Report, Table

_UNSHOWN = "errors of "
_FEW = 4


def register(app: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(help=say("Measure how good the engines are on labelled data of yours."), no_args_is_help=True)

    @group.callback()
    def _group() -> None:
        """Keeps `comprehend` a command of its own while it is the only one."""

    group.command(
        "comprehend",
        help=say("Measure Comprehend's engines; --task is one of: {tasks}.", tasks=", ".join(TASKS["comprehend"])),
    )(comprehend)
    app.add_typer(group, name="evaluate")


def comprehend(
    task_name: Annotated[str, typer.Option("--task", help=say("What to measure."), metavar="TASK")],
    data: Annotated[
        Path,
        typer.Option("--data", help=say("Labelled texts: a CSV, TSV, JSON Lines or CoNLL-U file."), metavar="FILE"),
    ],
    text_column: Annotated[
        str | None, typer.Option(help=say("The text's column: a name of the header, or a number from 1 without one."))
    ] = None,
    label_column: Annotated[str | None, typer.Option(help=say("The label's column."))] = None,
    language: Annotated[str | None, typer.Option(help=say("The language of all texts, as en."))] = None,
    language_column: Annotated[str | None, typer.Option(help=say("The column with each text's language."))] = None,
    map_: Annotated[
        list[str] | None,
        typer.Option("--map", help=say("What a label of the file means; again for each."), metavar="0=NEGATIVE"),
    ] = None,
    among_data: Annotated[
        bool, typer.Option("--among-data", help=say("Let only labels be answered that the data has."))
    ] = False,
    engine: Annotated[
        list[str] | None,
        typer.Option(help=say("An engine by name; again for each to compare. By default the one of the settings.")),
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", help=say("csv, tsv or jsonl."), show_default=say("by the name's ending"))
    ] = None,
    encoding: Annotated[str, typer.Option(help=say("The file's encoding."))] = "utf-8",
    rounds: Annotated[int, typer.Option(min=100, help=say("Bootstrap draws for the intervals."))] = 1000,
    seed: Annotated[int, typer.Option(help=say("The same seed gives the same intervals."))] = 0,
    out: Annotated[
        Path | None,
        typer.Option(
            help=say("The folder for report.html, report.md, report.json and the pictures."),
            metavar="DIR",
            show_default="evaluation/TASK-FILE",
        ),
    ] = None,
    config: Config = None,
) -> None:
    """Measure Comprehend's engines."""
    from honmono.cli.screen import console, counting
    from honmono.settings import load

    with explained():
        try:
            from honmono.evaluation.labelled import Columns

            chosen = task("comprehend", task_name)
            request = Request(
                data,
                Columns(text_column, label_column, language_column),
                _form(form),
                encoding,
                language,
                _meanings(map_ or []),
                among_data,
                _engines(engine or []),
                rounds,
                seed,
                load(config),
            )
            with counting() as show:
                report = chosen.evaluate(request, show)
        except OSError as error:
            if error.filename is None or Path(error.filename) != data:
                raise
            raise failures.stop(say("{file} cannot be read: {reason}", file=data, reason=error.strerror)) from error
        except ModuleNotFoundError as error:
            if error.name != "numpy":
                raise
            raise failures.stop(say("NumPy is not installed; run: pip install 'honmono[text]'")) from error
        folder = out or Path("evaluation", f"{task_name}-{data.stem}")
        try:
            page = report.write(folder)
        except OSError as error:
            raise failures.stop(
                say("{folder} cannot be written: {reason}", folder=folder, reason=error.strerror)
            ) from error
        _draw(report, console())
        typer.echo(say("The whole report, with pictures: {page}", page=page))


def _form(name: str | None) -> Format | None:
    from honmono.evaluation.labelled import FORMATS

    if name is None:
        return None
    forms: dict[str, Format] = {form: form for form in FORMATS.values()}
    if name not in forms:
        raise Unfit(f"--format: {name!r} is none of {', '.join(forms)}")
    return forms[name]


def _meanings(pairs: list[str]) -> dict[str, str]:
    meanings = {}
    for pair in pairs:
        written, equals, meaning = pair.rpartition("=")
        if not (written and equals and meaning):
            raise Unfit(f"--map: {pair!r} is not of the form 0=NEGATIVE: the file's label, =, the engine's")
        meanings[written.strip()] = meaning.strip()
    return meanings


def _engines(names: list[str]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise Unfit("--engine: the same name stands there twice; an engine is compared with another")
    return tuple(names)


def _draw(report: Report, screen: Console) -> None:
    screen.print(report.title, style="bold", markup=False)
    for name, value in report.facts.items():
        screen.print(f"  {name}: {value}", style="dim", markup=False)
    for table in report.tables:
        if not table.name.startswith(_UNSHOWN):
            _draw_table(table, screen)
    for note in report.notes:
        screen.print(note, style="dim", markup=False)


def _draw_table(table: Table, screen: Console) -> None:
    from rich import box
    from rich.table import Table as Drawn
    from rich.text import Text

    drawn = Drawn(title=Text(table.title), title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for head in table.heads:
        drawn.add_column(Text(head if len(table.heads) <= _FEW else head.replace(" ", "\n")), overflow="fold")
    for row in table.rows:
        drawn.add_row(*(Text(_word(cell, len(row))) for cell in row))
    screen.print(drawn)
    if table.note:
        screen.print(table.note, style="dim", markup=False)


def _word(cell: Cell, columns: int) -> str:
    """A cell; its interval on a line of its own where many columns share the screen."""
    from honmono.evaluation.report import shown

    word = shown(cell)
    return word.replace(" (", "\n(") if columns > _FEW and word.endswith(")") else word
