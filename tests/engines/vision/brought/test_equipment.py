"""Protective equipment by a detector that the user brings."""

import io
from pathlib import Path

import pytest
from PIL import Image
from tests.engines.vision.brought import colour_network

from honmono.engines.errors import DamagedInput, EngineUnavailable, InputTooSmall
from honmono.engines.vision.brought.equipment import OnnxEquipment
from honmono.engines.vision.protective_equipment import EquippedPerson
from honmono.weights import Cache

RED, GREEN, BLUE = (220, 0, 0), (0, 240, 0), (0, 0, 230)


def opened(options: dict[str, object]) -> OnnxEquipment:
    engine = OnnxEquipment(Cache(), options)
    engine.load()
    return engine


@pytest.fixture(scope="module")
def detector(tmp_path_factory: pytest.TempPathFactory) -> OnnxEquipment:
    return opened({**colour_network.write(tmp_path_factory.mktemp("model"))})


def picture(*cells: tuple[int, int, tuple[int, int, int]], size: int = 256) -> bytes:
    """A worker, with cells (column, row, colour) of sixteen."""
    image = Image.new("RGB", (size, size), RED)
    for column, row, colour in cells:
        image.paste(colour, tuple(size // 4 * each for each in (column, row, column + 1, row + 1)))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def worn(person: EquippedPerson) -> dict[str, list[tuple[str, bool]]]:
    return {part.name: [(each.covers, each.worn[0]) for each in part.equipment] for part in person.parts}


def test_a_hat_on_the_head_and_a_glove_on_each_hand(detector: OnnxEquipment) -> None:
    (person,) = detector.detect(picture((1, 0, GREEN), (0, 2, BLUE), (3, 2, BLUE)))
    assert worn(person) == {"head": [("head", True)], "left hand": [("hand", True)], "right hand": [("hand", True)]}
    head = person.parts[0]
    assert head.equipment[0].box.left == pytest.approx(0.25, abs=0.01)
    assert head.confidence == pytest.approx(240 / 255, abs=0.02)
    assert person.box.width == pytest.approx(1, abs=0.01)


def test_a_hat_in_the_hand_covers_nothing(detector: OnnxEquipment) -> None:
    (person,) = detector.detect(picture((0, 2, GREEN)))
    assert worn(person) == {"head": [("head", False)]}


def test_nobody_and_nothing(detector: OnnxEquipment) -> None:
    stream = io.BytesIO()
    Image.new("RGB", (100, 100), "black").save(stream, "PNG")
    assert detector.detect(stream.getvalue()) == []
    (person,) = detector.detect(picture())
    assert person.parts == ()


def test_a_class_that_says_no(tmp_path: Path) -> None:
    detector = opened({**colour_network.write(tmp_path, "person\nNO-Hardhat\nmask\n")})
    (person,) = detector.detect(picture((1, 0, GREEN), (2, 0, BLUE)))
    assert worn(person) == {"face": [("face", True)], "head": []}


def test_a_class_of_another_name_is_said_to_cover(tmp_path: Path) -> None:
    options = colour_network.write(tmp_path, "person\nBump Cap\nsocks\n")
    with pytest.raises(EngineUnavailable, match="covers = "):
        opened({**options})
    (person,) = opened({**options, "covers": {"bump cap": "head"}}).detect(picture((1, 0, GREEN), (3, 2, BLUE)))
    assert worn(person) == {"head": [("head", True)]}
    with pytest.raises(EngineUnavailable, match="'feet' is none of"):
        opened({**options, "covers": {"bump cap": "feet"}})


def test_what_is_no_picture(detector: OnnxEquipment) -> None:
    with pytest.raises(InputTooSmall):
        detector.detect(picture(size=60))
    with pytest.raises(DamagedInput):
        detector.detect(picture()[:200])


def test_a_model_that_is_none(tmp_path: Path) -> None:
    options = colour_network.write(tmp_path)
    (tmp_path / "colours.onnx").write_bytes(b"no network")
    with pytest.raises(EngineUnavailable, match=r"\[engines.protective-equipment\]"):
        opened({**options})
    with pytest.raises(EngineUnavailable, match="is no file"):
        OnnxEquipment.configured({**options, "model": str(tmp_path / "other.onnx")})
