import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from tests.engines.vision.custom.plain_features import PlainFeatures

from honmono.engines.vision.custom.classifier import Classifier
from honmono.engines.vision.custom.model import CustomModel, ModelUnreadable
from honmono.engines.vision.custom.perceptron import Perceptron

FEATURES = PlainFeatures()


def classifier(columns: int = 2) -> Classifier:
    chance = np.random.default_rng(4)
    weights = chance.standard_normal((8, columns)).astype(np.float32) * 5
    return Classifier(True, np.zeros(8, np.float32), weights, np.zeros(columns, np.float32))


def detector() -> Perceptron:
    chance = np.random.default_rng(5)
    width = FEATURES.place_width
    return Perceptron(
        np.zeros(width, np.float32),
        np.ones(width, np.float32),
        chance.standard_normal((width, 16)).astype(np.float32),
        np.zeros(16, np.float32),
        chance.standard_normal((16, 6)).astype(np.float32),
        np.array([-2, -2, 1, 1, 1, 1], np.float32),
    )


@pytest.mark.parametrize("head", [classifier(), detector()], ids=["classifier", "detector"])
def test_a_model_answers_alike_after_it_was_written(tmp_path: Path, head) -> None:
    model = CustomModel(("赤", "blue"), (0.25, 0.75), head)
    model.save(tmp_path / "model")
    loaded = CustomModel.load(tmp_path / "model")
    picture = np.random.default_rng(1).integers(0, 255, (64, 96, 3)).astype(np.uint8)
    found = loaded.look(picture, FEATURES)
    assert found == model.look(picture, FEATURES)
    assert found, "something is told"
    assert {(each.name, each.threshold) for each in found} <= {("赤", 0.25), ("blue", 0.75)}
    assert found == sorted(found, key=lambda each: (-each.confidence, each.name))
    assert all((each.box is None) is (model.task == "classification") for each in found)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnreadable, match=str(tmp_path)):
        CustomModel.load(tmp_path)


@pytest.mark.parametrize("damage", ["cut", "columns", "huge", "format", "pickle"])
def test_a_damaged_model_is_refused(tmp_path: Path, damage: str) -> None:
    CustomModel(("a", "b"), (0.5, 0.5), classifier()).save(tmp_path)
    described, arrays = tmp_path / "model.json", tmp_path / "model.npz"
    if damage == "cut":
        arrays.write_bytes(arrays.read_bytes()[:100])
    elif damage == "columns":
        described.write_text(json.dumps(json.loads(described.read_text()) | {"labels": ["a", "b", "c"]}))
    elif damage == "format":
        described.write_text(json.dumps(json.loads(described.read_text()) | {"format": 99}))
    elif damage == "pickle":
        np.savez(arrays, centre=np.array([{}], object), weights=np.zeros(1), bias=np.zeros(2))
    else:  # zeros that take little room until they are unpacked
        with zipfile.ZipFile(arrays, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("centre.npy", b"\0" * (65 << 20))
    with pytest.raises(ModelUnreadable):
        CustomModel.load(tmp_path)
