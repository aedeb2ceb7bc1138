from __future__ import annotations

import base64
import json

import numpy as np
import onnxruntime
import pytest

from honmono.engines.vision.tfjs import UnknownOperator, to_onnx


def text(value):
    return {"s": base64.b64encode(value.encode()).decode()}


def ints(*values):
    return {"list": {"i": [str(value) for value in values]}}


SHAPE = {"shape": {"dim": [{"size": size} for size in ("-1", "5", "4", "2")]}}
PICTURE = {"name": "picture", "op": "Placeholder", "attr": {"shape": SHAPE}}


def graph_model(nodes, weights, quantised=()):
    """A model.json and its weights: constants by name, those in `quantised` kept in eight bits."""
    entries, data = [], b""
    for name, array in weights.items():
        entry = {"name": name, "shape": list(array.shape), "dtype": str(array.dtype)}
        if name in quantised:
            low, scale = float(array.min()), float((array.max() - array.min()) / 255)
            entry["quantization"] = {"dtype": "uint8", "min": low, "scale": scale}
            array = np.round((array - low) / scale).astype(np.uint8)
        entries.append(entry)
        data += array.tobytes()
    nodes = [PICTURE, *({"name": name, "op": "Const"} for name in weights), *nodes]
    described = {"modelTopology": {"node": nodes}, "weightsManifest": [{"weights": entries}]}
    return json.dumps(described).encode(), data


def run(model, weights, picture, outputs=None):
    session = onnxruntime.InferenceSession(to_onnx(model, weights, outputs))
    return session.run(None, {"picture": picture})


def picture(seed=0):
    return np.random.default_rng(seed).normal(size=(1, 5, 4, 2)).astype(np.float32)


def direct_convolution(image, kernel, stride):
    """SAME padding as TensorFlow has it, one pixel and one filter at a time."""
    height, width = image.shape[1:3]
    rows, columns = kernel.shape[:2]
    out_rows, out_columns = -(-height // stride), -(-width // stride)
    above = max((out_rows - 1) * stride + rows - height, 0)
    left = max((out_columns - 1) * stride + columns - width, 0)
    padded = np.pad(image[0], ((above // 2, above - above // 2), (left // 2, left - left // 2), (0, 0)))
    made = np.zeros((1, out_rows, out_columns, kernel.shape[3]), np.float32)
    for row in range(out_rows):
        for column in range(out_columns):
            patch = padded[row * stride : row * stride + rows, column * stride : column * stride + columns]
            made[0, row, column] = np.tensordot(patch, kernel, 3)
    return made


@pytest.mark.parametrize(("size", "stride"), [(3, 1), (3, 2), (2, 2), (5, 2)])
def test_a_fused_convolution_pads_as_tensorflow_does(size, stride):
    draw = np.random.default_rng(1)
    kernel = draw.normal(size=(size, size, 2, 3)).astype(np.float32)
    bias = draw.normal(size=3).astype(np.float32)
    node = {
        "name": "conv",
        "op": "_FusedConv2D",
        "input": ["picture", "kernel", "bias"],
        "attr": {
            "strides": ints(1, stride, stride, 1),
            "padding": text("SAME"),
            "fused_ops": {"list": {"s": [text("BiasAdd")["s"], text("Relu")["s"]]}},
        },
    }
    [made] = run(*graph_model([node], {"kernel": kernel, "bias": bias}), picture())
    expected = np.maximum(direct_convolution(picture(), kernel, stride) + bias, 0)
    assert made.shape == expected.shape
    np.testing.assert_allclose(made, expected, atol=1e-5)


def test_a_depthwise_convolution_keeps_channels_apart():
    kernel = np.zeros((1, 1, 2, 2), np.float32)
    kernel[0, 0] = [[1, 10], [100, 1000]]
    node = {
        "name": "conv",
        "op": "DepthwiseConv2dNative",
        "input": ["picture", "kernel"],
        "attr": {"strides": ints(1, 1, 1, 1), "padding": text("VALID")},
    }
    [made] = run(*graph_model([node], {"kernel": kernel}), picture())
    first, second = picture()[..., 0], picture()[..., 1]
    np.testing.assert_allclose(made, np.stack([first, first * 10, second * 100, second * 1000], -1), rtol=1e-5)


def test_eight_bit_weights_are_read_back():
    factor = np.linspace(-3, 5, 8, dtype=np.float32).reshape(4, 2)
    node = {"name": "scaled", "op": "Mul", "input": ["picture", "factor"]}
    [made] = run(*graph_model([node], {"factor": factor}, quantised=("factor",)), picture())
    np.testing.assert_allclose(made, picture() * factor, atol=0.05)
    assert not np.array_equal(made, picture() * factor)


def test_constants_are_folded_and_any_node_can_be_asked_for():
    nodes = [
        {"name": "turned", "op": "Transpose", "input": ["matrix", "order"]},
        {"name": "flat", "op": "Reshape", "input": ["picture", "shape"]},
        {"name": "product", "op": "MatMul", "input": ["flat", "turned"]},
        {"name": "answer", "op": "Sigmoid", "input": ["product"]},
    ]
    matrix = np.random.default_rng(2).normal(size=(3, 8)).astype(np.float32)
    weights = {"matrix": matrix, "order": np.array([1, 0], np.int32), "shape": np.array([5, 8], np.int32)}
    product, answer = run(*graph_model(nodes, weights), picture(), ["product", "answer"])
    np.testing.assert_allclose(product, picture().reshape(5, 8) @ matrix.T, rtol=1e-5)
    np.testing.assert_allclose(answer, 1 / (1 + np.exp(-product)), rtol=1e-5)


def test_a_slice_drops_the_axes_that_it_shrinks():
    node = {
        "name": "row",
        "op": "StridedSlice",
        "input": ["picture", "begin", "end", "step"],
        "attr": {"begin_mask": {"i": "5"}, "end_mask": {"i": "5"}, "shrink_axis_mask": {"i": "2"}},
    }
    weights = {
        "begin": np.array([0, 3, 0], np.int32),
        "end": np.array([0, 4, 0], np.int32),
        "step": np.array([1, 1, 1], np.int32),
    }
    [made] = run(*graph_model([node], weights), picture())
    np.testing.assert_array_equal(made, picture()[:, 3])


def test_what_is_not_known_is_said():
    node = {"name": "odd", "op": "Fourier", "input": ["picture"]}
    with pytest.raises(UnknownOperator, match=r"Fourier \(odd\)"):
        to_onnx(*graph_model([node], {}))


def test_weights_that_end_early_are_said():
    node = {"name": "scaled", "op": "Mul", "input": ["picture", "factor"]}
    model, weights = graph_model([node], {"factor": np.ones((4, 2), np.float32)})
    with pytest.raises(ValueError, match="factor"):
        to_onnx(model, weights[:-1])
    with pytest.raises(ValueError, match="33 bytes"):
        to_onnx(model, weights + b"0")
