"""Learn a recogniser from marked documents, and say how good it is on some that it has not seen.

A tenth of the documents is put aside as the test and a tenth to choose by, more where there are few; every entity type
has its share of each. Copies of a text stay together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from honmono.engines.text.recognizer.model import Model, UnitStates
from honmono.engines.text.recognizer.training import MOST_ROUNDS, Segment, prepare, train, worth
from honmono.engines.text.recognizer.units import Marked
from honmono.evaluation.calibration import Temperature
from honmono.evaluation.spans import Span, SpanScores, span_scores
from honmono.evaluation.splits import Shares, split

Progress = Callable[[float, float, str], None]
MOST_UNITS = 250_000
"""Words (in Japanese: characters) that are learned from: two to five minutes on one core."""

_SEED = 20260
_FEW_UNITS = 100_000
"""Up to so many the model that is handed out is fitted once more, to all documents."""
_ROUNDS_BLIND = 12
"""Where there are too few documents to choose by."""
_LEAST_FOUND = 30
"""Mentions that a temperature is fitted to, at least."""


@dataclass(frozen=True, slots=True)
class Learned:
    """A model and what was measured before it.

    Attributes:
        model: what was learned; from few documents, fitted to all of them in the end.
        scores: of a model that has not seen the test documents; None where there are none.
        trained: documents that were learned from or chosen by.
        tested: documents of the test.
        mentions: of each type in the documents that were learned from.
        left_out: documents that there was no room for.
        rounds: how often each document was learned from.
    """

    model: Model
    scores: SpanScores | None
    trained: int
    tested: int
    mentions: dict[str, int]
    left_out: int
    rounds: int


def learn(
    documents: Sequence[Marked],
    types: Sequence[str],
    *,
    states: UnitStates | None,
    test: Sequence[Marked] = (),
    progress: Progress | None = None,
) -> Learned:
    """Learn to recognise.

    Args:
        documents: marked texts.
        types: the types of their mentions.
        states: the encoder; None: words alone are learned.
        test: documents to measure on; where there are none, some are put aside.
        progress: told what is being done.

    Raises:
        ValueError: there is nothing to learn from.
    """
    shares = _shares(len({document.text for document in documents}), tested=bool(test))
    inside, choosing, aside = _parts(documents, types, shares)
    measured = list(test) or aside
    room = MOST_UNITS
    prepared: list[list[list[Segment]]] = []
    total = len(inside) + len(choosing)
    for part in (choosing, inside):  # what is chosen by is small, and worth its room
        prepared.append([])
        for document in part:
            if room <= 0:
                break
            segments = prepare(document, types, states)
            room -= sum(len(segment.tags) for segment in segments)
            prepared[-1].append(segments)
            if progress and not len(prepared[-1]) % 16:
                progress(sum(map(len, prepared)), total, "documents encoded")
    choose, known = (_joined(part) for part in prepared)
    trained = sum(map(len, prepared))
    check = (lambda model: worth(model, choose)) if choose else None
    model, rounds = train(known, types, check=check, rounds=MOST_ROUNDS if choose else _ROUNDS_BLIND, progress=progress)
    model = replace(model, temperature=_temperature(model, choosing, states))
    scores = _measured(model, measured, states) if measured else None
    if MOST_UNITS - room <= _FEW_UNITS and (choose or aside):
        again = [segment for document in aside for segment in prepare(document, types, states)] if not test else []
        last, _ = train([*known, *choose, *again], types, rounds=rounds, progress=progress)
        model = replace(last, temperature=model.temperature)
    used = [*choosing[: len(prepared[0])], *inside[: len(prepared[1])]]
    counts = Counter(mention.type for document in used for mention in document.mentions)
    return Learned(
        model,
        scores,
        trained,
        len(measured),
        {kind: counts[kind] for kind in types},
        total - trained,
        rounds,
    )


def _shares(documents: int, *, tested: bool) -> Shares:
    if documents < 20:
        return (1.0, 0.0, 0.0) if tested else (0.7, 0.0, 0.3)
    choosing, aside = (0.1, 0.1) if documents >= 200 else (0.2, 0.15)
    return (1 - choosing, choosing, 0.0) if tested else (1 - choosing - aside, choosing, aside)


def _parts(documents: Sequence[Marked], types: Sequence[str], shares: Shares) -> tuple[list[Marked], ...]:
    """To learn from, to choose by, and the test; each in a drawn order, in which every type comes early."""
    counts = Counter(mention.type for document in documents for mention in document.mentions)
    copies: dict[str, list[Marked]] = {}
    for document in documents:
        copies.setdefault(document.text, []).append(document)
    texts = list(copies)
    labels = [_rarest(copies[text], counts) for text in texts]
    chance = np.random.default_rng(_SEED)
    return tuple(
        [document for place in _mixed(chance.permutation(part).tolist(), labels) for document in copies[texts[place]]]
        for part in split(labels, shares, seed=_SEED).parts
    )


def _mixed(order: Sequence[int], labels: Sequence[str]) -> list[int]:
    """The first hundred of each type, then all in proportion: where there is no room for the last, each has its share."""
    size = Counter(labels[place] for place in order)
    before: Counter[str] = Counter()
    rank: dict[int, float] = {}
    for place in order:
        label = labels[place]
        before[label] += 1
        rank[place] = max(before[label] - (100 if label else 0), 0) / size[label]
    return sorted(order, key=lambda place: rank[place])


def _rarest(copies: Sequence[Marked], counts: Counter[str]) -> str:
    kinds = {mention.type for document in copies for mention in document.mentions}
    return min(kinds, key=lambda kind: (counts[kind], kind), default="")


def _joined(part: Sequence[Sequence[Segment]]) -> list[Segment]:
    return [segment for document in part for segment in document]


def _temperature(model: Model, documents: Sequence[Marked], states: UnitStates | None) -> float:
    """What makes the scores of mentions found in documents that were not learned from mean what they say."""
    right: list[int] = []
    odds: list[float] = []
    for document in documents:
        truth = {(mention.begin, mention.end, mention.type) for mention in document.mentions}
        for found in model.find([document.text], states)[0]:
            right.append(int((found.begin, found.end, found.type) in truth))
            odds.append(float(np.log(found.score / (1 - found.score))))
    if len(right) < _LEAST_FOUND or len(set(right)) < 2:
        return 1.0
    fitted = Temperature.fit(right, np.stack([np.zeros(len(odds)), np.array(odds)], axis=1)).value
    return float(min(max(fitted, 0.5), 5.0))


def _measured(model: Model, documents: Sequence[Marked], states: UnitStates | None) -> SpanScores:
    truth = [[Span(each.begin, each.end, each.type) for each in document.mentions] for document in documents]
    found = [
        [Span(each.begin, each.end, each.type) for each in model.find([document.text], states)[0]]
        for document in documents
    ]
    return span_scores(truth, found)
