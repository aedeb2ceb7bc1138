"""TensorFlow.js graph models as ONNX graphs, for the operators that small vision networks are made of.

A graph model is a `model.json` (TensorFlow's GraphDef as JSON, and a table of the weights) beside files of weights,
which may be quantised to 8 or 16 bits; here they are read back to 32. Batches are of one. Images stay in TensorFlow's
order, (batch, height, width, channels); ONNX's convolutions want channels first, so each stands between two
transpositions, which ONNX Runtime's own optimiser cancels.

Sources: `tfjs-converter`'s `docs/` and the reference of TensorFlow's raw operators.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

_OPSET = 17
_IR_VERSION = 8
_TO_NCHW, _TO_NHWC = [0, 3, 1, 2], [0, 2, 3, 1]
_DTYPES = {"float32": np.float32, "int32": np.int32, "bool": np.bool_, "uint8": np.uint8, "float16": np.float16}


class UnknownOperator(ValueError):
    """The graph has an operator, or a form of one, that is not translated."""


def to_onnx(model: bytes, weights: bytes, outputs: Sequence[str] | None = None) -> bytes:
    """Translate a graph model.

    Args:
        model: the model.json.
        weights: the files of weights, one after the other.
        outputs: names of the nodes whose values the graph answers; by default those that feed no other.

    Returns:
        A serialised ONNX model with one input, of the placeholder's name and shape with a batch of one; outputs are
        named as asked.

    Raises:
        UnknownOperator: see there.
        ValueError: the files do not fit each other.
    """
    described = json.loads(model)
    nodes = described["modelTopology"]["node"]
    return _Translation(nodes, read_weights(described, weights)).model(outputs)


def read_weights(described: dict[str, Any], data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays that a `weightsManifest` describes, by name.

    Raises:
        ValueError: the bytes are not as many as described.
    """
    found: dict[str, NDArray[Any]] = {}
    at = 0
    for group in described["weightsManifest"]:
        for entry in group["weights"]:
            quantised = entry.get("quantization")
            stored = np.dtype(_DTYPES[quantised["dtype"] if quantised else entry["dtype"]])
            count = int(np.prod(entry["shape"], dtype=np.int64))
            if at + count * stored.itemsize > len(data):
                raise ValueError(f"the weights end within {entry['name']}")
            array: NDArray[Any] = np.frombuffer(data, stored, count, at).reshape(entry["shape"])
            at += count * stored.itemsize
            if quantised and "scale" in quantised:
                array = array.astype(np.float32) * np.float32(quantised["scale"]) + np.float32(quantised["min"])
            found[entry["name"]] = array.astype(_DTYPES[entry["dtype"]])
    if at != len(data):
        raise ValueError(f"the weights have {len(data)} bytes, and model.json describes {at}")
    return found


