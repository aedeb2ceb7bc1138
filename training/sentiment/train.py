"""Train the sentiment network and write src/honmono/engines/text/sentiment.onnx.

Everything is seeded: the same inputs on the same machine give the same file.

python training/sentiment/train.py --goemotions goemotions-train.tsv --vader vaderSentiment-3.3.2.tar.gz \\
    --tatoeba tatoeba.en-ja.tsv --packed e5-small-q4.bin --held-out sst2-dev.tsv reviews-ja.csv --work DIR

Needs jax and optax beside the project. `--held-out` files are read for one thing: their texts, and near
copies of them, are taken out of the training text. Nothing is chosen on them; choices are made on a seventh
of the VADER snippets and GoEmotions, drawn by hash.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import network
import numpy as np
import optax
import sources
import written
from onnx import TensorProto
from sources import CLASSES, Example

from honmono.engines.text.e5_graph import TRUNK_LAYERS, build_tokenizer, build_trunk, layer_weights
from honmono.engines.text.encoder import Trunk
from honmono.engines.text.packed_e5 import PackedE5
from honmono.engines.text.transformer_graph import TransformerGraph

TARGET = Path(__file__).parents[2] / "src/honmono/engines/text/sentiment.onnx"
BUCKETS = (16, 24, 32, 48, 64, 96, 128, 192)
TOKENS_A_STEP = 1024
WEIGHTS = {"goemotions": 0.5, "written": 2.0, "written composed": 1.0, "vader composed": 1.0, "tatoeba": 0.5}
SEED = 7


def main() -> None:
    arguments = _arguments()
    arguments.work.mkdir(parents=True, exist_ok=True)
    training, validation = _examples(arguments)
    trunk = _trunk(arguments.packed, arguments.work)
    data = _States(trunk, arguments.work)
    packed = PackedE5(arguments.packed)
    layers = {f"l{n}": layer_weights(packed, n) for n in range(TRUNK_LAYERS, packed.sizes.layers)}

    print("first round: English labels and our own sentences", flush=True)
    known, unseen = data.of(training, "training"), data.of(validation, "validation")
    start = network.initial(layers, len(CLASSES), SEED)
    teacher = _train(start, known, unseen, arguments.epochs[0], peak=2e-4)
    _export(teacher, _temperature(teacher, unseen), packed, arguments.work / "first-round.onnx")

    print("second round: go on, with what it says of English sentences on their translations", flush=True)
    pairs = list(sources.tatoeba(arguments.tatoeba))
    random.Random(SEED).shuffle(pairs)
    carried = _carried(teacher, data, pairs[: arguments.pairs])
    both = known + data.of(carried, "carried")
    params = _train(teacher, both, unseen, arguments.epochs[1], peak=1e-4)
    temperature = _temperature(params, unseen)
    print(f"temperature {temperature:.3f}")
    _export(params, temperature, packed, TARGET)
    digest = hashlib.sha256(TARGET.read_bytes()).hexdigest()
    print(f"{TARGET}: {TARGET.stat().st_size / 1e6:.1f} MB, sha256 {digest}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("goemotions", "vader", "tatoeba", "packed", "work"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, nargs="+", required=True)
    parser.add_argument("--epochs", type=int, nargs=2, default=(1, 1), help="of the first and the second round")
    parser.add_argument("--pairs", type=int, default=6000)
    return parser.parse_args()


def _examples(arguments: argparse.Namespace) -> tuple[list[Example], list[Example]]:
    chance = random.Random(SEED)
    held_out = [line for path in arguments.held_out for line in _texts(path)]
    copies = sources.NearCopies(held_out)
    found: Counter[str] = Counter()
    labelled: list[Example] = []
    emotions = list(sources.goemotions(arguments.goemotions))
    for example in [*sources.vader(arguments.vader), *chance.sample(emotions, 9000)]:
        if example.text in copies:
            found[example.source] += 1
        else:
            labelled.append(example)
    print("left out as copies of held-out texts:", dict(found))

    training = [example for example in labelled if not _for_validation(example.text)]
    validation = [example for example in labelled if _for_validation(example.text)]
    ours = written.read("written")
    training += written.singles(ours, "written")
    for language, sentences in ours.items():
        count = {"en": 800, "ja": 1200}.get(language, 160)
        training += written.composed(language, sentences, count, "written composed", chance)
    for examples, count in ((training, 2000), (validation, 400)):
        examples += written.composed("en", _clear(examples), count, "vader composed", chance)
    print("training:", dict(Counter(example.source for example in training)))
    print("validation:", dict(Counter(example.source for example in validation)), flush=True)
    return training, validation


def _texts(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield line.rsplit("\t" if path.suffix == ".tsv" else ",", 1)[0]


def _for_validation(text: str) -> bool:
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 7 == 0


def _clear(examples: Sequence[Example]) -> dict[str, list[str]]:
    """Snippets of film and product reviews on which the raters agreed, by class."""
    sentences: dict[str, list[str]] = {label: [] for label in CLASSES}
    for example in examples:
        if example.source in ("vader-film", "vader-product") and len(example.text) < 160:
            for label, share in zip(CLASSES, example.target, strict=True):
                if share >= 0.9:
                    sentences[label].append(example.text)
    return sentences


def _trunk(packed: Path, work: Path) -> Trunk:
    graph, tokenizer = work / "trunk.onnx", work / "tokenizer.json"
    build_trunk(packed, graph)
    build_tokenizer(packed, tokenizer)
    return Trunk(graph, tokenizer)


Rows = list[tuple[np.ndarray, Example]]


class _States:
    """Trunk states of examples, computed once and kept in the work folder."""

    def __init__(self, trunk: Trunk, work: Path) -> None:
        self._trunk, self._work = trunk, work

    def of(self, examples: Sequence[Example], name: str) -> Rows:
        digest = hashlib.sha256("\0".join(example.text for example in examples).encode()).hexdigest()[:12]
        path = self._work / f"{name}-{digest}.npz"
        if not path.exists():
            start = time.time()
            states = [self._trunk.states(example.text)[0][0, : BUCKETS[-1]] for example in examples]
            lengths = np.array([len(state) for state in states])
            np.savez(path, states=np.concatenate(states).astype(np.float16), lengths=lengths)
            print(f"{len(examples)} {name} texts encoded in {time.time() - start:.0f} s", flush=True)
        with np.load(path) as file:
            ends = np.cumsum(file["lengths"])
            parts = np.split(file["states"], ends[:-1])
        return list(zip(parts, examples, strict=True))


def _batches(rows: Rows, chance: random.Random | None) -> Iterator[tuple[np.ndarray, np.ndarray, list[int]]]:
    """States, masks and row numbers; texts of like length together, every bucket with one shape."""
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


def _padded(rows: Rows, numbers: Sequence[int], bucket: int) -> tuple[np.ndarray, np.ndarray]:
    size = TOKENS_A_STEP // bucket
    states = np.zeros((size, bucket, rows[0][0].shape[1]), np.float32)
    mask = np.zeros((size, bucket), np.float32)
    mask[:, 0] = 1.0
    for place, number in enumerate(numbers):
        length = len(rows[number][0])
        states[place, :length] = rows[number][0]
        mask[place, :length] = 1.0
    return states, mask


def _train(params: network.Params, rows: Rows, validation: Rows, epochs: int, peak: float) -> network.Params:
    """Go on from `params`; the learning rate rises to `peak` and falls to nearly nothing."""
    chance = random.Random(SEED)
    steps = epochs * sum(1 for _ in _batches(rows, random.Random(0)))
    schedule = optax.warmup_cosine_decay_schedule(0.0, peak, steps // 15, steps, 1e-6)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=0.01))
    state = optimiser.init(params)

    @jax.jit
    def step(params, state, states, mask, targets, weights, key):  # type: ignore[no-untyped-def]
        loss, gradients = jax.value_and_grad(network.loss)(params, states, mask, targets, weights, key)
        updates, state = optimiser.update(gradients, state, params)
        return optax.apply_updates(params, updates), state, loss

    key = jax.random.PRNGKey(SEED)
    for epoch in range(epochs):
        start, losses = time.time(), []
        for states, mask, numbers in _batches(rows, chance):
            targets = np.zeros((len(states), len(CLASSES)), np.float32)
            weights = np.zeros(len(states), np.float32)
            for place, number in enumerate(numbers):
                example = rows[number][1]
                targets[place] = example.target
                weights[place] = WEIGHTS.get(example.source, 1.0)
            key, now = jax.random.split(key)
            params, state, value = step(params, state, states, mask, targets, weights, now)
            losses.append(float(value))
            if len(losses) % 100 == 0:
                print(f"  {len(losses)} of {steps // epochs}: loss {np.mean(losses[-100:]):.4f}", flush=True)
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.time() - start:.0f} s", flush=True)
        _report(params, validation)
    return params


def _logits(params: network.Params, rows: Rows) -> np.ndarray:
    out = np.zeros((len(rows), len(CLASSES)), np.float32)
    for states, mask, numbers in _batches(rows, None):
        out[numbers] = np.asarray(network.predict(params, states, mask))[: len(numbers)]
    return out


def _report(params: network.Params, rows: Rows) -> None:
    """Validation by source: positive against negative where the label is either, and all four classes."""
    out = _logits(params, rows)
    targets = np.array([example.target for _, example in rows])
    origin = np.array([example.source for _, example in rows])
    for source in sorted(set(origin)):
        here = origin == source
        polar = here & (targets[:, :2].max(1) > 0.6)
        two = ((out[:, 0] > out[:, 1]) == (targets[:, 0] > targets[:, 1]))[polar].mean()
        four = (out.argmax(1) == targets.argmax(1))[here].mean()
        print(f"  {source}: two-way {two:.4f} of {polar.sum()}, four-way {four:.4f} of {here.sum()}", flush=True)


def _carried(teacher: network.Params, data: _States, pairs: Sequence[tuple[str, str]]) -> list[Example]:
    """Both sides of translated pairs, with the first round's opinion of the English side where it is firm."""
    blank = [Example(english, "en", sources.sure("NEUTRAL"), "tatoeba") for english, _ in pairs]
    probabilities = np.asarray(jax.nn.softmax(jnp.asarray(_logits(teacher, data.of(blank, "pairs")))))
    carried: list[Example] = []
    for (_, japanese), example, row in zip(pairs, blank, probabilities, strict=True):
        if row.max() >= 0.8:
            positive, negative, neutral, mixed = (float(value) for value in row)
            known = replace(example, target=(positive, negative, neutral, mixed))
            carried += [known, replace(known, text=japanese, language="ja")]
    print("carried:", dict(Counter(CLASSES[int(np.argmax(example.target))] for example in carried)), flush=True)
    return carried


