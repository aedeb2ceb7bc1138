"""The trained part in JAX: the encoder's upper layers, the mean over each mention's tokens, a linear map to classes."""

from __future__ import annotations

import sys
from pathlib import Path

import jax
import jax.numpy as jnp

sys.path.insert(0, str(Path(__file__).parents[2]))
from training.sentiment.network import Params, layer

__all__ = ["Params", "logits", "loss", "predict"]


def logits(params: Params, states: jax.Array, mask: jax.Array, spans: jax.Array) -> jax.Array:
    """(batch, mentions, classes).

    Args:
        params: layers called l8 … and a head.
        states: (batch, length, width), of the lower layers.
        mask: (batch, length) of 1 and 0.
        spans: (batch, mentions, length): what each token weighs in each mention; rows sum to 1, or to 0 for padding.
    """
    for name in sorted((name for name in params if name != "head"), key=lambda name: int(name[1:])):
        states = layer(params[name], states, mask)
    return spans @ states @ params["head"]["w"].T + params["head"]["b"]


def loss(params: Params, states: jax.Array, mask: jax.Array, spans: jax.Array, targets: jax.Array) -> jax.Array:
    """Cross entropy over the mentions; `targets` (batch, mentions, classes) are weights, all 0 for padding."""
    log_probabilities = jax.nn.log_softmax(logits(params, states, mask, spans))
    return -(targets * log_probabilities).sum() / jnp.maximum(targets.sum(), 1e-6)


@jax.jit
def predict(params: Params, states: jax.Array, mask: jax.Array, spans: jax.Array) -> jax.Array:
    """Logits."""
    return logits(params, states, mask, spans)
