"""Managed policies and their versions."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from honmono.services.iam import aws_managed
from honmono.services.iam.attachments import find_policy
from honmono.services.iam.grammar import check_identity_policy
from honmono.services.iam.identifiers import unique_id
from honmono.services.iam.part import (
    IamPart,
    conflict,
    every,
    paged,
    tagged,
    under,
    write_document,
    write_tags,
)
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]

_VERSIONS = 5
_HOLDERS = ("user", "group", "role")


class Policies(IamPart):
    """CreatePolicy and what goes with it."""

    def create_policy(self, request: Request, ctx: Context) -> Answer:
        """A new managed policy, whose first version is v1."""
        document = request["PolicyDocument"]
        check_identity_policy(document)
        body = {
            "id": unique_id("ANPA"),
            "description": request.get("Description"),
            "versions": {"v1": {"document": document, "created": datetime.now(UTC).isoformat()}},
            "default": "v1",
            "next": 2,
        }
        record = self._add(ctx, "policy", request, request["PolicyName"], body)
        return {"Policy": {**_policy(record, Counter(), Counter()), **tagged(record)}}

    def get_policy(self, request: Request, ctx: Context) -> Answer:
        """A managed policy, ours or AWS's."""
        record = self._policy(ctx, request["PolicyArn"])
        described = {"Description": text} if (text := record.body.get("description")) is not None else {}
        tags = {"Tags": write_tags(record.tags)}
        return {"Policy": {**_policy(record, *self._uses(ctx)), **described, **tags}}

    def list_policies(self, request: Request, ctx: Context) -> Answer:
        """The policies of the account (Scope Local), AWS's (AWS) or both (All), by ARN."""
        wanted = request.get("Scope", "All")
        found = every(self.records, ctx.account, "policy") if wanted in ("All", "Local") else []
        found += aws_managed.every() if wanted in ("All", "AWS") else []
        attached, bounding = self._uses(ctx)
        used = bounding if request.get("PolicyUsageFilter") == "PermissionsBoundary" else attached
        if request.get("OnlyAttached") or "PolicyUsageFilter" in request:
            found = [record for record in found if used[record.arn]]
        return paged(
            "Policies",
            under(found, request),
            request,
            lambda record: record.arn,
            lambda record: _policy(record, attached, bounding),
        )

    def _uses(self, ctx: Context) -> tuple[Counter[str], Counter[str]]:
        """How many entities each policy is attached to, and how many it bounds."""
        attached: Counter[str] = Counter()
        bounding: Counter[str] = Counter()
        for kind in _HOLDERS:
            for record in every(self.records, ctx.account, kind):
                attached.update(record.body["attached"])
                bounding.update([record.body["boundary"]] if "boundary" in record.body else [])
        return attached, bounding

    def list_entities_for_policy(self, request: Request, ctx: Context) -> Answer:
        """Who has the policy attached, or is bounded by it."""
        arn = self._policy(ctx, request["PolicyArn"]).arn
        wanted = request.get("EntityFilter")
        usage = request.get("PolicyUsageFilter", "PermissionsPolicy")
        holders = [
            record
            for kind in _HOLDERS
            if wanted is None or wanted.lower() == kind
            for record in under(every(self.records, ctx.account, kind), request)
            if (arn in record.body["attached"] and usage == "PermissionsPolicy")
            or (record.body.get("boundary") == arn and usage == "PermissionsBoundary")
        ]
        page = paged("all", holders, request, lambda record: record.arn, lambda record: record)
        shown = page.pop("all")
        for kind in _HOLDERS:
            title = kind.title()
            page[f"Policy{title}s"] = [
                {f"{title}Name": record.name, f"{title}Id": record.body["id"]}
                for record in shown
                if record.kind == kind
            ]
        return page

    def delete_policy(self, request: Request, ctx: Context) -> Answer:
        """Delete a policy that is attached nowhere and has one version."""
        record = self._own_policy(ctx, request["PolicyArn"])
        attached, bounding = self._uses(ctx)
        if attached[record.arn] or bounding[record.arn]:
            raise conflict("Cannot delete a policy attached to entities.")
        if len(record.body["versions"]) > 1:
            raise conflict(
                "This policy has more than one version. Before you delete a policy, you must delete the policy's "
                "versions. The default version is deleted with the policy."
            )
        self.records.delete(record.scope, record.kind, record.name)
        return {}

    def create_policy_version(self, request: Request, ctx: Context) -> Answer:
        """Add a version; numbers are never used again."""
        document = request["PolicyDocument"]
        check_identity_policy(document)
        made: dict[str, str] = {}

        def add(body: dict[str, Any]) -> None:
            if len(body["versions"]) >= _VERSIONS:
                raise ServiceError(
                    "LimitExceeded",
                    "A managed policy can have up to 5 versions. Before you create a new version, you must delete an "
                    "existing version.",
                )
            made["id"] = f"v{body['next']}"
            body["next"] += 1
            body["versions"][made["id"]] = {"document": document, "created": datetime.now(UTC).isoformat()}
            if request.get("SetAsDefault"):
                body["default"] = made["id"]

        record = self._own_policy(ctx, request["PolicyArn"])
        record = self._change(ctx, "policy", record.name, add)
        answer = _version(record, made["id"])
        del answer["Document"]
        return {"PolicyVersion": answer}

    def get_policy_version(self, request: Request, ctx: Context) -> Answer:
        """One version with its document."""
        record = self._policy(ctx, request["PolicyArn"])
        _require_version(record, request["VersionId"])
        return {"PolicyVersion": _version(record, request["VersionId"])}

    def list_policy_versions(self, request: Request, ctx: Context) -> Answer:
        """The versions, newest first, without their documents."""
        record = self._policy(ctx, request["PolicyArn"])
        versions = sorted(record.body["versions"], key=lambda name: -int(name[1:]))
        order = {name: f"{index:06}" for index, name in enumerate(versions)}
        page = paged("Versions", versions, request, lambda name: order[name], lambda name: _version(record, name))
        for version in page["Versions"]:
            del version["Document"]
        return page

    def delete_policy_version(self, request: Request, ctx: Context) -> Answer:
        """Delete a version that is not the default."""
        wanted = request["VersionId"]
        record = self._own_policy(ctx, request["PolicyArn"])
        _require_version(record, wanted)

        def remove(body: dict[str, Any]) -> None:
            if body["default"] == wanted:
                raise conflict("Cannot delete the default version of a policy.")
            body["versions"].pop(wanted, None)

        self._change(ctx, "policy", record.name, remove)
        return {}

    def set_default_policy_version(self, request: Request, ctx: Context) -> Answer:
        """Choose the version that counts."""
        wanted = request["VersionId"]
        record = self._own_policy(ctx, request["PolicyArn"])
        _require_version(record, wanted)
        self._change(ctx, "policy", record.name, lambda body: body.update(default=wanted))
        return {}

    def tag_policy(self, request: Request, ctx: Context) -> Answer:
        """Add tags."""
        return self._tag(self._own_policy(ctx, request["PolicyArn"]), request["Tags"])

    def untag_policy(self, request: Request, ctx: Context) -> Answer:
        """Remove tags."""
        return self._untag(self._own_policy(ctx, request["PolicyArn"]), request["TagKeys"])

    def list_policy_tags(self, request: Request, ctx: Context) -> Answer:
        """A policy's tags."""
        tags = write_tags(self._policy(ctx, request["PolicyArn"]).tags)
        return paged("Tags", tags, request, lambda tag: tag["Key"], lambda tag: tag)

    def _policy(self, ctx: Context, arn: str, tx: Connection | None = None) -> Record:
        record = find_policy(self.records, ctx.account, arn, tx=tx)
        if record is None:
            raise ServiceError("NoSuchEntity", f"Policy {arn} was not found.")
        return record

    def _own_policy(self, ctx: Context, arn: str) -> Record:
        record = self._policy(ctx, arn)
        if record.scope.account == "aws":
            raise ServiceError("AccessDenied", f"The policy {arn} is AWS's and cannot be changed.", status=403)
        return record


