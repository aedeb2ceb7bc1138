"""How often each term stands in each document: the table that topics are learned from."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MOST_TERMS = 50_000
"""Those in the most documents are kept: a topic is a row of so many numbers."""

_SMALL = 20
"""Documents; below, no word is rare or ubiquitous."""


@dataclass(frozen=True, slots=True)
class TermCounts:
    """The terms in the order of the columns, and the counts: a SciPy CSR matrix (documents, terms) of float64."""

    terms: tuple[str, ...]
    counts: Any


def count_terms(documents: Sequence[Sequence[str]]) -> TermCounts:
    """Count what stands in at least three documents (two of fewer than 100, one of fewer than 20) and at most half.

    Words in more than half are kept where no others are left: then they are what the documents are about.
    """
    found_in: Counter[str] = Counter()
    for document in documents:
        found_in.update(set(document))
    size = len(documents)
    least = 1 if size < _SMALL else 2 if size < 100 else 3
    most = size if size < _SMALL else size / 2
    known = [(term, number) for term, number in found_in.items() if number >= least]
    kept = [each for each in known if each[1] <= most] or known
    kept.sort(key=lambda each: (-each[1], each[0]))
    return _table(documents, sorted(term for term, _ in kept[:MOST_TERMS]))


def _table(documents: Sequence[Sequence[str]], terms: list[str]) -> TermCounts:
    from scipy.sparse import csr_matrix

    column = {term: place for place, term in enumerate(terms)}
    columns, values, starts = array("i"), array("d"), array("q", [0])
    for document in documents:
        here = Counter(column[term] for term in document if term in column)
        for place in sorted(here):
            columns.append(place)
            values.append(here[place])
        starts.append(len(columns))
    data = (np.asarray(values), np.asarray(columns), np.asarray(starts))
    return TermCounts(tuple(terms), csr_matrix(data, shape=(len(documents), len(terms))))
