"""Answer with recognisers that were trained here: the model's folder comes with each call."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from honmono.engines.base import Cost, Engine, EngineUnavailable, batched
from honmono.engines.errors import EngineError
from honmono.engines.text.recognizer.units import Found

if TYPE_CHECKING:
    from honmono.engines.text.recognizer.model import Model
    from honmono.engines.text.recognizer.states import States

_KEPT_BYTES = 256 << 20
"""Of models, beside the one asked last."""


class RecognizerEngine(Engine):
    """Conditional random fields over words and multilingual-e5-small; those used last stay loaded, the encoder too."""

    name = "e5-crf"
    version = "1.0"
    licence = "Apache-2.0 (code), MIT (multilingual-e5-small, Microsoft)"
    weights = ("e5-small",)
    quality = (
        "place and type right, F1 on 400 held-out sentences after learning from 250 and 2,000 (python-crfsuite on the same): "
        "WikiANN en .693, .764 (.403, .581), de .713, .778 (.435, .578), posts of W-NUT 2017 .502, .607 (.171, .400), "
        "Japanese Wikipedia with eight types .597, .733 (.361, .588); calibration error .05 to .15. Without the encoder at "
        "times worse than python-crfsuite. Not measured: es, fr, it, pt, more than eight types"
    )
    cost = Cost(memory_bytes=768 << 20)

    def load(self) -> None:
        """Load nothing yet: models come by their folder, and not all of them need the encoder."""
        self._models: OrderedDict[str, Model] = OrderedDict()
        self._states: States | None = None

    @batched(max_size=16, max_wait_ms=1)
    def find(self, texts: list[str], models: list[str]) -> list[list[Found]]:
        """What each text names, by the model in the folder beside it: in order, without overlaps.

        Raises:
            EngineUnavailable: a folder holds no model.
        """
        found: list[Any] = []
        for text, folder in zip(texts, models, strict=True):
            try:
                model = self._model(folder)
                found += model.find([text], self._encoder() if model.needs_states else None)
            except EngineError as error:
                found.append(error)
        return found

    def _model(self, folder: str) -> Model:
        from honmono.engines.text.recognizer.model import Model, ModelUnreadable

        if folder not in self._models:
            try:
                self._models[folder] = Model.load(Path(folder))
            except ModelUnreadable as error:
                raise EngineUnavailable(self.name, str(error)) from error
            while len(self._models) > 1 and sum(model.nbytes for model in self._models.values()) > _KEPT_BYTES:
                self._models.popitem(last=False)
        self._models.move_to_end(folder)
        return self._models[folder]

    def _encoder(self) -> States:
        from honmono.engines.text.recognizer.states import States

        if self._states is None:
            self._states = States.from_cache(self.cache)
        return self._states
