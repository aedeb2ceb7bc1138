"""Train a classifier on examples, and say how good it is on some that were put aside.

Up to `FEW` documents are read by the encoder beside their words, and fitted exactly; how much each of the two counts
and how far the weights are held back is chosen by cross-validation. More documents are read by their words alone, and
learned in steps; a validation part chooses how long. Both choices were measured: bench/classifier.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from honmono.engines.text.classifier.linear import fit_by_steps, fit_exactly, probabilities
from honmono.engines.text.classifier.measures import Measures, measure, put_aside
from honmono.engines.text.classifier.model import ENCODED_CHARACTERS, Encode, Mode, Model
from honmono.engines.text.classifier.words import MOST_FEATURES, Counter, Counts, Progress, Sparse, Vocabulary

FEW = 2000
"""Documents that the encoder still reads within a minute."""

_TEST_SHARE = 0.1
_VALIDATION_SHARE = 0.1
_SEED = 20260
_BLENDS = ((1.0, 0.5), (1.0, 1.0), (0.5, 1.0))
"""How much the encoder and the words count, among which cross-validation chooses."""
_PENALTIES = (0.03, 0.1, 0.3, 1.0)
_ROUNDS = (2, 4, 8)
_BLOCK = 16
_EVALUATED = 256
_MOST_WEIGHTS = 1 << 26
"""Features times labels: 256 MB, whatever the number of labels."""


@dataclass(frozen=True, slots=True)
class Documents:
    """Texts, and of each its labels: exactly one in multi-class mode."""

    texts: Sequence[str]
    labels: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, what was measured before it, and on how many documents.

    `method` says in a few words how it was trained.
    """

    model: Model
    measures: Measures
    trained_on: int
    tested_on: int
    method: str


@dataclass(frozen=True, slots=True)
class _Examples:
    """What the documents are turned into."""

    targets: NDArray[np.float32]
    counts: Counts
    vectors: NDArray[np.float32] | None


def train(
    documents: Documents,
    *,
    mode: Mode,
    encode: Encode | None = None,
    test: Documents | None = None,
    progress: Progress | None = None,
) -> Trained:
    """Train on examples.

    Args:
        documents: the examples.
        mode: whether the labels exclude each other.
        encode: the encoder; without it, few documents are read by their words alone too.
        test: documents to measure on; where there are none, a tenth of each label's is put aside.
        progress: called with examples done, examples in all, and what is being done with them.

    The figures are of a model that has not seen the test documents. Of few documents none can be spared: the model that
    is returned then has learned from all of them, with the same settings.

    Raises:
        ValueError: there are fewer than two labels.
    """
    labels = tuple(sorted({label for each in documents.labels for label in each}))
    if len(labels) < 2:
        raise ValueError(f"a classifier needs documents of two labels at least; there are {len(labels)}")
    exclusive = mode == "MULTI_CLASS"
    number = {label: index for index, label in enumerate(labels)}
    texts = list(documents.texts)
    numbers = [tuple(number[label] for label in each) for each in documents.labels]
    aside = put_aside(numbers, _TEST_SHARE, _SEED) if test is None else np.zeros(len(texts), bool)
    few = len(texts) <= FEW
    counts = Counter().count(texts, progress)
    vectors = _encoded(texts, encode, progress) if few and encode is not None else None
    examples = _Examples(_targets(numbers, len(labels)), counts, vectors)
    known = np.flatnonzero(~aside)
    blank = Model(
        mode,
        labels,
        Vocabulary(np.zeros(0, np.uint32), np.zeros(0, np.float32)),
        np.zeros((0, len(labels)), np.float32),
        np.zeros(len(labels), np.float32),
    )
    if few:
        blend, penalty = _choose(examples, known, [numbers[row] for row in known], exclusive)
        model = _fit_few(blank, examples, known, blend, penalty)
        method = f"{'encoder and words' if vectors is not None else 'words'}, fitted exactly; blend {blend}, penalty {penalty}"
    else:
        model, rounds = _fit_many(blank, examples, known, numbers, progress)
        method = f"words, {rounds} rounds of steps"

    if test is None:
        held = np.flatnonzero(aside)
        held_texts, actual = [texts[row] for row in held], examples.targets[held] > 0
    else:
        held_texts = list(test.texts)
        tested = [tuple(number[label] for label in each if label in number) for each in test.labels]
        actual = _targets(tested, len(labels)) > 0
    found = _predicted(model, held_texts, encode)
    measures = measure(actual, _decided(found, exclusive), exclusive=exclusive)
    if few and test is None:
        model = _fit_few(blank, examples, np.arange(len(texts)), blend, penalty)
    return Trained(model, measures, len(known), len(held_texts), method)


