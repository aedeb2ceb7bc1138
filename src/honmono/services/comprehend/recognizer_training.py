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
from honmono.engines.text.recognizer.units import Marked, cut
from honmono.evaluation.calibration import Temperature
from honmono.evaluation.spans import Span, SpanScores, span_scores
from honmono.evaluation.splits import Shares, split

Progress = Callable[[float, float, str], None]
MOST_UNITS = 250_000
"""Words (in Japanese: characters) that are learned from: some minutes on one core."""

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
    chosen = _sample(documents)
    inside, choosing, aside = _parts(chosen, _shares(len({each.text for each in chosen}), tested=bool(test)))
    if not any(document.mentions for document in inside):
        # So few documents name anything that none can be spared.
        inside, choosing, aside = [*inside, *choosing, *aside], [], []
    measured = list(test) or aside
    prepared: list[list[Segment]] = []
    for done, document in enumerate([*inside, *choosing], 1):
        prepared.append(prepare(document, types, states))
        if progress and not done % 16:
            progress(done, len(chosen), "documents encoded")
    known, choose = _joined(prepared[: len(inside)]), _joined(prepared[len(inside) :])
    check = (lambda model: worth(model, choose)) if choose else None
    model, rounds = train(known, types, check=check, rounds=MOST_ROUNDS if choose else _ROUNDS_BLIND, progress=progress)
    # A temperature changes no answer, only its score: the figures of the test stay those of documents never seen.
    model = replace(model, temperature=_temperature(model, [*choosing, *aside], states))
    scores = _measured(model, measured, states) if measured else None
    if sum(len(segment.tags) for segment in (*known, *choose)) <= _FEW_UNITS and (choose or aside):
        again = _joined([prepare(document, types, states) for document in aside])
        last, _ = train([*known, *choose, *again], types, rounds=rounds, progress=progress)
        model = replace(last, temperature=model.temperature)
    counts = Counter(mention.type for document in (*inside, *choosing) for mention in document.mentions)
    return Learned(
        model,
        scores,
        len(inside) + len(choosing),
        len(measured),
        {kind: counts[kind] for kind in types},
        len(documents) - len(chosen),
        rounds,
    )


def _sample(documents: Sequence[Marked]) -> list[Marked]:
    """As many as there is room for: the first hundred of each type, then all in proportion, in a drawn order."""
    labels = _rarest_types(documents)
    size = Counter(labels)
    before: Counter[str] = Counter()
    rank: dict[int, float] = {}
    for place in np.random.default_rng(_SEED).permutation(len(documents)).tolist():
        label = labels[place]
        before[label] += 1
        rank[place] = max(before[label] - (100 if label else 0), 0) / size[label]
    room = MOST_UNITS
    kept: list[int] = []
    for place in sorted(rank, key=lambda place: rank[place]):
        room -= len(cut(documents[place].text))
        if room < 0 and kept:
            break
        kept.append(place)
    return [documents[place] for place in sorted(kept)]


def _shares(documents: int, *, tested: bool) -> Shares:
    if documents < 20:
        return (1.0, 0.0, 0.0) if tested else (0.7, 0.0, 0.3)
    choosing, aside = (0.1, 0.1) if documents >= 200 else (0.2, 0.15)
    return (1 - choosing, choosing, 0.0) if tested else (1 - choosing - aside, choosing, aside)


def _parts(documents: Sequence[Marked], shares: Shares) -> tuple[list[Marked], list[Marked], list[Marked]]:
    """To learn from, to choose by, and the test."""
    copies: dict[str, list[Marked]] = {}
    for document in documents:
        copies.setdefault(document.text, []).append(document)
    every = list(copies.values())
    labels = _rarest_types([documents[0] for documents in every])
    inside, choosing, aside = (
        [document for place in part.tolist() for document in every[place]]
        for part in split(labels, shares, seed=_SEED).parts
    )
    return inside, choosing, aside


def _rarest_types(documents: Sequence[Marked]) -> list[str]:
    """Of each document the type that is rarest in all of them; "" where it names nothing."""
    counts = Counter(mention.type for document in documents for mention in document.mentions)
    return [
        min({mention.type for mention in document.mentions}, key=lambda kind: (counts[kind], kind), default="")
        for document in documents
    ]


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