class _Translation:
    def __init__(self, nodes: list[dict[str, Any]], weights: dict[str, NDArray[Any]]) -> None:
        self._nodes = {node["name"]: node for node in nodes}
        self._constants = {name: _plain(array) for name, array in weights.items()}
        self._emitted: list[onnx.NodeProto] = []
        self._initialisers: dict[str, onnx.TensorProto] = {}
        self._inputs: list[onnx.ValueInfoProto] = []
        self._done: set[str] = set()
        self._count = 0

    def model(self, outputs: Sequence[str] | None) -> bytes:
        if outputs is None:
            used = {_node_of(each) for node in self._nodes.values() for each in node.get("input", ())}
            outputs = [name for name, node in self._nodes.items() if name not in used and node["op"] != "Const"]
        for output in outputs:
            self._visit(_node_of(output))
        for output in outputs:
            if self.name(output) != output:
                self.emit("Identity", [self.name(output)], output=output)
        graph = helper.make_graph(
            self._emitted,
            "tfjs",
            self._inputs,
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, None) for output in outputs],
            list(self._initialisers.values()),
        )
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
        # The checker wants to be told what shapes the answers have; inference finds them out, and finds errors too.
        made = onnx.shape_inference.infer_shapes(made, check_type=True, strict_mode=True, data_prop=True)
        return bytes(made.SerializeToString())

    def _visit(self, wanted: str) -> None:
        # Deep graphs overflow Python's stack: the way back is kept in a list.
        waiting = [wanted]
        while waiting:
            name = waiting[-1]
            if name in self._done:
                waiting.pop()
                continue
            node = self._nodes[name]
            before = [_node_of(each) for each in node.get("input", ()) if not each.startswith("^")]
            missing = [each for each in before if each not in self._done]
            if missing:
                waiting += missing
                continue
            self._translate(name, node)
            self._done.add(name)
            waiting.pop()

    def _translate(self, name: str, node: dict[str, Any]) -> None:
        operator = node["op"]
        inputs = [each for each in node.get("input", ()) if not each.startswith("^")]
        if operator == "Const":
            if name not in self._constants:
                raise ValueError(f"there are no weights for {name}")
            return
        if operator == "Placeholder":
            shape = [int(each["size"]) for each in node["attr"]["shape"]["shape"]["dim"]]
            kind = TensorProto.FLOAT
            self._inputs.append(helper.make_tensor_value_info(name, kind, [1, *shape[1:]]))
            return
        translate = _OPERATORS.get(operator)
        if translate is None:
            raise UnknownOperator(f"{operator} ({name})")
        translate(self, name, inputs, _Attributes(node.get("attr", {}), name))

    def constant(self, reference: str) -> NDArray[Any] | None:
        """The value of a node that does not depend on the picture, or None."""
        return self._constants.get(_plain_name(reference))

    def needed(self, reference: str) -> NDArray[Any]:
        """The value of a node that has to be constant."""
        value = self.constant(reference)
        if value is None:
            raise UnknownOperator(f"{reference} is computed, and has to be constant here")
        return value

    def keep(self, name: str, value: NDArray[Any]) -> None:
        """Make a node a constant."""
        self._constants[name] = _plain(value)

    def name(self, reference: str) -> str:
        """What the ONNX graph calls a node's value; a constant is put into the graph."""
        name = _plain_name(reference)
        if name in self._constants and name not in self._initialisers:
            self._initialisers[name] = numpy_helper.from_array(self._constants[name], name)
        return name

    def emit(
        self,
        operator: str,
        inputs: Sequence[str],
        *,
        output: str | None = None,
        outputs: Sequence[str] = (),
        **more: Any,
    ) -> str:
        if not outputs:
            self._count += 1
            outputs = [output or f"{operator}_{self._count}"]
        self._emitted.append(helper.make_node(operator, list(inputs), list(outputs), **more))
        return outputs[0]

    def literal(self, value: NDArray[Any]) -> str:
        """A constant of the translation's own."""
        self._count += 1
        name = f"literal_{self._count}"
        self._initialisers[name] = numpy_helper.from_array(_plain(value), name)
        return name

    def ints(self, *values: int) -> str:
        """A vector of integers."""
        return self.literal(np.array(values, np.int64))

    def to_channels_first(self, name: str) -> str:
        return self.emit("Transpose", [name], perm=_TO_NCHW)

    def to_channels_last(self, name: str, output: str | None = None) -> str:
        return self.emit("Transpose", [name], output=output, perm=_TO_NHWC)


class _Attributes:
    """A node's attributes, out of GraphDef's JSON."""

    def __init__(self, attributes: dict[str, Any], name: str) -> None:
        self._attributes = attributes
        self._name = name

    def ints(self, key: str) -> list[int]:
        return [int(each) for each in self._attributes.get(key, {}).get("list", {}).get("i", ())]

    def int(self, key: str, default: int = 0) -> int:
        return int(self._attributes.get(key, {}).get("i", default))

    def float(self, key: str, default: float = 0.0) -> float:
        return float(self._attributes.get(key, {}).get("f", default))

    def bool(self, key: str) -> bool:
        return bool(self._attributes.get(key, {}).get("b", False))

    def text(self, key: str, default: str = "") -> str:
        value = self._attributes.get(key, {}).get("s")
        return default if value is None else base64.b64decode(value).decode()

    def texts(self, key: str) -> list[str]:
        return [base64.b64decode(each).decode() for each in self._attributes.get(key, {}).get("list", {}).get("s", ())]

    def kind(self, key: str) -> str:
        return str(self._attributes[key]["type"])

    def check_layout(self) -> None:
        if self.text("data_format", "NHWC") != "NHWC":
            raise UnknownOperator(f"{self._name}: channels come first")


_Translate = Callable[[_Translation, str, list[str], _Attributes], None]


