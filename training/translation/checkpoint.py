"""A training run on disk: written beside and renamed, so that a kill at any moment leaves the last whole one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import jax
import numpy as np


def save(path: Path, tree: Any) -> None:
    """The leaves of a tree of arrays, in order."""
    leaves = jax.tree.leaves(tree)
    _replace(path, {f"leaf{number:04}": np.asarray(leaf) for number, leaf in enumerate(leaves)})


def restore(path: Path, like: Any) -> Any:
    """The tree that `save` wrote, in the structure of `like`.

    Raises:
        ValueError: the file holds other shapes than `like`.
    """
    leaves, structure = jax.tree.flatten(like)
    with np.load(path) as file:
        found = [file[name] for name in sorted(file.files)]
    if [np.shape(leaf) for leaf in found] != [np.shape(leaf) for leaf in leaves]:
        raise ValueError(f"{path} holds another model or optimiser than this one")
    return jax.tree.unflatten(structure, [jax.numpy.asarray(leaf) for leaf in found])


def export(path: Path, params: Any) -> None:
    """The weights alone, in half precision, by name: what `convert` reads and a run can start from."""
    named = jax.tree_util.tree_flatten_with_path(params)[0]
    _replace(path, {_name(key): np.asarray(leaf, dtype=np.float16) for key, leaf in named})


def load_export(path: Path, like: Any) -> Any:
    """The weights that `export` wrote, in single precision, in the structure of `like`."""
    with np.load(path) as file:
        return jax.tree_util.tree_map_with_path(
            lambda key, leaf: jax.numpy.asarray(file[_name(key)], dtype=leaf.dtype), like
        )


def _name(key: tuple[Any, ...]) -> str:
    return "/".join(str(getattr(part, "key", getattr(part, "idx", part))) for part in key)


def _replace(path: Path, arrays: dict[str, Any]) -> None:
    beside = path.with_suffix(".partial.npz")
    with beside.open("wb") as file:
        np.savez(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
