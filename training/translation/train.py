"""Train the English-Japanese model; stop it at any time, start it again and it goes on.

python -m training.translation.train DATA RUN [--start weights.npz] [--anneal STEPS] [--until STEP]

DATA is what `prepare` and `tokens` wrote. RUN gets sentencepiece.model; log.tsv (step, epoch, training loss, dev loss in nats
a piece, pieces a second, hours); latest.npz (everything, every five minutes); best.npz (the averaged weights with the
lowest dev loss, half precision); and averaged.npz (the same of the latest step).

`--anneal STEPS` takes the learning rate from where it is down to zero over so many steps from here, and ends: a
run's last act. `--start` begins from exported weights, with a fresh optimiser.
"""

from __future__ import annotations

import argparse
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

# Two threads: the machine's cores are shared, more of them would wait for each other.
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=true intra_op_parallelism_threads=2")

import jax
import jax.numpy as jnp
import optax
import sentencepiece
from training.translation.examples import Examples
from training.translation.network import Params, Shape
from training.translation.packing import Batch, Example, batches
from training.translation.prepare import read_table

from training.translation import checkpoint, lexicon, network

SHAPE = Shape()
ROWS = 10
"""About 900 pieces a side: with little text and less time, many small steps learn more than few large ones."""
PEAK_RATE, WARM_UP, HOLD = 1.0e-3, 400, 4000
DROP = 0.1
AVERAGE = 0.999
SAVE_SECONDS = 300
DEV_STEPS = 1000


class Run(NamedTuple):
    """Everything that a run goes on from.

    Attributes:
        params, average: the weights, and their exponential moving average, which is what is used.
        optimiser: its state.
        step: steps done.
        epoch, within: the epoch under way and the steps done of it.
        best: the lowest dev loss so far.
        hours: spent so far.
    """

    params: Params
    average: Params
    optimiser: Any
    step: Any
    epoch: Any
    within: Any
    best: Any
    hours: Any


def rate(step: jax.Array) -> jax.Array:
    """Up over WARM_UP steps, level until HOLD, then down with the square root of the step."""
    return PEAK_RATE * jnp.minimum(step / WARM_UP, 1.0) * jnp.sqrt(HOLD / jnp.maximum(step, HOLD))


def optimiser() -> optax.GradientTransformation:
    """AdamW with clipped gradients; the learning rate is put on outside."""
    return optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.scale_by_adam(b1=0.9, b2=0.98, eps=1e-9),
        optax.add_decayed_weights(1e-3),
    )


@partial(jax.jit, donate_argnums=(0, 1, 2))
def advance(
    params: Params, average: Params, state: Any, batch: Batch, step: jax.Array, scale: jax.Array, seed: jax.Array
) -> tuple[Params, Params, Any, jax.Array]:
    """One step; `scale` multiplies the learning rate. Returns the new weights, average, optimiser state and the loss."""
    key = jax.random.fold_in(jax.random.key(seed, impl="rbg"), step)

    def objective(weights: Params) -> tuple[jax.Array, jax.Array]:
        return network.loss(weights, batch, key, SHAPE, DROP)

    (_, plain), gradients = jax.value_and_grad(objective, has_aux=True)(params)
    updates, state = optimiser().update(gradients, state, params)
    size = rate(step + 1) * scale
    params = jax.tree.map(lambda weight, update: weight - size * update, params, updates)
    decay = jnp.minimum(AVERAGE, (1.0 + step) / (10.0 + step))
    average = jax.tree.map(lambda mean, weight: decay * mean + (1 - decay) * weight, average, params)
    return params, average, state, plain


@jax.jit
def dev_batch_loss(params: Params, batch: Batch) -> tuple[jax.Array, jax.Array]:
    """Loss without smoothing or dropout, and the number of pieces it is the mean of."""
    return network.loss(params, batch, None, SHAPE, 0.0)[1], (batch.target_segment > 0).sum()


