"""Batch predictions: every observation of a data source predicted by a job, as files in the customer's bucket."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from honmono.jobs import Job, Limits
from honmono.services.job_output import write_output
from honmono.services.machinelearning import lifecycle
from honmono.services.machinelearning.batch_job import KIND
from honmono.services.machinelearning.data_spec import check_writable
from honmono.services.machinelearning.evaluations import check_same_schema
from honmono.services.machinelearning.lifecycle import folder_of
from honmono.services.machinelearning.listing import Listing, listed
from honmono.services.machinelearning.logs import log_uri
from honmono.services.machinelearning.model_job import MODEL_FOLDER
from honmono.services.machinelearning.observed import payload_of
from honmono.services.machinelearning.part import (
    BATCH,
    DATA_SOURCE,
    MODEL,
    Answer,
    Part,
    Request,
    find,
    invalid,
    scope_of,
)
from honmono.services.platform import Platform
from honmono.services.stored_files import split_uri
from honmono.store.records import Record
from honmono.wire.service import Context

_NOT_ALLOWED = (":", "//", "/./", "/../")


def _payload(platform: Platform, record: Record, needs: Mapping[str, Record]) -> dict[str, Any]:
    model = needs["MLModelId"]
    return {
        "id": record.name,
        "data": payload_of(needs["BatchPredictionDataSourceId"].body),
        "model": str(Path(folder_of(platform, model)) / MODEL_FOLDER),
        "threshold": model.body["Threshold"],
        "output": _place(record),
    }


def _place(record: Record) -> str:
    return f"{record.body['Request']['OutputUri'].rstrip('/')}/batch-prediction/"


def _completed(platform: Platform, job: Job, record: Record, tx: Connection) -> None:
    write_output(platform, job, _place(record), record.scope.account, tx)


BATCHES = lifecycle.register(
    lifecycle.Work(
        BATCH,
        KIND,
        {"MLModelId": MODEL, "BatchPredictionDataSourceId": DATA_SOURCE},
        _payload,
        lambda _: Limits(memory_bytes=1 << 30),
        _completed,
    )
)


class BatchPredictions(Part):
    """Create, Get, Describe, Update and Delete."""

    def create_batch_prediction(self, request: Request, ctx: Context) -> Answer:
        """Check the request and start the job; GetBatchPrediction tells how it goes."""
        _check_output(ctx, request["OutputUri"])
        needs = lifecycle.check_needs(self.platform, ctx, BATCHES, request)
        source = needs["BatchPredictionDataSourceId"].body
        check_same_schema(needs["MLModelId"].body["Schema"], source["Schema"])
        body = {"Location": source["Location"]}
        if "BatchPredictionName" in request:
            body["Name"] = request["BatchPredictionName"]
        lifecycle.create(self.platform, ctx, BATCHES, request, request["BatchPredictionId"], body)
        return {"BatchPredictionId": request["BatchPredictionId"]}

    def get_batch_prediction(self, request: Request, ctx: Context) -> Answer:
        """How a batch prediction stands."""
        record = find(self.platform, scope_of(ctx), BATCH, request["BatchPredictionId"])
        return described(self.platform, record) | log_uri(self.platform, self.logs, ctx, record)

    def describe_batch_predictions(self, request: Request, ctx: Context) -> Answer:
        """Those that fit the filter."""
        return listed(self.platform, ctx, LISTING, request)

    def update_batch_prediction(self, request: Request, ctx: Context) -> Answer:
        """Give a batch prediction another name."""
        name = request["BatchPredictionId"]
        lifecycle.rename(self.platform, ctx, BATCH, name, {"Name": request["BatchPredictionName"]})
        return {"BatchPredictionId": name}

    def delete_batch_prediction(self, request: Request, ctx: Context) -> Answer:
        """Mark a batch prediction as deleted. Its files stay in the bucket."""
        lifecycle.delete(self.platform, ctx, BATCH, request["BatchPredictionId"])
        return {"BatchPredictionId": request["BatchPredictionId"]}


def described(platform: Platform, record: Record) -> Answer:
    """A batch prediction as Get and Describe tell it."""
    body, result = record.body, record.body.get("Result", {})
    shown = lifecycle.described(platform, record, "BatchPredictionId")
    shown |= {
        "MLModelId": body["Request"]["MLModelId"],
        "BatchPredictionDataSourceId": body["Request"]["BatchPredictionDataSourceId"],
        "InputDataLocationS3": body["Location"],
        "OutputUri": body["Request"]["OutputUri"],
    }
    if "total" in result:
        shown |= {"TotalRecordCount": result["total"], "InvalidRecordCount": result["invalid"]}
    return shown


def _check_output(ctx: Context, uri: str) -> None:
    check_writable(ctx, uri, "OutputUri")
    key = split_uri(uri)[1]
    if found := next((each for each in _NOT_ALLOWED if each in f"/{key}"), None):
        raise invalid(f"OutputUri: '{found}' is not allowed in the key of {uri}.")


LISTING = Listing(
    BATCH,
    described,
    {
        "CreatedAt": lambda shown: shown["CreatedAt"],
        "LastUpdatedAt": lambda shown: shown["LastUpdatedAt"],
        "Status": lambda shown: shown["Status"],
        "Name": lambda shown: shown.get("Name", ""),
        "IAMUser": lambda shown: shown["CreatedByIamUser"],
        "MLModelId": lambda shown: shown["MLModelId"],
        "DataSourceId": lambda shown: shown["BatchPredictionDataSourceId"],
        "DataURI": lambda shown: shown["InputDataLocationS3"],
    },
)
