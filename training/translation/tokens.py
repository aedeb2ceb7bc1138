"""The joint vocabulary: 8,000 SentencePiece pieces for both languages, digits one by one, unknown characters as bytes.

The normalisation (NFKC, straight quotes) is inside the model file, so that serving needs nothing but SentencePiece.
"""

from __future__ import annotations

import random
import sys
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import sentencepiece
from training.translation.sources import Pair

from training.translation import text

PAD, UNKNOWN, BEGIN, END = range(4)
INTO_ENGLISH, INTO_JAPANESE, FORMAL, INFORMAL = "<2en>", "<2ja>", "<formal>", "<informal>"
TAGS = (INTO_ENGLISH, INTO_JAPANESE, FORMAL, INFORMAL)
"""Control symbols: no text can be cut into them, so no user's sentence can change the direction."""
PIECES = 8000


def normalisation_rules() -> str:
    """What `text.single_form` does to characters, as SentencePiece's table: hexadecimal code points, tab, the same.

    Single code points whose NFKC form differs, and the decomposed spellings (a letter and its combining mark, half-width
    kana and its voicing mark) of composed ones.
    """
    rules: dict[str, str] = {}
    for point in range(0x20, 0x10000):
        if 0xD800 <= point < 0xE000 or 0xAC00 <= point < 0xD7B0:
            continue
        character = chr(point)
        form = text.single_form(f"x{character}x")[1:-1]
        if form != character:
            rules[character] = form
        parts = unicodedata.normalize("NFD", character)
        if len(parts) > 1 and (composed := text.single_form(parts)) != parts:
            rules[parts] = composed
    for point in range(0xFF66, 0xFF9E):
        for mark in "ﾞﾟ":
            composed = unicodedata.normalize("NFKC", chr(point) + mark)
            if len(composed) == 1:
                rules[chr(point) + mark] = composed
    rules["\t"] = rules["\n"] = rules["\r"] = " "
    return "".join(f"{_points(source)}\t{_points(target)}\n" for source, target in sorted(rules.items()))


def _points(characters: str) -> str:
    return " ".join(f"{ord(character):X}" for character in characters)


def train(pairs: Sequence[Pair], folder: Path, pieces: int = PIECES, seed: int = 1) -> Path:
    """Learn the pieces from both sides of the pairs; writes folder/sentencepiece.model and returns its path."""
    folder.mkdir(parents=True, exist_ok=True)
    rules = folder / "normalisation.tsv"
    rules.write_text(normalisation_rules(), encoding="utf-8")
    sentences = [side for pair in pairs for side in (pair.english, pair.japanese)]
    random.Random(seed).shuffle(sentences)
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences),
        model_prefix=str(folder / "sentencepiece"),
        model_type="unigram",
        vocab_size=pieces,
        character_coverage=0.9995,
        byte_fallback=True,
        split_digits=True,
        normalization_rule_tsv=str(rules),
        control_symbols=list(TAGS),
        pad_id=PAD,
        unk_id=UNKNOWN,
        bos_id=BEGIN,
        eos_id=END,
        num_threads=1,
        train_extremely_large_corpus=False,
        minloglevel=1,
    )
    return folder / "sentencepiece.model"


def main() -> None:
    from training.translation.prepare import read_table

    data = Path(sys.argv[1])
    train(read_table(data / "train.tsv"), data)


if __name__ == "__main__":
    main()
