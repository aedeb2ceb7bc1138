"""The trained part in JAX: the encoder's upper layers, the tokens' mean, a linear map to four classes."""

from __future__ import annotations

from collections.abc import Mapping

import jax
import jax.numpy as jnp
import numpy as np

HEADS = 12
EPSILON = 1e-12
Params = dict[str, dict[str, jax.Array]]


def initial(layers: Mapping[str, Mapping[str, np.ndarray]], classes: int, seed: int) -> Params:
    """The encoder's own layers and an untrained head."""
    params = {name: {key: jnp.asarray(value) for key, value in layer.items()} for name, layer in layers.items()}
    width = params[next(iter(params))]["ao.b"].shape[0]
    key = jax.random.PRNGKey(seed)
    params["head"] = {"w": jax.random.normal(key, (classes, width)) * 0.02, "b": jnp.zeros(classes)}
    return params


def logits(params: Params, states: jax.Array, mask: jax.Array, key: jax.Array | None, drop: float) -> jax.Array:
    """(batch, classes) from trunk states (batch, length, width) and a mask (batch, length) of 1 and 0."""
    for name in sorted((name for name in params if name != "head"), key=lambda name: int(name[1:])):
        states = layer(params[name], states, mask)
    pooled = (states * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
    # Dropout here only: in the layers its random numbers would take twice as long as all the rest.
    if key is not None:
        kept = jax.random.bernoulli(key, 1 - drop, pooled.shape)
        pooled = jnp.where(kept, pooled / (1 - drop), 0.0)
    return pooled @ params["head"]["w"].T + params["head"]["b"]


def loss(
    params: Params, states: jax.Array, mask: jax.Array, targets: jax.Array, weights: jax.Array, key: jax.Array
) -> jax.Array:
    """Weighted cross entropy with soft targets."""
    log_probabilities = jax.nn.log_softmax(logits(params, states, mask, key, 0.2))
    return -(weights * (targets * log_probabilities).sum(-1)).sum() / jnp.maximum(weights.sum(), 1e-6)


@jax.jit
def predict(params: Params, states: jax.Array, mask: jax.Array) -> jax.Array:
    """Logits without dropout."""
    return logits(params, states, mask, None, 0.0)


def layer(weights: dict[str, jax.Array], states: jax.Array, mask: jax.Array) -> jax.Array:
    """One of the encoder's layers on states (batch, length, width) and a mask (batch, length) of 1 and 0."""
    batch, length, width = states.shape
    projected = states @ weights["qkv.w"].T + weights["qkv.b"]
    query, key, value = jnp.split(projected.reshape(batch, length, 3 * HEADS, width // HEADS), 3, axis=2)
    scores = jnp.einsum("bqhd,bkhd->bhqk", query, key) / np.sqrt(width // HEADS)
    scores = jnp.where(mask[:, None, None, :] > 0, scores, -1e9)
    attended = jnp.einsum("bhqk,bkhd->bqhd", jax.nn.softmax(scores), value).reshape(batch, length, width)
    states = _norm(states + attended @ weights["ao.w"].T + weights["ao.b"], weights["aln.w"], weights["aln.b"])
    inner = jax.nn.gelu(states @ weights["fi.w"].T + weights["fi.b"], approximate=False)
    return _norm(states + inner @ weights["fo.w"].T + weights["fo.b"], weights["oln.w"], weights["oln.b"])


def _norm(values: jax.Array, scale: jax.Array, shift: jax.Array) -> jax.Array:
    centred = values - values.mean(-1, keepdims=True)
    return centred * jax.lax.rsqrt((centred**2).mean(-1, keepdims=True) + EPSILON) * scale + shift
