"""Folders with voices of the user's own, made of graphs small enough to write down."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from engines.speech.synthesis.sentences import marks, sentence
from honmono.engines.base import EngineUnavailable
from honmono.engines.speech.synthesis.assembly import assemble
from honmono.engines.speech.synthesis.own_voices import own_voices
from honmono.engines.speech.synthesis.said import Said
from honmono.engines.speech.utterance import Word

HOP = 100
SIGNS = "abcdefghijklmnopqrstuvwxyz ,."


class Spelling:
    """A reader to whom each word sounds like its letters."""

    def of(self, words: list[Word], language: str) -> list[str]:
        return [word.text.lower() for word in words]

    @staticmethod
    def visemes(phonemes: str, language: str) -> list[str]:
        return list(phonemes)


def piper_graph() -> onnx.ModelProto:
    """A sign of number n lasts ceil(n * length scale) hops, and sounds as a step of height n / 100."""
    nodes = [
        helper.make_node("Cast", ["input"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Slice", ["scales", "one", "two"], ["length"]),
        helper.make_node("Mul", ["numbers", "length"], ["durations"]),
        helper.make_node("Ceil", ["durations"], ["rounded"]),
        helper.make_node("Mul", ["rounded", "hop"], ["lengths"]),
        helper.make_node("CumSum", ["lengths", "axis"], ["ends"]),
        helper.make_node("ReduceMax", ["ends"], ["total"], keepdims=0),
        helper.make_node("Range", ["zero", "total", "unit"], ["times"]),
        helper.make_node("Unsqueeze", ["times", "axis1"], ["column"]),
        helper.make_node("GreaterOrEqual", ["column", "ends"], ["over"]),
        helper.make_node("Cast", ["over"], ["steps"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["steps", "axis1"], ["place"], keepdims=0),
        helper.make_node("Cast", ["place"], ["index"], to=TensorProto.INT64),
        helper.make_node("Squeeze", ["numbers", "first"], ["flat"]),
        helper.make_node("Gather", ["flat", "index"], ["heights"]),
        helper.make_node("Mul", ["heights", "hundredth"], ["output"]),
    ]
    constants: dict[str, Any] = {
        "one": np.array([1]), "two": np.array([2]), "hop": np.float32(HOP), "axis": np.array(1), "zero": np.float32(0),
        "unit": np.float32(1), "axis1": np.array([1]), "first": np.array([0]), "hundredth": np.float32(0.01),
    }  # fmt: skip
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, [1, "signs"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, [1]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    outputs = [helper.make_tensor_value_info("output", TensorProto.FLOAT, None)]
    initialisers = [onnx.numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "voice", inputs, outputs, initialisers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def piper_config(**changes: Any) -> dict[str, Any]:
    numbers = {sign: [number] for number, sign in enumerate(SIGNS, start=3)} | {"^": [1], "_": [0], "$": [2]}
    return {
        "audio": {"sample_rate": 16_000},
        "language": {"code": "en_GB"},
        "phoneme_id_map": numbers,
        "num_symbols": 64,
        "inference": {"length_scale": 1.0},
        **changes,
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    onnx.save(piper_graph(), tmp_path / "steps.onnx")
    (tmp_path / "steps.onnx.json").write_text(json.dumps(piper_config()))
    return tmp_path


def say(folder: Path, text: str, **style: Any) -> Said:
    voice, speaker = next(iter(own_voices(folder, Spelling())))  # type: ignore[arg-type]
    return assemble(sentence(text, **style), speaker, voice)


def test_a_piper_voice_speaks_with_its_own_durations(folder):
    (voice, _), *others = own_voices(folder, Spelling())  # type: ignore[arg-type]
    assert (voice.id, voice.language, voice.engines, voice.rate) == ("steps", "en-GB", ("standard",), 16_000)
    assert not others
    said = say(folder, "abc d.")
    number = {sign: at for at, sign in enumerate(SIGNS, start=3)}
    abc, d = marks(said)
    first = HOP  # the mark of the beginning lasts one hop, which is shorter than the silence that is kept
    assert round(abc.seconds * 16_000) == first
    assert round((abc.until - abc.seconds) * 16_000) == HOP * (number["a"] + number["b"] + number["c"] + number[" "])
    assert round((d.until - d.seconds) * 16_000) == HOP * (number["d"] + number["."])
    assert round(d.until * 16_000) == len(said.samples)
    middle = round((d.seconds * 16_000) + HOP * number["d"] / 2)
    assert said.samples[middle] == pytest.approx(number["d"] / 100)


def test_a_pace_of_the_whole_phrase_is_the_networks_own(folder):
    assert marks(say(folder, "zzz.", rate=0.5))[0].until == pytest.approx(
        2 * marks(say(folder, "zzz."))[0].until, rel=0.02
    )


def test_several_speakers_are_several_voices(folder):
    (folder / "steps.onnx.json").write_text(
        json.dumps(piper_config(speaker_id_map={"ann": 0, "bob": 1}, gender="Male"))
    )
    voices = [voice for voice, _ in own_voices(folder, Spelling())]  # type: ignore[arg-type]
    assert [(voice.id, voice.gender) for voice in voices] == [("steps.ann", "Male"), ("steps.bob", "Male")]


def test_a_kokoro_folder_is_read_too(tmp_path):
    # Durations of a Kokoro export are rounded, then clipped; the sound is as long as they say.
    nodes = [
        helper.make_node("Cast", ["tokens"], ["numbers"], to=TensorProto.FLOAT),
        helper.make_node("Div", ["numbers", "speed"], ["raw"]),
        helper.make_node("Round", ["raw"], ["whole"]),
        helper.make_node("Clip", ["whole", "least"], ["durations"]),
        helper.make_node("ReduceSum", ["durations"], ["frames"], keepdims=0),
        helper.make_node("Mul", ["frames", "hop"], ["total"]),
        helper.make_node("Range", ["zero", "total", "unit"], ["times"]),
        helper.make_node("ReduceMean", ["style"], ["colour"], keepdims=0),
        helper.make_node("Mul", ["times", "colour"], ["phases"]),
        helper.make_node("Sin", ["phases"], ["audio"]),
    ]
    constants = {"least": np.float32(1), "hop": np.float32(600), "zero": np.float32(0), "unit": np.float32(1)}
    inputs = [
        helper.make_tensor_value_info("tokens", TensorProto.INT64, [1, "signs"]),
        helper.make_tensor_value_info("style", TensorProto.FLOAT, [1, 256]),
        helper.make_tensor_value_info("speed", TensorProto.FLOAT, [1]),
    ]
    outputs = [helper.make_tensor_value_info("audio", TensorProto.FLOAT, None)]
    initialisers = [onnx.numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "kokoro", inputs, outputs, initialisers)
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), tmp_path / "own.onnx"
    )
    (tmp_path / "vocab.json").write_text(json.dumps({"vocab": {sign: at for at, sign in enumerate(SIGNS, start=1)}}))
    (tmp_path / "voices").mkdir()
    np.full((511, 256), 0.1, np.float32).tofile(tmp_path / "voices" / "bm_house.bin")
    said = say(tmp_path, "zz c.")
    assert [mark.value for mark in marks(said)] == ["zz", "c"]
    assert [round((mark.until - mark.seconds) * 40) for mark in marks(said)] == [
        50,
        3 + 29,
    ]  # three frames early, but not before the sound
    assert round(marks(said)[-1].until * said.rate) == len(said.samples)


def spoil_with_outside_weights(folder: Path) -> None:
    graph = piper_graph()
    tensor = graph.graph.initializer[2]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")
    onnx.save(graph, folder / "steps.onnx")


def spoil_with_a_link(folder: Path) -> None:
    outside = folder.parent / "outside.json"
    outside.write_text(json.dumps(piper_config()))
    (folder / "steps.onnx.json").unlink()
    (folder / "steps.onnx.json").symlink_to(outside)


def spoil_without_durations(folder: Path) -> None:
    graph = piper_graph()
    next(node for node in graph.graph.node if node.op_type == "Ceil").op_type = "Floor"
    onnx.save(graph, folder / "steps.onnx")


def spoil_with_an_unknown_operator(folder: Path) -> None:
    graph = piper_graph()
    graph.graph.node[0].op_type = "Launch"
    onnx.save(graph, folder / "steps.onnx")


SPOILT = [
    (spoil_with_outside_weights, "keeps its weights in another file"),
    (spoil_with_a_link, "is no file of"),
    (spoil_without_durations, "cannot tell when phonemes end"),
    (spoil_with_an_unknown_operator, "cannot be run"),
    (lambda folder: (folder / "steps.onnx").write_bytes(b"\x80\x04pickle"), "is no ONNX graph"),
    (lambda folder: (folder / "steps.onnx.json").write_text("{"), "is no JSON"),
    (lambda folder: (folder / "steps.onnx.json").write_text("[" * 100_000), "is no JSON"),
    (lambda folder: (folder / "steps.onnx.json").write_text("[]"), "no JSON object"),
    (lambda folder: (folder / "steps.onnx.json").write_text(" " * (2 << 20)), "larger than"),
    (lambda folder: (folder / "steps.onnx.json").write_text("{}"), "sample_rate"),
    (lambda folder: (folder / "steps.onnx.json").write_text(json.dumps(piper_config(num_symbols=4))), "num_symbols"),
    (lambda folder: (folder / "steps.onnx.json").write_text(json.dumps(piper_config(phoneme_id_map={}))), "has no"),
    (lambda folder: (folder / "steps.onnx.json").unlink(), "neither"),
    (lambda folder: (folder / "steps.onnx").unlink(), "holds no .onnx"),
]


@pytest.mark.parametrize(("spoil", "said"), SPOILT)
def test_what_cannot_be_trusted_or_read_is_refused(folder, spoil, said):
    spoil(folder)
    with pytest.raises(EngineUnavailable, match=said):
        list(own_voices(folder, Spelling()))  # type: ignore[arg-type]


def test_a_folder_that_is_none(tmp_path):
    with pytest.raises(EngineUnavailable, match="is no folder"):
        list(own_voices(tmp_path / "nowhere", Spelling()))  # type: ignore[arg-type]
