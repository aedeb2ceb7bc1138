"""An epoch of training examples: every pair in both directions, augmented anew, shuffled; the same for the same number."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import sentencepiece
from training.translation.formality import formality
from training.translation.packing import Example, fits
from training.translation.sources import Pair
from training.translation.tokens import INTO_ENGLISH, INTO_JAPANESE

from training.translation import augment

_FORMALITY_CHANCE = 0.4
_JOINED_CHANCE = 0.03


class Examples:
    """Makes examples of pairs.

    Args:
        processor: the vocabulary.
        pairs: what to train on, or to measure on.
    """

    def __init__(self, processor: sentencepiece.SentencePieceProcessor, pairs: Sequence[Pair]) -> None:
        self._processor = processor
        self._pairs = pairs
        self._names = augment.Names()

    def epoch(self, number: int) -> list[Example]:
        """Both directions of every pair: some names and half of the numbers exchanged, an extra copy of pairs with numbers,
        some pairs joined with the one after, some Japanese asked for by its formality."""
        chance = random.Random(f"epoch {number}")
        pairs = list(self._pairs)
        chance.shuffle(pairs)
        varied = list(self._varied(pairs, chance))
        examples = self._examples(varied, chance)
        chance.shuffle(examples)
        return examples

    def plain(self) -> list[Example]:
        """Both directions of every pair as it is, with no formality asked for, in order."""
        return self._examples(self._pairs, None)

    def _varied(self, pairs: Sequence[Pair], chance: random.Random) -> Iterator[Pair]:
        before: Pair | None = None
        for pair in pairs:
            made = self._names.replace(pair, chance)
            renumbered = augment.other_numbers(made, chance)
            if renumbered is not None:
                yield renumbered
                if chance.random() < 0.5:
                    made = augment.other_numbers(made, chance) or made
            if before is not None and chance.random() < _JOINED_CHANCE:
                yield Pair(f"{before.english} {made.english}", before.japanese + made.japanese, made.source)
            yield made
            before = made

    def _examples(self, pairs: Sequence[Pair], chance: random.Random | None) -> list[Example]:
        english = self._processor.encode([pair.english for pair in pairs])
        japanese = self._processor.encode([pair.japanese for pair in pairs])
        into_english, into_japanese = map(self._processor.piece_to_id, (INTO_ENGLISH, INTO_JAPANESE))
        examples: list[Example] = []
        for pair, left, right in zip(pairs, english, japanese, strict=True):
            tags = [into_japanese]
            if chance is not None and chance.random() < _FORMALITY_CHANCE and (tag := formality(pair.japanese)):
                tags.append(self._processor.piece_to_id(tag))
            examples += [([*tags, *left], right), ([into_english, *right], left)]
        return [example for example in examples if fits(example)]
