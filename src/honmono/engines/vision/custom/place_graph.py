"""Let EfficientNet-Lite2's graph say what it sees in each place of a picture of any size, not only of the whole.

Needs the `onnx` package, which serving does not.
"""

from __future__ import annotations

from pathlib import Path

import onnx
from onnx import TensorProto, helper

from honmono.engines.vision.labels import efficientnet_graph

_PLACES = {"stride8": "_blocks.6.sum", "stride16": "_blocks.14.sum", "stride32": "_blocks.20._project_conv"}
"""The last state of each depth of the network before it halves again, or ends."""
FILE = "places-v1.onnx"


def build(weights: Path, target: Path) -> None:
    """From the .pth file to a graph with the input `image` (1, 3, h, w) and the outputs `features` (1, 1280) and
    `stride8`, `stride16`, `stride32`, each (1, channels, h / stride, w / stride); h and w are multiples of 32.

    Raises ValueError where the file is another.
    """
    efficientnet_graph.build(weights, target)
    model = onnx.load_from_string(target.read_bytes())
    graph = model.graph
    shape = graph.input[0].type.tensor_type.shape
    shape.dim[2].dim_param, shape.dim[3].dim_param = "height", "width"
    kept = [output for output in graph.output if output.name == "features"]
    del graph.output[:]
    graph.output.extend(kept)
    for name, state in _PLACES.items():
        graph.node.append(helper.make_node("Identity", [state], [name]))
        graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, (1, None, None, None)))
    for node in [node for node in graph.node if "logits" in node.output]:
        graph.node.remove(node)
    onnx.checker.check_model(model)
    target.write_bytes(model.SerializeToString(deterministic=True))
