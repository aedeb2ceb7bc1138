"""Three parts of the cases: one to train with, one to choose with, one for the figure that is told.

The same cases, shares and seed give the same parts. The parts hold positions, in ascending order.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from honmono.evaluation.arrays import Floats, Ints, NotMeasurable, same_length

Shares = tuple[float, float, float]
_SHARES: Shares = (0.8, 0.1, 0.1)


@dataclass(frozen=True, slots=True)
class Split:
    """Positions of the cases of each part; every case is in exactly one."""

    train: Ints
    validation: Ints
    test: Ints

    @property
    def parts(self) -> tuple[Ints, Ints, Ints]:
        """Training, validation, test."""
        return self.train, self.validation, self.test


def split(labels: Sequence[Hashable], shares: Shares = _SHARES, *, seed: int = 0) -> Split:
    """A drawn split in which every label has its share of every part, as nearly as whole cases allow.

    A label with at least as many cases as there are parts is in each of them. For cases without labels give the same
    label to all.

    Raises NotMeasurable: no cases, or shares that are negative or do not sum to 1.
    """
    wanted = _checked(shares)
    same_length(labels=labels)
    chance = np.random.default_rng(seed)
    part = np.zeros(len(labels), dtype=np.int64)
    owed = np.zeros(3)
    for positions in _by_value(labels):
        # What rounding took from a part with one label it gets back with the next: the totals stay true too.
        exact = wanted * len(positions)
        counts = _whole(exact, owed, wanted)
        owed += exact - counts
        part[chance.permutation(positions)] = np.repeat(np.arange(3), counts)
    return _split(part)


def split_groups(
    groups: Sequence[Hashable],
    labels: Sequence[Hashable] | None = None,
    shares: Shares = _SHARES,
    *,
    seed: int = 0,
) -> Split:
    """A drawn split in which no group has cases in two parts: all texts of an author, all near copies of one text.

    The groups are dealt one after the other, the large ones first, each to the part that lacks it most; with
    `labels`, to the part whose labels come nearest to their shares. The shares are met as nearly as groups allow: one
    group that is most of the data is most of one part.

    Raises NotMeasurable: as `split`, or fewer groups than there are parts.
    """
    wanted = _checked(shares)
    labels = ["" for _ in groups] if labels is None else labels
    same_length(groups=groups, labels=labels)
    members = list(_by_value(groups))
    if len(members) < np.count_nonzero(wanted):
        raise NotMeasurable(
            f"{len(members)} group(s) cannot be dealt to {np.count_nonzero(wanted)} parts; no group may be divided"
        )
    number = {label: index for index, label in enumerate(dict.fromkeys(labels))}
    codes = np.array([number[label] for label in labels])
    counts = np.stack([np.bincount(codes[positions], minlength=len(number)) for positions in members])
    order = np.random.default_rng(seed).permutation(len(members))
    order = order[np.argsort(-counts[order].sum(axis=1), kind="stable")]
    target = wanted[:, None] * counts.sum(axis=0)
    filled = np.zeros_like(target)
    part = np.zeros(len(groups), dtype=np.int64)
    left = len(order)
    for group in order:
        used = [place for place in range(3) if wanted[place]]
        empty = [place for place in used if not filled[place].any()]
        chosen = min(
            empty if left <= len(empty) else used,
            key=lambda place, group=group: _distance(filled, target, place, counts[group]),  # type: ignore[misc]
        )
        filled[chosen] += counts[group]
        part[members[group]] = chosen
        left -= 1
    return _split(part)


def split_by_time(times: Sequence[Any], shares: Shares = _SHARES) -> Split:
    """The oldest cases for training, the newest for the test, as a model meets them in use. Nothing is drawn.

    `times` is anything that orders: dates, numbers, ISO strings. Cases of the same time stay in one part, the earlier
    one, so that no part knows of its own future.

    Raises NotMeasurable: as `split`, or so few different times that a part would be empty.
    """
    wanted = _checked(shares)
    count = same_length(times=times)
    order = sorted(range(count), key=lambda position: times[position])
    cuts = [round(float(share) * count) for share in np.cumsum(wanted)[:2]]
    part = np.zeros(count, dtype=np.int64)
    for cut in cuts:
        while 0 < cut < count and times[order[cut]] == times[order[cut - 1]]:
            cut += 1
        part[order[cut:]] += 1
    if wanted[1] == 0:
        part[part == 1] = 2
    empty = [name for name, place in _NAMES.items() if wanted[place] and not (part == place).any()]
    if empty:
        raise NotMeasurable(
            f"no case is left for {' and '.join(empty)}: there are {len(set(times))} different times in {count} cases"
        )
    return _split(part)


_NAMES = {"training": 0, "validation": 1, "test": 2}


def _checked(shares: Shares) -> Floats:
    wanted = np.asarray(shares, dtype=np.float64)
    if wanted.shape != (3,) or not np.isfinite(wanted).all() or wanted.min() < 0 or abs(wanted.sum() - 1) > 1e-9:
        raise NotMeasurable(f"shares {shares} are not three shares of training, validation and test that sum to 1")
    return wanted


def _by_value(values: Sequence[Hashable]) -> Iterable[Ints]:
    """The positions of each value, in the order in which the values first come."""
    found: dict[Hashable, list[int]] = {}
    for position, value in enumerate(values):
        found.setdefault(value, []).append(position)
    return (np.array(positions) for positions in found.values())


def _whole(exact: Floats, owed: Floats, wanted: Floats) -> Ints:
    """Whole numbers near `exact` with the same sum; the parts that are owed most are rounded up first."""
    counts = np.floor(exact + 1e-9).astype(np.int64)
    missing = round(float(exact.sum())) - int(counts.sum())
    first = np.argsort(-(exact - counts + owed), kind="stable")
    counts[[place for place in first if wanted[place]][:missing]] += 1
    if exact.sum() >= np.count_nonzero(wanted):
        for place in np.flatnonzero((counts == 0) & (wanted > 0)):
            counts[place] += 1
            counts[int(counts.argmax())] -= 1
    return counts


def _distance(filled: Floats, target: Floats, place: int, group: Ints) -> float:
    """How far the parts are from their targets once the group is put in this place, in shares of each label."""
    after = filled.copy()
    after[place] += group
    # What lacks can still come; what is too much stays.
    over = np.maximum(after - target, 0) / target.sum(axis=0)
    lack = (target[place] - after[place]).sum() / max(target[place].sum(), 1e-12)
    return float(over.sum() - 1e-3 * lack)


def _split(part: Ints) -> Split:
    return Split(*(np.flatnonzero(part == place) for place in range(3)))
