"""What the benchmarks found: the committed files of bench/results as tables, whatever is in them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from documentation import blocks

BENCH = blocks.ROOT / "bench"


def scripts() -> list[Path]:
    """The benchmarks that a person runs; the other files there are imported or started by them."""
    texts = {path: path.read_text("utf-8") for path in sorted(BENCH.glob("*.py"))}
    return [
        path
        for path, text in texts.items()
        if "__main__" in text and not any(f'"{path.name}"' in other for other in texts.values())
    ]


def render() -> str:
    """A section a script: what it measures in its own words, and what its last committed run found."""
    return "\n\n".join(part for path in scripts() for part in _section(path))


def _section(path: Path) -> Iterator[str]:
    yield f"### `bench/{path.name}`"
    yield _first_paragraph(path)
    results = BENCH / "results" / f"{path.stem}.json"
    if results.exists():
        yield from tables(json.loads(results.read_text("utf-8")))
    else:
        yield "No run is committed yet."


def _first_paragraph(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return " ".join(text.split("\n\n")[0].split())


def tables(found: Mapping[str, Any]) -> Iterator[str]:
    """Lists of like rows, and mappings of like mappings, as tables of their own; the rest as one of two columns."""
    rest: list[tuple[str, str]] = []
    for name, value in found.items():
        if isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            yield _table([_flat(row) for row in value])
        elif isinstance(value, dict) and value and all(isinstance(row, dict) for row in value.values()):
            yield _table([{name.replace("_", " "): key, **_flat(row)} for key, row in value.items()])
        elif isinstance(value, dict):
            rest += [(f"{name}: {key}".replace("_", " "), _shown(each)) for key, each in value.items()]
        else:
            rest.append((name.replace("_", " "), _shown(value)))
    if rest:
        yield blocks.table(("", ""), rest)


def _table(rows: list[dict[str, Any]]) -> str:
    heads = list(dict.fromkeys(name for row in rows for name in row))
    return blocks.table(heads, [[_shown(row.get(name, "")) for name in heads] for row in rows])


def _flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with the numbers of a mapping in it beside the others; a mapping of anything else in words."""
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict) and all(isinstance(each, float) for each in value.values()):
            flat |= value
        elif isinstance(value, dict):
            flat[name] = ", ".join(f"{key} {_shown(each)}" for key, each in value.items())
        else:
            flat[name] = value
    return {name.replace("_", " "): value for name, value in flat.items()}


def _shown(value: Any) -> str:
    """A number with three digits that count; anything else as it is."""
    if isinstance(value, bool) or not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"
