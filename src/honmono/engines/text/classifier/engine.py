"""Answer with classifiers that were trained here: the model's folder comes with each call."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.engines.base import Cost, Engine, EngineUnavailable, batched
from honmono.engines.errors import EngineError

if TYPE_CHECKING:
    from honmono.engines.text.classifier.model import Model
    from honmono.engines.text.encoder import Encoder

_KEPT_BYTES = 256 << 20
"""Of models, beside the one asked last."""


@dataclass(frozen=True, slots=True)
class LabelScore:
    """A label and its probability."""

    name: str
    score: float


class ClassifierEngine(Engine):
    """Linear models over words and multilingual-e5-small; those used last stay loaded, the encoder too."""

    name = "linear-classifier"
    version = "1.0"
    licence = "Apache-2.0 (code), MIT (multilingual-e5-small, Microsoft)"
    weights = ("e5-small",)
    quality = (
        "sections of Debian's packages from their descriptions, 20 classes: 10 examples each .581 (.559 to .604 over five "
        "draws; TF-IDF and logistic regression .499), scores too modest (mean .43); 100,000 documents of three packages "
        "each .974 (TF-IDF and logistic regression .968), mean score .955. Not measured: more than 20 labels, several "
        "labels a document, languages other than English"
    )
    cost = Cost(memory_bytes=768 << 20)

    def load(self) -> None:
        """Load nothing yet: models come by their folder, and not all of them need the encoder."""
        self._models: OrderedDict[str, Model] = OrderedDict()
        self._encoder: Encoder | None = None

    @batched(max_size=16, max_wait_ms=2)
    def classify(self, texts: list[str], models: list[str]) -> list[list[LabelScore]]:
        """The labels of each text by the model in the folder beside it, the likeliest first.

        In multi-class mode the scores sum to one; in multi-label mode each stands for itself.

        Raises:
            EngineUnavailable: a folder holds no model.
        """
        found: list[Any] = [None] * len(texts)
        for folder in dict.fromkeys(models):
            rows = [row for row, each in enumerate(models) if each == folder]
            try:
                answers: Sequence[Any] = self._classify([texts[row] for row in rows], folder)
            except EngineError as error:
                answers = [error] * len(rows)
            for row, answer in zip(rows, answers, strict=True):
                found[row] = answer
        return found

    def _classify(self, texts: list[str], folder: str) -> list[list[LabelScore]]:
        model = self._model(folder)
        scores = model.probabilities(texts, self._encode)
        return [
            sorted(
                (LabelScore(label, float(score)) for label, score in zip(model.labels, row, strict=True)),
                key=lambda each: (-each.score, each.name),
            )
            for row in scores
        ]

    def _model(self, folder: str) -> Model:
        from honmono.engines.text.classifier.model import Model, ModelUnreadable

        if folder not in self._models:
            try:
                self._models[folder] = Model.load(Path(folder))
            except ModelUnreadable as error:
                raise EngineUnavailable(self.name, str(error)) from error
            while (
                len(self._models) > 1
                and sum(model.word_weights.nbytes for model in self._models.values()) > _KEPT_BYTES
            ):
                self._models.popitem(last=False)
        self._models.move_to_end(folder)
        return self._models[folder]

    def _encode(self, texts: Sequence[str]) -> Any:
        from honmono.engines.text.encoder import Encoder

        if self._encoder is None:
            self._encoder = Encoder.from_cache(self.cache)
        return self._encoder.encode(texts)
