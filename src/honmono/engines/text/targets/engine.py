"""The mood in which a text speaks of each thing that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, get_args

from honmono.engines.base import Cost, Engine, UnsupportedInput, UnsupportedLanguage, batched
from honmono.engines.text.entities import EntityEngine, windows
from honmono.engines.text.sentiment import Label, Sentiment
from honmono.engines.text.targets.lexicon import TargetType
from honmono.engines.text.targets.mentions import Found

if TYPE_CHECKING:
    import numpy as np
    import onnxruntime
    from numpy.typing import NDArray

    from honmono.engines.text.encoder import Trunk
    from honmono.engines.text.taggers import Taggers

_PASSAGE = 48
"""How many pieces of several sentences are read at once at most: about as many as the training composed."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A mention of something, where it stands in code points, and the mood in which it is spoken of there.

    Attributes:
        score: the probability that it is a mention of this extent.
        group_score: that it is of the same thing as the group's others; 1 for the first of a group.
    """

    text: str
    begin: int
    end: int
    type: TargetType
    score: float
    group_score: float
    sentiment: Sentiment


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a text speaks of: its mentions in order, and which of them name it best."""

    mentions: list[Mention]
    descriptive: list[int]


class TargetEngine(Engine):
    """Names by the entity engine, nouns and pronouns by the tagger, groups by rules, moods by a trained network.

    `targets.onnx` beside this file holds four upper layers over the lower eight of multilingual-e5-small, made by
    training/targets/train.py: each sentence is read once, short ones together, and a mention's mood is the mean over its
    tokens.
    """

    name = "e5-targets"
    version = "1.0"
    licence = (
        "Apache-2.0 (code, trained layers: made from MAMS, Apache-2.0), MIT (multilingual-e5-small, Microsoft), CC BY-SA "
        "4.0 (English tagger), CC BY-SA 3.0 (names, see the entity engine), WordNet 3.0 licence (types of nouns)"
    )
    weights = ("e5-small", "english-tagger")
    languages = ("en",)
    quality = (
        "moods of given mentions, accuracy: 150 own documents in six domains .765 (VADER on the clause .527, the whole "
        "document's mood .330), MAMS test .760 (.541, .461), SemEval 2014 laptops .734 (.567, .743) and restaurants .764 "
        "(.611, .772); none of 14 MIXED mentions was called so. On the own documents from raw text: mentions at their exact "
        "place F1 .856 (precision .79, recall .93), of these .92 have the right type, with the right mood F1 .661; pairs "
        "grouped .73 right, 15 of 16 marked ones found. Group scores were set by hand"
    )
    cost = Cost(memory_bytes=520 << 20)

    _trunk: Trunk
    _upper: onnxruntime.InferenceSession
    _taggers: Taggers
    _names: EntityEngine

    def load(self) -> None:
        """See `Engine.load`. The first call on a machine converts the weights, which takes two seconds."""
        from honmono.engines.text.encoder import Trunk, open_graph
        from honmono.engines.text.taggers import taggers

        self._trunk = Trunk.from_cache(self.cache)
        with resources.as_file(resources.files(__package__) / "targets.onnx") as path:
            self._upper = open_graph(path)
        self._taggers = taggers(self.cache)
        self._names = EntityEngine(self.cache)
        self._names.load()

    @batched(max_size=16, max_wait_ms=1)
    def detect(self, texts: list[str], languages: list[str]) -> list[list[Target]]:
        """What each text speaks of, by first mention.

        Raises:
            UnsupportedLanguage: the language is none of `languages`.
        """
        for language in languages:
            if language not in self.languages:
                raise UnsupportedLanguage(
                    language,
                    self.languages,
                    "plug in an engine that was measured on it, of the field targeted-sentiment",
                )
        return [self._targets(text) for text in texts]

    @batched(max_size=16, max_wait_ms=1)
    def judge(self, texts: list[str], spans: list[list[tuple[int, int]]]) -> list[list[Sentiment]]:
        """The mood in which each English text speaks of what stands at the given places (begin, end in code points).

        Raises:
            UnsupportedInput: at a place there is no word.
        """
        return [self._moods(text, places) for text, places in zip(texts, spans, strict=True)]

    def _targets(self, text: str) -> list[Target]:
        from honmono.engines.text.targets.coreference import describing, group_mentions
        from honmono.engines.text.targets.mentions import find_mentions

        sentences = self._taggers.sentences(text, "en")
        found = find_mentions(text, sentences, self._names.find([text], ["en"])[0])
        found, links = group_mentions(found, [word for sentence in sentences for word in sentence])
        moods = self._moods(text, [(mention.begin, mention.end) for mention in found])
        groups: dict[int, list[int]] = {}
        for at, link in enumerate(links):
            groups.setdefault(link.group, []).append(at)
        return [
            Target(
                [_mention(found[at], links[at].score, moods[at]) for at in members],
                describing([found[at] for at in members]),
            )
            for members in groups.values()
        ]

    def _moods(self, text: str, places: list[tuple[int, int]]) -> list[Sentiment]:
        """The moods at the places."""
        logits, spans = self._token_logits(text)
        moods = []
        for begin, end in places:
            inside = [at for at, (start, stop) in enumerate(spans) if start < end and stop > begin]
            if not inside:
                raise UnsupportedInput(f"there is nothing to read at characters {begin} to {end}")
            moods.append(_mood(logits[inside].mean(axis=0).astype(float)))
        return moods

    def _token_logits(self, text: str) -> tuple[NDArray[np.float32], list[tuple[int, int]]]:
        """Logits (tokens, 4) of all tokens of the text and the characters that each stands for."""
        import numpy as np

        logits, spans = [np.zeros((0, len(get_args(Label))), np.float32)], []
        for begin, end in self._passages(text):
            passage = text[begin:end]
            pieces = self._trunk.pieces(passage)
            for start, stop, keep_from, keep_to in windows(passage, pieces):
                found = self._upper.run(None, {"states": self._trunk.piece_states(pieces[start:stop])})[0][0, 1:-1]
                logits.append(found[keep_from - start : keep_to - start])
                spans += [(begin + piece.begin, begin + piece.end) for piece in pieces[keep_from:keep_to]]
        return np.concatenate(logits), spans

    def _passages(self, text: str) -> Iterator[tuple[int, int]]:
        """Where to cut: a few short sentences are read at once, as in training, a long one alone."""
        from honmono.engines.text.words import sentences, split_words

        begin = end = size = 0
        for words in sentences(split_words(text, "en")):
            length = len(self._trunk.pieces(text[words[0].begin : words[-1].end]))
            if size and size + length > _PASSAGE:
                yield begin, end
                size = 0
            begin = begin if size else words[0].begin
            end, size = words[-1].end, size + length
        if size:
            yield begin, end


def _mention(found: Found, group_score: float, mood: Sentiment) -> Mention:
    return Mention(found.text, found.begin, found.end, found.type, found.score, group_score, mood)


def _mood(logits: NDArray[np.float64]) -> Sentiment:
    import numpy as np

    odds = np.exp(logits - logits.max())
    positive, negative, neutral, mixed = (float(share) for share in odds / odds.sum())
    label: Label = get_args(Label)[int(logits.argmax())]
    return Sentiment(label, positive, negative, neutral, mixed)
