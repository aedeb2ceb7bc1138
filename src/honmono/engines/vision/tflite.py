"""TensorFlow Lite models as ONNX graphs, for the operators that small vision networks are made of.

A model is a flatbuffer: tables whose fields are found by number. Images are (batch, height, width, channels) there, and
ONNX's convolutions want channels first: what they give stays so through the operators that do not care, and is
transposed back where one does. (ONNX Runtime's optimiser would not take transpositions past PRelu.)

Sources: `tensorflow/lite/schema/schema.fbs` (the numbers of fields and operators); the FlatBuffers "internals" page.
"""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

_OPSET = 17
_IR_VERSION = 8
_TO_NCHW, _TO_NHWC = [0, 3, 1, 2], [0, 2, 3, 1]
_DTYPES: dict[int, Any] = {0: np.float32, 1: np.float16, 2: np.int32, 3: np.uint8, 4: np.int64}
_ACTIVATIONS = {1: "Relu"}
_PAIRS = {0: "Add", 18: "Mul", 41: "Sub", 42: "Div"}
_SINGLE = {14: "Sigmoid", 19: "Relu", 59: "Neg", 75: "Sqrt"}
_REDUCED = {40: "ReduceMean", 74: "ReduceSum"}
_CONCATENATION, _CONV_2D, _DEPTHWISE_CONV_2D, _DEQUANTIZE, _MAX_POOL_2D = 2, 3, 4, 6, 17
_RESHAPE, _PAD, _TRANSPOSE, _STRIDED_SLICE, _PRELU, _RSQRT, _SQUARED_DIFFERENCE = 22, 34, 39, 45, 54, 76, 99


class UnknownOperator(ValueError):
    """The model has an operator, or a form of one, that is not translated."""


def to_onnx(model: bytes) -> bytes:
    """Translate a model.

    Args:
        model: the .tflite file.

    Returns:
        A serialised ONNX model; inputs and outputs have the names that the file gives them.

    Raises:
        UnknownOperator: see there.
        ValueError: it is no such file.
    """
    if model[4:8] != b"TFL3":
        raise ValueError("this is no TensorFlow Lite model")
    return _Translation(_Table(model, *struct.unpack_from("<I", model))).model()


class _Table:
    """A table of a flatbuffer."""

    def __init__(self, data: bytes, at: int) -> None:
        self._data, self._at = data, at

    def number(self, field: int, form: str = "<i", default: int = 0) -> int:
        offset = self._offset(field)
        return int(struct.unpack_from(form, self._data, self._at + offset)[0]) if offset else default

    def array(self, field: int, dtype: Any) -> NDArray[Any]:
        offset = self._offset(field)
        if not offset:
            return np.zeros(0, dtype)
        start = self._follow(self._at + offset)
        return np.frombuffer(self._data, dtype, struct.unpack_from("<I", self._data, start)[0], start + 4)

    def text(self, field: int) -> str:
        return bytes(self.array(field, np.uint8)).decode()

    def table(self, field: int) -> _Table:
        offset = self._offset(field)
        return _Table(self._data, self._follow(self._at + offset)) if offset else _Table(bytes(8), 4)

    def tables(self, field: int) -> list[_Table]:
        offset = self._offset(field)
        if not offset:
            return []
        start = self._follow(self._at + offset)
        count = struct.unpack_from("<I", self._data, start)[0]
        return [_Table(self._data, self._follow(start + 4 + 4 * place)) for place in range(count)]

    def _follow(self, at: int) -> int:
        return int(at + struct.unpack_from("<I", self._data, at)[0])

    def _offset(self, field: int) -> int:
        described = self._at - struct.unpack_from("<i", self._data, self._at)[0]
        size = struct.unpack_from("<H", self._data, described)[0]
        place = 4 + 2 * field
        return int(struct.unpack_from("<H", self._data, described + place)[0]) if place < size else 0


