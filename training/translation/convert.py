"""Turn exported weights into a CTranslate2 model in int8, and check that both translate alike.

python -m training.translation.convert WEIGHTS.npz SENTENCEPIECE.model OUT [--check TABLE] [--scores SCORES.toml]

OUT gets model.bin, config.json, shared_vocabulary.json, sentencepiece.model and about.toml. `--check` translates the first
20 pairs of a table in both directions greedily, with JAX and with the float32 conversion, which must give the same
pieces, and counts how many of them int8 gives too.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import ctranslate2
import jax
import numpy as np
import sentencepiece
from ctranslate2.specs import TransformerSpec
from ctranslate2.specs.model_spec import SequenceToSequenceModelConfig
from training.translation.network import Params, Shape
from training.translation.prepare import read_table

from training.translation import about, checkpoint, network, tokens

POSITIONS = 512
CHECKED = 20


def specification(params: Params, shape: Shape, vocabulary: Sequence[str]) -> TransformerSpec:
    """The model as CTranslate2 describes it: the same weights under its names."""
    spec = TransformerSpec.from_config((shape.encoder, shape.decoder), shape.heads, rms_norm=True)
    config = cast(SequenceToSequenceModelConfig, spec.config)
    config.layer_norm_epsilon = network.EPSILON
    config.bos_token, config.eos_token, config.unk_token = "<s>", "</s>", "<unk>"
    config.decoder_start_token = "<s>"
    config.add_source_eos = True
    table = network.positions(POSITIONS, shape.width)
    # One array for all three: CTranslate2 finds equal ones and keeps them once.
    embedding = _array(params["embedding"])
    spec.encoder.embeddings[0].weight = embedding
    spec.decoder.embeddings.weight = embedding
    spec.decoder.projection.weight = embedding
    for part, layers, gain in (
        (spec.encoder, params["encoder"], params["encoder_norm"]),
        (spec.decoder, params["decoder"], params["decoder_norm"]),
    ):
        part.position_encodings.encodings = table
        part.layer_norm.gamma = _array(gain)
        for named, layer in zip(part.layer, layers, strict=True):
            named.self_attention.layer_norm.gamma = _array(layer["self_norm"])
            named.self_attention.linear[0].weight = _array(layer["self_qkv"])
            named.self_attention.linear[1].weight = _array(layer["self_out"])
            named.ffn.layer_norm.gamma = _array(layer["inner_norm"])
            named.ffn.linear_0.weight = _array(layer["inner_in"])
            named.ffn.linear_1.weight = _array(layer["inner_out"])
            if "cross_q" in layer:
                named.attention.layer_norm.gamma = _array(layer["cross_norm"])
                named.attention.linear[0].weight = _array(layer["cross_q"])
                named.attention.linear[1].weight = _array(layer["cross_kv"])
                named.attention.linear[2].weight = _array(layer["cross_out"])
    spec.register_source_vocabulary(list(vocabulary))
    spec.register_target_vocabulary(list(vocabulary))
    spec.validate()
    return spec


def _array(weights: Any) -> np.ndarray[Any, np.dtype[np.float32]]:
    return np.array(weights, dtype=np.float32)  # a copy: quantising writes into it


def convert(params: Params, shape: Shape, vocabulary: Sequence[str], folder: Path, quantisation: str | None) -> None:
    """Write the model's directory; `quantisation` is "int8", or None for float32."""
    spec = specification(params, shape, vocabulary)
    spec.optimize(quantization=quantisation)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))


def reference(
    params: Params, shape: Shape, processor: sentencepiece.SentencePieceProcessor, sources: Sequence[Sequence[str]]
) -> list[list[str]]:
    """What JAX says greedily to sources of pieces, the tag first."""
    return [
        processor.id_to_piece(network.greedy(params, processor.piece_to_id(list(source)), shape)) for source in sources
    ]


def translations(folder: Path, sources: Sequence[Sequence[str]]) -> list[list[str]]:
    """What a converted model says greedily to sources of pieces, the tag first."""
    translator = ctranslate2.Translator(str(folder), device="cpu", intra_threads=1)
    results = translator.translate_batch([list(source) for source in sources], beam_size=1, max_decoding_length=79)
    return [result.hypotheses[0] for result in results]


def check(
    params: Params,
    shape: Shape,
    processor: sentencepiece.SentencePieceProcessor,
    sources: Sequence[Sequence[str]],
    int8: Path,
) -> int:
    """For how many sources the int8 model in a directory says the same as JAX.

    Raises:
        ValueError: the float32 conversion does not say the same for all of them.
    """
    expected = reference(params, shape, processor, sources)
    with tempfile.TemporaryDirectory() as folder:
        convert(params, shape, vocabulary_of(processor), Path(folder), None)
        exact = translations(Path(folder), sources)
    for source, wanted, found in zip(sources, expected, exact, strict=True):
        if wanted != found:
            raise ValueError(f"CTranslate2 translates {source} by {found}, JAX by {wanted}")
    return sum(wanted == found for wanted, found in zip(expected, translations(int8, sources), strict=True))


def vocabulary_of(processor: sentencepiece.SentencePieceProcessor) -> list[str]:
    """All pieces in the order of their numbers."""
    return [processor.id_to_piece(number) for number in range(processor.get_piece_size())]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("vocabulary", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--check", type=Path)
    parser.add_argument("--scores", type=Path)
    arguments = parser.parse_args()
    processor = sentencepiece.SentencePieceProcessor(model_file=str(arguments.vocabulary))
    shape = Shape(pieces=processor.get_piece_size())
    params = checkpoint.load_export(arguments.weights, network.initial(jax.random.key(0), shape))
    convert(params, shape, vocabulary_of(processor), arguments.out, "int8")
    shutil.copy(arguments.vocabulary, arguments.out / "sentencepiece.model")
    (arguments.out / "about.toml").write_text(about.text(arguments.scores), encoding="utf-8")
    if arguments.check:
        pairs = read_table(arguments.check)[: CHECKED // 2]
        sources = [[tokens.INTO_JAPANESE, *processor.encode(pair.english, out_type=str)] for pair in pairs]
        sources += [[tokens.INTO_ENGLISH, *processor.encode(pair.japanese, out_type=str)] for pair in pairs]
        same = check(params, shape, processor, sources, arguments.out)
        print(f"float32 as JAX on {len(sources)} sentences; int8 the same on {same}")


if __name__ == "__main__":
    main()