def _plain(array: NDArray[Any]) -> NDArray[Any]:
    """Integers as ONNX's shapes have them, floats of 32 bits."""
    if array.dtype.kind in "iu":
        return np.ascontiguousarray(array.astype(np.int64)).reshape(array.shape)
    return np.ascontiguousarray(array.astype(np.float32) if array.dtype.kind == "f" else array).reshape(array.shape)


def _plain_name(reference: str) -> str:
    return reference.removesuffix(":0")


def _node_of(reference: str) -> str:
    return reference.removeprefix("^").partition(":")[0]


def _simple(operator: str, compute: Callable[..., Any] | None = None, **more: Any) -> _Translate:
    """An operator that ONNX has as it is. With `compute`, constants are folded."""

    def translate(graph: _Translation, name: str, inputs: list[str], _: _Attributes) -> None:
        known = [graph.constant(each) for each in inputs]
        if compute is not None and all(each is not None for each in known):
            graph.keep(name, np.asarray(compute(*known)))
            return
        graph.emit(operator, [graph.name(each) for each in inputs], output=name, **more)

    return translate


def _identity(graph: _Translation, name: str, inputs: list[str], _: _Attributes) -> None:
    value = graph.constant(inputs[0])
    if value is not None:
        graph.keep(name, value)
    else:
        graph.emit("Identity", [graph.name(inputs[0])], output=name)


def _convolution(depthwise: bool) -> _Translate:
    def translate(graph: _Translation, name: str, inputs: list[str], attributes: _Attributes) -> None:
        attributes.check_layout()
        kernel = graph.needed(inputs[1])
        height, width, channels, per_channel = kernel.shape
        more: dict[str, Any] = {}
        if depthwise:
            kernel = kernel.transpose(2, 3, 0, 1).reshape(channels * per_channel, 1, height, width)
            more["group"] = channels
        else:
            kernel = kernel.transpose(3, 2, 0, 1)
        padding = attributes.text("padding")
        if padding == "EXPLICIT":
            _, _, top, bottom, left, right, _, _ = attributes.ints("explicit_paddings")
            more["pads"] = [top, left, bottom, right]
        else:
            more["auto_pad"] = "SAME_UPPER" if padding == "SAME" else "VALID"
        fused = attributes.texts("fused_ops")
        taken = [graph.to_channels_first(graph.name(inputs[0])), graph.literal(kernel)]
        if "BiasAdd" in fused:
            taken.append(graph.literal(graph.needed(inputs[2]).reshape(-1)))
        made = graph.emit(
            "Conv",
            taken,
            strides=attributes.ints("strides")[1:3],
            dilations=(attributes.ints("dilations") or [1, 1, 1, 1])[1:3],
            **more,
        )
        last = graph.to_channels_last(made)
        _activate(graph, name, last, fused, inputs, attributes)

    return translate


def _activate(
    graph: _Translation, name: str, value: str, fused: list[str], inputs: list[str], attributes: _Attributes
) -> None:
    """The activation that was fused into an operator."""
    rest = [each for each in fused if each != "BiasAdd"]
    if not rest:
        graph.emit("Identity", [value], output=name)
    elif rest == ["Relu"]:
        graph.emit("Relu", [value], output=name)
    elif rest == ["Relu6"]:
        graph.emit("Clip", [value, *_limits(graph, 0, 6)], output=name)
    elif rest == ["Sigmoid"]:
        graph.emit("Sigmoid", [value], output=name)
    elif rest == ["LeakyRelu"]:
        graph.emit("LeakyRelu", [value], output=name, alpha=attributes.float("leakyrelu_alpha", 0.2))
    elif rest == ["Prelu"]:
        graph.emit("PRelu", [value, graph.name(inputs[-1])], output=name)
    else:
        raise UnknownOperator(f"{name}: fused {', '.join(rest)}")


def _limits(graph: _Translation, low: float, high: float) -> list[str]:
    return [graph.literal(np.array(each, np.float32)) for each in (low, high)]


def _relu6(graph: _Translation, name: str, inputs: list[str], _: _Attributes) -> None:
    graph.emit("Clip", [graph.name(inputs[0]), *_limits(graph, 0, 6)], output=name)


