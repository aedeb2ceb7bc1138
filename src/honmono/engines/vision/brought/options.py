"""The options of an engine that runs a detector that the user brings, read from `[engines.image-labels]`."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from honmono.compute.devices import onnxruntime_has_cuda
from honmono.engines.errors import EngineUnavailable

_SHARE = Meta(gt=0, lt=1)


class DetectorOptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the engine takes.

    Attributes:
        model: the ONNX file of a YOLO (v5, v8, v9, v10, v11) or RT-DETR, as their own export writes it.
        labels: a text file with a class a line, in the network's order; what COCO and WordNet call a thing becomes the
            label of that meaning ("cell phone" is Mobile Phone), any other word a label of its own.
        layout: how the outputs are read; "" to tell by their shapes.
        side: pixels of the square that the network takes, where its graph leaves that open.
        least: scores from here on are answered.
        overlap: from which two boxes of a class are one thing.
        classifier: whether EfficientNet-lite2 is asked too, for labels of the whole picture.
        device: "cpu" or "cuda".
        threads: that the network computes with on the CPU.
    """

    model: Annotated[str, Meta(min_length=1)]
    labels: Annotated[str, Meta(min_length=1)]
    layout: str = ""
    side: Annotated[int, Meta(ge=32, le=4096)] = 640
    least: Annotated[float, _SHARE] = 0.2
    overlap: Annotated[float, _SHARE] = 0.6
    classifier: bool = True
    device: str = "cpu"
    threads: Annotated[int, Meta(ge=1, le=64)] = 1


LAYOUTS = ("yolov5", "yolov8", "end-to-end", "rt-detr")
_MOST_CLASSES = 10_000


def read(engine: str, field: str, options: Mapping[str, Any]) -> DetectorOptions:
    """The options, with everything checked that can be without opening the network.

    Raises:
        EngineUnavailable: says what is wrong and where.
    """
    try:
        found = msgspec.convert(dict(options), DetectorOptions)
    except msgspec.ValidationError as error:
        raise misconfigured(engine, field, str(error)) from None
    if found.device not in ("cpu", "cuda"):
        raise misconfigured(engine, field, f'device is "cpu" or "cuda", not {found.device!r}')
    if found.layout and found.layout not in LAYOUTS:
        raise misconfigured(engine, field, f"layout is one of {', '.join(LAYOUTS)}, not {found.layout!r}")
    for name, path in (("model", found.model), ("labels", found.labels)):
        if not Path(path).expanduser().is_file():
            raise misconfigured(engine, field, f"{name} = {path!r} is no file")
    if importlib.util.find_spec("onnxruntime") is None:
        raise EngineUnavailable(engine, "onnxruntime is not installed; run: pip install 'honmono[vision]'")
    if found.device == "cuda" and not onnxruntime_has_cuda():
        raise EngineUnavailable(
            engine,
            'device = "cuda", and the installed onnxruntime has no CUDAExecutionProvider; run: '
            "pip uninstall onnxruntime && pip install onnxruntime-gpu",
        )
    class_names(engine, field, found)
    return found


def class_names(engine: str, field: str, options: DetectorOptions) -> tuple[str, ...]:
    """The lines of the file of classes.

    Raises EngineUnavailable.
    """
    path = Path(options.labels).expanduser()
    try:
        names = tuple(line.strip() for line in path.read_text("utf-8-sig").splitlines() if line.strip())
    except (OSError, UnicodeDecodeError) as error:
        raise misconfigured(engine, field, f"labels = {options.labels!r} cannot be read: {error}") from None
    if not 0 < len(names) <= _MOST_CLASSES:
        raise misconfigured(engine, field, f"labels = {options.labels!r} has {len(names)} lines; a class a line")
    return names


def misconfigured(engine: str, field: str, reason: str) -> EngineUnavailable:
    """The error that names the place in honmono.toml."""
    return EngineUnavailable(engine, f"[engines.{field}] in honmono.toml: {reason}")
