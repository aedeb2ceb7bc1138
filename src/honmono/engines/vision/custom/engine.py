"""Answer with models that were trained here on a customer's pictures: the model's folder comes with each call."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from honmono.engines.base import Cost, Engine, EngineUnavailable
from honmono.engines.vision.custom.results import CustomLabel
from honmono.engines.vision.custom.taking import take

if TYPE_CHECKING:
    from honmono.engines.vision.custom.features import Backbone
    from honmono.engines.vision.custom.model import CustomModel

_KEPT = 32
"""Models that stay loaded, of 2 MB at most each."""


class CustomLabelsEngine(Engine):
    """Heads trained on EfficientNet-Lite2's features; those used last stay loaded, the network always."""

    name = "lite2-custom-labels"
    version = "1.0"
    licence = "Apache-2.0 (code), Apache-2.0 (EfficientNet-lite2, Google)"
    weights = ("efficientnet-lite2",)
    quality = (
        "whole pictures: 139 cut-out photographs of six kinds, five-fold accuracy .945 (plain logistic regression on the "
        "same features .938, on histograms of colours and gradients .631), mean confidence .931. Boxes at an overlap of one "
        "half: six things in 100 new scenes after 60, mean AP .885; three kinds of things, each cut-out a new one, after 8 "
        "to 12 of each .645; one chessboard in new poses 1.0. The scenes are made of cut-outs and photographs. Boxes' "
        "confidences are not calibrated. Not measured: several labels a picture, thousands of pictures"
    )
    cost = Cost(memory_bytes=384 << 20)

    def load(self) -> None:
        """Open the network; models come by their folder."""
        from honmono.engines.vision.custom.features import Backbone

        self._features: Backbone = Backbone.from_cache(self.cache, str(self.options.get("device", "cpu")))
        self._models: OrderedDict[str, CustomModel] = OrderedDict()

    def look(self, image: bytes, model: str) -> list[CustomLabel]:
        """The labels of a picture by the model in that folder, the surest first, whatever their thresholds.

        Raises:
            UnsupportedInput, DamagedInput, InputTooLarge, InputTooSmall: see `taking.take`.
            EngineUnavailable: the folder holds no model.
        """
        return self._model(model).look(take(image).pixels, self._features)

    def _model(self, folder: str) -> CustomModel:
        from honmono.engines.vision.custom.model import CustomModel, ModelUnreadable

        if folder not in self._models:
            try:
                self._models[folder] = CustomModel.load(Path(folder))
            except ModelUnreadable as error:
                raise EngineUnavailable(self.name, str(error)) from error
            while len(self._models) > _KEPT:
                self._models.popitem(last=False)
        self._models.move_to_end(folder)
        return self._models[folder]
