"""Parallel data: create, get, list, update, delete; and its examples for a job.

Source: "Customizing your translations with parallel data (Active Custom Translation)" in the developer guide.
"""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from honmono.engines.translation.translation import Example
from honmono.jobs import Job, Limits, State
from honmono.services.job_output import write_output
from honmono.services.own_buckets import OWNER
from honmono.services.stored_files import StoredFiles
from honmono.services.translate.parallel_data_job import KIND, ROWS
from honmono.services.translate.part import (
    PARALLEL_DATA,
    Answer,
    Part,
    Request,
    arn_of,
    bad_value,
    find,
    invalid,
    listed,
    scope_of,
)
from honmono.services.translate.tags import check_tags
from honmono.store.errors import RecordExists, RecordMissing
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from honmono.services.platform import Platform
    from honmono.store.records import Record
    from honmono.wire.service import Context

MOST = 1_000
"""Parallel data resources of an account in a region."""
_URL_SECONDS = 30 * 60
_LIMITS = Limits(cores=1, memory_bytes=1 << 30)
_COUNTS = ("ImportedDataSize", "ImportedRecordCount", "FailedRecordCount", "SkippedRecordCount")


class ParallelData(Part):
    """The five operations. A file is read by a job; what was there before counts until it has been."""

    def create_parallel_data(self, request: Request, ctx: Context) -> Answer:
        """Begin to read a file of examples."""
        name, config = request["Name"], _config(request)
        tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", ())}
        check_tags(tags)
        self._check_readable(config, ctx)
        body: dict[str, Any] = {
            "ParallelDataConfig": config,
            "ClientToken": request["ClientToken"],
            "Bucket": self.files.name(ctx.region),
            **{key: request[key] for key in ("Description", "EncryptionKey") if key in request},
        }
        arn, records = arn_of(ctx, PARALLEL_DATA, name), self.platform.records
        try:
            with self.platform.database.transaction() as tx:
                if len(records.list(scope_of(ctx), PARALLEL_DATA, limit=MOST, tx=tx).items) >= MOST:
                    raise ServiceError(
                        "LimitExceededException", f"There are {MOST} parallel data resources; delete one."
                    )
                body["Import"] = self._enqueue(config, arn, ctx, tx)
                records.create(scope_of(ctx), PARALLEL_DATA, name, body, arn=arn, status="CREATING", tags=tags, tx=tx)
        except RecordExists as error:
            known = find(self.platform, ctx, PARALLEL_DATA, name)
            if known.body["ClientToken"] != request["ClientToken"]:
                raise ServiceError("ConflictException", f"There is parallel data of the name {name}.") from error
            return {"Name": name, "Status": known.status}
        return {"Name": name, "Status": "CREATING"}

    def get_parallel_data(self, request: Request, ctx: Context) -> Answer:
        """How it stands, and where its examples can be read."""
        record = find(self.platform, ctx, PARALLEL_DATA, request["Name"])
        answer: Answer = {"ParallelDataProperties": _properties(record)}
        if "Rows" in record.body:
            location = self.files.url(ctx, record.body["Rows"], _URL_SECONDS)
            answer["DataLocation"] = {"RepositoryType": "S3", "Location": location}
        return answer

    def list_parallel_data(self, request: Request, ctx: Context) -> Answer:
        """The account's parallel data by name."""
        found, more = listed(self.platform, ctx, PARALLEL_DATA, request)
        return {"ParallelDataPropertiesList": [_properties(record) for record in found], **more}

    def update_parallel_data(self, request: Request, ctx: Context) -> Answer:
        """Begin to read another file in place of the one that was read."""
        config = _config(request)
        self._check_readable(config, ctx)
        with self.platform.database.transaction() as tx:
            record = find(self.platform, ctx, PARALLEL_DATA, request["Name"], tx=tx)
            if record.status not in ("ACTIVE", "FAILED") or record.body.get("UpdateStatus") == "UPDATING":
                raise ServiceError(
                    "ConcurrentModificationException",
                    f"The parallel data {record.name} is being read; wait for its end.",
                )
            body = {
                **record.body,
                "NewConfig": config,
                "UpdateStatus": "UPDATING",
                "Import": self._enqueue(config, record.arn, ctx, tx),
                **({"Description": request["Description"]} if "Description" in request else {}),
            }
            record = self.platform.records.update(record, body=body, tx=tx)
        return {
            "Name": record.name,
            "Status": record.status,
            "LatestUpdateAttemptStatus": "UPDATING",
            "LatestUpdateAttemptAt": record.updated,
        }

    def delete_parallel_data(self, request: Request, ctx: Context) -> Answer:
        """Forget it; jobs that use it have read it already."""
        find(self.platform, ctx, PARALLEL_DATA, request["Name"])
        self.platform.records.delete(scope_of(ctx), PARALLEL_DATA, request["Name"])
        return {"Name": request["Name"], "Status": "DELETING"}

    def _check_readable(self, config: dict[str, str], ctx: Context) -> None:
        bucket, _, key = config["S3Uri"].removeprefix("s3://").partition("/")
        try:
            ctx.client("s3").head_object(Bucket=bucket, Key=key)
        except ServiceError as error:
            raise bad_value(f"The file {config['S3Uri']} cannot be read: {error.message}") from error

    def _enqueue(self, config: dict[str, str], arn: str, ctx: Context, tx: Connection) -> str:
        payload = {"account": ctx.account, "uri": config["S3Uri"], "format": config["Format"]}
        return str(self.platform.jobs.enqueue(KIND, payload, resource_arn=arn, limits=_LIMITS, tx=tx))


