"""Answer with models that were trained here: the model's folder comes with each call."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from honmono.engines.base import Cost, Engine, EngineUnavailable

if TYPE_CHECKING:
    from honmono.engines.tabular.model import Model

_KEPT_BYTES = 256 << 20
"""Of weights and names of models, beside the one asked last."""
_NAME_BYTES = 120
"""Of a feature's name and number in memory, about."""


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a model says of a record.

    Attributes:
        kind: REGRESSION, BINARY or MULTICLASS.
        value: the number (REGRESSION) or the probability of 1 (BINARY); None for MULTICLASS.
        scores: of MULTICLASS the probability of each class, in the model's order; empty for the others.
    """

    kind: str
    value: float | None
    scores: dict[str, float]


class TabularEngine(Engine):
    """Linear models of tables; those used last stay loaded."""

    name = "adagrad-linear"
    version = "1.0"
    licence = "Apache-2.0 (code)"
    quality = (
        "three folds of whole tables, beside scikit-learn's linear model over quantile bins: AUC of churn .848 (.847), credit "
        ".843 (.831), attrition .849 (.836), with calibration errors of .016 to .031; R² of log prices, ames .890 (.887), "
        "diamonds .983 (.980). Digits .956 (.958). A linear model: what variables do together it sees only where a recipe "
        "joins them. Not measured: texts (Japanese ones are not cut into words), more than 10 classes"
    )
    cost = Cost(memory_bytes=256 << 20, in_process=True)

    def load(self) -> None:
        """Load nothing yet: models come by their folder."""
        import honmono.engines.tabular.model  # noqa: F401 - NumPy is imported now, not by the first request

        self._models: OrderedDict[str, tuple[Model, int]] = OrderedDict()

    def predict(self, record: dict[str, str], model: str) -> Prediction:
        """The answer to one record by the model in a folder. A variable that is left out counts as missing.

        Raises:
            EngineUnavailable: the folder holds no model.
        """
        found = self._model(model)
        answer = found.predict([record])[0]
        if found.target.classes:
            return Prediction(found.kind, None, dict(zip(found.target.classes, answer.tolist(), strict=True)))
        return Prediction(found.kind, float(answer), {})

    def _model(self, folder: str) -> Model:
        from honmono.engines.tabular.errors import ModelUnreadable
        from honmono.engines.tabular.model import Model

        if folder not in self._models:
            try:
                model = Model.load(Path(folder))
            except ModelUnreadable as error:
                raise EngineUnavailable(self.name, str(error)) from error
            size = model.linear.weights.nbytes + _NAME_BYTES * sum(map(len, model.encoder.index.names))
            self._models[folder] = model, size
            while len(self._models) > 1 and sum(each for _, each in self._models.values()) > _KEPT_BYTES:
                self._models.popitem(last=False)
        self._models.move_to_end(folder)
        return self._models[folder][0]
