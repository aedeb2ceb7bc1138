"""What is in a table: of each attribute how many values are missing or wrong, and how the others are spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from honmono.engines.tabular.errors import DataInvalid
from honmono.engines.tabular.observations import Faults
from honmono.engines.tabular.quantiles import QuantileSketch
from honmono.engines.tabular.schema import Attribute, Schema, Type
from honmono.engines.tabular.source import Source
from honmono.engines.tabular.values import flags, moments, numbers

MOST_BAD_SHARE = 0.1
"""Data of which more is bad are refused."""
_MOST_VALUES = 50_000
"""Different values that are counted of an attribute; those that come after are counted as one."""
_SHOWN = 10
_BINS = 20


@dataclass(slots=True)
class AttributeStatistics:
    """Of one attribute.

    Attributes:
        missing: empty values.
        invalid: values that are no number (NUMERIC), or neither yes nor no (BINARY).
        different: how many values there are; None where there are too many to count.
        top: of all but NUMERIC the most frequent values (words of TEXT) with their counts.
        mean, deviation, minimum, maximum, median: of NUMERIC.
        histogram: of NUMERIC, counts in bins of equal width from the .5 % to the 99.5 % quantile, with the edges.
    """

    name: str
    type: str
    missing: int = 0
    invalid: int = 0
    different: int | None = None
    top: list[tuple[str, int]] = field(default_factory=list)
    mean: float | None = None
    deviation: float | None = None
    minimum: float | None = None
    maximum: float | None = None
    median: float | None = None
    histogram: dict[str, list[float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of a table.

    Attributes:
        observations: good ones.
        faults: bad ones.
    """

    schema: Schema
    observations: int
    faults: Faults
    attributes: tuple[AttributeStatistics, ...]

    def described(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "observations": self.observations,
            "bad": self.faults.count,
            "faults": self.faults.told,
            "attributes": [asdict(each) for each in self.attributes],
        }

    def lines(self) -> Iterator[str]:
        """For people, a line an attribute."""
        yield f"{self.observations} observations, {self.faults.count} bad records"
        for each in self.attributes:
            text = f"{each.name} ({each.type}): {each.missing} missing, {each.invalid} invalid"
            if each.mean is not None:
                text += f"; mean {each.mean:.6g}, deviation {each.deviation:.6g}, median {each.median:.6g}"
                text += f", from {each.minimum:.6g} to {each.maximum:.6g}"
            if each.top:
                shown = ", ".join(f"{value[:30]!r} {count}" for value, count in each.top[:3])
                text += f"; {'many' if each.different is None else each.different} different, most often {shown}"
            yield text


class _Counting:
    """What is known of an attribute so far."""

    def __init__(self, attribute: Attribute) -> None:
        self.found = AttributeStatistics(attribute.name, attribute.type.value)
        self._type = attribute.type
        self._values: Counter[str] = Counter()
        self._is_full = False
        self._sketch = QuantileSketch()
        self._count, self._mean, self._squares = 0, 0.0, 0.0
        self._low, self._high = np.inf, -np.inf

    def add(self, column: Sequence[str]) -> None:
        found = self.found
        missing = column.count("")
        found.missing += missing
        if self._type is Type.NUMERIC:
            self._add_numbers(numbers(column), missing)
            return
        if self._type is Type.BINARY:
            read = flags(column)
            found.invalid += int((read < 0).sum()) - missing
            self._values.update({"0": int((read == 0).sum()), "1": int((read == 1).sum())})
            return
        values = (word for text in column for word in text.split()) if self._type is Type.TEXT else iter(column)
        if self._is_full:
            self._values.update(value for value in values if value in self._values)
            return
        self._values.update(value for value in values if value)
        if len(self._values) > _MOST_VALUES:
            self._is_full = True
            self._values = Counter(dict(self._values.most_common(_MOST_VALUES)))

    def _add_numbers(self, read: NDArray[np.float64], missing: int) -> None:
        known = read[~np.isnan(read)]
        self.found.invalid += len(read) - len(known) - missing
        if len(known):
            self._sketch.add(known)
            self._count, self._mean, self._squares = moments(self._count, self._mean, self._squares, known)
            self._low, self._high = min(self._low, float(known.min())), max(self._high, float(known.max()))

    def finish(self) -> AttributeStatistics:
        found = self.found
        if self._type is not Type.NUMERIC:
            found.different = None if self._is_full else sum(1 for count in self._values.values() if count)
            found.top = [(value, count) for value, count in self._values.most_common(_SHOWN) if count]
            return found
        if self._count:
            found.mean, found.deviation = self._mean, (self._squares / self._count) ** 0.5
            found.minimum, found.maximum = self._low, self._high
            found.median = float(self._sketch.quantiles(np.array([0.5]))[0])
            low, high = self._sketch.quantiles(np.array([0.005, 0.995])).tolist()
            sample = self._sketch.sample
            counts, edges = np.histogram(np.clip(sample, low, high), bins=_BINS, range=(low, max(high, low + 1e-9)))
            found.histogram = {"counts": counts.tolist(), "edges": edges.tolist()}
        return found


def compute(source: Source, progress: Callable[[float, float | None, str], object] | None = None) -> Statistics:
    """Read all observations and count.

    Raises:
        DataInvalid: there are none, or too many bad ones.
    """
    faults = Faults()
    size = source.size
    countings = [_Counting(attribute) for attribute in source.schema.attributes]
    observations = 0

    def read(done: int) -> None:
        if progress is not None:
            progress(done, size, "bytes read")

    for block in source.blocks(faults, read):
        observations += block.rows
        for counting, column in zip(countings, block.columns, strict=True):
            counting.add(column)
    total = observations + faults.count
    if not observations:
        what = f"All {faults.count} records are bad: {faults}" if faults.count else "There are no observations."
        raise DataInvalid(what)
    if faults.count > MOST_BAD_SHARE * total:
        raise DataInvalid(f"{faults.count} of {total} records are bad, more than {MOST_BAD_SHARE:.0%}: {faults}")
    return Statistics(source.schema, observations, faults, tuple(each.finish() for each in countings))
