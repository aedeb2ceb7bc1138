"""Train the targeted sentiment network and write src/honmono/engines/text/targets/targets.onnx.

Everything is seeded: the same inputs on the same machine give the same file.

python training/targets/train.py --mams DIR --packed e5-small-q4.bin --held-out FILE … --work DIR

DIR holds MAMS-ATSA's train.xml and val.xml. Needs jax and optax beside the project. The held-out files (the test sets
of bench/targeted_sentiment.py) are read for one thing: training text that resembles theirs is thrown away. Choices are
made on MAMS's validation part and on composed documents of another seed.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import onnx
import optax
from onnx import TensorProto, numpy_helper

sys.path.insert(0, str(Path(__file__).parents[2]))
from training.sentiment.sources import NearCopies
from training.targets import network
from training.targets.composed import Composer
from training.targets.sources import CLASSES, Example, mams

from honmono.engines.text.e5_graph import TRUNK_LAYERS, build_tokenizer, build_trunk
from honmono.engines.text.encoder import Trunk
from honmono.engines.text.packed_e5 import PackedE5
from honmono.engines.text.transformer_graph import LAYER_FLOATS, LAYER_MATRICES, TransformerGraph

ROOT = Path(__file__).parents[2]
SENTIMENT = ROOT / "src/honmono/engines/text/sentiment.onnx"
TARGET = ROOT / "src/honmono/engines/text/targets/targets.onnx"
HELD_OUT = ROOT / "bench/targets/en.txt"
BUCKETS = (24, 36, 48, 64, 128)
TOKENS_A_STEP = 512
MENTIONS = 16
SEED = 11


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("mams", "packed", "work"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, nargs="+", required=True)
    parser.add_argument("--composed", type=int, default=3000)
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--peak", type=float, default=1.5e-4)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    packed = PackedE5(arguments.packed)
    trunk = _trunk(packed, arguments.packed, arguments.work)
    copies = NearCopies([text for path in [HELD_OUT, *arguments.held_out] for text in _held_out(path)])
    training = [*mams(arguments.mams / "train.xml", speaker=True), *_composed(SEED, arguments.composed, copies)]
    validation = [*mams(arguments.mams / "val.xml", speaker=False), *_composed(SEED + 1, 400, copies)]
    kept = [example for example in training if example.text not in copies]
    print(f"{len(kept)} of {len(training)} training documents, {len(validation)} for validation", flush=True)
    known = _states(trunk, kept, arguments.work / "training.npz")
    unseen = _states(trunk, validation, arguments.work / "validation.npz")
    rounds = _train(_start(packed), known, unseen, arguments.epochs, arguments.peak)
    for epoch, params in enumerate(rounds):
        temperature = _temperature(params, unseen)
        print(f"temperature {temperature:.3f}", flush=True)
        _export(params, temperature, packed, arguments.work / f"epoch-{epoch + 1}.onnx")
    TARGET.write_bytes((arguments.work / f"epoch-{arguments.epochs}.onnx").read_bytes())
    digest = hashlib.sha256(TARGET.read_bytes()).hexdigest()
    print(f"{TARGET}: {TARGET.stat().st_size / 1e6:.1f} MB, sha256 {digest}")


def _held_out(path: Path) -> list[str]:
    """The texts of our own documents, of MAMS's XML, or of SemEval's three lines a term."""
    if path.suffix == ".xml":
        return [example.text for example in mams(path, speaker=False)]
    lines = path.read_text(encoding="utf-8").splitlines()
    if path.suffix == ".seg":
        return sorted({text.replace("$T$", term) for text, term in zip(lines[::3], lines[1::3], strict=False)})
    return [re.sub(r"\[([^|\]]*)[^\]]*\]", r"\1", line) for line in lines]


def _composed(seed: int, count: int, copies: NearCopies) -> list[Example]:
    documents = Composer(seed).documents(count)
    return [
        Example(found.text, tuple((*mention, 1.0) for mention in found.mentions), "composed")
        for found in documents
        if found.text not in copies
    ]


def _trunk(packed: PackedE5, path: Path, work: Path) -> Trunk:
    graph, tokenizer = work / "trunk.onnx", work / "tokenizer.json"
    if not graph.exists():
        build_trunk(path, graph)
        build_tokenizer(path, tokenizer)
    return Trunk(graph, tokenizer)


def _start(packed: PackedE5) -> network.Params:
    """The sentiment engine's upper layers and head, back from int8: they know praise from blame already."""
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in onnx.load(SENTIMENT).graph.initializer}
    params: network.Params = {}
    for number in range(TRUNK_LAYERS, packed.sizes.layers):
        name = f"l{number}"
        found = {}
        for key in LAYER_MATRICES:
            part = key.removesuffix(".w")
            steps = tensors[f"{name}.{part}.steps"]
            found[key] = jnp.asarray((tensors[f"{name}.{part}.w"].astype(np.float32) * steps).T)
            found[f"{part}.b"] = jnp.asarray(tensors[f"{name}.{part}.b"])
        for norm in ("aln", "oln"):
            found[f"{norm}.w"] = jnp.asarray(tensors[f"{name}.{norm}.scale"])
            found[f"{norm}.b"] = jnp.asarray(tensors[f"{name}.{norm}.shift"])
        assert set(found) == {*LAYER_FLOATS, *LAYER_MATRICES}
        params[name] = found
    params["head"] = {"w": jnp.asarray(tensors["head.w"].T), "b": jnp.asarray(tensors["head.b"])}
    return params


