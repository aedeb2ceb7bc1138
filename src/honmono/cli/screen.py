"""What the commands draw with: consoles and progress bars. rich is imported when something is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from honmono.weights import Progress


def console(*, stderr: bool = False) -> Console:
    """Where to draw: standard output for answers, standard error for what happens meanwhile."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


@contextmanager
def progress() -> Iterator[Progress]:
    """A callback that draws one bar for each thing that it is called about, with bytes, speed and the time left."""
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TaskID,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )

    bars = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=console(stderr=True),
    )
    tasks: dict[str, TaskID] = {}

    def show(done: int, total: int, what: str) -> None:
        task = tasks.get(what)
        if task is None:
            task = tasks[what] = bars.add_task(what, total=total or None)
        bars.update(task, completed=done, total=total or None)

    with bars:
        yield show


@contextmanager
def counting() -> Iterator[Progress]:
    """As `progress`, for things that are counted."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    bars = Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console(stderr=True),
    )
    tasks: dict[str, TaskID] = {}

    def show(done: int, total: int, what: str) -> None:
        if what not in tasks:
            tasks[what] = bars.add_task(what, total=total)
        bars.update(tasks[what], completed=done, total=total)

    with bars:
        yield show


def bar(share: float, width: int = 24) -> str:
    """A share of 0 to 1 as a bar of text, in eighths of a character."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    whole, rest = divmod(eighths, 8)
    return "█" * whole + (" ▏▎▍▌▋▊▉"[rest] if rest else "")


def megabytes(size: int) -> str:
    """Bytes as people read them."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
