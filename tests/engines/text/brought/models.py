"""Small models that really compute: their answer depends on the words of the text, and on nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]")


def write_tokenizer(folder: Path, words: Sequence[str], added: Sequence[str] = ()) -> dict[str, int]:
    """A tokenizer that knows these words in lower case, cuts at spaces and signs, and finds the Japanese ones."""
    vocabulary = {word: number for number, word in enumerate([*MARKS, *words])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    japanese = "|".join(word for word in words if not word.isascii())
    cuts: list[Any] = [pre_tokenizers.Whitespace()]
    if japanese:
        cuts.append(pre_tokenizers.Split(Regex(f"{japanese}|[぀-ヿ一-鿿]"), "isolated"))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(cuts)
    tokenizer.add_tokens([AddedToken(mark, normalized=False) for mark in added])
    begin, end = vocabulary["[CLS]"], vocabulary["[SEP]"]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", begin), ("[SEP]", end)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    return tokenizer.get_vocab()


def write_json(folder: Path, name: str, content: Mapping[str, Any]) -> None:
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


def weights(vocabulary: Mapping[str, int], labels: Sequence[str], words: Mapping[str, str], usual: str) -> np.ndarray:
    """For every token the logits of the labels: 4 for its word's label (of all words not named: 2 for `usual`)."""
    table = np.zeros((max(vocabulary.values()) + 1, len(labels)), np.float32)
    if usual:
        table[:, labels.index(usual)] = 2.0
    for word, label in words.items():
        table[vocabulary[word]] = 0.0
        table[vocabulary[word], labels.index(label)] = 4.0
    table[[vocabulary[mark] for mark in MARKS if mark != "[UNK]"]] = 0.0
    return table


def classifier(
    folder: Path, words: Mapping[str, str], labels: Sequence[str], *, file: str = "model.onnx", **config: Any
) -> Path:
    """A bag of words: the logits of a text are the sum of its words'. Every word counts once."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = write_tokenizer(folder, list(words))
    table = numpy_helper.from_array(weights(vocabulary, labels, words, ""), "table")
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["each"], axis=0),
        helper.make_node("Cast", ["attention_mask"], ["there"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["there", "last"], ["column"]),
        helper.make_node("Mul", ["each", "column"], ["counted"]),
        helper.make_node("ReduceSum", ["counted", "middle"], ["logits"], keepdims=0),
    ]
    axes = [
        numpy_helper.from_array(np.array([2], np.int64), "last"),
        numpy_helper.from_array(np.array([1], np.int64), "middle"),
    ]
    save(folder / file, nodes, ("input_ids", "attention_mask"), ("batch", len(labels)), [table, *axes])
    return with_config(folder, labels, **config)


def tagger(
    folder: Path, words: Mapping[str, str], labels: Sequence[str], *, file: str = "model.onnx", **config: Any
) -> Path:
    """Each word has its label; the others are "O"."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = write_tokenizer(folder, list(words))
    table = numpy_helper.from_array(weights(vocabulary, labels, words, "O"), "table")
    nodes = [helper.make_node("Gather", ["table", "input_ids"], ["logits"], axis=0)]
    save(folder / file, nodes, ("input_ids",), ("batch", "length", len(labels)), [table])
    return with_config(folder, labels, **config)


def with_config(folder: Path, labels: Sequence[str], **config: Any) -> Path:
    named = {"id2label": {str(number): label for number, label in enumerate(labels)}, "pad_token_id": 0}
    write_json(folder, "config.json", named | config)
    return folder


def save(
    path: Path, nodes: Sequence[onnx.NodeProto], inputs: Sequence[str], output: Sequence[str | int],
    constants: Sequence[onnx.TensorProto], shape: Sequence[str | int] = ("batch", "length"),
) -> None:  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    graph = helper.make_graph(
        nodes,
        "small",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in inputs],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, output)],
        initializer=constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString())


