"""Datasets of a flywheel: labelled documents that are taken into its data lake by a job."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from honmono.jobs import Job, Limits, State
from honmono.services.comprehend.custom_models import KINDS
from honmono.services.comprehend.data_lake import dataset_folder
from honmono.services.comprehend.flywheel_jobs import INGEST, TRAINING
from honmono.services.comprehend.flywheel_records import DATASET, FLYWHEEL, check_active
from honmono.services.comprehend.part import Part
from honmono.services.comprehend.resources import find, listed, tags_of, within
from honmono.services.job_output import write_output
from honmono.services.platform import Platform
from honmono.store.errors import RecordExists
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context
from honmono.wire.timestamps import from_epoch

INGESTING = Limits(cores=1, memory_bytes=512 << 20)
_SHOWN = ("DatasetName", "DatasetType", "DatasetS3Uri", "Description", "Message", "NumberOfDocuments")


class Datasets(Part):
    """Create, Describe and List of datasets."""

    def create_dataset(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Check the request and start taking the data in; DescribeDataset tells how it goes."""
        platform, name = self.platform, request["DatasetName"]
        tags = tags_of(request)
        arn = f"{request['FlywheelArn']}/dataset/{name}"
        try:
            # The flywheel is not deleted between.
            with platform.database.transaction() as tx:
                flywheel = find(platform, ctx, request["FlywheelArn"], FLYWHEEL)
                self._take_in(flywheel, request, arn, tags, tx)
        except RecordExists as error:
            there = find(platform, ctx, arn, DATASET)
            token = request.get("ClientRequestToken")
            if token is None or there.body.get("ClientRequestToken") != token:
                raise ServiceError(
                    "ResourceInUseException", f"The flywheel has a dataset {name} already; give another name."
                ) from error
        return {"DatasetArn": arn}

    def _take_in(
        self, flywheel: Record, request: dict[str, Any], arn: str, tags: dict[str, str], tx: Connection
    ) -> None:
        """Enqueue the job, and write the record of the dataset."""
        check_active(flywheel)
        kind = KINDS[flywheel.body["ModelType"]]
        lake, folder = flywheel.body["DataLakeS3Uri"], dataset_folder(request["DatasetName"], datetime.now(UTC))
        payload = {
            "account": flywheel.scope.account,
            "type": kind.model_type,
            "task": flywheel.body["TaskConfig"],
            "input": kind.check_dataset(request["InputDataConfig"]),
            "folders": {TRAINING: folder},
            "lake_uri": lake,
        }
        body: dict[str, Any] = {
            "FlywheelArn": flywheel.arn,
            "DatasetName": request["DatasetName"],
            "DatasetType": request.get("DatasetType", "TRAIN"),
            "DatasetS3Uri": f"{lake}{folder}",
            "Job": self.platform.jobs.enqueue(INGEST, payload, resource_arn=arn, limits=INGESTING, tx=tx),
            **{key: request[key] for key in ("Description", "ClientRequestToken") if key in request},
        }
        name = f"{flywheel.name}/{request['DatasetName']}"
        self.platform.records.create(flywheel.scope, DATASET, name, body, arn=arn, status="CREATING", tags=tags, tx=tx)

    def describe_dataset(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """How a dataset stands."""
        return {"DatasetProperties": _described(find(self.platform, ctx, request["DatasetArn"], DATASET))}

    def list_datasets(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The datasets of a flywheel, or of all, that fit the filter, the newest first."""
        wanted = request.get("Filter", {})
        prefix = ""
        if "FlywheelArn" in request:
            prefix = f"{find(self.platform, ctx, request['FlywheelArn'], FLYWHEEL).name}/"

        def keep(record: Record, described: dict[str, Any]) -> bool:
            return (
                wanted.get("Status") in (None, described["Status"])
                and wanted.get("DatasetType") in (None, described["DatasetType"])
                and within(record.created, wanted.get("CreationTimeBefore"), wanted.get("CreationTimeAfter"))
            )

        found, more = listed(self.platform, ctx, DATASET, request, _described, keep, prefix=prefix)
        return {"DatasetPropertiesList": found, **more}


def finish_dataset(platform: Platform, record: Record, job: Job, tx: Connection) -> None:
    """Write the end of a dataset's job to its record, with its documents in the data lake."""
    body = {**record.body, "EndTime": (job.finished or datetime.now(UTC)).timestamp()}
    if job.state is not State.SUCCEEDED:
        body["Message"] = job.error or "The data were not taken in."
        platform.records.update(record, body=body, status="FAILED", tx=tx)
        return
    body["NumberOfDocuments"] = (job.result or {})[TRAINING]
    write_output(platform, job, job.payload["lake_uri"], record.scope.account, tx)
    platform.records.update(record, body=body, status="COMPLETED", tx=tx)


def _described(record: Record) -> dict[str, Any]:
    return {
        "DatasetArn": record.arn,
        "Status": record.status,
        "CreationTime": record.created,
        **{key: record.body[key] for key in _SHOWN if key in record.body},
        **({"EndTime": from_epoch(record.body["EndTime"])} if "EndTime" in record.body else {}),
    }