def _require_version(record: Record, version: str) -> None:
    if version not in record.body["versions"]:
        message = f"Policy {record.arn} version {version} does not exist or is not attachable."
        raise ServiceError("NoSuchEntity", message)


def _policy(record: Record, attached: Counter[str], bounding: Counter[str]) -> Answer:
    body = record.body
    return {
        "PolicyName": record.name,
        "PolicyId": body["id"],
        "Arn": record.arn,
        "Path": body["path"],
        "DefaultVersionId": body["default"],
        "AttachmentCount": attached[record.arn],
        "PermissionsBoundaryUsageCount": bounding[record.arn],
        "IsAttachable": True,
        "CreateDate": record.created,
        "UpdateDate": record.updated,
    }


def _version(record: Record, name: str) -> Answer:
    version = record.body["versions"][name]
    return {
        "Document": write_document(version["document"]),
        "VersionId": name,
        "IsDefaultVersion": name == record.body["default"],
        "CreateDate": datetime.fromisoformat(version["created"]),
    }


def policy_detail(record: Record, attached: Counter[str], bounding: Counter[str]) -> Answer:
    """A policy with all its versions, as GetAccountAuthorizationDetails lists it."""
    versions = [_version(record, name) for name in record.body["versions"]]
    return {**_policy(record, attached, bounding), "PolicyVersionList": versions}