def evaluate(
    model: Model, documents: Documents, *, encode: Encode | None = None, progress: Progress | None = None
) -> tuple[Measures, tuple[str, ...]]:
    """Measure a model that was trained before on documents, and tell the labels that the figures stand for.

    Labels of the documents that the model does not know are counted: it misses them all. So two models measured on the
    same documents can be compared.

    Args:
        model: the classifier.
        documents: with the labels that are right.
        encode: the encoder, which a model that `needs_encoder` asks for.
        progress: called with documents done, documents in all, and what is being done with them.
    """
    labels = tuple(sorted({*model.labels, *(label for each in documents.labels for label in each)}))
    number = {label: index for index, label in enumerate(labels)}
    actual = _targets([tuple(number[label] for label in each) for each in documents.labels], len(labels)) > 0
    columns = [number[label] for label in model.labels]
    decided = np.zeros(actual.shape, bool)
    texts = list(documents.texts)
    for first in range(0, len(texts), _EVALUATED):
        found = _predicted(model, texts[first : first + _EVALUATED], encode)
        decided[first : first + len(found), columns] = _decided(found, model.mode == "MULTI_CLASS")
        if progress:
            progress(first + len(found), len(texts), "documents evaluated")
    return measure(actual, decided, exclusive=model.mode == "MULTI_CLASS"), labels


def _encoded(texts: Sequence[str], encode: Encode, progress: Progress | None) -> NDArray[np.float32]:
    blocks = []
    for first in range(0, len(texts), _BLOCK):
        blocks.append(encode([text[:ENCODED_CHARACTERS] for text in texts[first : first + _BLOCK]]))
        if progress:
            progress(min(first + _BLOCK, len(texts)), len(texts), "documents encoded")
    return np.concatenate(blocks)


def _targets(numbers: Sequence[tuple[int, ...]], labels: int) -> NDArray[np.float32]:
    targets = np.zeros((len(numbers), labels), np.float32)
    for row, each in enumerate(numbers):
        targets[row, list(each)] = 1
    return targets


def _no_encoder(texts: Sequence[str]) -> NDArray[np.float32]:
    raise AssertionError("a model without vectors asks for none")


def _predicted(model: Model, texts: Sequence[str], encode: Encode | None) -> NDArray[np.float32]:
    blocks = [
        model.probabilities(texts[first : first + 1000], encode or _no_encoder) for first in range(0, len(texts), 1000)
    ]
    return np.concatenate(blocks) if blocks else np.zeros((0, len(model.labels)), np.float32)


def _decided(found: NDArray[np.float32], exclusive: bool) -> NDArray[np.bool_]:
    if not exclusive:
        return found >= 0.5
    decided = np.zeros(found.shape, bool)
    decided[np.arange(len(found)), found.argmax(axis=1)] = True
    return decided


def _log_loss(found: NDArray[np.float32], targets: NDArray[np.float32], exclusive: bool) -> float:
    sure = np.clip(found.astype(np.float64), 1e-7, 1 - 1e-7)
    loss = -targets * np.log(sure)
    if not exclusive:
        loss = loss - (1 - targets) * np.log(1 - sure)
    return float(loss.sum() / max(len(targets), 1))


# Few documents: everything is known by the matrix of their likenesses, which is small.


def _features(
    examples: _Examples, rows: NDArray[np.int64]
) -> tuple[Vocabulary, Sparse, NDArray[np.float32] | None, NDArray[np.float32] | None, float]:
    """The words of some rows, their centred vectors, the centre, and the vectors' mean length."""
    chosen = _counts_of(examples.counts, rows)
    vocabulary = Vocabulary.of(chosen)
    if examples.vectors is None:
        return vocabulary, vocabulary.weigh(chosen), None, None, 1.0
    vectors = examples.vectors[rows]
    centre = vectors.mean(axis=0)
    centred = vectors - centre
    length = float(np.sqrt((centred**2).sum(axis=1).mean()))
    return vocabulary, vocabulary.weigh(chosen), centred, centre, max(length, 1e-6)


def _counts_of(counts: Counts, rows: NDArray[np.int64]) -> Counts:
    part = Sparse(counts.keys.view(np.int32), counts.counts, counts.starts, 0).take(rows)
    return Counts(part.columns.view(np.uint32), part.values, part.starts)


def _likeness(words: Sparse, vectors: NDArray[np.float32] | None, scales: tuple[float, float]) -> NDArray[np.float64]:
    dense = np.zeros((words.width, 1), np.float32)
    likeness = np.zeros((words.rows, words.rows), np.float64)
    for row in range(words.rows):
        begin, end = words.starts[row], words.starts[row + 1]
        dense[words.columns[begin:end], 0] = words.values[begin:end]
        likeness[:, row] = words.times(dense)[:, 0]
        dense[words.columns[begin:end], 0] = 0
    likeness *= scales[1] ** 2
    if vectors is not None:
        likeness += scales[0] ** 2 * (vectors.astype(np.float64) @ vectors.T)
    # Texts that are alike to the last letter make it singular; more than single precision errs, less than one differs.
    likeness[np.diag_indices_from(likeness)] += 1e-3
    return likeness


