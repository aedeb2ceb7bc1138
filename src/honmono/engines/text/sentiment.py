"""Which mood a text is in: POSITIVE, NEGATIVE, NEUTRAL or MIXED, in twelve languages."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Literal, get_args

from honmono.engines.base import Cost, Engine, UnsupportedLanguage, batched
from honmono.engines.text.spread import spread

if TYPE_CHECKING:
    import onnxruntime

    from honmono.engines.text.encoder import Trunk

Label = Literal["POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED"]


@dataclass(frozen=True, slots=True)
class Sentiment:
    """The likeliest label and the probability of each; the four sum to 1."""

    label: Label
    positive: float
    negative: float
    neutral: float
    mixed: float


class SentimentEngine(Engine):
    """The lower eight layers of multilingual-e5-small, four upper ones trained for this, and a mean.

    `sentiment.onnx` beside this file holds the trained layers, made by training/sentiment/train.py. A text of
    more than 510 tokens is read in windows whose tokens count alike.
    """

    name = "e5-sentiment"
    version = "1.0"
    licence = "Apache-2.0 (code, trained layers), MIT (multilingual-e5-small, Microsoft)"
    weights = ("e5-small",)
    languages = ("en", "ja", "es", "fr", "de", "it", "pt", "zh", "zh-TW", "ko", "hi", "ar")
    quality = (
        "positive against negative: SST-2 dev .846 (VADER .667), Japanese product reviews .910; with three-star "
        "reviews as neutral or mixed .661, since a quarter of clear Japanese reviews are called MIXED. Four "
        "classes on 208 own held-out sentences .83 (Japanese .97, English, German, Hindi and Chinese .75; MIXED "
        "in English .60)"
    )
    cost = Cost(memory_bytes=480 << 20)

    _trunk: Trunk
    _upper: onnxruntime.InferenceSession

    def load(self) -> None:
        """See `Engine.load`. The first call on a machine converts the weights, which takes two seconds."""
        from honmono.engines.text.encoder import Trunk, open_graph

        self._trunk = Trunk.from_cache(self.cache)
        with resources.as_file(resources.files(__package__) / "sentiment.onnx") as path:
            self._upper = open_graph(path)

    @batched(max_size=16, max_wait_ms=1)
    def classify(self, texts: list[str], languages: list[str]) -> list[Sentiment]:
        """The mood of each text, given its language.

        Raises:
            UnsupportedLanguage: the language is none of `languages`.
        """
        for language in languages:
            if language not in self.languages:
                raise UnsupportedLanguage(
                    language, self.languages, "plug in a sentiment engine that was measured on it"
                )
        return spread(self._mood, texts)

    def _mood(self, text: str) -> Sentiment:
        import numpy as np

        windows = self._trunk.states(text)
        lengths = [states.shape[1] for states in windows]
        logits = [self._upper.run(None, {"states": states})[0][0] for states in windows]
        # The map to the classes is linear, so that this is the map of the mean over all tokens.
        whole = np.average(logits, axis=0, weights=lengths).astype(float)
        odds = np.exp(whole - whole.max())
        probabilities = [float(share) for share in odds / odds.sum()]
        label: Label = get_args(Label)[int(whole.argmax())]
        return Sentiment(label, *probabilities)