def _temperature(params: network.Params, rows: Rows) -> float:
    """What to divide the logits by so that probabilities match frequencies (Guo et al., 2017)."""
    out = _logits(params, rows)
    targets = np.array([example.target for _, example in rows])

    def cost(temperature: float) -> float:
        return float(-(targets * np.asarray(jax.nn.log_softmax(out / temperature))).sum(1).mean())

    return min((float(value) for value in np.geomspace(0.5, 4.0, 60)), key=cost)


def _export(params: network.Params, temperature: float, packed: PackedE5, target: Path) -> None:
    graph = TransformerGraph(packed.sizes.heads, packed.sizes.epsilon)
    state = "states"
    for number in range(TRUNK_LAYERS, packed.sizes.layers):
        weights = {key: np.asarray(value) for key, value in params[f"l{number}"].items()}
        state = graph.layer(state, weights, f"l{number}")
    axis = graph.constant("token_axis", np.array([1], np.int64))
    pooled = graph.node("ReduceMean", [state, axis], "pooled", keepdims=0)
    head = {key: np.asarray(value) / np.float32(temperature) for key, value in params["head"].items()}
    inputs = [pooled, graph.constant("head.w", head["w"].T), graph.constant("head.b", head["b"])]
    graph.node("Gemm", inputs, "logits")
    shape = (1, "length", packed.sizes.width)
    graph.save(target, {"states": (TensorProto.FLOAT, shape)}, {"logits": (1, len(CLASSES))})


if __name__ == "__main__":
    sys.exit(main())