def gliner(folder: Path, names: Mapping[str, str], *, width: int = 4, **config: Any) -> Path:
    """A span model: a span is of the kind that its first and its last word are of, by `names` (word → kind).

    As in GLiNER the kinds are read from the prompt: the token behind each <<ENT>> says what is looked for.
    """
    folder.mkdir(parents=True, exist_ok=True)
    kinds = list(dict.fromkeys(names.values()))
    vocabulary = write_tokenizer(folder, [*names, *kinds], added=("<<ENT>>", "<<SEP>>"))
    table = np.zeros((max(vocabulary.values()) + 1, len(kinds)), np.float32)
    for word, kind in names.items():
        table[vocabulary[word], kinds.index(kind)] = 4.0
    for kind in kinds:
        table[vocabulary[kind], kinds.index(kind)] = 2.0

    def number(name: str, value: object, kind: type[np.generic] = np.int64) -> onnx.TensorProto:
        return numpy_helper.from_array(np.array(value, kind), name)

    constants = [
        numpy_helper.from_array(table, "table"),
        number("mark", vocabulary["<<ENT>>"]), number("one", 1), number("one_more", 1), number("axis0", [0]),
        number("axis1", [1]), number("width", [width]), number("any", [-1]), number("single", [1]),
        number("least", 12.0, np.float32), number("malus", -0.5, np.float32), number("never", -50.0, np.float32),
        number("zero", 0), number("two", 1),
    ]  # fmt: skip
    node = helper.make_node
    nodes = [
        node("Gather", ["table", "input_ids"], ["tokens"], axis=0),                        # (1, T, d)
        # The kinds: what stands behind each mark.
        node("Equal", ["input_ids", "mark"], ["is_mark"]),
        node("NonZero", ["is_mark"], ["marks"]),
        node("Gather", ["marks", "one"], ["mark_places"], axis=0),
        node("Add", ["mark_places", "one_more"], ["kind_places"]),
        node("Squeeze", ["tokens", "axis0"], ["flat_tokens"]),
        node("Gather", ["flat_tokens", "kind_places"], ["kinds"], axis=0),                 # (K, d)
        # The words: the token whose number in words_mask is theirs.
        node("Squeeze", ["text_lengths"], ["count"]),
        node("Add", ["count", "one"], ["behind"]),
        node("Range", ["one", "behind", "one_more"], ["numbers"]),
        node("Unsqueeze", ["numbers", "axis1"], ["number_rows"]),
        node("Equal", ["words_mask", "number_rows"], ["stands_for"]),                      # (L, T)
        node("Cast", ["stands_for"], ["chosen"], to=TensorProto.FLOAT),
        node("MatMul", ["chosen", "flat_tokens"], ["words"]),                              # (L, d)
        # The spans.
        node("Gather", ["span_idx", "zero"], ["first_places"], axis=2),
        node("Gather", ["span_idx", "two"], ["last_places"], axis=2),
        node("Squeeze", ["first_places", "axis0"], ["firsts"]),
        node("Squeeze", ["last_places", "axis0"], ["lasts"]),
        node("Gather", ["words", "firsts"], ["first_words"], axis=0),
        node("Gather", ["words", "lasts"], ["last_words"], axis=0),
        node("Add", ["first_words", "last_words"], ["spans"]),
        node("Transpose", ["kinds"], ["kinds_across"], perm=[1, 0]),
        node("MatMul", ["spans", "kinds_across"], ["likeness"]),                           # (L · W, K)
        # Two words are liked best.
        node("Sub", ["lasts", "firsts"], ["more"]),
        node("Sub", ["more", "one"], ["from_two"]),
        node("Abs", ["from_two"], ["off"]),
        node("Cast", ["off"], ["words_off"], to=TensorProto.FLOAT),
        node("Mul", ["words_off", "malus"], ["bonus"]),
        node("Unsqueeze", ["bonus", "axis1"], ["bonus_column"]),
        node("Add", ["likeness", "bonus_column"], ["liked"]),
        node("Sub", ["liked", "least"], ["scored"]),
        node("Squeeze", ["span_mask", "axis0"], ["valid"]),
        node("Unsqueeze", ["valid", "axis1"], ["valid_column"]),
        node("Where", ["valid_column", "scored", "never"], ["masked"]),
        node("Shape", ["kinds"], ["kinds_shape"], start=0, end=1),
        node("Concat", ["single", "any", "width", "kinds_shape"], ["form"], axis=0),
        node("Reshape", ["masked", "form"], ["logits"]),
    ]  # fmt: skip
    whole = ("batch", "length")
    shapes: list[tuple[str, int, tuple[str | int, ...]]] = [
        ("input_ids", TensorProto.INT64, whole), ("attention_mask", TensorProto.INT64, whole),
        ("words_mask", TensorProto.INT64, whole), ("text_lengths", TensorProto.INT64, ("batch", 1)),
        ("span_idx", TensorProto.INT64, ("batch", "spans", 2)), ("span_mask", TensorProto.BOOL, ("batch", "spans")),
    ]  # fmt: skip
    graph = helper.make_graph(
        nodes,
        "spans",
        [helper.make_tensor_value_info(name, kind, shape) for name, kind, shape in shapes],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ("batch", "words", width, "kinds"))],
        initializer=constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    (folder / "model.onnx").write_bytes(model.SerializeToString())
    write_json(folder, "gliner_config.json", {"max_width": width, "max_len": 384, "span_mode": "markerV0"} | config)
    return folder
