"""A detector in YOLOv8's layout that needs no training: red is a worker as large as the picture, and each of sixteen cells is a
helmet as far as it is green and a glove as far as it is blue."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

SIDE, CELLS = 64, 4


def write(folder: Path, classes: str = "Worker\nHard Hat\nGloves\n") -> dict[str, str]:
    """The network and its classes; the options that name them."""
    cell = SIDE / CELLS
    centres = [((x + 0.5) * cell, (y + 0.5) * cell, cell, cell) for y in range(CELLS) for x in range(CELLS)]
    boxes = np.array([(SIDE / 2, SIDE / 2, SIDE, SIDE), *centres], np.float32).T[None]
    constants = {
        "boxes": boxes,
        "worker": np.array([1, 0, 0], np.float32).reshape(1, 3, 1),
        "worn": np.array([0, 1, 1], np.float32).reshape(1, 3, 1),
        "rows": np.array([1, 3, -1], np.int64),
    }
    nodes = [
        helper.make_node("GlobalAveragePool", ["images"], ["mean"]),
        helper.make_node("Reshape", ["mean", "rows"], ["whole"]),
        helper.make_node("Mul", ["whole", "worker"], ["workers"]),
        helper.make_node("AveragePool", ["images"], ["cells"], kernel_shape=[16, 16], strides=[16, 16]),
        helper.make_node("Reshape", ["cells", "rows"], ["flat"]),
        helper.make_node("Mul", ["flat", "worn"], ["things"]),
        helper.make_node("Concat", ["workers", "things"], ["scores"], axis=2),
        helper.make_node("Concat", ["boxes", "scores"], ["output0"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "colours",
        [helper.make_tensor_value_info("images", TensorProto.FLOAT, (1, 3, SIDE, SIDE))],
        [helper.make_tensor_value_info("output0", TensorProto.FLOAT, (1, 7, CELLS**2 + 1))],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.checker.check_model(model)
    (folder / "colours.onnx").write_bytes(model.SerializeToString())
    (folder / "colours.txt").write_text(classes)
    return {"model": str(folder / "colours.onnx"), "labels": str(folder / "colours.txt")}
