"""Measure a converted model and the translation memory by chrF and BLEU, in both directions.

python -m training.translation.evaluate MODEL DATA OUT [--set dev] [--no-memory]

Writes OUT/{en-ja,ja-en}.{test,own}.tsv (source, reference, model, memory) and OUT/scores.toml, which `convert --scores` puts
into about.toml. chrF is chrF2 of sacrebleu; BLEU tokenises English by 13a and Japanese by MeCab. The held-out set is
what held_out.toml names; `--set dev` takes the other one, for choices, and leaves our own sentences alone.
"""

from __future__ import annotations

import argparse
import hashlib
import time
import tomllib
from collections.abc import Sequence
from pathlib import Path

import ctranslate2
import sacrebleu
import sentencepiece
from training.translation.memory import TranslationMemory
from training.translation.prepare import RECORD, read_table, table
from training.translation.sources import Pair

OWN = Path(__file__).parents[2] / "bench" / "translation" / "own_sentences.tsv"
BEAM = 4
DIRECTIONS = ("en-ja", "ja-en")


class Model:
    """A directory that `convert` wrote, used as its about.toml says."""

    def __init__(self, folder: Path) -> None:
        about = tomllib.loads((folder / "about.toml").read_text(encoding="utf-8"))
        self._tags = about["tags"]
        self._wide = str.maketrans(about["output"]["ja"])
        self._processor = sentencepiece.SentencePieceProcessor(model_file=str(folder / "sentencepiece.model"))
        self._translator = ctranslate2.Translator(str(folder), device="cpu", intra_threads=1)

    def translate(self, texts: Sequence[str], direction: str, beam: int = BEAM) -> list[str]:
        """Each text's translation; `direction` is "en-ja" or "ja-en"."""
        sources = [self._tags[direction] + pieces for pieces in self._processor.encode(list(texts), out_type=str)]
        results = self._translator.translate_batch(sources, beam_size=beam, max_batch_size=1024, batch_type="tokens")
        found = [self._processor.decode(result.hypotheses[0]) for result in results]
        return [text.translate(self._wide) for text in found] if direction == "en-ja" else found


def scores(translations: Sequence[str], references: Sequence[str], direction: str) -> dict[str, float]:
    """chrF and BLEU of a whole set, both from 0 to 100."""
    tokenize = "ja-mecab" if direction == "en-ja" else "13a"
    return {
        "chrf": round(sacrebleu.corpus_chrf(translations, [references]).score, 1),
        "bleu": round(sacrebleu.corpus_bleu(translations, [references], tokenize=tokenize).score, 1),
    }


def sides(pairs: Sequence[Pair], direction: str) -> tuple[list[str], list[str]]:
    """Sources and references."""
    english, japanese = [pair.english for pair in pairs], [pair.japanese for pair in pairs]
    return (english, japanese) if direction == "en-ja" else (japanese, english)


def held_out(data: Path, name: str) -> dict[str, list[Pair]]:
    """The sets to measure on: dev, or test and our own sentences.

    Raises:
        ValueError: a set is not the one that was recorded before training.
    """
    recorded = tomllib.loads(RECORD.read_text(encoding="utf-8"))["sha256"]
    pairs = read_table(data / f"{name}.tsv")
    found = {name: hashlib.sha256(table(pairs).encode()).hexdigest()}
    sets = {name: pairs}
    if name == "test":
        own = OWN.read_bytes()
        found["own"] = hashlib.sha256(own).hexdigest()
        sets["own"] = [Pair(*line.split("\t"), "own") for line in own.decode().splitlines()]
    for key, value in found.items():
        if recorded[key] != value:
            raise ValueError(f"the set {key} is not the one in {RECORD.name}")
    return sets


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--set", choices=("test", "dev"), default="test")
    parser.add_argument("--no-memory", action="store_true")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    sets = held_out(arguments.data, arguments.set)
    model = Model(arguments.model)
    training = [] if arguments.no_memory else read_table(arguments.data / "train.tsv")
    lines: list[str] = []
    for direction in DIRECTIONS:
        memory = None if arguments.no_memory else TranslationMemory(*sides(training, direction))
        for name, pairs in sets.items():
            texts, references = sides(pairs, direction)
            began = time.monotonic()
            columns = {"model": model.translate(texts, direction)}
            seconds = time.monotonic() - began
            if memory is not None:
                columns["memory"] = memory.translate(texts)
            for system, translations in columns.items():
                measured = scores(translations, references, direction)
                print(direction, name, system, measured, f"{seconds:.1f} s" if system == "model" else "")
                lines.append(
                    f'[[scores]]\ndirection = "{direction}"\nset = "{name}"\nsystem = "{system}"\n'
                    f"chrf = {measured['chrf']}\nbleu = {measured['bleu']}\n"
                )
            rows = zip(texts, references, *columns.values(), strict=True)
            (arguments.out / f"{direction}.{name}.tsv").write_text(
                "".join("\t".join(row) + "\n" for row in rows), encoding="utf-8"
            )
    (arguments.out / "scores.toml").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
