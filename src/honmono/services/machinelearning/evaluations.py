"""Evaluations: a model measured by a job on a data source."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from honmono.engines.tabular.errors import SchemaInvalid
from honmono.engines.tabular.schema import Kind, Schema, check_target
from honmono.jobs import Limits
from honmono.services.machinelearning import lifecycle
from honmono.services.machinelearning.evaluation_job import KIND
from honmono.services.machinelearning.lifecycle import folder_of
from honmono.services.machinelearning.listing import Listing, listed
from honmono.services.machinelearning.logs import log_uri
from honmono.services.machinelearning.model_job import MODEL_FOLDER
from honmono.services.machinelearning.observed import payload_of
from honmono.services.machinelearning.part import (
    DATA_SOURCE,
    EVALUATION,
    MODEL,
    Answer,
    Part,
    Request,
    find,
    invalid,
    scope_of,
)
from honmono.services.platform import Platform
from honmono.store.records import Record
from honmono.wire.service import Context


def _payload(platform: Platform, _: Record, needs: Mapping[str, Record]) -> dict[str, Any]:
    model = needs["MLModelId"]
    return {
        "data": payload_of(needs["EvaluationDataSourceId"].body),
        "model": str(Path(folder_of(platform, model)) / MODEL_FOLDER),
        "threshold": model.body["Threshold"],
    }


EVALUATIONS = lifecycle.register(
    lifecycle.Work(
        EVALUATION,
        KIND,
        {"MLModelId": MODEL, "EvaluationDataSourceId": DATA_SOURCE},
        _payload,
        lambda _: Limits(memory_bytes=1 << 30),
    )
)


class Evaluations(Part):
    """Create, Get, Describe, Update and Delete."""

    def create_evaluation(self, request: Request, ctx: Context) -> Answer:
        """Check the request and have the model measured; GetEvaluation tells the figure."""
        needs = lifecycle.check_needs(self.platform, ctx, EVALUATIONS, request)
        model, source = needs["MLModelId"].body, needs["EvaluationDataSourceId"].body
        check_same_schema(model["Schema"], source["Schema"])
        try:
            check_target(Schema.parse(source["Schema"]), Kind(model["Request"]["MLModelType"]))
        except SchemaInvalid as error:
            raise invalid(str(error)) from error
        body = {"Location": source["Location"]}
        if "EvaluationName" in request:
            body["Name"] = request["EvaluationName"]
        lifecycle.create(self.platform, ctx, EVALUATIONS, request, request["EvaluationId"], body)
        return {"EvaluationId": request["EvaluationId"]}

    def get_evaluation(self, request: Request, ctx: Context) -> Answer:
        """How an evaluation stands, and the figure once it is completed."""
        record = find(self.platform, scope_of(ctx), EVALUATION, request["EvaluationId"])
        return described(self.platform, record) | log_uri(self.platform, self.logs, ctx, record)

    def describe_evaluations(self, request: Request, ctx: Context) -> Answer:
        """Those that fit the filter."""
        return listed(self.platform, ctx, LISTING, request)

    def update_evaluation(self, request: Request, ctx: Context) -> Answer:
        """Give an evaluation another name."""
        name = request["EvaluationId"]
        lifecycle.rename(self.platform, ctx, EVALUATION, name, {"Name": request["EvaluationName"]})
        return {"EvaluationId": name}

    def delete_evaluation(self, request: Request, ctx: Context) -> Answer:
        """Mark an evaluation as deleted."""
        lifecycle.delete(self.platform, ctx, EVALUATION, request["EvaluationId"])
        return {"EvaluationId": request["EvaluationId"]}


def check_same_schema(of_model: str, of_data: str) -> None:
    """Refuse data that lack what the model was trained on, or have it as another type; the target may be missing.

    Raises ServiceError InvalidInputException.
    """
    model, data = Schema.parse(of_model), Schema.parse(of_data)
    for attribute in model.inputs:
        found = data.types.get(attribute.name)
        if found is not attribute.type:
            raise invalid(
                f"The schema of the DataSource does not match the MLModel's: '{attribute.name}' is "
                f"{found or 'missing'}, not {attribute.type}."
            )


def described(platform: Platform, record: Record) -> Answer:
    """An evaluation as Get and Describe tell it."""
    body = record.body
    shown = lifecycle.described(platform, record, "EvaluationId")
    shown |= {
        "MLModelId": body["Request"]["MLModelId"],
        "EvaluationDataSourceId": body["Request"]["EvaluationDataSourceId"],
        "InputDataLocationS3": body["Location"],
    }
    if "properties" in body.get("Result", {}):
        shown["PerformanceMetrics"] = {"Properties": body["Result"]["properties"]}
    return shown


LISTING = Listing(
    EVALUATION,
    described,
    {
        "CreatedAt": lambda shown: shown["CreatedAt"],
        "LastUpdatedAt": lambda shown: shown["LastUpdatedAt"],
        "Status": lambda shown: shown["Status"],
        "Name": lambda shown: shown.get("Name", ""),
        "IAMUser": lambda shown: shown["CreatedByIamUser"],
        "MLModelId": lambda shown: shown["MLModelId"],
        "DataSourceId": lambda shown: shown["EvaluationDataSourceId"],
        "DataURI": lambda shown: shown["InputDataLocationS3"],
    },
)
