"""Small tables for the tests, with relations planted in them."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from honmono.engines.tabular.schema import Schema


def schema(target: str | None = None, header: bool = False, **kinds: str) -> Schema:
    """Columns by name and type: `schema("y", age="NUMERIC", y="BINARY")`."""
    return Schema.parse(schema_text(target, header, **kinds))


def schema_text(target: str | None = None, header: bool = False, **kinds: str) -> str:
    attributes = [{"attributeName": name, "attributeType": kind} for name, kind in kinds.items()]
    return json.dumps({"targetAttributeName": target, "dataFileContainsHeader": header, "attributes": attributes})


def write(path: Path, rows: Iterable[Sequence[Any]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return path


def ages(count: int, seed: int = 0) -> list[tuple[int, str, int]]:
    """Age, sign, and whether somebody buys: the young and the old do, and the blue more than the red."""
    chance = random.Random(seed)
    found = []
    for _ in range(count):
        age, sign = chance.randint(18, 80), chance.choice(("red", "blue"))
        share = 0.85 if age < 30 or age > 65 else 0.15
        found.append((age, sign, int(chance.random() < share + (0.1 if sign == "blue" else 0))))
    return found