def _fit_few(
    blank: Model, examples: _Examples, rows: NDArray[np.int64], blend: tuple[float, float], penalty: float
) -> Model:
    vocabulary, words, vectors, centre, length = _features(examples, rows)
    scales = (blend[0] / length, blend[1])
    likeness = _likeness(words, vectors, scales)
    # Rows of the Cholesky factor have the same likenesses: fitted there, the weights are combinations of the examples.
    factor = np.linalg.cholesky(likeness)
    fitted, bias = fit_exactly(
        factor.astype(np.float32), examples.targets[rows], exclusive=blank.mode == "MULTI_CLASS", penalty=penalty
    )
    shares = np.linalg.solve(factor.T, fitted.astype(np.float64)).astype(np.float32)
    return replace(
        blank,
        vocabulary=vocabulary,
        word_weights=scales[1] ** 2 * words.transposed_times(shares),
        bias=bias,
        centre=centre,
        vector_weights=None if vectors is None else (scales[0] ** 2 * (vectors.T @ shares)).astype(np.float32),
    )


def _choose(
    examples: _Examples, known: NDArray[np.int64], numbers: Sequence[tuple[int, ...]], exclusive: bool
) -> tuple[tuple[float, float], float]:
    """The blend and the penalty whose predictions lose least on parts that were left out in turn."""
    blends = _BLENDS if examples.vectors is not None else ((0.0, 1.0),)
    losses: dict[tuple[tuple[float, float], float], float] = {}
    for turn in range(3 if len(known) <= 500 else 1):
        out = put_aside(numbers, 0.3 if turn else 0.2, _SEED + 1 + turn)
        inside, outside = known[~out], known[out]
        vocabulary, words, vectors, centre, length = _features(examples, inside)
        outer = vocabulary.weigh(_counts_of(examples.counts, outside))
        for blend in blends:
            scales = (blend[0] / length, blend[1])
            likeness = _likeness(words, vectors, scales)
            factor = np.linalg.cholesky(likeness)
            for penalty in _PENALTIES:
                fitted, bias = fit_exactly(
                    factor.astype(np.float32), examples.targets[inside], exclusive=exclusive, penalty=penalty, steps=60
                )
                shares = np.linalg.solve(factor.T, fitted.astype(np.float64)).astype(np.float32)
                scores = scales[1] ** 2 * outer.times(words.transposed_times(shares)) + bias
                if vectors is not None and examples.vectors is not None and centre is not None:
                    scores = scores + scales[0] ** 2 * ((examples.vectors[outside] - centre) @ (vectors.T @ shares))
                loss = _log_loss(probabilities(scores, exclusive=exclusive), examples.targets[outside], exclusive)
                losses[blend, penalty] = losses.get((blend, penalty), 0.0) + loss
    return min(losses, key=lambda each: losses[each])


def _fit_many(
    blank: Model,
    examples: _Examples,
    known: NDArray[np.int64],
    numbers: Sequence[tuple[int, ...]],
    progress: Progress | None,
) -> tuple[Model, int]:
    """Learn in steps; the number of rounds is chosen on a tenth that is put aside, then all are learned from."""
    exclusive = blank.mode == "MULTI_CLASS"
    chosen = _counts_of(examples.counts, known)
    vocabulary = Vocabulary.of(chosen, at_least=2, most=min(MOST_FEATURES, _MOST_WEIGHTS // len(blank.labels)))
    words, targets = vocabulary.weigh(chosen), examples.targets[known]
    out = put_aside([numbers[row] for row in known], _VALIDATION_SHARE, _SEED + 1)
    inside, outside = np.flatnonzero(~out), np.flatnonzero(out)
    # A sample tells which number of rounds is best at a fraction of the time.
    inside = inside[np.random.default_rng(_SEED).permutation(len(inside))[:20_000]]
    outside = outside[:5_000]
    losses = {}
    for rounds in _ROUNDS:
        weights, bias = fit_by_steps(
            words.take(inside), targets[inside], exclusive=exclusive, rounds=rounds, seed=_SEED, progress=progress
        )
        found = probabilities(words.take(outside).times(weights) + bias, exclusive=exclusive)
        losses[rounds] = _log_loss(found, targets[outside], exclusive)
    rounds = min(losses, key=lambda each: losses[each])
    weights, bias = fit_by_steps(words, targets, exclusive=exclusive, rounds=rounds, seed=_SEED, progress=progress)
    return replace(blank, vocabulary=vocabulary, word_weights=weights, bias=bias), rounds
