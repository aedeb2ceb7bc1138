"""Custom Labels' projects: what datasets, model versions and policies belong to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from honmono.services.rekognition.part import Answer, Part, Request, arn_of, bad_token, invalid, not_found, scope_of
from honmono.store.errors import BadPageToken, RecordExists, RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from honmono.services.platform import Platform
    from honmono.wire.service import Context

PROJECT, DATASET, VERSION, POLICY = "project", "dataset", "project-version", "project-policy"
"""Kinds of records. A project's own are named `PROJECT/…`, so that a prefix lists them."""
FEATURE = "CUSTOM_LABELS"
_MOST_PROJECTS = 100


class Projects(Part):
    """CreateProject, DescribeProjects and DeleteProject."""

    def create_project(self, request: Request, ctx: Context) -> Answer:
        """Make an empty project."""
        name = request["ProjectName"]
        if request.get("Feature", FEATURE) != FEATURE:
            raise invalid(
                "Feature CONTENT_MODERATION is not built: custom adapters would tune a moderation model of Amazon's own. "
                "Train a project of the feature CUSTOM_LABELS on your labels instead."
            )
        if "AutoUpdate" in request:
            raise invalid("AutoUpdate applies to projects of the feature CONTENT_MODERATION only.")
        arn = arn_of(ctx, f"project/{name}/{now()}")
        try:
            with self.platform.database.transaction() as tx:
                if sum(1 for _ in _every_project(self.platform, ctx, tx)) >= _MOST_PROJECTS:
                    raise ServiceError("LimitExceededException", f"An account has at most {_MOST_PROJECTS} projects.")
                self.platform.records.create(
                    scope_of(ctx), PROJECT, name, {}, arn=arn, status="CREATED", tags=request.get("Tags"), tx=tx
                )
        except RecordExists as error:
            raise ServiceError("ResourceInUseException", f"Project {name} already exists.") from error
        return {"ProjectArn": arn}

    def describe_projects(self, request: Request, ctx: Context) -> Answer:
        """The projects in the order in which they were made, with their datasets."""
        if FEATURE not in request.get("Features", [FEATURE]):
            return {"ProjectDescriptions": []}
        names, limit = request.get("ProjectNames"), request.get("MaxResults", 100)
        found: list[Record] = []
        after: str | None = request.get("NextToken")
        while len(found) < limit:
            try:
                page = self.platform.records.list(
                    scope_of(ctx), PROJECT, after=after, limit=limit - len(found), order="created"
                )
            except BadPageToken as error:
                raise bad_token() from error
            found += [record for record in page.items if names is None or record.name in names]
            after = page.next
            if after is None:
                break
        answer: Answer = {"ProjectDescriptions": [_described(self.platform, record) for record in found]}
        return answer | ({"NextToken": after} if after else {})

    def delete_project(self, request: Request, ctx: Context) -> Answer:
        """Delete a project that has no model versions, with its datasets and policies."""
        with self.platform.database.transaction() as tx:
            project = find_project(self.platform, ctx, request["ProjectArn"], tx=tx)
            if next(of_project(self.platform, project, VERSION, tx=tx), None) is not None:
                raise ServiceError(
                    "ResourceInUseException", f"Project {project.name} has model versions; delete them first."
                )
            datasets = list(of_project(self.platform, project, DATASET, tx=tx))
            if any((record.status or "").endswith("IN_PROGRESS") for record in datasets):
                raise ServiceError("ResourceInUseException", f"A dataset of project {project.name} is in progress.")
            for record in datasets:
                self.platform.records.delete(record.scope, record.kind, record.name, tx=tx)
            for job in {record.body["Job"] for record in datasets if "Job" in record.body}:
                self.platform.jobs.delete(job, tx=tx)
            for record in list(of_project(self.platform, project, POLICY, tx=tx)):
                self.platform.records.delete(record.scope, record.kind, record.name, tx=tx)
            self.platform.records.delete(project.scope, PROJECT, project.name, tx=tx)
        return {"Status": "DELETING"}


def now() -> int:
    """Milliseconds since 1970, the last part of the ARNs here."""
    return time.time_ns() // 1_000_000


def find_resource(
    platform: Platform, ctx: Context, arn: str, kind: str, called: str, *, tx: Connection | None = None
) -> Record:
    """The caller's resource of that ARN.

    Raises ServiceError ResourceNotFoundException.
    """
    try:
        record = platform.records.by_arn(arn, tx=tx)
    except RecordMissing as error:
        raise not_found(f"The {called} {arn} does not exist.") from error
    if record.scope != scope_of(ctx) or record.kind != kind:
        raise not_found(f"The {called} {arn} does not exist.")
    return record


def find_project(platform: Platform, ctx: Context, arn: str, *, tx: Connection | None = None) -> Record:
    """The caller's project. Raises ServiceError ResourceNotFoundException."""
    return find_resource(platform, ctx, arn, PROJECT, "project", tx=tx)


def of_project(platform: Platform, project: Record, kind: str, *, tx: Connection | None = None) -> Iterator[Record]:
    """The datasets, versions or policies of a project."""
    after: str | None = None
    while True:
        page = platform.records.list(project.scope, kind, prefix=f"{project.name}/", after=after, limit=100, tx=tx)
        yield from page.items
        after = page.next
        if after is None:
            return


def _every_project(platform: Platform, ctx: Context, tx: Connection) -> Iterator[Record]:
    after: str | None = None
    while True:
        page = platform.records.list(scope_of(ctx), PROJECT, after=after, limit=100, tx=tx)
        yield from page.items
        after = page.next
        if after is None:
            return


def _described(platform: Platform, project: Record) -> Answer:
    datasets = [
        {
            "CreationTimestamp": record.created,
            "DatasetType": record.body["Type"],
            "DatasetArn": record.arn,
            "Status": record.status,
            "StatusMessage": record.body["Message"],
            "StatusMessageCode": record.body["MessageCode"],
        }
        for record in of_project(platform, project, DATASET)
    ]
    return {
        "ProjectArn": project.arn,
        "CreationTimestamp": project.created,
        "Status": project.status,
        "Datasets": datasets,
        "Feature": FEATURE,
    }
