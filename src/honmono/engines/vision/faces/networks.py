"""The networks of the faces engine, opened from pulled weights."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from honmono.engines.vision.faces.detector import Detector
from honmono.engines.vision.faces.mesh import Mesher
from honmono.engines.vision.faces.person import PersonReader
from honmono.engines.vision.faces.pose import Head
from honmono.engines.vision.faces.recogniser import Recogniser
from honmono.engines.vision.sessions import open_session

if TYPE_CHECKING:
    import onnxruntime

    from honmono.weights import Cache

WEIGHTS = ("centerface", "face-landmarker", "face-api", "hse-faces")
_AGE, _GENDER = "age_pred/Softmax", "gender_pred/Sigmoid"


@dataclass(frozen=True, slots=True)
class Networks:
    """What looks at faces, ready."""

    detector: Detector
    mesher: Mesher
    head: Head
    recogniser: Recogniser
    person: PersonReader
    expressions: onnxruntime.InferenceSession


def open_networks(cache: Cache, device: str = "cpu") -> Networks:
    """Open them all; the first call on a machine converts the weights, which takes some seconds.

    Raises:
        WeightsMissing: a weight was not pulled.
        EngineUnavailable: the device is missing.
    """

    def opened(weight: str, name: str, build: Callable[[], bytes]) -> onnxruntime.InferenceSession:
        return open_session(cache.derived(weight, name, lambda target: _write(target, build())), device)

    task = cache.path("face-landmarker", "face_landmarker.task")
    api = cache.path("face-api")
    hse = cache.path("hse-faces")

    # Only the first start on a machine needs `onnx`, which takes 60 MB of memory.
    def detector() -> bytes:
        from honmono.engines.vision.faces import graphs

        return graphs.detector(cache.path("centerface", "centerface.onnx").read_bytes())

    def lite(member: str) -> Callable[[], bytes]:
        def build() -> bytes:
            from honmono.engines.vision import tflite

            return tflite.to_onnx(_member(task, member))

        return build

    def laid_out(name: str) -> Callable[[], bytes]:
        def build() -> bytes:
            from honmono.engines.vision.faces import graphs

            made = {"face_recognition": graphs.recogniser, "face_expression": graphs.expressions}[name]
            manifest = (api / f"{name}_model-weights_manifest.json").read_bytes()
            return made(manifest, (api / f"{name}_model.bin").read_bytes())

        return build

    def person() -> bytes:
        from honmono.engines.vision import tfjs

        graph, weights = (hse / "faceres.json").read_bytes(), (hse / "faceres.bin").read_bytes()
        return tfjs.to_onnx(graph, weights, [_AGE, _GENDER])

    return Networks(
        Detector(opened("centerface", "detector.onnx", detector)),
        Mesher(
            opened("face-landmarker", "points.onnx", lite("face_landmarks_detector.tflite")),
            opened("face-landmarker", "movements.onnx", lite("face_blendshapes.tflite")),
        ),
        Head(_member(task, "geometry_pipeline_metadata_landmarks.binarypb")),
        Recogniser(opened("face-api", "recogniser.onnx", laid_out("face_recognition"))),
        PersonReader(opened("hse-faces", "person.onnx", person), _AGE, _GENDER),
        opened("face-api", "expressions.onnx", laid_out("face_expression")),
    )


def _write(target: Path, content: bytes) -> None:
    target.write_bytes(content)


def _member(archive: Path, name: str) -> bytes:
    with zipfile.ZipFile(archive) as opened:
        return opened.read(name)