def _leaky_relu(graph: _Translation, name: str, inputs: list[str], attributes: _Attributes) -> None:
    graph.emit("LeakyRelu", [graph.name(inputs[0])], output=name, alpha=attributes.float("alpha", 0.2))


def _pool(operator: str) -> _Translate:
    def translate(graph: _Translation, name: str, inputs: list[str], attributes: _Attributes) -> None:
        attributes.check_layout()
        made = graph.emit(
            operator,
            [graph.to_channels_first(graph.name(inputs[0]))],
            kernel_shape=attributes.ints("ksize")[1:3],
            strides=attributes.ints("strides")[1:3],
            auto_pad="SAME_UPPER" if attributes.text("padding") == "SAME" else "VALID",
        )
        graph.to_channels_last(made, name)

    return translate


def _pad(graph: _Translation, name: str, inputs: list[str], _: _Attributes) -> None:
    pads = graph.needed(inputs[1])
    taken = [graph.name(inputs[0]), graph.ints(*pads[:, 0].tolist(), *pads[:, 1].tolist())]
    if len(inputs) > 2:
        taken.append(graph.literal(graph.needed(inputs[2]).astype(np.float32).reshape(())))
    graph.emit("Pad", taken, output=name, mode="constant")


def _resize(graph: _Translation, name: str, inputs: list[str], attributes: _Attributes) -> None:
    if attributes.bool("half_pixel_centers"):
        mode = "half_pixel"
    else:
        mode = "align_corners" if attributes.bool("align_corners") else "asymmetric"
    taken = graph.to_channels_first(graph.name(inputs[0]))
    # ONNX takes all four sizes; the first two are the input's own.
    own = graph.emit("Slice", [graph.emit("Shape", [taken]), graph.ints(0), graph.ints(2)])
    sizes = graph.emit("Concat", [own, graph.name(inputs[1])], axis=0)
    made = graph.emit("Resize", [taken, "", "", sizes], mode="linear", coordinate_transformation_mode=mode)
    graph.to_channels_last(made, name)


def _reduce(operator: str, axes_as_input: bool = False) -> _Translate:
    def translate(graph: _Translation, name: str, inputs: list[str], attributes: _Attributes) -> None:
        axes = [int(each) for each in graph.needed(inputs[1]).reshape(-1)]
        keep = int(attributes.bool("keep_dims"))
        taken = [graph.name(inputs[0])]
        if axes_as_input:
            graph.emit(operator, [*taken, graph.ints(*axes)], output=name, keepdims=keep)
        else:
            graph.emit(operator, taken, output=name, axes=axes, keepdims=keep)

    return translate


def _product(graph: _Translation, name: str, inputs: list[str], attributes: _Attributes) -> None:
    value, axes = graph.constant(inputs[0]), graph.needed(inputs[1]).reshape(-1)
    if value is not None:
        graph.keep(name, np.prod(value, axis=tuple(int(axis) for axis in axes), keepdims=attributes.bool("keep_dims")))
    else:
        _reduce("ReduceProd")(graph, name, inputs, attributes)


def _reshape(graph: _Translation, name: str, inputs: list[str], _: _Attributes) -> None:
    value, shape = graph.constant(inputs[0]), graph.constant(inputs[1])
    if value is not None and shape is not None:
        graph.keep(name, value.reshape(shape.tolist()))
    else:
        graph.emit("Reshape", [graph.name(each) for each in inputs], output=name)


def _transpose(graph: _Translation, name: str, inputs: list[str], _: _Attributes) -> None:
    order = [int(each) for each in graph.needed(inputs[1])]
    value = graph.constant(inputs[0])
    if value is not None:
        graph.keep(name, value.transpose(order))
    else:
        graph.emit("Transpose", [graph.name(inputs[0])], output=name, perm=order)


def _concatenate(graph: _Translation, name: str, inputs: list[str], _: _Attributes) -> None:
    axis = int(graph.needed(inputs[-1]))
    graph.emit("Concat", [graph.name(each) for each in inputs[:-1]], output=name, axis=axis)


def _split(graph: _Translation, name: str, inputs: list[str], _: _Attributes) -> None:
    sizes = [int(each) for each in graph.needed(inputs[1])]
    outputs = [name, *(f"{name}:{index}" for index in range(1, len(sizes)))]
    axis = int(graph.needed(inputs[2]))
    graph.emit("Split", [graph.name(inputs[0]), graph.ints(*sizes)], outputs=outputs, axis=axis)


