"""The translation model in JAX: a pre-norm transformer with RMS norms, no biases, and one embedding for everything.

Every part of it is one that CTranslate2 computes too: `convert` only renames weights.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from training.translation.packing import Batch
from training.translation.tokens import BEGIN, END

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shape:
    """How large the model is.

    Attributes:
        pieces: vocabulary.
        width: of a token's vector.
        inner: of the feed-forward layers.
        heads: attention heads.
        encoder, decoder: layers. The decoder runs once a piece, the encoder once a sentence: hence fewer there.
    """

    pieces: int = 8000
    width: int = 256
    inner: int = 1024
    heads: int = 4
    encoder: int = 3
    decoder: int = 2


EPSILON = 1e-6
SMOOTHING = 0.1


def positions(count: int, width: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Sinusoids (count, width), sines in the first half (Vaswani et al. 2017)."""
    rates = np.exp(np.arange(width // 2) * -(math.log(10000.0) / (width // 2 - 1)))
    angles = np.arange(count)[:, None] * rates
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)


def initial(key: jax.Array, shape: Shape) -> Params:
    """Random weights, matrices (output, input) as CTranslate2 has them."""
    keys = iter(jax.random.split(key, 200))
    width, inner = shape.width, shape.inner
    depth = 1 / math.sqrt(2 * max(shape.encoder, shape.decoder))

    def matrix(rows: int, columns: int, scale: float = 1.0) -> jax.Array:
        return jax.random.normal(next(keys), (rows, columns)) * scale / math.sqrt(columns)

    def block(cross: bool) -> Params:
        made = {
            "self_norm": jnp.ones(width),
            "self_qkv": matrix(3 * width, width),
            "self_out": matrix(width, width, depth),
            "inner_norm": jnp.ones(width),
            "inner_in": matrix(inner, width, math.sqrt(2)),
            "inner_out": matrix(width, inner, depth),
        }
        if cross:
            made |= {
                "cross_norm": jnp.ones(width),
                "cross_q": matrix(width, width),
                "cross_kv": matrix(2 * width, width),
                "cross_out": matrix(width, width, depth),
            }
        return made

    return {
        "embedding": jax.random.normal(next(keys), (shape.pieces, width)) / math.sqrt(width),
        "encoder": [block(cross=False) for _ in range(shape.encoder)],
        "encoder_norm": jnp.ones(width),
        "decoder": [block(cross=True) for _ in range(shape.decoder)],
        "decoder_norm": jnp.ones(width),
    }


class Dropout:
    """Drops features with a fresh mask at each call; the identity where there is no key.

    A mask is (rows, 1, width): random numbers for every token would cost a fifth of a step on a CPU.
    """

    def __init__(self, key: jax.Array | None, rate: float) -> None:
        self._key, self._rate = key, rate

    def __call__(self, states: jax.Array) -> jax.Array:
        if self._key is None or self._rate == 0:
            return states
        self._key, key = jax.random.split(self._key)
        kept = jax.random.bernoulli(key, 1 - self._rate, (states.shape[0], 1, states.shape[2]))
        return states * (kept / (1 - self._rate))


def norm(states: jax.Array, gain: jax.Array) -> jax.Array:
    """Root mean square norm (Zhang and Sennrich 2019)."""
    return states * jax.lax.rsqrt((states * states).mean(axis=-1, keepdims=True) + EPSILON) * gain


def attention(queries: jax.Array, keys: jax.Array, values: jax.Array, allowed: jax.Array, heads: int) -> jax.Array:
    """Softmax attention: (rows, n, width) from queries (rows, n, width), keys and values (rows, m, width) and a mask
    (rows, n, m)."""
    row_count, length, width = queries.shape

    def parted(states: jax.Array) -> jax.Array:
        return states.reshape(row_count, -1, heads, width // heads)

    scores = jnp.einsum("rnhd,rmhd->rhnm", parted(queries), parted(keys)) / math.sqrt(width // heads)
    weights = jax.nn.softmax(jnp.where(allowed[:, None], scores, -1e9), axis=-1)
    return jnp.einsum("rhnm,rmhd->rnhd", weights, parted(values)).reshape(row_count, length, width)


def _self_attention(layer: Params, states: jax.Array, allowed: jax.Array, heads: int) -> jax.Array:
    queries, keys, values = jnp.split(norm(states, layer["self_norm"]) @ layer["self_qkv"].T, 3, axis=-1)
    return attention(queries, keys, values, allowed, heads) @ layer["self_out"].T


def _feed_forward(layer: Params, states: jax.Array, dropout: Dropout) -> jax.Array:
    return dropout(jax.nn.relu(norm(states, layer["inner_norm"]) @ layer["inner_in"].T)) @ layer["inner_out"].T


def encode(
    params: Params, pieces: jax.Array, place: jax.Array, allowed: jax.Array, shape: Shape, dropout: Dropout
) -> jax.Array:
    """States (rows, n, width) of source pieces (rows, n)."""
    states = _embedded(params, pieces, place, shape, dropout)
    for layer in params["encoder"]:
        states = states + dropout(_self_attention(layer, states, allowed, shape.heads))
        states = states + dropout(_feed_forward(layer, states, dropout))
    return norm(states, params["encoder_norm"])


def decode(
    params: Params,
    memory: jax.Array,
    pieces: jax.Array,
    place: jax.Array,
    allowed: jax.Array,
    across: jax.Array,
    shape: Shape,
    dropout: Dropout,
) -> jax.Array:
    """States (rows, n, width) after target pieces (rows, n), that see `memory` (rows, m, width) where `across` (rows, n, m)
    lets them."""
    states = _embedded(params, pieces, place, shape, dropout)
    for layer in params["decoder"]:
        states = states + dropout(_self_attention(layer, states, allowed, shape.heads))
        keys, values = jnp.split(memory @ layer["cross_kv"].T, 2, axis=-1)
        queries = norm(states, layer["cross_norm"]) @ layer["cross_q"].T
        attended = attention(queries, keys, values, across, shape.heads) @ layer["cross_out"].T
        states = states + dropout(attended)
        states = states + dropout(_feed_forward(layer, states, dropout))
    return norm(states, params["decoder_norm"])


def _embedded(params: Params, pieces: jax.Array, place: jax.Array, shape: Shape, dropout: Dropout) -> jax.Array:
    table = jnp.asarray(positions(512, shape.width))
    return dropout(params["embedding"][pieces] * math.sqrt(shape.width) + table[place])


def loss(
    params: Params, batch: Batch, key: jax.Array | None, shape: Shape, drop: float, smoothing: float = SMOOTHING
) -> tuple[jax.Array, jax.Array]:
    """Cross entropy in nats a piece with smoothed labels, and without smoothing; means over the batch."""
    dropout = Dropout(key, drop)
    source, target = batch.source_segment, batch.target_segment
    length = target.shape[1]
    within = source[:, :, None] == source[:, None, :]
    earlier = (target[:, :, None] == target[:, None, :]) & jnp.tril(jnp.ones((length, length), dtype=bool))
    across = target[:, :, None] == source[:, None, :]
    memory = encode(params, batch.source, batch.source_position, within, shape, dropout)
    states = decode(params, memory, batch.target, batch.target_position, earlier, across, shape, dropout)
    logits = states @ params["embedding"].T
    total = jax.nn.logsumexp(logits, axis=-1)
    right = jnp.take_along_axis(logits, batch.following[:, :, None], axis=-1)[:, :, 0]
    plain = total - right
    smoothed = (1 - smoothing) * plain + smoothing * (total - logits.mean(axis=-1))
    counted = (target > 0).astype(jnp.float32)
    count = jnp.maximum(counted.sum(), 1.0)
    return (smoothed * counted).sum() / count, (plain * counted).sum() / count


def greedy(params: Params, source: list[int], shape: Shape, limit: int = 80) -> list[int]:
    """The likeliest next piece again and again, for one sentence (tag first, no closing piece), until the closing one or
    `limit` - 1 pieces: slow, to check conversions by."""
    pieces = np.asarray([[*source, END]])
    length = pieces.shape[1]
    seen = jnp.ones((1, length, length), dtype=bool)
    memory = encode(params, jnp.asarray(pieces), jnp.arange(length)[None], seen, shape, Dropout(None, 0.0))
    found: list[int] = []
    target = np.full((1, limit), BEGIN, dtype=np.int32)
    while len(found) < limit - 1:
        best = int(_logits(params, memory, jnp.asarray(target), shape)[len(found)].argmax())
        if best == END:
            break
        found.append(best)
        target[0, len(found)] = best
    return found


@partial(jax.jit, static_argnums=3)
def _logits(params: Params, memory: jax.Array, target: jax.Array, shape: Shape) -> jax.Array:
    """(length, pieces) after each of the target's pieces (1, length)."""
    length = target.shape[1]
    earlier = jnp.tril(jnp.ones((1, length, length), dtype=bool))
    across = jnp.ones((1, length, memory.shape[1]), dtype=bool)
    states = decode(params, memory, target, jnp.arange(length)[None], earlier, across, shape, Dropout(None, 0.0))
    return (states @ params["embedding"].T)[0]
