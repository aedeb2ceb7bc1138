"""The networks that are laid out or translated: against what their own makers' programs give."""

from __future__ import annotations

import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest

from honmono.engines.vision import tflite
from honmono.engines.vision.sessions import open_session
from honmono.weights import Cache

pytestmark = pytest.mark.weights


@pytest.mark.parametrize("member", ["face_landmarks_detector.tflite", "face_blendshapes.tflite"])
def test_a_translated_network_answers_as_opencv_reads_it(member: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(Cache().path("face-landmarker", "face_landmarker.task")) as task:
        model = task.read(member)
    session = open_session(tflite.to_onnx(model))
    given = session.get_inputs()[0]
    values = np.random.default_rng(2).random(given.shape, np.float32)
    answer = session.run(None, {given.name: values})[-1]
    file = tmp_path / member
    file.write_bytes(model)
    peer = cv2.dnn.readNetFromTFLite(str(file))
    peer.setInput(values.transpose(0, 3, 1, 2) if values.ndim == 4 else values)
    assert answer.reshape(-1) == pytest.approx(peer.forward().reshape(-1), abs=1e-4)


def test_what_is_no_model_is_told() -> None:
    with pytest.raises(ValueError, match="no TensorFlow Lite model"):
        tflite.to_onnx(b"PK\x03\x04 something else")
