"""Write EfficientNet-lite2 as an ONNX graph from the tensors that its authors' weights were converted to.

The network: a stem, 21 inverted-residual blocks without squeeze-and-excitation, a head of 1280 features, 1000 classes.
Batch norms are folded into the convolutions before them; convolutions pad as TensorFlow's SAME does.

Source: Tan and Le, EfficientNet, 2019 (https://arxiv.org/abs/1905.11946); "EfficientNet-lite" in TensorFlow's TPU models.
Needs the `onnx` package, which serving does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from honmono.engines.torch_file import read_tensors

SIDE = 260
"""Pixels of the square that the network looks at."""
CLASSES, FEATURES = 1000, 1280
_EPSILON = 1e-3  # of the batch norms

Tensors = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class _Stage:
    """Blocks one behind the other: the first has the stride, and none but it changes the channels."""

    blocks: int
    stride: int


# lite0's depths times 1.2, but the first and the last stage as they are.
_STAGES = (_Stage(1, 1), _Stage(3, 2), _Stage(3, 2), _Stage(4, 2), _Stage(4, 1), _Stage(5, 2), _Stage(1, 1))


def build(weights: Path, target: Path) -> None:
    """From the .pth file to a graph with the input `image` (1, 3, 260, 260), red, green and blue from -1 to 1, and the
    outputs `logits` (1, 1000) and `features` (1, 1280).

    Raises ValueError where the file is another.
    """
    _Graph(read_tensors(weights)).save(target)


class _Graph:
    def __init__(self, tensors: Tensors) -> None:
        self._tensors = tensors
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []
        state = self._convolved("image", "_conv_stem", "_bn0", stride=2)
        number = 0
        for stage in _STAGES:
            for place in range(stage.blocks):
                state = self._block(state, number, stage.stride if place == 0 else 1, residual=place > 0)
                number += 1
        state = self._convolved(state, "_conv_head", "_bn1")
        self._node("GlobalAveragePool", [state], "pooled")
        self._node("Flatten", ["pooled"], "features", axis=1)
        weight, bias = self._constant("_fc.weight"), self._constant("_fc.bias")
        self._node("Gemm", ["features", weight, bias], "logits", transB=1)

    def _block(self, source: str, number: int, stride: int, residual: bool) -> str:
        name = f"_blocks.{number}"
        state = source
        if f"{name}._expand_conv.weight" in self._tensors:
            state = self._convolved(state, f"{name}._expand_conv", f"{name}._bn0")
        state = self._convolved(state, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride, depthwise=True)
        state = self._convolved(state, f"{name}._project_conv", f"{name}._bn2", active=False)
        return self._node("Add", [state, source], f"{name}.sum") if residual else state

    def _convolved(
        self, source: str, name: str, norm: str, stride: int = 1, depthwise: bool = False, active: bool = True
    ) -> str:
        kernel = self._tensors[f"{name}.weight"]
        spread = np.sqrt(self._tensors[f"{norm}.running_var"] + _EPSILON)
        scale = self._tensors[f"{norm}.weight"] / spread
        shift = self._tensors[f"{norm}.bias"] - self._tensors[f"{norm}.running_mean"] * scale
        inputs = [
            source,
            self._constant(f"{name}.weight", kernel * scale[:, None, None, None]),
            self._constant(f"{name}.bias", shift),
        ]
        groups = {"group": len(kernel)} if depthwise else {}
        state = self._node("Conv", inputs, name, strides=[stride] * 2, auto_pad="SAME_UPPER", **groups)
        if not active:
            return state
        bounds = [self._constant("nought", np.float32(0)), self._constant("six", np.float32(6))]
        return self._node("Clip", [state, *bounds], f"{name}.active")

    def _constant(self, name: str, values: NDArray[np.float32] | np.float32 | None = None) -> str:
        if all(weight.name != name for weight in self._weights):
            values = self._tensors[name] if values is None else values
            self._weights.append(numpy_helper.from_array(np.array(values, np.float32), name))
        return name

    def _node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self._nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def save(self, target: Path) -> None:
        graph = helper.make_graph(
            self._nodes,
            "efficientnet-lite2",
            inputs=[helper.make_tensor_value_info("image", TensorProto.FLOAT, (1, 3, SIDE, SIDE))],
            outputs=[
                helper.make_tensor_value_info("logits", TensorProto.FLOAT, (1, CLASSES)),
                helper.make_tensor_value_info("features", TensorProto.FLOAT, (1, FEATURES)),
            ],
            initializer=self._weights,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model)
        target.write_bytes(model.SerializeToString(deterministic=True))
