"""The transformer in float32, written out from the paper, to hold the int8 graphs against."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def norm(values: Floats, scale: Floats, shift: Floats, epsilon: float) -> Floats:
    centred = values - values.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + epsilon) * scale + shift


def layer(states: Floats, weights: Mapping[str, Floats], heads: int, epsilon: float) -> Floats:
    """What a layer makes of `states` (length, width)."""
    width = states.shape[1]
    query, key, value = np.split(states @ weights["qkv.w"].T + weights["qkv.b"], 3, axis=-1)
    contexts = []
    for head in range(heads):
        own = slice(head * width // heads, (head + 1) * width // heads)
        scores = query[:, own] @ key[:, own].T / math.sqrt(width // heads)
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        contexts.append(shares / shares.sum(-1, keepdims=True) @ value[:, own])
    attended = np.concatenate(contexts, -1) @ weights["ao.w"].T + weights["ao.b"]
    states = norm(states + attended, weights["aln.w"], weights["aln.b"], epsilon)
    inner = states @ weights["fi.w"].T + weights["fi.b"]
    active = inner * 0.5 * (1 + np.vectorize(math.erf)(inner / math.sqrt(2)))
    return norm(states + active @ weights["fo.w"].T + weights["fo.b"], weights["oln.w"], weights["oln.b"], epsilon)
