"""Does a topic make sense? Its terms do if they stand together in documents more often than chance has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np


def coherence(counts: Any, columns: Sequence[int]) -> float | None:
    """Mean normalised pointwise mutual information of all pairs of terms, over whole documents; None of a lone term.

    1: the terms only ever stand together; 0: as often as if by chance; -1: never. Source: Bouma, Normalized
    (pointwise) mutual information in collocation extraction, 2009; for topics: Lau, Newman and Baldwin, 2014.

    Args:
        counts: a SciPy CSR matrix (documents, terms).
        columns: of the topic's terms.
    """
    if len(columns) < 2:
        return None
    there = (counts[:, list(columns)] > 0).astype(np.float64)
    together = (there.T @ there).toarray() / counts.shape[0]
    alone = together.diagonal()
    first, second = np.triu_indices(len(columns), 1)
    both = together[first, second]
    found = np.full(len(both), -1.0)
    found[both >= 1.0] = 1.0
    some = (both > 0) & (both < 1)
    chance = alone[first] * alone[second]
    found[some] = np.log(both[some] / chance[some]) / -np.log(both[some])
    return float(found.mean())
