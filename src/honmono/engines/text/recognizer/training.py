"""Fit a recogniser to marked texts.

The weights climb the likelihood of the marks in small steps (AdaGrad; Duchi, Hazan and Singer, 2011). While learning,
units lose the features of their words by chance: the encoder's view and the context must do without, so that names are
found that no list had. How many rounds are best the validation texts say. What was chosen was measured:
bench/recognizer.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from honmono.engines.text.recognizer import chain
from honmono.engines.text.recognizer.features import features
from honmono.engines.text.recognizer.model import Model, UnitStates
from honmono.engines.text.recognizer.units import Marked, cut, segments, tags

Progress = Callable[[float, float, str], None]
MOST_ROUNDS = 12
_PATIENCE = 4
_BATCH = 16
"""Segments of a step; a fortieth of them, but four at least, where that is less: few examples need many steps too."""
_SEED = 20261
_HIDDEN = 128
_WORD_RATE, _INNER_RATE = 0.02, 0.002
_WORDS_LOST = 0.25
"""Share of the units that lose the features of their words, drawn anew in every round."""
_INNER_LOST = 0.3
_DECAY = 0.03
_LEAST_SEEN = 2
"""Features seen less often have no weight where there are more than `_MANY_UNITS`."""
_MANY_UNITS = 100_000


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text as it is learned from: features (units, WIDTH), tags (units), states (units, 384)."""

    noted: NDArray[np.uint32]
    tags: NDArray[np.int64]
    seen: NDArray[np.float16] | None


def prepare(marked: Marked, types: Sequence[str], states: UnitStates | None) -> list[Segment]:
    """Cut a text and note what is learned from."""
    units = cut(marked.text)
    if not units:
        return []
    own = np.array(tags(units, marked.mentions, types), np.int64)
    seen = states(marked.text, units) if states is not None else None
    noted = features(units)
    found = []
    for start, stop in segments(marked.text, units):
        part = own[start:stop].copy()
        if start and part[0] and part[0] % 2 == 0:
            part[0] -= 1  # a mention that a segment's end cuts in two begins again
        found.append(Segment(noted[start:stop], part, None if seen is None else seen[start:stop]))
    return found


def train(
    learn: Sequence[Segment],
    types: Sequence[str],
    *,
    check: Callable[[Model], float] | None = None,
    rounds: int = MOST_ROUNDS,
    progress: Progress | None = None,
) -> tuple[Model, int]:
    """Learn from segments.

    Args:
        learn: as `prepare` made them, all with states or all without.
        types: the types, in the order of their tags.
        check: how good a model is, asked after each round; the best round's model is returned, and the training ends
            when several rounds brought nothing. Without it, the last round's is.
        rounds: how often at most each segment is learned from.
        progress: called with rounds done, rounds at most, and what is being done.

    Returns:
        The model and the number of its round.

    Raises:
        ValueError: there is nothing to learn from.
    """
    if not learn or not any(segment.tags.any() for segment in learn):
        raise ValueError("a recogniser needs texts that mention something")
    fit = _Fit(learn, types)
    chance = np.random.default_rng(_SEED)
    best: tuple[float, int, Model] | None = None
    for turn in range(1, rounds + 1):
        # As far as possible at first, in ever smaller steps as the weights settle.
        fit.pace = max(1 - (turn - 1) / MOST_ROUNDS, 0.1)
        for batch in _batches(learn, chance):
            fit.learn([learn[place] for place in batch], [fit.rows[place] for place in batch], chance)
        if progress:
            progress(turn, rounds, "rounds learned")
        if check is None:
            continue
        model = fit.model()
        worth = check(model)
        # Of equally good ones the later: few validation texts are soon all right, and the weights are not done then.
        if best is None or worth >= best[0]:
            best = worth, turn, model
        elif turn - best[1] >= _PATIENCE:
            break
    return (best[2], best[1]) if best is not None else (fit.model(), rounds)


