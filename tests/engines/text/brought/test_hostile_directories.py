"""What is wrong with a model's directory is said, with its file, and nothing of it is run."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tests.engines.text.brought import models

from honmono.engines.errors import EngineError, EngineFailed, EngineUnavailable
from honmono.engines.external_data import external_files
from honmono.engines.text.brought.pipelines import PipelineEntities, PipelineSentiment
from honmono.weights import Cache

MOODS = {"splendid": "positive", "awful": "negative"}
LABELS = ["negative", "positive"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return models.classifier(tmp_path / "moods", MOODS, LABELS)


def load(folder: Path, **options: Any) -> PipelineSentiment:
    engine = PipelineSentiment(Cache(folder.parent / "cache"), {"model": str(folder), "device": "cpu", **options})
    engine.load()
    return engine


def no_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def garbled_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text('{"version": "1.0", "model": {"type": "WordLevel"')


def huge_tokenizer(folder: Path) -> None:
    os.truncate(folder / "tokenizer.json", 1 << 40)


def huge_config(folder: Path) -> None:
    os.truncate(folder / "config.json", 1 << 30)


def huge_graph(folder: Path) -> None:
    os.truncate(folder / "model.onnx", 1 << 40)


def no_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def config_is_a_list(folder: Path) -> None:
    (folder / "config.json").write_text("[1]")


def nested_config(folder: Path) -> None:
    (folder / "config.json").write_text('{"a":' * 100_000 + "1" + "}" * 100_000)


def own_code(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    models.write_json(folder, "config.json", config | {"auto_map": {"AutoModel": "evil.py--Evil"}})


def no_labels(folder: Path) -> None:
    models.write_json(folder, "config.json", {})


def labels_with_gaps(folder: Path) -> None:
    models.write_json(folder, "config.json", {"id2label": {"0": "negative", "2": "positive"}})


def more_labels_than_logits(folder: Path) -> None:
    models.with_config(folder, [*LABELS, "neutral"])


def cut_short(folder: Path) -> None:
    path = folder / "model.onnx"
    path.write_bytes(path.read_bytes()[:-40])


def empty_graph(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"")


def no_graph_at_all(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"<html>not found</html>" * 100)


def only_a_pickle(folder: Path) -> None:
    (folder / "model.onnx").unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(_Bomb(folder / "exploded")))


def link_out(folder: Path) -> None:
    secret = folder.parent / "secret.json"
    secret.write_text("{}")
    (folder / "config.json").unlink()
    (folder / "config.json").symlink_to(secret)


def pipe(folder: Path) -> None:
    (folder / "config.json").unlink()
    os.mkfifo(folder / "config.json")


def outside_data(folder: Path) -> None:
    external(folder, "../secret.bin")


def absolute_data(folder: Path) -> None:
    external(folder, "/etc/passwd")


def absent_data(folder: Path) -> None:
    external(folder, "weights.data")


def data_behind_a_link(folder: Path) -> None:
    (folder.parent / "secret.bin").write_bytes(bytes(1000))
    (folder / "weights.data").symlink_to(folder.parent / "secret.bin")
    external(folder, "weights.data")


def strange_input(folder: Path) -> None:
    table = numpy_helper.from_array(np.zeros((9, 2), np.float32), "table")
    nodes = [
        helper.make_node("Gather", ["table", "pixels"], ["each"], axis=0),
        helper.make_node("ReduceSum", ["each", "middle"], ["logits"], keepdims=0),
    ]
    axis = numpy_helper.from_array(np.array([1], np.int64), "middle")
    models.save(folder / "model.onnx", nodes, ("pixels",), ("batch", 2), [table, axis])


def fixed_length(folder: Path) -> None:
    table = numpy_helper.from_array(np.zeros((9, 2), np.float32), "table")
    axis = numpy_helper.from_array(np.array([1], np.int64), "middle")
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["each"], axis=0),
        helper.make_node("ReduceSum", ["each", "middle"], ["logits"], keepdims=0),
    ]
    models.save(folder / "model.onnx", nodes, ("input_ids",), (1, 2), [table, axis], shape=(1, 128))


def unknown_operator(folder: Path) -> None:
    graph = onnx.load(folder / "model.onnx")
    graph.graph.node[0].op_type, graph.graph.node[0].domain = "Steal", "evil"
    graph.opset_import.append(helper.make_opsetid("evil", 1))
    (folder / "model.onnx").write_bytes(graph.SerializeToString())


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (no_tokenizer, "has no tokenizer.json: save it"),
        (garbled_tokenizer, "tokenizer.json that cannot be read"),
        (huge_tokenizer, "tokenizer.json of 1,099,511,627,776 bytes"),
        (huge_config, "config.json of 1,073,741,824 bytes"),
        (huge_graph, "model.onnx of 1,099,511,627,776 bytes"),
        (no_config, "has no config.json"),
        (config_is_a_list, "config.json, which is no JSON object"),
        (nested_config, "config.json, which is no JSON"),
        (own_code, "code of its own"),
        (no_labels, "without id2label"),
        (labels_with_gaps, "does not name the labels 0, 1, 2"),
        (more_labels_than_logits, r"shape \['batch', 2\].*3 labels"),
        (cut_short, "model.onnx, which cannot be read: .*cut short"),
        (empty_graph, "model.onnx, which is empty"),
        (no_graph_at_all, "model.onnx, which cannot be read"),
        (only_a_pickle, "pytorch_model.bin, which are pickles"),
        (link_out, "link config.json that points outside"),
        (pipe, "config.json, which is no plain file"),
        (outside_data, r"'\.\./secret.bin', which points outside"),
        (absolute_data, "'/etc/passwd', which points outside"),
        (absent_data, "has no weights.data"),
        (data_behind_a_link, "link weights.data that points outside"),
        (strange_input, "inputs pixels; known are attention_mask, input_ids"),
        (fixed_length, r"input_ids has the shape \[1, 128\]: export it"),
        (unknown_operator, "onnxruntime cannot open"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_a_bad_directory_is_a_typed_error(folder: Path, spoil: Callable[[Path], None], reason: str) -> None:
    assert load(folder).classify.one("awful", "en").label == "NEGATIVE"
    spoil(folder)
    with pytest.raises(EngineUnavailable, match=f"(?s){folder}.*{reason}"):
        load(folder)
    assert not (folder / "exploded").exists()


def test_shards_stay_within(folder: Path) -> None:
    (folder / "model.onnx").unlink()
    models.write_json(folder, "model.safetensors.index.json", {"weight_map": {"a": "../../secret.safetensors"}})
    with pytest.raises(EngineUnavailable, match="points outside"):
        PipelineSentiment.configured({"model": str(folder)})


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(EngineUnavailable, match="does not exist"):
        PipelineSentiment.configured({"model": str(tmp_path / "nowhere")})
    (tmp_path / "file").touch()
    with pytest.raises(EngineUnavailable, match="is no directory"):
        PipelineSentiment.configured({"model": str(tmp_path / "file")})


@pytest.mark.parametrize("file", ["../other/model.onnx", "/etc/passwd.onnx", "model.pt", "run.py"])
def test_a_named_file_stays_within_and_is_no_pickle(folder: Path, file: str) -> None:
    with pytest.raises(EngineUnavailable, match=r"outside|pickles|neither"):
        PipelineSentiment.configured({"model": str(folder), "file": file})


def test_safetensors_name_what_to_install(folder: Path) -> None:
    (folder / "model.onnx").unlink()
    (folder / "model.safetensors").write_bytes(b"\2\0\0\0\0\0\0\0{}")
    try:
        import torch  # noqa: F401
    except ImportError:
        with pytest.raises(EngineUnavailable, match="pip install torch transformers, or export"):
            PipelineSentiment.configured({"model": str(folder)})


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({}, "missing required field `model`"),
        ({"model": ""}, r"`model`|length >= 1"),
        ({"model": 3}, "Expected `str`, got `int`"),
        ({"model": "m", "modle": "x"}, "unknown field `modle`"),
        ({"model": "m", "threads": 0}, ">= 1"),
        ({"model": "m", "languages": ["english"]}, "languages has english; the codes are en, es"),
        ({"model": "m", "device": "tpu"}, 'device is "cpu" or "cuda"'),
    ],
)
def test_options_that_cannot_be(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(EngineUnavailable, match=rf"\[engines.entities\] in honmono.toml: .*({reason})"):
        PipelineEntities.configured(options)


def test_cuda_is_never_replaced_by_the_processor(folder: Path) -> None:
    import onnxruntime

    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this onnxruntime has CUDA")
    with pytest.raises(EngineUnavailable, match="onnxruntime-gpu"):
        PipelineSentiment.configured({"model": str(folder), "device": "cuda"})
    with pytest.raises(EngineUnavailable, match="CUDAExecutionProvider"):
        load(folder, device="cuda")


def test_weights_beside_the_graph_are_read(folder: Path) -> None:
    table = external(folder, "weights.data")
    (folder / "weights.data").write_bytes(table.tobytes())
    assert external_files(folder / "model.onnx") == {"weights.data"}
    engine = load(folder)
    assert engine.classify.one("awful", "en").label == "NEGATIVE"
    assert engine.classify.one("splendid", "en").label == "POSITIVE"


def test_a_snapshot_of_the_hubs_cache_is_read(folder: Path, tmp_path: Path) -> None:
    """…/models--house--moods/snapshots/REVISION is a folder of links to ../../blobs."""
    repository = tmp_path / "models--house--moods"
    (repository / "blobs").mkdir(parents=True)
    (repository / "snapshots/abc").mkdir(parents=True)
    for number, path in enumerate(folder.iterdir()):
        path.rename(repository / "blobs" / f"{number:x}")
        (repository / "snapshots/abc" / path.name).symlink_to(f"../../blobs/{number:x}")
    snapshot = repository / "snapshots/abc"
    assert load(snapshot).classify.one("awful", "en").label == "NEGATIVE"
    assert PipelineSentiment.configured({"model": str(snapshot)}).identity == "hf-pipeline/models--house--moods"


def test_external_data_is_found_in_subgraphs(tmp_path: Path) -> None:
    inner = helper.make_tensor("inner", TensorProto.FLOAT, [1], [0.0])
    outer = helper.make_graph([], "outer", [], [], initializer=[_outside(inner, "../a")])
    branch = helper.make_node("If", ["x"], ["y"], then_branch=outer, else_branch=outer)
    constant = helper.make_node("Constant", [], ["z"], value=_outside(helper.make_tensor("c", 1, [1], [0.0]), "../b"))
    model = helper.make_model(helper.make_graph([branch, constant], "whole", [], []))
    path = tmp_path / "subgraphs.onnx"
    path.write_bytes(model.SerializeToString())
    assert external_files(path) == {"../a", "../b"}


def test_what_is_not_finite_is_no_answer(tmp_path: Path) -> None:
    folder = models.classifier(tmp_path / "moods", MOODS, LABELS)
    graph = onnx.load(folder / "model.onnx")
    table = numpy_helper.to_array(graph.graph.initializer[0]).copy()
    table[:] = np.nan
    graph.graph.initializer[0].CopyFrom(numpy_helper.from_array(table, "table"))
    (folder / "model.onnx").write_bytes(graph.SerializeToString())
    with pytest.raises(EngineFailed, match="not finite"):
        load(folder).classify.one("awful", "en")


def test_random_bytes_never_escape_as_another_error(folder: Path) -> None:
    whole = (folder / "model.onnx").read_bytes()
    generator = np.random.default_rng(0)
    for _ in range(30):
        torn = bytearray(whole)
        for place in generator.integers(0, len(whole), 4):
            torn[place] = int(generator.integers(0, 256))
        (folder / "model.onnx").write_bytes(bytes(torn))
        try:
            load(folder).classify.one("awful", "en")
        except EngineError:
            pass


class _Bomb:
    """Leaves a mark when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.mark,)


def external(folder: Path, location: str) -> np.ndarray:
    """The same graph with its weights in another file."""
    graph = onnx.load(folder / "model.onnx")
    table = numpy_helper.to_array(graph.graph.initializer[0])
    _outside(graph.graph.initializer[0], location)
    (folder / "model.onnx").write_bytes(graph.SerializeToString())
    return table


def _outside(tensor: onnx.TensorProto, location: str) -> onnx.TensorProto:
    tensor.ClearField("raw_data")
    tensor.ClearField("float_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=location)
    return tensor