Row = tuple[np.ndarray, np.ndarray, np.ndarray, str]
"""States (length, width), spans (mentions, length), targets (mentions, classes), source."""


def _states(trunk: Trunk, examples: Sequence[Example], cache: Path) -> list[Row]:
    start = time.time()
    texts = "\0".join(example.text for example in examples)
    digest = hashlib.sha256(texts.encode()).hexdigest()[:12]
    cache = cache.with_stem(f"{cache.stem}-{digest}")
    known: list[np.ndarray] = []
    if cache.exists():
        with np.load(cache) as file:
            known = np.split(file["states"], np.cumsum(file["lengths"])[:-1])
    rows: list[Row] = []
    for number, example in enumerate(examples):
        pieces = trunk.pieces(example.text)[: BUCKETS[-1] - 2]
        states = known[number] if known else trunk.piece_states(pieces)[0].astype(np.float16)
        mentions = example.mentions[:MENTIONS]
        spans = np.zeros((len(mentions), len(states)), np.float32)
        targets = np.zeros((len(mentions), len(CLASSES)), np.float32)
        for place, (begin, end, label, weight) in enumerate(mentions):
            inside = [at + 1 for at, piece in enumerate(pieces) if piece.begin < end and piece.end > begin]
            if inside:
                spans[place, inside] = 1 / len(inside)
                targets[place, label] = weight
        rows.append((states, spans, targets, example.source))
    if not known:
        np.savez(cache, states=np.concatenate([row[0] for row in rows]), lengths=[len(row[0]) for row in rows])
    print(f"{len(rows)} documents encoded in {time.time() - start:.0f} s", flush=True)
    return rows


def _batches(rows: list[Row], chance: random.Random | None) -> Iterator[tuple[np.ndarray, ...]]:
    """States, masks, spans, targets, and the rows' numbers; documents of like length together."""
    order = list(range(len(rows)))
    if chance:
        chance.shuffle(order)
    waiting: dict[int, list[int]] = {bucket: [] for bucket in BUCKETS}
    for number in order:
        bucket = next(size for size in BUCKETS if len(rows[number][0]) <= size)
        waiting[bucket].append(number)
        if len(waiting[bucket]) == TOKENS_A_STEP // bucket:
            yield _padded(rows, waiting[bucket], bucket)
            waiting[bucket] = []
    for bucket, numbers in waiting.items():
        if numbers:
            yield _padded(rows, numbers, bucket)


def _padded(rows: list[Row], numbers: Sequence[int], bucket: int) -> tuple[np.ndarray, ...]:
    size = TOKENS_A_STEP // bucket
    states = np.zeros((size, bucket, rows[0][0].shape[1]), np.float32)
    mask = np.zeros((size, bucket), np.float32)
    mask[:, 0] = 1.0
    spans = np.zeros((size, MENTIONS, bucket), np.float32)
    targets = np.zeros((size, MENTIONS, len(CLASSES)), np.float32)
    for place, number in enumerate(numbers):
        own, own_spans, own_targets, _ = rows[number]
        states[place, : len(own)] = own
        mask[place, : len(own)] = 1.0
        spans[place, : len(own_spans), : len(own)] = own_spans
        targets[place, : len(own_targets)] = own_targets
    return states, mask, spans, targets, np.array(numbers)


