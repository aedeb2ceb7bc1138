"""Train the network that finds names and write src/honmono/engines/text/entities.onnx.

python -m training.entities.train --data DIR --packed e5-small-q4.bin --work DIR

DIR holds wikipedia-ja.jsonl, wikiann-{en,de,fr,pt}.conll and wnut17-en.conll. Needs jax and optax beside the project.
Everything is seeded. A tenth of each source, drawn by hash, is held out and never read here but to drop its copies;
another tenth is for validation, where settings and the temperature are chosen.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import jax
import numpy as np
import optax
from numpy.typing import NDArray
from onnx import TensorProto
from training.entities import network, sources
from training.entities.composed import LANGUAGES, Composer
from training.entities.sources import Sentence

from honmono.engines.text.e5_graph import TRUNK_LAYERS, build_tokenizer, build_trunk, layer_weights
from honmono.engines.text.encoder import Trunk
from honmono.engines.text.name_tags import NAME_TYPES, TAGS, begin_tag, names
from honmono.engines.text.packed_e5 import PackedE5
from honmono.engines.text.pieces import Piece
from honmono.engines.text.transformer_graph import TransformerGraph

TARGET = Path(__file__).parents[2] / "src/honmono/engines/text/entities.onnx"
BUCKETS = (16, 24, 32, 48, 64, 96, 128)
TOKENS_A_STEP = 1024
SEED = 11
COUNTS = {"wikipedia-ja": 5000, "wikiann-en": 4500, "wikiann-de": 1100, "wikiann-fr": 1100, "wikiann-pt": 1100,
          "wnut17-en": 3000}  # fmt: skip
COMPOSED = {"en": 1800, "ja": 400}
VALIDATION = {"wikipedia-ja": 500, "wikiann-en": 500, "wnut17-en": 350}


def main() -> None:
    arguments = _arguments()
    arguments.work.mkdir(parents=True, exist_ok=True)
    training, validation = _sentences(arguments.data)
    packed = PackedE5(arguments.packed)
    states = _States(_trunk(arguments.packed, arguments.work), arguments.work)
    known, unseen = states.of(training, "training"), states.of(validation, "validation")
    last = TRUNK_LAYERS + arguments.layers
    layers = {f"l{number}": layer_weights(packed, number) for number in range(TRUNK_LAYERS, last)}
    params = network.initial(layers, len(TAGS), SEED)
    for trained in _trained(params, known, unseen, arguments.epochs, arguments.rate):
        temperature = _temperature(trained, unseen)
        print(f"temperature {temperature:.3f}", flush=True)
        _export(trained, temperature, packed, arguments.target)
    digest = hashlib.sha256(arguments.target.read_bytes()).hexdigest()
    print(f"{arguments.target}: {arguments.target.stat().st_size / 1e6:.1f} MB, sha256 {digest}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "packed", "work"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--layers", type=int, default=4, help="how many layers above the trunk")
    parser.add_argument("--rate", type=float, default=4e-4, help="the highest learning rate")
    return parser.parse_args()


def _sentences(data: Path) -> tuple[list[Sentence], list[Sentence]]:
    chance = random.Random(SEED)
    training: list[Sentence] = []
    validation: list[Sentence] = []
    for name, count in COUNTS.items():
        once = {sources.normalised(sentence.text): sentence for sentence in sources.read(data, name)}
        kept = [sentence for sentence in once.values() if sentence.text.strip()]
        chance.shuffle(kept)
        training += [sentence for sentence in kept if sources.part(sentence.text) > 1][:count]
        validation += [sentence for sentence in kept if sources.part(sentence.text) == 1][: VALIDATION.get(name, 0)]
    composer = Composer(training)
    for language in LANGUAGES:
        training += composer.compose(language, COMPOSED.get(language, 250), chance)
    print("training:", dict(Counter(sentence.source for sentence in training)), flush=True)
    return training, validation


def _trunk(packed: Path, work: Path) -> Trunk:
    graph, tokenizer = work / "trunk.onnx", work / "tokenizer.json"
    build_trunk(packed, graph)
    build_tokenizer(packed, tokenizer)
    return Trunk(graph, tokenizer)


Row = tuple[NDArray[np.float16], list[Piece], Sentence]
Rows = list[Row]


class _States:
    """Trunk states of sentences, computed once and kept in the work folder."""

    def __init__(self, trunk: Trunk, work: Path) -> None:
        self._trunk, self._work = trunk, work

    def of(self, sentences: Sequence[Sentence], name: str) -> Rows:
        pieces = [self._trunk.pieces(sentence.text)[: BUCKETS[-1] - 2] for sentence in sentences]
        digest = hashlib.sha256("\0".join(sentence.text for sentence in sentences).encode()).hexdigest()[:12]
        path = self._work / f"{name}-{digest}.npy"
        if not path.exists():
            start = time.time()
            states = [self._trunk.piece_states(own)[0].astype(np.float16) for own in pieces]
            np.save(path, np.concatenate(states))
            print(f"{len(sentences)} {name} sentences encoded in {time.time() - start:.0f} s", flush=True)
        ends = np.cumsum([len(own) + 2 for own in pieces])
        return list(zip(np.split(np.load(path), ends[:-1]), pieces, sentences, strict=True))


def _targets(row: Row) -> NDArray[np.float32]:
    """What each token may be: (tokens, tags), the two marks being outside."""
    _, pieces, sentence = row
    targets = np.zeros((len(pieces) + 2, len(TAGS)), np.float32)
    targets[:, 0] = 1.0
    for kind in sentence.unseen:
        targets[1:-1, begin_tag(kind) : begin_tag(kind) + 2] = network.UNSEEN_WEIGHT
    for begin, end, kind in sentence.spans:
        first = True
        for place, piece in enumerate(pieces, 1):
            if (piece.begin < end and piece.end > begin) or (begin < piece.begin == piece.end < end):
                targets[place] = 0.0
                targets[place, begin_tag(kind) + (not first)] = 1.0
                first = False
    return targets


def _batches(
    rows: Rows, chance: random.Random | None
) -> Iterator[tuple[NDArray[np.float32], NDArray[np.float32], list[int]]]:
    """States, masks and row numbers; sentences of like length together, every bucket with one shape."""
    order = list(range(len(rows)))
    if chance:
        chance.shuffle(order)
    waiting: dict[int, list[int]] = {bucket: [] for bucket in BUCKETS}
    for number in order:
        bucket = next(size for size in BUCKETS if len(rows[number][0]) <= size)
        waiting[bucket].append(number)
        if len(waiting[bucket]) == TOKENS_A_STEP // bucket:
            yield (*_padded(rows, waiting[bucket], bucket), waiting[bucket])
            waiting[bucket] = []
    for bucket, numbers in waiting.items():
        if numbers:
            yield (*_padded(rows, numbers, bucket), numbers)


def _padded(rows: Rows, numbers: Sequence[int], bucket: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    size = TOKENS_A_STEP // bucket
    states = np.zeros((size, bucket, rows[0][0].shape[1]), np.float32)
    mask = np.zeros((size, bucket), np.float32)
    mask[:, 0] = 1.0
    for place, number in enumerate(numbers):
        length = len(rows[number][0])
        states[place, :length] = rows[number][0]
        mask[place, :length] = 1.0
    return states, mask


def _trained(
    params: network.Params, rows: Rows, validation: Rows, epochs: int, peak: float
) -> Iterator[network.Params]:
    """The network after each epoch; the learning rate rises to `peak` and falls to nearly nothing."""
    chance = random.Random(SEED)
    targets_of = [_targets(row) for row in rows]
    steps = epochs * sum(1 for _ in _batches(rows, random.Random(0)))
    schedule = optax.warmup_cosine_decay_schedule(0.0, peak, steps // 12, steps, 1e-6)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=0.01))
    state = optimiser.init(params)

    @jax.jit
    def step(params, state, states, mask, targets, weights, key):  # type: ignore[no-untyped-def]
        loss, gradients = jax.value_and_grad(network.loss)(params, states, mask, targets, weights, key)
        updates, state = optimiser.update(gradients, state, params)
        return optax.apply_updates(params, updates), state, loss

    key = jax.random.PRNGKey(SEED)
    for epoch in range(epochs):
        start, losses = time.time(), list[float]()
        for states, mask, numbers in _batches(rows, chance):
            targets = np.zeros((*mask.shape, len(TAGS)), np.float32)
            targets[..., 0] = 1.0
            weights = np.zeros(mask.shape, np.float32)
            for place, number in enumerate(numbers):
                targets[place, : len(targets_of[number])] = targets_of[number]
                weights[place, : len(targets_of[number])] = 1.0
            key, now = jax.random.split(key)
            params, state, value = step(params, state, states, mask, targets, weights, now)
            losses.append(float(value))
            if len(losses) % 50 == 0:
                seconds = time.time() - start
                print(
                    f"  {len(losses)} of {steps // epochs}: loss {np.mean(losses[-50:]):.4f}, {seconds:.0f} s",
                    flush=True,
                )
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.time() - start:.0f} s", flush=True)
        _report(params, validation)
        yield params


def _log_probabilities(params: network.Params, rows: Rows) -> list[NDArray[np.float32]]:
    """For each row (pieces, tags)."""
    found: list[NDArray[np.float32]] = [np.zeros((0, 0), np.float32)] * len(rows)
    for states, mask, numbers in _batches(rows, None):
        out = np.asarray(jax.nn.log_softmax(network.predict(params, states, mask)))
        for place, number in enumerate(numbers):
            found[number] = out[place, 1 : len(rows[number][1]) + 1]
    return found


def _found(row: Row, log_probabilities: NDArray[np.float32]) -> Iterator[tuple[int, int, str, float]]:
    pieces = row[1]
    for first, behind, kind, score in names(log_probabilities):
        yield pieces[first].begin, pieces[behind - 1].end, kind, score


def _report(params: network.Params, rows: Rows) -> None:
    """F1 by source and type: spans and types must be right. Types that a source's annotators did not look for and
    sentences that are cut off do not count."""
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row, out in zip(rows, _log_probabilities(params, rows), strict=True):
        sentence = row[2]
        truth = set(sentence.spans)
        found = {(b, e, kind) for b, e, kind, _ in _found(row, out) if kind not in sentence.unseen}
        for kind in NAME_TYPES:
            for key in ((sentence.source, kind), (sentence.source, "all")):
                own = {span for span in truth if span[2] == kind}
                answered = {span for span in found if span[2] == kind}
                counts[key].update(right=len(own & answered), true=len(own), found=len(answered))
    for source in sorted({source for source, _ in counts}):
        line = []
        for kind in ("all", *NAME_TYPES):
            count = counts[source, kind]
            if count["true"]:
                line.append(f"{kind[:8]} {2 * count['right'] / max(count['true'] + count['found'], 1):.3f}")
        print(f"  {source}: " + ", ".join(line), flush=True)


def _temperature(params: network.Params, rows: Rows) -> float:
    """What to divide the logits by so that a name's probability is how often such names are right."""
    sharp = _log_probabilities(params, rows)

    def cost(temperature: float) -> float:
        losses = []
        for row, log_probabilities in zip(rows, sharp, strict=True):
            out = log_probabilities / np.float32(temperature)
            out -= np.log(np.exp(out).sum(-1, keepdims=True))
            truth = set(row[2].spans)
            for begin, end, kind, score in _found(row, out):
                if kind not in row[2].unseen:
                    score = min(max(score, 1e-4), 1 - 1e-4)
                    losses.append(-np.log(score if (begin, end, kind) in truth else 1 - score))
        return float(np.mean(losses))

    return min((float(value) for value in np.geomspace(0.7, 3.0, 10)), key=cost)


def _export(params: network.Params, temperature: float, packed: PackedE5, target: Path) -> None:
    graph = TransformerGraph(packed.sizes.heads, packed.sizes.epsilon)
    state = "states"
    for name in sorted((name for name in params if name != "head"), key=lambda name: int(name[1:])):
        state = graph.layer(state, {key: np.asarray(value) for key, value in params[name].items()}, name)
    head = {key: np.asarray(value) / np.float32(temperature) for key, value in params["head"].items()}
    product = graph.node("MatMul", [state, graph.constant("head.w", head["w"].T)], "product")
    logits = graph.node("Add", [product, graph.constant("head.b", head["b"])], "logits")
    graph.node("LogSoftmax", [logits], "log_probabilities", axis=-1)
    graph.save(
        target,
        {"states": (TensorProto.FLOAT, (1, "length", packed.sizes.width))},
        {"log_probabilities": (1, "length", len(TAGS))},
    )


if __name__ == "__main__":
    sys.exit(main())
