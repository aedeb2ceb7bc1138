"""Data sources: data in S3 with a schema, looked at by a job."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from honmono.jobs import Job, Limits
from honmono.services.machinelearning import lifecycle
from honmono.services.machinelearning.data_source_job import EXPORTED, KIND
from honmono.services.machinelearning.data_spec import check_readable, schema_of, selection_of
from honmono.services.machinelearning.listing import Listing, listed
from honmono.services.machinelearning.logs import log_uri
from honmono.services.machinelearning.observed import payload_of
from honmono.services.machinelearning.part import DATA_SOURCE, Answer, Part, Request, find, scope_of
from honmono.services.platform import Platform
from honmono.services.stored_files import Staged, write_staged
from honmono.store.records import Record
from honmono.wire.service import Context


def _payload(_: Platform, record: Record, __: Mapping[str, Record]) -> dict[str, Any]:
    payload = {"data": payload_of(record.body), "statistics": record.body["Statistics"]}
    if "Query" in record.body:
        payload["query"] = record.body["Query"]
        payload["export"] = {**record.body["Export"], "header": record.body["Header"]}
    return payload


def _completed(platform: Platform, job: Job, record: Record, tx: Connection) -> None:
    """Put what a query answered into the customer's bucket."""
    if "staged" in (job.result or {}):
        write_staged(
            platform.database,
            platform.blobs,
            record.body["Location"],
            Staged(**(job.result or {})["staged"]),
            platform.jobs.job_directory(job.id) / "output" / EXPORTED,
            account=record.scope.account,
            content_type="text/csv",
            tx=tx,
        )


DATA_SOURCES = lifecycle.register(
    lifecycle.Work(DATA_SOURCE, KIND, {}, _payload, lambda _: Limits(memory_bytes=640 << 20), _completed)
)


class DataSources(Part):
    """Create from S3, Get, Describe, Update and Delete."""

    def create_data_source_from_s3(self, request: Request, ctx: Context) -> Answer:
        """Check the request and have the data looked at; GetDataSource tells how it goes."""
        spec = request["DataSpec"]
        schema = schema_of(ctx, spec.get("DataSchema"), spec.get("DataSchemaLocationS3"), "DataSchemaLocationS3")
        body = {
            "Location": spec["DataLocationS3"],
            "Schema": schema.to_json(),
            "Selection": selection_of(spec.get("DataRearrangement")),
            **kept(request, spec),
        }
        check_readable(ctx, spec["DataLocationS3"], "DataLocationS3")
        lifecycle.create(self.platform, ctx, DATA_SOURCES, request, request["DataSourceId"], body)
        return {"DataSourceId": request["DataSourceId"]}

    def get_data_source(self, request: Request, ctx: Context) -> Answer:
        """How a data source stands; with Verbose its schema too."""
        record = find(self.platform, scope_of(ctx), DATA_SOURCE, request["DataSourceId"])
        shown = described(self.platform, record) | log_uri(self.platform, self.logs, ctx, record)
        if request.get("Verbose"):
            shown["DataSourceSchema"] = record.body["Schema"]
            for metadata in ("RDSMetadata", "RedshiftMetadata"):
                if metadata in shown:
                    shown[metadata] = {**shown[metadata], "SelectSqlQuery": record.body["Query"]}
        return shown

    def describe_data_sources(self, request: Request, ctx: Context) -> Answer:
        """Those that fit the filter."""
        return listed(self.platform, ctx, LISTING, request)

    def update_data_source(self, request: Request, ctx: Context) -> Answer:
        """Give a data source another name."""
        name = request["DataSourceId"]
        lifecycle.rename(self.platform, ctx, DATA_SOURCE, name, {"Name": request["DataSourceName"]})
        return {"DataSourceId": name}

    def delete_data_source(self, request: Request, ctx: Context) -> Answer:
        """Mark a data source as deleted. The data stay where they are."""
        lifecycle.delete(self.platform, ctx, DATA_SOURCE, request["DataSourceId"])
        return {"DataSourceId": request["DataSourceId"]}


def kept(request: Request, spec: Mapping[str, Any]) -> dict[str, Any]:
    """What every kind of data source keeps of its request."""
    found: dict[str, Any] = {"Statistics": bool(request.get("ComputeStatistics"))}
    if "DataSourceName" in request:
        found["Name"] = request["DataSourceName"]
    if spec.get("DataRearrangement"):
        found["Rearrangement"] = spec["DataRearrangement"]
    return found


def described(platform: Platform, record: Record) -> Answer:
    """A data source as Get and Describe tell it."""
    body, result = record.body, record.body.get("Result", {})
    shown = lifecycle.described(platform, record, "DataSourceId")
    shown |= {"DataLocationS3": body["Location"], "ComputeStatistics": body["Statistics"]}
    if "Rearrangement" in body:
        shown["DataRearrangement"] = body["Rearrangement"]
    if "files" in result:
        shown |= {"NumberOfFiles": result["files"], "DataSizeInBytes": result["bytes"]}
    for member, key in (("RoleARN", "Role"), ("RDSMetadata", "RDS"), ("RedshiftMetadata", "Redshift")):
        if key in body:
            shown[member] = body[key]
    return shown


LISTING = Listing(
    DATA_SOURCE,
    described,
    {
        "CreatedAt": lambda shown: shown["CreatedAt"],
        "LastUpdatedAt": lambda shown: shown["LastUpdatedAt"],
        "Status": lambda shown: shown["Status"],
        "Name": lambda shown: shown.get("Name", ""),
        "DataLocationS3": lambda shown: shown["DataLocationS3"],
        "IAMUser": lambda shown: shown["CreatedByIamUser"],
    },
)