def _train(
    params: network.Params, rows: list[Row], unseen: list[Row], epochs: int, peak: float
) -> Iterator[network.Params]:
    """The network after each epoch."""
    chance = random.Random(SEED)
    steps = epochs * sum(1 for _ in _batches(rows, random.Random(0)))
    schedule = optax.warmup_cosine_decay_schedule(0.0, peak, steps // 12, steps, 1e-6)
    optimiser = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(schedule, weight_decay=0.01))
    state = optimiser.init(params)

    @jax.jit
    def step(params, state, states, mask, spans, targets):  # type: ignore[no-untyped-def]
        loss, gradients = jax.value_and_grad(network.loss)(params, states, mask, spans, targets)
        updates, state = optimiser.update(gradients, state, params)
        return optax.apply_updates(params, updates), state, loss

    for epoch in range(epochs):
        start, losses = time.time(), []
        for states, mask, spans, targets, _ in _batches(rows, chance):
            params, state, value = step(params, state, states, mask, spans, targets)
            losses.append(float(value))
            if len(losses) % 50 == 0:
                print(
                    f"  {len(losses)} of {steps // epochs}: {np.mean(losses[-50:]):.4f}, {time.time() - start:.0f} s",
                    flush=True,
                )
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.time() - start:.0f} s", flush=True)
        _report(params, unseen)
        yield params


def _answers(params: network.Params, rows: list[Row]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Logits, true classes and sources of all mentions."""
    logits, truth, origin = [], [], []
    for states, mask, spans, targets, numbers in _batches(rows, None):
        out = np.asarray(network.predict(params, states, mask, spans))
        for place, number in enumerate(numbers):
            here = targets[place].sum(-1) > 0
            logits.append(out[place][here])
            truth.append(targets[place][here].argmax(-1))
            origin += [rows[number][3]] * int(here.sum())
    return np.concatenate(logits), np.concatenate(truth), np.array(origin)


def _report(params: network.Params, rows: list[Row]) -> None:
    logits, truth, origin = _answers(params, rows)
    for source in sorted(set(origin)):
        here = origin == source
        found = logits[here].argmax(-1)
        by_class = [round(float((found[truth[here] == k] == k).mean()), 3) for k in sorted(set(truth[here]))]
        print(
            f"  {source}: {(found == truth[here]).mean():.4f} of {here.sum()}, recall by class {by_class}", flush=True
        )


def _temperature(params: network.Params, rows: list[Row]) -> float:
    """What to divide the logits by so that probabilities match frequencies (Guo et al., 2017); on MAMS alone."""
    logits, truth, origin = _answers(params, rows)
    logits, truth = logits[origin == "mams"], truth[origin == "mams"]

    def cost(temperature: float) -> float:
        scaled = logits / temperature
        scaled = scaled - scaled.max(-1, keepdims=True)
        return float(-(scaled[np.arange(len(truth)), truth] - np.log(np.exp(scaled).sum(-1))).mean())

    return min((float(value) for value in np.geomspace(0.5, 4.0, 60)), key=cost)


def _export(params: network.Params, temperature: float, packed: PackedE5, target: Path) -> None:
    """The upper layers and the head: every token's logits, whose mean over a mention is the mention's."""
    graph = TransformerGraph(packed.sizes.heads, packed.sizes.epsilon)
    state = "states"
    for number in range(TRUNK_LAYERS, packed.sizes.layers):
        weights = {key: np.asarray(value) for key, value in params[f"l{number}"].items()}
        state = graph.layer(state, weights, f"l{number}")
    head = {key: np.asarray(value) / np.float32(temperature) for key, value in params["head"].items()}
    product = graph.node("MatMul", [state, graph.constant("head.w", head["w"].T)], "product")
    graph.node("Add", [product, graph.constant("head.b", head["b"])], "logits")
    shape = (1, "length", packed.sizes.width)
    graph.save(target, {"states": (TensorProto.FLOAT, shape)}, {"logits": (1, "length", len(CLASSES))})


if __name__ == "__main__":
    main()