def watch(platform: Platform) -> None:
    """Have the end of each import written to its record."""
    platform.jobs.when_finished(KIND, lambda job, tx: _finish(platform, job, tx))


def _finish(platform: Platform, job: Job, tx: Connection) -> None:
    try:
        record = platform.records.by_arn(job.resource_arn or "", tx=tx)
    except RecordMissing:
        return
    body = {key: value for key, value in record.body.items() if key not in ("NewConfig", "UpdateStatus", "Message")}
    first = record.status == "CREATING"
    if job.state is State.SUCCEEDED:
        result = job.result or {}
        folder = f"{record.scope.account}/{PARALLEL_DATA}/{record.name}/{secrets.token_hex(16)}/"
        write_output(platform, job, f"s3://{body['Bucket']}/{folder}", OWNER, tx)
        body |= {key: result[key] for key in _COUNTS} | {"Languages": result["languages"], "Rows": folder + ROWS}
        body["ParallelDataConfig"] = record.body.get("NewConfig", body["ParallelDataConfig"])
        status = "ACTIVE"
        if not first:
            body["UpdateStatus"] = "ACTIVE"
    else:
        body["Message"] = job.error or "The import was stopped."
        status = "FAILED" if first else str(record.status)
        if not first:
            body["UpdateStatus"] = "FAILED"
    platform.records.update(record, body=body, status=status, tx=tx)
    platform.jobs.discard_output(job.id, tx=tx)


def ready(platform: Platform, ctx: Context, names: list[str]) -> Record | None:
    """The parallel data of a job; AWS takes one.

    Raises ServiceError ResourceNotFoundException, InvalidRequestException.
    """
    if not names:
        return None
    if len(names) > 1:
        raise invalid("ParallelDataNames has more than one name; a job takes one.")
    record = find(platform, ctx, PARALLEL_DATA, names[0])
    if "Rows" not in record.body:
        raise invalid(f"The parallel data {record.name} is {record.status}; a job takes one that is ACTIVE.")
    return record


def examples_of(files: StoredFiles, uri: str, source: str, target: str) -> list[Example]:
    """The examples of one direction.

    Raises FilesMissing.
    """
    with files.open(files.find(uri)[0]) as rows:
        read = map(json.loads, rows)
        return [Example(row[source], row[target]) for row in read if source in row and target in row]


def _config(request: Request) -> dict[str, str]:
    config = request.get("ParallelDataConfig", {})
    if "S3Uri" not in config or "Format" not in config:
        raise invalid("ParallelDataConfig needs S3Uri and Format.")
    return {"S3Uri": config["S3Uri"], "Format": config["Format"]}


def _properties(record: Record) -> Answer:
    body = record.body
    languages = body.get("Languages", [])
    shown: Answer = {
        "Name": record.name,
        "Arn": record.arn,
        "Status": record.status,
        "ParallelDataConfig": body["ParallelDataConfig"],
        "CreatedAt": record.created,
        "LastUpdatedAt": record.updated,
        **{key: body[key] for key in ("Description", "EncryptionKey", "Message", *_COUNTS) if key in body},
    }
    if languages:
        shown |= {"SourceLanguageCode": languages[0], "TargetLanguageCodes": languages[1:]}
    if "UpdateStatus" in body:
        shown |= {"LatestUpdateAttemptStatus": body["UpdateStatus"], "LatestUpdateAttemptAt": record.updated}
    return shown
