"""What all tasks do: an engine host for one engine, labels of a file read as the engine writes them, the facts."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from honmono import __version__
from honmono.cli.evaluations import Request, Unfit
from honmono.evaluation.textfile import DataError

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost

CHUNK = 16
"""Texts asked about at once."""


def host(request: Request, field: str, name: str | None) -> EngineHost:
    """The engines, in this process, with the one of that name for the field; None: the one that the settings choose."""
    from honmono.app import engine_choice
    from honmono.compute import Ledger, devices
    from honmono.engines.host import EngineChoice, EngineHost
    from honmono.weights import Cache

    choices = {each: engine_choice(table) for each, table in request.settings.engines.items()}
    if name is not None:
        chosen = choices.get(field, EngineChoice())
        # Options in honmono.toml are those of the engine that is named there.
        choices[field] = chosen if chosen.engine == name else EngineChoice(name, chosen.device)
    ledger = Ledger(devices.cores(), devices.memory_bytes())
    return EngineHost(choices, Cache(request.settings.cache), ledger, in_process=True)


def facts(request: Request) -> dict[str, str | int | float]:
    """What one must know to measure again."""
    with request.data.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    found: dict[str, str | int | float] = {
        "data": request.data.name,
        "sha256": digest,
        "honmono": __version__,
        "answers among": "the labels of the data" if request.among_data else "all labels of the engine",
        "bootstrap": f"{request.rounds} rounds, seed {request.seed}",
    }
    if request.meanings:
        found["labels read as"] = ", ".join(f"{one} = {other}" for one, other in request.meanings.items())
    return found


def needs_language(request: Request) -> None:
    """Raises Unfit where nothing says which language the texts are in."""
    if request.language is None and request.columns.language is None:
        raise Unfit("this task needs each text's language: --language en, or --language-column NAME")


def read_labels(
    request: Request, field: str, written: Sequence[tuple[int, str]], labels: Iterable[str]
) -> dict[str, str]:
    """The engine's label for each label that the file has, in whatever case, or as --map says.

    `written`: line and label of each case. Raises Unfit: --map names a label that the engine does not have; DataError:
    the file has one that is neither known nor mapped.
    """
    known = {label.casefold(): label for label in labels}
    wrong = [meaning for meaning in request.meanings.values() if meaning.casefold() not in known]
    if wrong:
        raise Unfit(f"--map: {field} has no label {', '.join(map(repr, wrong))}; it has {_some(known.values())}")
    read = {label: known[label.casefold()] for _, label in written if label.casefold() in known}
    read |= {label: known[meaning.casefold()] for label, meaning in request.meanings.items()}
    strange = Counter(label for _, label in written if label not in read)
    if strange:
        first = next(line for line, label in written if label in strange)
        said = ", ".join(f"{label!r} ({count} times)" for label, count in strange.most_common(8))
        raise DataError(
            request.data,
            f"{field} has no label {said}; it has {_some(known.values())}. Say what yours mean: "
            f"--map {next(iter(strange))}=LABEL, once for each",
            first,
        )
    return read


def _some(labels: Iterable[str]) -> str:
    shown = list(labels)
    return ", ".join(shown[:12]) + (f" and {len(shown) - 12} more" if len(shown) > 12 else "")
