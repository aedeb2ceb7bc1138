"""The trained part in JAX: the encoder's upper layers and a linear map from each token to the tags."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from training.sentiment.network import Params, initial, layer

__all__ = ["Params", "initial", "logits", "loss", "predict"]

UNSEEN_WEIGHT = 0.3
"""What a type counts that the annotators did not look for, where they marked nothing: less than no name at all."""


def logits(params: Params, states: jax.Array, mask: jax.Array, key: jax.Array | None, drop: float) -> jax.Array:
    """(batch, length, tags) from trunk states (batch, length, width) and a mask (batch, length) of 1 and 0."""
    for name in sorted((name for name in params if name != "head"), key=lambda name: int(name[1:])):
        states = layer(params[name], states, mask)
    if key is not None:
        # The same features fall out at every token of a sentence: few random numbers.
        kept = jax.random.bernoulli(key, 1 - drop, (states.shape[0], 1, states.shape[2]))
        states = jnp.where(kept, states / (1 - drop), 0.0)
    return states @ params["head"]["w"].T + params["head"]["b"]


def loss(
    params: Params, states: jax.Array, mask: jax.Array, targets: jax.Array, weights: jax.Array, key: jax.Array
) -> jax.Array:
    """Cross entropy with what each token may be: `targets` (batch, length, tags) is 1 for the tag that is marked and
    UNSEEN_WEIGHT for those that may go unmarked; `weights` (batch, length) is 0 beside the sentence."""
    log_probabilities = jax.nn.log_softmax(logits(params, states, mask, key, 0.1))
    marginal = jax.nn.logsumexp(jnp.where(targets > 0, log_probabilities + jnp.log(targets + 1e-9), -1e9), axis=-1)
    return -(weights * marginal).sum() / jnp.maximum(weights.sum(), 1e-6)


@jax.jit
def predict(params: Params, states: jax.Array, mask: jax.Array) -> jax.Array:
    """Logits without dropout."""
    return logits(params, states, mask, None, 0.0)
