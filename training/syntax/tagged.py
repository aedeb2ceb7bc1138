"""Read sentences that were tagged by hand."""

from __future__ import annotations

from pathlib import Path

from honmono.engines.text.words import Word

LETTERS = {
    "D": "DET", "N": "NOUN", "P": "PROPN", "V": "VERB", "X": "AUX", "A": "ADJ", "R": "ADV", "E": "ADP", "O": "PRON",
    "C": "CCONJ", "S": "SCONJ", "#": "NUM", "T": "PART", "I": "INTJ", ".": "PUNCT",
}  # fmt: skip
Tagged = tuple[str, list[Word], list[str]]


def read_tagged(path: Path) -> list[Tagged]:
    """Lines of word_LETTER, set as one writes: no space before a full stop and after an apostrophe."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        text, words, tags = "", [], []
        for item in line.split():
            word, _, letter = item.rpartition("_")
            if text and not (word in ".,?!-" or text[-1] in "'¿¡-"):
                text += " "
            words.append(Word(word, len(text), len(text) + len(word)))
            tags.append(LETTERS[letter])
            text += word
        found.append((text, words, tags))
    return found