def _sparse_to_dense(graph: _Translation, name: str, inputs: list[str], _: _Attributes) -> None:
    places, shape, values, default = (graph.needed(each) for each in inputs[:4])
    dense = np.full(shape.tolist(), default.reshape(()), values.dtype)
    for place, value in zip(np.atleast_2d(places), np.broadcast_to(values, (len(places),)), strict=True):
        dense[tuple(place.tolist())] = value
    graph.keep(name, dense)


def _matrix_product(graph: _Translation, name: str, inputs: list[str], attributes: _Attributes) -> None:
    taken = []
    for reference, turned in zip(
        inputs[:2], (_turned(attributes, "a", "x"), _turned(attributes, "b", "y")), strict=True
    ):
        value = graph.constant(reference)
        if turned and value is not None:
            taken.append(graph.literal(np.swapaxes(value, -1, -2)))
        elif turned:
            rank = 2 if attributes.bool("transpose_a") or attributes.bool("transpose_b") else 3
            order = [*range(rank - 2), rank - 1, rank - 2]
            taken.append(graph.emit("Transpose", [graph.name(reference)], perm=order))
        else:
            taken.append(graph.name(reference))
    fused = attributes.texts("fused_ops")
    made = graph.emit("MatMul", taken)
    if "BiasAdd" in fused:
        made = graph.emit("Add", [made, graph.name(inputs[2])])
    _activate(graph, name, made, fused, inputs, attributes)


def _turned(attributes: _Attributes, one: str, other: str) -> bool:
    return attributes.bool(f"transpose_{one}") or attributes.bool(f"adj_{other}")


def _depth_to_space(graph: _Translation, name: str, inputs: list[str], attributes: _Attributes) -> None:
    attributes.check_layout()
    taken = graph.to_channels_first(graph.name(inputs[0]))
    made = graph.emit("DepthToSpace", [taken], blocksize=attributes.int("block_size"), mode="DCR")
    graph.to_channels_last(made, name)


def _strided_slice(graph: _Translation, name: str, inputs: list[str], attributes: _Attributes) -> None:
    if attributes.int("ellipsis_mask") or attributes.int("new_axis_mask"):
        raise UnknownOperator(f"{name}: a slice with an ellipsis or a new axis")
    begins, ends, steps = (graph.needed(each).reshape(-1).tolist() for each in inputs[1:4])
    begin_mask, end_mask = attributes.int("begin_mask"), attributes.int("end_mask")
    shrunk = [axis for axis in range(len(begins)) if attributes.int("shrink_axis_mask") >> axis & 1]
    far = np.iinfo(np.int64).max
    starts, stops = [], []
    for axis, (begin, end) in enumerate(zip(begins, ends, strict=True)):
        if axis in shrunk:
            end = begin + 1 or far
        starts.append(0 if begin_mask >> axis & 1 else begin)
        stops.append(far if end_mask >> axis & 1 else end)
    if any(step < 1 for step in steps):
        raise UnknownOperator(f"{name}: a slice that runs backwards")
    value = graph.constant(inputs[0])
    if value is not None:
        cut = tuple(slice(*each) for each in zip(starts, (None if s == far else s for s in stops), steps, strict=True))
        graph.keep(name, np.squeeze(value[cut], axis=tuple(shrunk)))
        return
    axes = graph.ints(*range(len(begins)))
    taken = [graph.name(inputs[0]), graph.ints(*starts), graph.ints(*stops), axes, graph.ints(*steps)]
    if shrunk:
        graph.emit("Squeeze", [graph.emit("Slice", taken), graph.ints(*shrunk)], output=name)
    else:
        graph.emit("Slice", taken, output=name)


def _pack(graph: _Translation, name: str, inputs: list[str], attributes: _Attributes) -> None:
    axis = attributes.int("axis")
    known = [graph.constant(each) for each in inputs]
    if all(each is not None for each in known):
        graph.keep(name, np.stack([each for each in known if each is not None], axis))
        return
    where = graph.ints(axis)
    graph.emit(
        "Concat", [graph.emit("Unsqueeze", [graph.name(each), where]) for each in inputs], output=name, axis=axis
    )