def dev_loss(params: Params, examples: Sequence[Example]) -> float:
    """Nats a piece over all dev pairs, both directions."""
    total = count = 0.0
    for batch in batches(examples, ROWS):
        mean, pieces = dev_batch_loss(params, batch)
        total, count = total + float(mean) * float(pieces), count + float(pieces)
    return total / count


def fresh(start: Path | None, examples: Examples) -> Run:
    """A run at step 0, from exported weights, or from random ones but for the pieces' vectors (see `lexicon`)."""
    params = network.initial(jax.random.key(1), SHAPE)
    if start is not None:
        params = checkpoint.load_export(start, params)
    else:
        params["embedding"] = jnp.asarray(lexicon.vectors(examples.plain()[::2], SHAPE.pieces, SHAPE.width))
    return _run(params)


def _run(params: Params) -> Run:
    return Run(params, jax.tree.map(jnp.copy, params), optimiser().init(params), *jnp.zeros(3, int), jnp.inf, 0.0)


def epochs(examples: Examples, epoch: int, skip: int) -> Iterator[tuple[int, int, Batch]]:
    """Batches without end, with their epoch and number within it, from batch `skip` of epoch `epoch`."""
    while True:
        for number, batch in enumerate(batches(examples.epoch(epoch), ROWS)):
            if number >= skip:
                yield epoch, number, batch
        epoch, skip = epoch + 1, 0


def train(data: Path, folder: Path, start: Path | None, anneal: int | None, until: int | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = folder / "sentencepiece.model"
    if not vocabulary.exists():
        shutil.copy(data / "sentencepiece.model", vocabulary)
    processor = sentencepiece.SentencePieceProcessor(model_file=str(vocabulary))
    assert processor.get_piece_size() == SHAPE.pieces
    examples = Examples(processor, read_table(data / "train.tsv"))
    dev = Examples(processor, read_table(data / "dev.tsv")).plain()
    latest = folder / "latest.npz"
    if latest.exists():
        run = checkpoint.restore(latest, jax.eval_shape(lambda: _run(network.initial(jax.random.key(1), SHAPE))))
    else:
        run = fresh(start, examples)
    params, average, state = run.params, run.average, run.optimiser
    step, best, hours, first = int(run.step), float(run.best), float(run.hours), int(run.step)
    began = saved = logged = time.monotonic()
    losses: list[jax.Array] = []
    pieces = 0
    log = (folder / "log.tsv").open("a", encoding="utf-8")
    for epoch, number, batch in epochs(examples, int(run.epoch), int(run.within)):
        scale = 1.0 if anneal is None else 1.0 - (step - first) / anneal
        params, average, state, loss = advance(params, average, state, batch, step, scale, 20261124)
        step, pieces = step + 1, pieces + int((batch.target_segment > 0).sum())
        losses.append(loss)
        last = step == until or (anneal is not None and step - first == anneal)
        if step % 100 == 0 or last:
            mean = float(jnp.stack(losses).mean())
            now = time.monotonic()
            judged = ""
            if step % DEV_STEPS == 0 or last:
                found = dev_loss(average, dev)
                judged = f"{found:.4f}"
                if found < best:
                    best = found
                    checkpoint.export(folder / "best.npz", average)
            spent = hours + (now - began) / 3600
            print(
                step,
                epoch,
                f"{mean:.4f}",
                judged,
                f"{pieces / (now - logged):.0f}",
                f"{spent:.3f}",
                sep="\t",
                file=log,
                flush=True,
            )
            losses, pieces, logged = [], 0, time.monotonic()
        if last or time.monotonic() - saved > SAVE_SECONDS:
            spent = hours + (time.monotonic() - began) / 3600
            checkpoint.save(latest, Run(params, average, state, step, epoch, number + 1, best, spent))
            checkpoint.export(folder / "averaged.npz", average)
            saved = time.monotonic()
        if last:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("run", type=Path)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--anneal", type=int)
    parser.add_argument("--until", type=int)
    arguments = parser.parse_args()
    train(arguments.data, arguments.run, arguments.start, arguments.anneal, arguments.until)


if __name__ == "__main__":
    main()