def _batches(learn: Sequence[Segment], chance: np.random.Generator) -> Iterator[list[int]]:
    """Every segment once, those of like length together, in a drawn order."""
    size = min(max(len(learn) // 40, 4), _BATCH)
    order = chance.permutation(len(learn))
    found = []
    for start in range(0, len(order), size * 32):
        part = sorted(order[start : start + size * 32].tolist(), key=lambda place: len(learn[place].tags))
        found += [part[at : at + size] for at in range(0, len(part), size)]
    for number in chance.permutation(len(found)):
        yield found[number]


class _Fit:
    """The weights on their way, and what the steps have been."""

    def __init__(self, learn: Sequence[Segment], types: Sequence[str]) -> None:
        count = 1 + 2 * len(types)
        keys, seen = np.unique(np.concatenate([segment.noted.ravel() for segment in learn]), return_counts=True)
        if sum(len(segment.tags) for segment in learn) > _MANY_UNITS:
            keys = keys[seen >= _LEAST_SEEN]
        self.rows = [_rows(keys, segment.noted) for segment in learn]
        # The last row stands for every feature without a weight; it stays 0.
        self.words = np.zeros((len(keys) + 1, count), np.float32)
        self._words_slope = np.full((len(keys) + 1, 1), 1e-3, np.float32)
        self.bias, self.steps = np.zeros(count, np.float32), np.zeros((count + 1, count), np.float32)
        self._never = chain.allowed(count)
        self._blank = Model(tuple(types), keys, self.words[:-1], self.bias, self.steps)
        self._dense = {"bias": self.bias, "steps": self.steps}
        self._states = learn[0].seen is not None
        if self._states:
            every = np.concatenate([segment.seen for segment in learn if segment.seen is not None])
            sample = every[:: max(len(every) // 20_000, 1)].astype(np.float32)
            chance = np.random.default_rng(_SEED)
            width = sample.shape[1]
            self._blank = replace(self._blank, centre=sample.mean(axis=0), spread=np.maximum(sample.std(axis=0), 1e-3))
            self._dense["hidden"] = (chance.normal(size=(width, _HIDDEN)) * (1.0 / width) ** 0.5).astype(np.float32)
            self._dense["shift"] = np.zeros(_HIDDEN, np.float32)
            self._dense["upper"] = (chance.normal(size=(_HIDDEN, count)) * 0.02).astype(np.float32)
        self._mean = {name: np.zeros_like(value) for name, value in self._dense.items()}
        self._square = {name: np.zeros_like(value) for name, value in self._dense.items()}
        self.pace = 1.0
        self._turn = 0

    def learn(self, batch: Sequence[Segment], rows: Sequence[NDArray[np.int64]], chance: np.random.Generator) -> None:
        """One step."""
        lengths = np.array([len(segment.tags) for segment in batch])
        mask = np.arange(lengths.max()) < lengths[:, None]
        place = np.concatenate(rows)
        lost = chance.random(len(place)) < _WORDS_LOST if self._states else np.zeros(len(place), bool)
        place[lost] = len(self.words) - 1
        emitted = np.repeat(self._dense["bias"][None], len(place), axis=0)
        for column in place.T:
            emitted += self.words[column]
        brought = inner = kept = np.zeros((0, 0), np.float32)
        if self._states:
            model = self._blank
            brought = model.standardised(np.concatenate([each.seen for each in batch if each.seen is not None]))
            inner = np.maximum(brought @ self._dense["hidden"] + self._dense["shift"], 0)
            kept = (chance.random(inner.shape, np.float32) >= _INNER_LOST) / np.float32(1 - _INNER_LOST)
            emitted = emitted + (inner * kept) @ self._dense["upper"]
        scores = np.zeros((*mask.shape, emitted.shape[1]), np.float32)
        scores[mask] = emitted
        tagged = np.zeros(mask.shape, np.int64)
        tagged[mask] = np.concatenate([segment.tags for segment in batch])
        _, by_scores, by_steps = chain.gradient(scores, self._dense["steps"] + self._never, mask, tagged)
        slope = by_scores[mask]
        slopes = {"bias": slope.sum(axis=0), "steps": by_steps}
        if self._states:
            slopes["upper"] = (inner * kept).T @ slope
            back = (slope @ self._dense["upper"].T) * kept * (inner > 0)
            slopes["hidden"], slopes["shift"] = brought.T @ back, back.sum(axis=0)
        self._step_words(place, slope)
        self._step_dense(slopes, len(batch))

    def _step_words(self, place: NDArray[np.int64], slope: NDArray[np.float32]) -> None:
        """AdaGrad with one rate a feature."""
        flat = place.ravel()
        order = np.argsort(flat, kind="stable")
        ordered = flat[order]
        starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        touched = ordered[starts]
        summed = np.add.reduceat(slope[order // place.shape[1]], starts, axis=0)
        if touched[-1] == len(self.words) - 1:
            touched, summed = touched[:-1], summed[:-1]
        summed += _DECAY * self.words[touched]
        self._words_slope[touched] += (summed**2).mean(axis=1, keepdims=True)
        self.words[touched] -= self.pace * _WORD_RATE * summed / np.sqrt(self._words_slope[touched])

    def _step_dense(self, slopes: dict[str, NDArray[np.float32]], texts: int) -> None:
        """Adam (Kingma and Ba, 2015)."""
        self._turn += 1
        for name, value in self._dense.items():
            slope = slopes[name] / texts
            self._mean[name] += 0.1 * (slope - self._mean[name])
            self._square[name] += 0.01 * (slope**2 - self._square[name])
            mean = self._mean[name] / (1 - 0.9**self._turn)
            square = self._square[name] / (1 - 0.99**self._turn)
            value -= self.pace * _INNER_RATE * mean / (np.sqrt(square) + 1e-8)

    def model(self) -> Model:
        """As it is now."""
        now = {name: value.copy() for name, value in self._dense.items()}
        return replace(
            self._blank,
            words=self.words[:-1].copy(),
            bias=now["bias"],
            steps=now["steps"] + self._never,
            hidden=now.get("hidden"),
            shift=now.get("shift"),
            upper=now.get("upper"),
        )


def _rows(keys: NDArray[np.uint32], noted: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The row of each feature's weights; the one behind the last for a feature without."""
    if not len(keys):
        return np.zeros(noted.shape, np.int64)
    place = np.searchsorted(keys, noted)
    place[place == len(keys)] = 0
    return np.where(keys[place] == noted, place, len(keys))


def worth(model: Model, segments: Sequence[Segment]) -> float:
    """F1 of the mentions that a model finds in segments, place and type right."""
    right = true = given = 0
    for segment in segments:
        found = set(_spans(chain.best(model.scores(segment.noted, segment.seen), model.steps)))
        wanted = set(_spans(segment.tags.tolist()))
        right, true, given = right + len(found & wanted), true + len(wanted), given + len(found)
    return 2 * right / max(true + given, 1)


def _spans(tags: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    place = 0
    while place < len(tags):
        first, tag = place, tags[place]
        place += 1
        while tag and place < len(tags) and tags[place] == tag + 1:
            place += 1
        if tag:
            yield first, place, tag