def _squeeze(graph: _Translation, name: str, inputs: list[str], attributes: _Attributes) -> None:
    axes = attributes.ints("squeeze_dims")
    graph.emit("Squeeze", [graph.name(inputs[0]), *([graph.ints(*axes)] if axes else [])], output=name)


def _expand(graph: _Translation, name: str, inputs: list[str], _: _Attributes) -> None:
    axis = int(graph.needed(inputs[1]))
    value = graph.constant(inputs[0])
    if value is not None:
        graph.keep(name, np.expand_dims(value, axis))
    else:
        graph.emit("Unsqueeze", [graph.name(inputs[0]), graph.ints(axis)], output=name)


def _gather(graph: _Translation, name: str, inputs: list[str], _: _Attributes) -> None:
    axis = int(graph.needed(inputs[2])) if len(inputs) > 2 else 0
    graph.emit("Gather", [graph.name(each) for each in inputs[:2]], output=name, axis=axis)


def _reciprocal_root(graph: _Translation, name: str, inputs: list[str], _: _Attributes) -> None:
    graph.emit("Reciprocal", [graph.emit("Sqrt", [graph.name(inputs[0])])], output=name)


def _square(graph: _Translation, name: str, inputs: list[str], _: _Attributes) -> None:
    taken = graph.name(inputs[0])
    graph.emit("Mul", [taken, taken], output=name)


def _cast(graph: _Translation, name: str, inputs: list[str], attributes: _Attributes) -> None:
    kinds = {"DT_FLOAT": TensorProto.FLOAT, "DT_INT32": TensorProto.INT64, "DT_INT64": TensorProto.INT64}
    wanted = attributes.kind("DstT")
    if wanted not in kinds:
        raise UnknownOperator(f"{name}: a cast to {wanted}")
    value = graph.constant(inputs[0])
    if value is not None:
        graph.keep(name, value.astype(np.float32 if wanted == "DT_FLOAT" else np.int64))
    else:
        graph.emit("Cast", [graph.name(inputs[0])], output=name, to=kinds[wanted])


_OPERATORS: dict[str, _Translate] = {
    "Abs": _simple("Abs"),
    "Add": _simple("Add", np.add),
    "AddN": _simple("Sum"),
    "AddV2": _simple("Add", np.add),
    "AvgPool": _pool("AveragePool"),
    "BatchMatMulV2": _matrix_product,
    "Cast": _cast,
    "ConcatV2": _concatenate,
    "Conv2D": _convolution(depthwise=False),
    "DepthToSpace": _depth_to_space,
    "DepthwiseConv2dNative": _convolution(depthwise=True),
    "ExpandDims": _expand,
    "Floor": _simple("Floor", np.floor),
    "FusedDepthwiseConv2dNative": _convolution(depthwise=True),
    "GatherNd": _simple("GatherND"),
    "GatherV2": _gather,
    "Identity": _identity,
    "LeakyRelu": _leaky_relu,
    "MatMul": _matrix_product,
    "Max": _reduce("ReduceMax"),
    "MaxPool": _pool("MaxPool"),
    "Maximum": _simple("Max", np.maximum),
    "Mean": _reduce("ReduceMean"),
    "Min": _reduce("ReduceMin"),
    "Minimum": _simple("Min", np.minimum),
    "Mul": _simple("Mul", np.multiply),
    "Pack": _pack,
    "Pad": _pad,
    "PadV2": _pad,
    "Prelu": _simple("PRelu"),
    "Prod": _product,
    "RealDiv": _simple("Div", np.divide),
    "Relu": _simple("Relu"),
    "Relu6": _relu6,
    "Reshape": _reshape,
    "ResizeBilinear": _resize,
    "Rsqrt": _reciprocal_root,
    "Shape": _simple("Shape"),
    "Sigmoid": _simple("Sigmoid"),
    "Softmax": _simple("Softmax", axis=-1),
    "SparseToDense": _sparse_to_dense,
    "SplitV": _split,
    "Square": _square,
    "Squeeze": _squeeze,
    "StridedSlice": _strided_slice,
    "Sub": _simple("Sub", np.subtract),
    "Sum": _reduce("ReduceSum", axes_as_input=True),
    "Transpose": _transpose,
    "_FusedConv2D": _convolution(depthwise=False),
    "_FusedMatMul": _matrix_product,
}
