"""Names, dates and amounts in a text, with AWS's types, in seven languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Literal

from honmono.engines.base import Cost, Engine, UnsupportedLanguage, batched
from honmono.engines.text.spread import spread

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime
    from numpy.typing import NDArray

    from honmono.engines.text.encoder import Trunk
    from honmono.engines.text.pieces import Piece

EntityType = Literal[
    "PERSON", "LOCATION", "ORGANIZATION", "COMMERCIAL_ITEM", "EVENT", "DATE", "QUANTITY", "TITLE", "OTHER"
]
_WINDOW = 126
_OVERLAP = 32
_LEAST = 0.3
"""Names less probable are left out: on validation sentences they cost more precision than they brought recall."""
_SENTENCE_ENDS = ".!?。！？\n"


@dataclass(frozen=True, slots=True)
class Entity:
    """Characters begin … end (code points) of a text.

    Attributes:
        score: for names the probability that span and type are right, set on validation data; for what the grammars
            find see `grammars.CERTAIN`.
    """

    type: EntityType
    begin: int
    end: int
    score: float


class EntityEngine(Engine):
    """The lower eight layers of multilingual-e5-small, upper ones trained to tag names, and grammars.

    `entities.onnx` beside this file holds the trained layers, made by training/entities/train.py. Long texts are read in
    windows that end with a sentence where they can.
    """

    name = "e5-entities"
    version = "1.0"
    licence = (
        "Apache-2.0 (code), MIT (multilingual-e5-small, Microsoft), CC BY-SA 3.0 (trained layers: made from Stockmark's "
        "ner-wikipedia-dataset, CC BY-SA 3.0, WikiANN, ODC-BY, and W-NUT 2017, CC BY 4.0)"
    )
    weights = ("e5-small",)
    languages = ("en", "ja", "de", "fr", "es", "it", "pt")
    quality = (
        "names, span and type right, F1 on held-out sentences: Japanese Wikipedia .744 (PERSON .84, LOCATION .76, "
        "ORGANIZATION .75, EVENT .65, TITLE .57, COMMERCIAL_ITEM .35); PERSON, LOCATION, ORGANIZATION of WikiANN en .761 "
        "(spaCy small .411), de .754, fr .781, pt .814; English posts (W-NUT 2017) .535 with a calibration error of .10; 66 "
        "own news-like English sentences .834 (spaCy small .720), DATE .95, QUANTITY .97. es and it on 12 own sentences "
        "each alone: 1.0 and .83. EVENT, TITLE and COMMERCIAL_ITEM outside Japanese rest on a handful of sentences"
    )
    cost = Cost(memory_bytes=480 << 20)

    _trunk: Trunk
    _upper: onnxruntime.InferenceSession

    def load(self) -> None:
        """See `Engine.load`. The first call on a machine converts the weights, which takes two seconds."""
        from honmono.engines.text.encoder import Trunk, open_graph

        self._trunk = Trunk.from_cache(self.cache)
        with resources.as_file(resources.files(__package__) / "entities.onnx") as path:
            self._upper = open_graph(path)

    @batched(max_size=16, max_wait_ms=1)
    def find(self, texts: list[str], languages: list[str]) -> list[list[Entity]]:
        """What each text names, in order and without overlaps, given its language.

        Raises:
            UnsupportedLanguage: the language is none of `languages`.
        """
        for language in languages:
            if language not in self.languages:
                raise UnsupportedLanguage(
                    language, self.languages, "plug in an entities engine that was measured on it"
                )
        pairs = list(zip(texts, languages, strict=True))
        return spread(lambda pair: self._entities(*pair), pairs)

    def _entities(self, text: str, language: str) -> list[Entity]:
        return without_overlaps([*self._names(text), *from_grammars(text, language)], len(text))

    def _names(self, text: str) -> Iterator[Entity]:
        from honmono.engines.text.name_tags import names
        from honmono.engines.text.pieces import same_word

        pieces = self._trunk.pieces(text)
        if not pieces:
            return
        for first, behind, kind, score in names(self._log_probabilities(text, pieces)):
            begin, end = pieces[first].begin, pieces[behind - 1].end
            while 0 < begin < end and same_word(text[begin - 1], text[begin]):
                begin -= 1
            while begin < end < len(text) and same_word(text[end - 1], text[end]):
                end += 1
            if begin < end and score >= _LEAST:
                yield Entity(_typed(kind), begin, end, score)

    def _log_probabilities(self, text: str, pieces: list[Piece]) -> NDArray[np.float32]:
        """The tags of every piece: (pieces, tags)."""
        import numpy as np

        parts = []
        for start, stop, keep_from, keep_to in windows(text, pieces):
            states = self._trunk.piece_states(pieces[start:stop])
            found = self._upper.run(None, {"states": states})[0][0, 1:-1]
            parts.append(found[keep_from - start : keep_to - start])
        return np.concatenate(parts)


def windows(text: str, pieces: list[Piece]) -> Iterator[tuple[int, int, int, int]]:
    """How to read a long text: from which piece to which (at most 126, as the network learned), and which of them to
    keep. A window ends behind a sentence where one ends in its second half; if none does, the next one begins a little
    earlier, and each keeps the half of what both read that is farther from its edge."""
    start = keep_from = 0
    while start < len(pieces):
        stop = min(start + _WINDOW, len(pieces))
        if stop == len(pieces):
            yield start, stop, keep_from, stop
            return
        ends = (place for place in range(stop, start + _WINDOW // 2, -1) if _ends_sentence(text, pieces, place))
        if (sentence_end := next(ends, None)) is not None:
            yield start, sentence_end, keep_from, sentence_end
            start = keep_from = sentence_end
        else:
            yield start, stop, keep_from, stop - _OVERLAP // 2
            start, keep_from = stop - _OVERLAP, stop - _OVERLAP // 2


def _ends_sentence(text: str, pieces: list[Piece], place: int) -> bool:
    """Whether a sentence, or a line, ends before the piece at `place`."""
    before, behind = pieces[place - 1], pieces[place]
    if "\n" in text[before.end : behind.begin]:
        return True
    ended = before.begin < before.end and text[before.end - 1] in _SENTENCE_ENDS
    return ended and (behind.begin > before.end or text[before.end - 1] in "。！？")


def from_grammars(text: str, language: str) -> list[Entity]:
    """Dates, amounts and addresses by grammars; none in a language that has no grammar."""
    from honmono.engines.text import grammars

    if language not in EntityEngine.languages:
        return []
    return [Entity(_typed(m.type), m.begin, m.end, m.score) for m in grammars.find(text, language)]


def without_overlaps(found: list[Entity], length: int) -> list[Entity]:
    """Where some overlap the longest stays, of equally long ones the most certain."""
    kept: list[Entity] = []
    taken = bytearray(length)
    for entity in sorted(found, key=lambda entity: (entity.begin - entity.end, -entity.score)):
        if not any(taken[entity.begin : entity.end]):
            taken[entity.begin : entity.end] = b"\1" * (entity.end - entity.begin)
            kept.append(entity)
    return sorted(kept, key=lambda entity: entity.begin)


def _typed(kind: str) -> EntityType:
    return kind  # type: ignore[return-value]
