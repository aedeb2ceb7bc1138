"""How well a classifier did on documents that it had not seen, and how documents are put aside for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Measures:
    """The figures, each from 0 to 1. Means over the labels that the documents have or were given count alike.

    accuracy: of the documents' labels, the share that was recognised.
    precision, recall, f1: the mean over labels; `micro_` over all decisions together.
    hamming_loss: the share of wrong decisions; in multi-class mode the share of wrong documents.
    confusion: documents by actual (row) and predicted (column) label in multi-class mode, (labels, labels); else for
        each label [[true negatives, false positives], [false negatives, true positives]].
    """

    accuracy: float
    precision: float
    recall: float
    f1: float
    micro_precision: float
    micro_recall: float
    micro_f1: float
    hamming_loss: float
    confusion: list[list[int]] | list[list[list[int]]]


def measure(actual: NDArray[np.bool_], predicted: NDArray[np.bool_], *, exclusive: bool) -> Measures:
    """Compare two matrices (documents, labels)."""
    hits = (actual & predicted).sum(axis=0).astype(float)
    given, wanted = predicted.sum(axis=0), actual.sum(axis=0)
    met = (given + wanted) > 0
    precision = hits / np.maximum(given, 1)
    recall = hits / np.maximum(wanted, 1)
    f1 = 2 * hits / np.maximum(given + wanted, 1)
    total = hits.sum()
    wrong = float((actual != predicted).sum())
    if exclusive:
        confusion: list[list[int]] | list[list[list[int]]] = (actual.astype(int).T @ predicted.astype(int)).tolist()
        hamming = wrong / (2 * max(len(actual), 1))
    else:
        false, missed = (given - hits).astype(int), (wanted - hits).astype(int)
        confusion = [
            [[len(actual) - f - m - h, f], [m, h]]
            for f, m, h in zip(false.tolist(), missed.tolist(), hits.astype(int).tolist(), strict=True)
        ]
        hamming = wrong / max(actual.size, 1)
    return Measures(
        accuracy=float(total / max(wanted.sum(), 1)),
        precision=float(precision[met].mean()),
        recall=float(recall[met].mean()),
        f1=float(f1[met].mean()),
        micro_precision=float(total / max(given.sum(), 1)),
        micro_recall=float(total / max(wanted.sum(), 1)),
        micro_f1=float(2 * total / max(given.sum() + wanted.sum(), 1)),
        hamming_loss=hamming,
        confusion=confusion,
    )


def put_aside(labels: Sequence[tuple[int, ...]], share: float, seed: int) -> NDArray[np.bool_]:
    """Which documents to put aside: `share` of each label's, at least one, and never a label's last.

    A document of several labels counts for the rarest of them. The same seed gives the same choice.
    """
    frequency = np.bincount([label for each in labels for label in each])
    groups: dict[int, list[int]] = {}
    for number, each in enumerate(labels):
        rarest = min(each, key=lambda label: (frequency[label], label)) if each else -1
        groups.setdefault(rarest, []).append(number)
    chance = np.random.default_rng(seed)
    aside = np.zeros(len(labels), bool)
    for _, members in sorted(groups.items()):
        wanted = min(max(round(share * len(members)), 1), len(members) - 1)
        aside[chance.permutation(members)[:wanted]] = True
    return aside
