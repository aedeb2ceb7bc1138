"""Real-time endpoints, and the predictions that are asked of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from honmono.engines.tabular.engine import Prediction
from honmono.services.machinelearning.endpoint_info import endpoint_info
from honmono.services.machinelearning.lifecycle import COMPLETED, folder_of
from honmono.services.machinelearning.model_job import MODEL_FOLDER
from honmono.services.machinelearning.part import (
    DELETED,
    MODEL,
    Answer,
    Part,
    Request,
    find,
    invalid,
    not_found,
    scope_of,
)
from honmono.store import clock
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_MOST_BYTES = 100 * 1024


class Realtime(Part):
    """CreateRealtimeEndpoint, DeleteRealtimeEndpoint and Predict."""

    def create_realtime_endpoint(self, request: Request, ctx: Context) -> Answer:
        """Have a completed model answer Predict. One that has an endpoint keeps it."""
        name, scope = request["MLModelId"], scope_of(ctx)
        record = find(self.platform, scope, MODEL, name)
        if record.status == DELETED:
            raise not_found(MODEL, name)
        if record.status != COMPLETED:
            raise invalid(f"The MLModel {name} is {record.status}; an endpoint needs a COMPLETED one.")
        now = clock.now()
        record = self.platform.records.modify(
            scope, MODEL, name, lambda found: {**found.body, "Endpoint": found.body.get("Endpoint") or now}
        )
        return {"MLModelId": name, "RealtimeEndpointInfo": endpoint_info(record, ctx)}

    def delete_realtime_endpoint(self, request: Request, ctx: Context) -> Answer:
        """Have a model answer Predict no more."""
        name, scope = request["MLModelId"], scope_of(ctx)
        if find(self.platform, scope, MODEL, name).status == DELETED:
            raise not_found(MODEL, name)
        record = self.platform.records.modify(
            scope, MODEL, name, lambda found: {key: value for key, value in found.body.items() if key != "Endpoint"}
        )
        return {"MLModelId": name, "RealtimeEndpointInfo": endpoint_info(record, ctx)}

    def predict(self, request: Request, ctx: Context) -> Answer:
        """The prediction for a record of variables by name. Names that the schema does not have are ignored."""
        name, given = request["MLModelId"], request["Record"]
        if sum(len(key) + len(value) for key, value in given.items()) > _MOST_BYTES:
            raise ServiceError("LimitExceededException", "The Record is larger than 100 KB.")
        model = find(self.platform, scope_of(ctx), MODEL, name)
        if model.status == DELETED:
            raise not_found(MODEL, name)
        if "Endpoint" not in model.body:
            raise ServiceError(
                "PredictorNotMountedException",
                f"The MLModel {name} has no real-time endpoint: create one by CreateRealtimeEndpoint.",
            )
        ctx.engine = self.engines.identity("tabular")
        folder = str(Path(folder_of(self.platform, model)) / MODEL_FOLDER)
        found = self.engines.get("tabular").predict(given, folder)
        return {"Prediction": prediction_answer(found, model.body["Threshold"])}


def prediction_answer(found: Prediction, threshold: float) -> dict[str, Any]:
    """A prediction as AWS writes it: a BINARY model's score is told under the label that it leads to."""
    details = {"PredictiveModelType": found.kind, "Algorithm": "SGD"}
    if found.value is None:
        best = max(found.scores, key=lambda name: found.scores[name])
        return {"predictedLabel": best, "predictedScores": found.scores, "details": details}
    if found.kind == "REGRESSION":
        return {"predictedValue": found.value, "details": details}
    label = "1" if found.value >= threshold else "0"
    return {"predictedLabel": label, "predictedScores": {label: found.value}, "details": details}