class _Translation:
    def __init__(self, model: _Table) -> None:
        self._codes = [max(code.number(0, "<b"), code.number(3)) for code in model.tables(1)]
        self._graph = model.tables(2)[0]
        self._tensors = self._graph.tables(0)
        self._emitted: list[onnx.NodeProto] = []
        self._initialisers: dict[str, onnx.TensorProto] = {}
        self._constants: dict[int, NDArray[Any]] = {}
        self._channels_first: set[int] = set()
        self._transposed: set[int] = set()
        buffers = model.tables(4)
        for number, tensor in enumerate(self._tensors):
            raw = buffers[tensor.number(2, "<I")].array(0, np.uint8)
            if len(raw):
                dtype = _DTYPES.get(tensor.number(1, "<b"))
                if dtype is None:
                    raise UnknownOperator(f"tensor {number} has a type that is not read")
                self._constants[number] = raw.view(dtype).reshape(tensor.array(0, np.int32))

    def model(self) -> bytes:
        inputs = [int(number) for number in self._graph.array(1, np.int32)]
        outputs = [int(number) for number in self._graph.array(2, np.int32)]
        for each in inputs:
            self._emit("Identity", [self._called(each)], _value(each))
        for operator in self._graph.tables(3):
            self._translate(operator)
        for each in outputs:
            self._emit("Identity", [self._name(each)], self._called(each))
        graph = helper.make_graph(
            self._emitted,
            "tflite",
            [self._described(each, with_shape=True) for each in inputs],
            [self._described(each, with_shape=False) for each in outputs],
            list(self._initialisers.values()),
        )
        made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=_IR_VERSION)
        made = onnx.shape_inference.infer_shapes(made, check_type=True, strict_mode=True, data_prop=True)
        return bytes(made.SerializeToString())

    def _called(self, number: int) -> str:
        return self._tensors[number].text(3)

    def _described(self, number: int, with_shape: bool) -> onnx.ValueInfoProto:
        shape = self._tensors[number].array(0, np.int32).tolist() if with_shape else None
        return helper.make_tensor_value_info(self._called(number), TensorProto.FLOAT, shape)

    def _emit(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self._emitted.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def _constant(self, name: str, array: NDArray[Any]) -> str:
        if array.dtype == np.float16:
            array = array.astype(np.float32)
        self._initialisers.setdefault(name, numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def _name(self, number: int) -> str:
        """What the graph calls a tensor; a constant is put into it."""
        if number in self._constants:
            return self._constant(f"c{number}", self._constants[number])
        if number in self._channels_first and number not in self._transposed:
            self._transposed.add(number)
            self._emit("Transpose", [_first(number)], _value(number), perm=_TO_NHWC)
        return _value(number)

    def _image(self, number: int) -> str:
        """A tensor with channels first."""
        if number not in self._channels_first:
            return self._emit("Transpose", [self._name(number)], f"{number}.turned", perm=_TO_NCHW)
        return _first(number)

    def _made_first(self, number: int) -> str:
        self._channels_first.add(number)
        return _first(number)

    def _known(self, number: int) -> NDArray[Any]:
        try:
            return self._constants[number]
        except KeyError:
            raise UnknownOperator(f"tensor {number} is computed, and has to be a constant") from None

    def _translate(self, operator: _Table) -> None:
        code = self._codes[operator.number(0, "<I")]
        inputs = [int(number) for number in operator.array(1, np.int32)]
        output = int(operator.array(2, np.int32)[0])
        options = operator.table(4)
        if code == _DEQUANTIZE:  # of 16 bits to 32
            self._constants[output] = self._known(inputs[0]).astype(np.float32)
        elif code in (_CONV_2D, _DEPTHWISE_CONV_2D):
            self._convolve(code == _DEPTHWISE_CONV_2D, inputs, output, options)
        elif code == _MAX_POOL_2D:
            self._emit(
                "MaxPool",
                [self._image(inputs[0])],
                self._made_first(output),
                kernel_shape=[options.number(4), options.number(3)],
                strides=[options.number(2), options.number(1)],
                auto_pad="VALID" if options.number(0, "<b") else "SAME_UPPER",
            )
        elif code in (*_PAIRS, _PRELU, _PAD) and self._channels_first.issuperset(set(inputs) - self._constants.keys()):
            self._along(code, inputs, output, options)
        elif code in _PAIRS:
            names = [self._name(each) for each in inputs]
            self._finish(_PAIRS[code], names, _value(output), options.number(0, "<b"))
        elif code in _SINGLE:
            self._emit(_SINGLE[code], [self._name(inputs[0])], _value(output))
        elif code in _REDUCED:
            self._reduce(code, inputs, output, keep=bool(options.number(0, "<b")))
        else:
            self._shape(code, inputs, output, options)

    def _shape(self, code: int, inputs: list[int], output: int, options: _Table) -> None:
        first, made = self._name(inputs[0]), _value(output)
        if code == _RESHAPE:
            wanted = self._constant(f"{output}.shape", self._tensors[output].array(0, np.int32).astype(np.int64))
            self._emit("Reshape", [first, wanted], made)
        elif code == _TRANSPOSE:
            self._emit("Transpose", [first], made, perm=self._known(inputs[1]).tolist())
        elif code == _PAD:
            pads = self._constant(f"{output}.pads", self._known(inputs[1]).T.reshape(-1).astype(np.int64))
            self._emit("Pad", [first, pads], made)
        elif code == _PRELU:
            self._emit("PRelu", [first, self._name(inputs[1])], made)
        elif code == _CONCATENATION:
            names = [self._name(each) for each in inputs]
            self._finish("Concat", names, made, options.number(1, "<b"), axis=options.number(0))
        elif code == _RSQRT:
            self._emit("Reciprocal", [self._emit("Sqrt", [first], f"{output}.root")], made)
        elif code == _SQUARED_DIFFERENCE:
            apart = self._emit("Sub", [first, self._name(inputs[1])], f"{output}.apart")
            self._emit("Mul", [apart, apart], made)
        elif code == _STRIDED_SLICE:
            self._slice(inputs, output, options)
        else:
            raise UnknownOperator(f"operator {code} is not translated")

    def _convolve(self, depthwise: bool, inputs: list[int], output: int, options: _Table) -> None:
        kernel = self._known(inputs[1])
        after = 1 if depthwise else 0  # a depthwise one has the depth multiplier between
        activation, down, across = 3 + after, 4 + after + 1, 4 + after
        # (out, height, width, in) as (out, in, height, width); a depthwise one is (1, height, width, out)
        weights = kernel.transpose(3, 0, 1, 2) if depthwise else kernel.transpose(0, 3, 1, 2)
        names = [self._image(inputs[0]), self._constant(f"{output}.weights", weights)]
        if len(inputs) > 2:
            names.append(self._name(inputs[2]))
        self._finish(
            "Conv",
            names,
            self._made_first(output),
            options.number(activation, "<b"),
            strides=[options.number(2), options.number(1)],
            dilations=[options.number(down, default=1), options.number(across, default=1)],
            group=kernel.shape[3] // options.number(3, default=1) if depthwise else 1,
            auto_pad="VALID" if options.number(0, "<b") else "SAME_UPPER",
            kernel_shape=list(weights.shape[2:]),
        )

    def _along(self, code: int, inputs: list[int], output: int, options: _Table) -> None:
        """An operator that does not care where the channels are, where they are first."""
        made = self._made_first(output)
        if code == _PAD:
            pads = self._known(inputs[1])[_TO_NCHW].T.reshape(-1).astype(np.int64)
            self._emit("Pad", [self._image(inputs[0]), self._constant(f"{output}.pads", pads)], made)
            return
        names = [self._turned(each) if each in self._constants else self._image(each) for each in inputs]
        if code == _PRELU:
            self._emit("PRelu", names, made)
        else:
            self._finish(_PAIRS[code], names, made, options.number(0, "<b"))

    def _turned(self, number: int) -> str:
        constant = self._known(number)
        whole = constant.reshape((1,) * (4 - constant.ndim) + constant.shape)
        return self._constant(f"c{number}.turned", whole.transpose(_TO_NCHW)[0])

    def _finish(self, kind: str, inputs: list[str], output: str, activation: int, **attributes: Any) -> None:
        """Emit the last node of an operator, and the activation that is fused to it."""
        if not activation:
            self._emit(kind, inputs, output, **attributes)
        elif activation in _ACTIVATIONS:
            self._emit(_ACTIVATIONS[activation], [self._emit(kind, inputs, f"{output}.linear", **attributes)], output)
        else:
            raise UnknownOperator(f"the fused activation {activation} is not translated")

    def _reduce(self, code: int, inputs: list[int], output: int, keep: bool) -> None:
        axes = self._known(inputs[1]).reshape(-1).astype(np.int64)
        if (
            _REDUCED[code] == "ReduceSum"
        ):  # ONNX moved the axes of sums, and later those of means, from attributes to inputs
            named = self._constant(f"{output}.axes", axes)
            self._emit("ReduceSum", [self._name(inputs[0]), named], _value(output), keepdims=int(keep))
        else:
            self._emit("ReduceMean", [self._name(inputs[0])], _value(output), axes=axes.tolist(), keepdims=int(keep))

    def _slice(self, inputs: list[int], output: int, options: _Table) -> None:
        if options.number(2) or options.number(3):
            raise UnknownOperator("a slice with an ellipsis or new axes is not translated")
        begins, ends, steps = (self._known(each).astype(np.int64) for each in inputs[1:4])
        axes = np.arange(len(begins), dtype=np.int64)
        begins = np.where(options.number(0) >> axes & 1, 0, begins)
        ends = np.where(options.number(1) >> axes & 1, np.iinfo(np.int64).max, ends)
        dropped = options.number(4) >> axes & 1
        ends = np.where(dropped, begins + 1, ends)
        parts = {"begins": begins, "ends": ends, "axes": axes, "steps": steps}
        names = [self._name(inputs[0]), *(self._constant(f"{output}.{name}", array) for name, array in parts.items())]
        if dropped.any():
            gone = self._constant(f"{output}.gone", axes[dropped == 1])
            self._emit("Squeeze", [self._emit("Slice", names, f"{output}.slice"), gone], _value(output))
        else:
            self._emit("Slice", names, _value(output))


def _value(number: int) -> str:
    return f"t{number}"


def _first(number: int) -> str:
    return f"n{number}"
