from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto

from engines.text import by_hand
from honmono.engines.text.encoder import open_graph
from honmono.engines.text.transformer_graph import TransformerGraph

WIDTH, INNER, HEADS, EPSILON = 32, 64, 4, 1e-6
Floats = NDArray[np.float32]


def random_layer(chance: np.random.Generator) -> dict[str, Floats]:
    shapes = {
        "qkv.w": (3 * WIDTH, WIDTH), "qkv.b": (3 * WIDTH,), "ao.w": (WIDTH, WIDTH), "ao.b": (WIDTH,),
        "aln.w": (WIDTH,), "aln.b": (WIDTH,), "fi.w": (INNER, WIDTH), "fi.b": (INNER,),
        "fo.w": (WIDTH, INNER), "fo.b": (WIDTH,), "oln.w": (WIDTH,), "oln.b": (WIDTH,),
    }  # fmt: skip
    return {name: chance.normal(0, 0.3, shape).astype(np.float32) for name, shape in shapes.items()}


def test_a_layer_computes_what_the_paper_says(tmp_path: Path) -> None:
    chance = np.random.default_rng(1)
    weights = random_layer(chance)
    graph = TransformerGraph(HEADS, EPSILON)
    graph.node("Identity", [graph.layer("states", weights, "l0")], "out")
    shape = (1, "length", WIDTH)
    graph.save(tmp_path / "layer.onnx", {"states": (TensorProto.FLOAT, shape)}, {"out": shape})
    session = open_graph(tmp_path / "layer.onnx")
    for length in (1, 7, 40):
        states = chance.normal(0, 1, (length, WIDTH)).astype(np.float32)
        expected = by_hand.layer(states, weights, HEADS, EPSILON)
        got = session.run(None, {"states": states[None]})[0][0]
        cosines = (got * expected).sum(-1) / np.linalg.norm(got, axis=-1) / np.linalg.norm(expected, axis=-1)
        assert cosines.min() > 0.998  # int8 costs this much


def test_the_same_graph_is_the_same_file(tmp_path: Path) -> None:
    files = []
    for name in ("a.onnx", "b.onnx"):
        graph = TransformerGraph(HEADS, EPSILON)
        graph.node("Identity", [graph.layer("states", random_layer(np.random.default_rng(2)), "l0")], "out")
        shape = (1, "length", WIDTH)
        graph.save(tmp_path / name, {"states": (TensorProto.FLOAT, shape)}, {"out": shape})
        files.append((tmp_path / name).read_bytes())
    assert files[0] == files[1]
