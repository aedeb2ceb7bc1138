"""The engines and the weights as tables: from the classes' own metadata and the manifest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from documentation import blocks

if TYPE_CHECKING:
    from honmono.engines.base import EngineInfo


def quality() -> str:
    """One row an engine: who it is, and what was measured on what, in its class's own words."""
    return blocks.table(("engine", "for", "measured"), [(f"`{i.identity}`", field, i.quality) for field, i in _infos()])


def engines() -> str:
    """One row an engine: languages, memory, where it runs, weights, licence."""
    rows = []
    for field, info in _infos():
        rows.append(
            (
                f"`{field}`",
                f"`{info.identity}`",
                _languages(info.languages),
                f"{info.cost.memory_bytes / 2**20:.0f} MB",
                "in the server" if info.cost.in_process else "a worker process",
                ", ".join(info.weights) or "in its package",
                info.licence,
            )
        )
    heads = ("field", "engine", "languages", "memory", "runs in", "weights", "licence")
    return blocks.table(heads, rows)


def weights() -> str:
    """One row a weight: its size, what is transferred to get it, where from, its licence."""
    from honmono.weights import Manifest

    rows = []
    for weight in Manifest.load().values():
        sources = dict.fromkeys(str(source) for file in weight.files for source in file.sources)
        transferred = weight.download
        rows.append(
            (
                f"`{weight.name}`",
                weight.engine,
                f"{weight.size / 1e6:.0f} MB",
                f"{transferred / 1e6:.0f} MB",
                "; ".join(sources),
                weight.weights_licence,
            )
        )
    return blocks.table(("weight", "what it is", "on disk", "transferred", "from", "licence"), rows)


def _infos() -> Iterator[tuple[str, EngineInfo]]:
    from honmono.engines.registry import BUILT_IN, Registry

    registry = Registry()
    for field, ours in BUILT_IN.items():
        for name in ours:  # not what else is installed on the machine that writes the page
            yield field, registry.find(field, name).load_class().info()


def _languages(codes: tuple[str, ...]) -> str:
    if not codes:
        return "any"
    return ", ".join(codes) if len(codes) <= 15 else f"{len(codes)}"
