"""The networks that read a face, as ONNX graphs made from pulled weights.

Two come as weights without a graph, in npm's `@vladmandic/face-api`; their layers are laid out here:

- the recogniser, dlib's ResNet of 29 convolutions (D. King, "High Quality Face Recognition with Deep Metric Learning",
  2017; after He et al., 2016), that gives 128 numbers for a face of 150 × 150 pixels;
- the reader of expressions, four dense blocks of separable convolutions (V. Mühler, face-api.js, 2018).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from honmono.engines.vision.tfjs import read_weights

_OPSET = 17
_IR_VERSION = 8
_MEAN = np.array([122.782, 117.001, 104.298], np.float32)
"""Of red, green and blue, as both networks were trained."""


def recogniser(manifest: bytes, weights: bytes) -> bytes:
    """The recogniser: `pixels` (n, 150, 150, 3), red, green, blue of 0 to 255, to `embedding` (n, 128)."""
    net = _Graph(manifest, weights)
    value = net.convolve(net.image(256.0), "conv32_down", stride=2)
    value = net.add("MaxPool", [value], kernel_shape=[3, 3], strides=[2, 2])
    side, depth = 35, 32
    for name in (
        *("conv32_1", "conv32_2", "conv32_3"),
        *("conv64_down", "conv64_1", "conv64_2", "conv64_3"),
        *("conv128_down", "conv128_1", "conv128_2"),
        *("conv256_down", "conv256_1", "conv256_2", "conv256_down_out"),
    ):
        down = "_down" in name
        inner = net.convolve(value, f"{name}/conv1", stride=2 if down else 1)
        inner = net.convolve(inner, f"{name}/conv2", active=False)
        if down:
            wide = net.weights[f"{name}/conv2/conv/filters"].shape[3]
            halved, convolved = side // 2, (side - 3) // 2 + 1
            value = net.add("AveragePool", [value], kernel_shape=[2, 2], strides=[2, 2])
            value = net.padded(value, [0, 0, 0, 0, 0, wide - depth, 0, 0])
            inner = net.padded(inner, [0, 0, 0, 0, 0, 0, halved - convolved, halved - convolved])
            side, depth = halved, wide
        value = net.add("Relu", [net.add("Add", [value, inner])])
    value = net.add("ReduceMean", [value], axes=[2, 3], keepdims=0)
    net.add("MatMul", [value, net.constant("fc", net.weights["fc"])], "embedding")
    return net.model(150, "embedding", 128)


def expressions(manifest: bytes, weights: bytes) -> bytes:
    """The reader of expressions: `pixels` (n, 112, 112, 3), red, green, blue of 0 to 255, to `shares` (n, 7): neutral,
    happy, sad, angry, fearful, disgusted, surprised."""
    net = _Graph(manifest, weights)
    value = net.image(255.0)
    for block in ("dense0", "dense1", "dense2", "dense3"):
        total = value = net.separable(value, f"{block}/conv0", stride=2, whole=block == "dense0")
        for layer in ("conv1", "conv2", "conv3"):
            total = net.add("Add", [total, net.separable(value, f"{block}/{layer}")])
            value = net.add("Relu", [total])
    value = net.add("AveragePool", [value], kernel_shape=[7, 7], strides=[2, 2])
    value = net.add("Flatten", [value])
    value = net.add("MatMul", [value, net.constant("fc", net.weights["fc/weights"])])
    value = net.add("Add", [value, net.constant("fc.bias", net.weights["fc/bias"])])
    net.add("Softmax", [value], "shares", axis=1)
    return net.model(112, "shares", 7)


def detector(graph: bytes) -> bytes:
    """CenterFace for pictures of any size that 32 divides: as it comes, its shapes are fixed."""
    made = onnx.load_from_string(graph)
    names = {initialiser.name for initialiser in made.graph.initializer}
    inputs = [each for each in made.graph.input if each.name not in names]
    for value, share in ((inputs[0], ""), *((each, "4") for each in made.graph.output)):
        dims = value.type.tensor_type.shape.dim
        dims[0].dim_value, dims[2].dim_param, dims[3].dim_param = 1, f"height{share}", f"width{share}"
    del made.graph.value_info[:]
    return bytes(made.SerializeToString())


class _Graph:
    def __init__(self, manifest: bytes, weights: bytes) -> None:
        self.weights = read_weights({"weightsManifest": json.loads(manifest)}, weights)
        self._nodes: list[onnx.NodeProto] = []
        self._constants: dict[str, onnx.TensorProto] = {}

    def add(self, kind: str, inputs: Sequence[str], output: str = "", **attributes: Any) -> str:
        output = output or f"v{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def constant(self, name: str, array: NDArray[Any]) -> str:
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def image(self, scale: float) -> str:
        """The picture, channels first, around the mean that the network was trained with."""
        turned = self.add("Transpose", ["pixels"], perm=[0, 3, 1, 2])
        centred = self.add("Sub", [turned, self.constant("mean", _MEAN.reshape(1, 3, 1, 1))])
        return self.add("Div", [centred, self.constant("scale", np.array(scale, np.float32))])

    def padded(self, value: str, pads: list[int]) -> str:
        return self.add("Pad", [value, self.constant(f"pads{len(self._nodes)}", np.array(pads, np.int64))])

    def convolve(self, value: str, name: str, stride: int = 1, active: bool = True) -> str:
        """A convolution and the scale behind it, as one. Where it strides it is not padded."""
        scale, shift = self.weights[f"{name}/scale/weights"], self.weights[f"{name}/scale/biases"]
        filters = self.weights[f"{name}/conv/filters"] * scale
        bias = self.weights[f"{name}/conv/bias"] * scale + shift
        made = self.add(
            "Conv",
            [value, self.constant(f"{name}.w", filters.transpose(3, 2, 0, 1)), self.constant(f"{name}.b", bias)],
            strides=[stride, stride],
            auto_pad="VALID" if stride > 1 else "SAME_UPPER",
        )
        return self.add("Relu", [made]) if active else made

    def separable(self, value: str, name: str, stride: int = 1, whole: bool = False) -> str:
        """A depthwise convolution and a pointwise one; a whole one at the beginning, with its activation."""
        bias = self.constant(f"{name}.b", self.weights[f"{name}/bias"])
        if whole:
            filters = self.constant(f"{name}.w", self.weights[f"{name}/filters"].transpose(3, 2, 0, 1))
            made = self.add("Conv", [value, filters, bias], strides=[stride, stride], auto_pad="SAME_UPPER")
            return self.add("Relu", [made])
        deep = self.weights[f"{name}/depthwise_filter"].transpose(2, 3, 0, 1)
        point = self.weights[f"{name}/pointwise_filter"].transpose(3, 2, 0, 1)
        value = self.add(
            "Conv",
            [value, self.constant(f"{name}.d", deep)],
            strides=[stride, stride],
            group=len(deep),
            auto_pad="SAME_UPPER",
        )
        made = self.add("Conv", [value, self.constant(f"{name}.p", point), bias])
        return self.add("Relu", [made]) if stride == 2 else made

    def model(self, side: int, output: str, width: int) -> bytes:
        graph = helper.make_graph(
            self._nodes,
            "face",
            [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["n", side, side, 3])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["n", width])],
            list(self._constants.values()),
        )
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
        made = onnx.shape_inference.infer_shapes(made, check_type=True, strict_mode=True, data_prop=True)
        return bytes(made.SerializeToString())
