"""A detector of the user's, in every layout, as tiny graphs that answer from the picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from PIL import Image
from tests.conftest import CACHE
from tests.services.rekognition.drawn import encoded

from honmono.engines.errors import EngineUnavailable
from honmono.engines.vision.brought import layouts
from honmono.engines.vision.brought.detector import OnnxDetector
from honmono.weights import Cache

SIDE = 32
CLASSES = ("cell phone", "dog", "widget")
# One box in the middle of the square, of the class whose colour (red, green, blue) the picture has most of.
CENTRE = [16.0, 16.0, 8.0, 8.0]


def graph(layout: str, path: Path) -> Path:
    """A network whose scores are the means of the picture's three channels."""
    nodes = [
        helper.make_node("ReduceMean", ["images"], ["means"], axes=[2, 3], keepdims=0),  # (1, 3)
        helper.make_node("Unsqueeze", ["means", "one"], ["scores"]),  # (1, 1, 3)
    ]
    weights = {"one": np.array([1], np.int64), "box": np.array([[CENTRE]], np.float32)}
    shape: list[int] = [1, 1, 7]
    if layout == "yolov5":
        weights["sure"] = np.ones((1, 1, 1), np.float32)
        nodes.append(helper.make_node("Concat", ["box", "sure", "scores"], ["out"], axis=2))
        shape = [1, 1, 8]
    elif layout == "yolov8":
        nodes.append(helper.make_node("Concat", ["box", "scores"], ["rows"], axis=2))
        nodes.append(helper.make_node("Transpose", ["rows"], ["out"], perm=[0, 2, 1]))
        shape = [1, 7, 1]
    elif layout == "rt-detr":
        weights["box"] = np.array([[CENTRE]], np.float32) / SIDE
        nodes.append(helper.make_node("Concat", ["box", "scores"], ["out"], axis=2))
    else:
        weights["box"] = np.array([[[12.0, 12.0, 20.0, 20.0]]], np.float32)
        nodes += [
            helper.make_node("ReduceMax", ["scores"], ["best"], axes=[2], keepdims=1),
            helper.make_node("ArgMax", ["scores"], ["place"], axis=2, keepdims=1),
            helper.make_node("Cast", ["place"], ["kind"], to=TensorProto.FLOAT),
            helper.make_node("Concat", ["box", "best", "kind"], ["out"], axis=2),
        ]
        shape = [1, 1, 6]
    made = helper.make_graph(
        nodes,
        layout,
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, SIDE, SIDE])],
        [helper.make_tensor_value_info("out", TensorProto.FLOAT, shape)],
        [numpy_helper.from_array(value, name) for name, value in weights.items()],
    )
    path.write_bytes(
        helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()
    )
    return path


def detector(folder: Path, net: Path, **options: Any) -> OnnxDetector:
    classes = folder / "classes.txt"
    classes.write_text("\n".join(CLASSES) + "\n")
    given = {"model": str(net), "labels": str(classes), "classifier": False, **options}
    engine = OnnxDetector(Cache(CACHE), given)
    engine.load()
    return engine


def picture(colour: str, width: int = 256, height: int = 128) -> bytes:
    return encoded(Image.new("RGB", (width, height), colour))


@pytest.mark.parametrize("layout", ["yolov5", "yolov8", "end-to-end", "rt-detr"])
def test_every_layout_is_told_and_read(tmp_path: Path, layout: str) -> None:
    engine = detector(tmp_path, graph(layout, tmp_path / "net.onnx"))
    for colour, name in (("#ff0000", "Mobile Phone"), ("#00ff00", "Dog"), ("#0000ff", "Widget")):
        seen = engine.look(picture(colour)).labels
        (label,) = [label for label in seen if label.instances]
        assert label.name == name
        # The square shows the picture at an eighth of its size, with grey above and below.
        box = label.instances[0].box
        assert (box.left, box.width) == pytest.approx((12 / 32, 8 / 32), abs=0.02)
        assert (box.top, box.height) == pytest.approx((4 / 16, 8 / 16), abs=0.02)
    assert "Pet" in {label.name for label in engine.look(picture("#00ff00")).labels}


def test_a_score_is_answered_as_the_confidence(tmp_path: Path) -> None:
    engine = detector(tmp_path, graph("yolov8", tmp_path / "net.onnx"))
    (label,) = [label for label in engine.look(picture("#00ff00", 128, 128)).labels if label.name == "Dog"]
    assert label.confidence == pytest.approx(1, abs=0.01)
    (label,) = [label for label in engine.look(picture("#00cc00", 128, 128)).labels if label.name == "Dog"]
    assert label.confidence == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"model": "/nowhere/net.onnx"}, "is no file"),
        ({"device": "tpu"}, 'device is "cpu" or "cuda"'),
        ({"layout": "ssd"}, "layout is one of"),
        ({"least": 2.0}, "least"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_options_that_cannot_be_are_named(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    model = graph("yolov8", tmp_path / "net.onnx")
    with pytest.raises(EngineUnavailable, match=said):
        detector(tmp_path, model, **change)


def test_a_file_that_is_no_network_is_refused(tmp_path: Path) -> None:
    model = tmp_path / "net.onnx"
    model.write_bytes(b"\x08\x08not a graph at all" * 10)
    with pytest.raises(EngineUnavailable, match=r"net\.onnx"):
        detector(tmp_path, model)


def test_a_network_that_reads_other_files_is_refused(tmp_path: Path) -> None:
    path = graph("yolov8", tmp_path / "net.onnx")
    model = onnx.load(path)
    big = numpy_helper.from_array(np.zeros((64, 64), np.float32), "elsewhere")
    model.graph.initializer.append(big)
    onnx.save(model, path, save_as_external_data=True, location="w.bin", size_threshold=0)
    with pytest.raises(EngineUnavailable, match="reads other files"):
        detector(tmp_path, path)


def test_outputs_of_no_known_layout_ask_for_its_name() -> None:
    assert layouts.told([[1, 84, 8400]], 80) == "yolov8"
    assert layouts.told([[1, 25200, 85]], 80) == "yolov5"
    assert layouts.told([[1, 300, 6]], 80) == "end-to-end"
    assert layouts.told([[1, 300, 84]], 80) == "rt-detr"
    assert layouts.told([[1, 300], [1, 300, 4], [1, 300]], 80) == "rt-detr"
    assert layouts.told([[1, 10, 10]], 80) == ""


def test_three_outputs_of_rt_detr_are_read() -> None:
    values = [
        np.array([[1, 0]]),
        np.array([[[1, 2, 9, 8], [0, 0, 4, 4]]], np.float32),
        np.array([[0.4, 0.9]], np.float32),
    ]
    seen = layouts.found("rt-detr", values, (32, 32), 0.3)
    assert seen.scores.tolist() == pytest.approx([0.9, 0.4]) and seen.classes.tolist() == [0, 1]
    assert seen.boxes[1].tolist() == [1, 2, 9, 8]
