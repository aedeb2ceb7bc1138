"""The recipe that data suggest, where the user gives none.

Its form is Amazon ML's suggested recipes': categories and yes-or-no as they are, texts in small letters, numbers in
quantile bins, more of them where there are more observations to fill them. Source: "Suggested Recipes" and "Feature
Processing" (Amazon Machine Learning developer guide).
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import numpy as np

from honmono.engines.tabular.recipe import quoted, written
from honmono.engines.tabular.schema import Schema, Type
from honmono.engines.tabular.source import Source
from honmono.engines.tabular.values import numbers

_BINS = (10, 20, 50, 100)
_ROWS_A_BIN = 150
"""With fewer observations in a bin its weight is mostly chance. Chosen on the tables DEVELOPMENT of
bench/tabular_data.py."""
_LOOKED_AT = 20
"""Blocks, of about 1 MB."""


def suggest(source: Source, is_regression: bool) -> str:
    """A recipe for a source; its first observations decide how fine the bins are."""
    rows, different = 0, {attribute.name: set[float]() for attribute in source.schema.inputs}
    names = source.schema.names
    for block in islice(source.blocks(), _LOOKED_AT):
        rows += block.rows
        for name, column in zip(names, block.columns, strict=True):
            if name in different and source.schema.types[name] is Type.NUMERIC and len(different[name]) < 1000:
                values = numbers(column)
                different[name].update(np.unique(values[~np.isnan(values)]).tolist())
    return recipe_for(source.schema, rows, {name: len(each) for name, each in different.items()}, is_regression)


def recipe_for(schema: Schema, rows: int, different: Mapping[str, int], is_regression: bool) -> str:
    """The recipe for so many observations with so many different numbers of each NUMERIC attribute."""
    groups: dict[str, str] = {}
    outputs: list[str] = []
    types = {attribute.type for attribute in schema.inputs}
    outputs += [f"ALL_{kind}" for kind in (Type.BINARY, Type.CATEGORICAL) if kind in types]
    by_bins: dict[int, list[str]] = {}
    for attribute in schema.inputs:
        if attribute.type is Type.NUMERIC:
            most = min(rows // _ROWS_A_BIN, max(different.get(attribute.name, 0), _BINS[0]))
            bins = max((each for each in _BINS if each <= most), default=_BINS[0])
            by_bins.setdefault(bins, []).append(quoted(attribute.name))
    for bins, names in sorted(by_bins.items(), reverse=True):
        groups[f"NUMERIC_VARS_QB_{bins}"] = f"group({', '.join(names)})"
        outputs.append(f"quantile_bin(NUMERIC_VARS_QB_{bins}, {bins})")
    if Type.NUMERIC in types:
        outputs.append("normalize(ALL_NUMERIC)")
    if Type.TEXT in types:
        outputs.append("ngram(no_punct(lowercase(ALL_TEXT)), 2)")
    if not outputs:
        outputs = ["ALL_INPUTS"]
    return written(groups, outputs)
