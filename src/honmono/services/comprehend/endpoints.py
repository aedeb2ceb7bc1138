"""Endpoints: a trained model under a name, asked in real time.

An endpoint holds no process: the engine's worker loads the model when it is first asked. Inference units are kept and
told; they bound nothing here. An endpoint on a flywheel serves its active model: UpdateFlywheel writes the new one to it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from honmono.services.comprehend.flywheel_records import FLYWHEEL, every
from honmono.services.comprehend.part import Part
from honmono.services.comprehend.resources import (
    arn_of,
    check_role,
    find,
    invalid,
    listed,
    scope_of,
    tags_of,
    within,
)
from honmono.services.platform import Platform
from honmono.store.errors import RecordExists, RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_ENDPOINT_OF = {
    "document-classifier": "document-classifier-endpoint",
    "entity-recognizer": "entity-recognizer-endpoint",
}
ENDPOINTS = tuple(_ENDPOINT_OF.values())
_READY = ("TRAINED", "TRAINED_WITH_WARNING")


class Endpoints(Part):
    """Create, Describe, List, Update and Delete of endpoints."""

    def create_endpoint(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Put a trained model behind a name."""
        tags = tags_of(request)
        if "DataAccessRoleArn" in request:
            check_role(self.platform, ctx, request["DataAccessRoleArn"])
        name, units, arn, kind = request["EndpointName"], request["DesiredInferenceUnits"], "", ""
        try:
            # No switch of a flywheel's active model comes between.
            with self.platform.database.transaction() as tx:
                attached, model_arn = self._served(request, "ModelArn", ctx)
                if model_arn is None:
                    raise invalid("ModelArn is required, or FlywheelArn.")
                model = _ready_model(self.platform, ctx, model_arn)
                kind = _ENDPOINT_OF[model.kind]
                arn = arn_of(ctx, kind, name)
                body = {
                    "ModelArn": model.arn,
                    "DesiredInferenceUnits": units,
                    "CurrentInferenceUnits": units,
                    **attached,
                }
                body |= {key: request[key] for key in ("DataAccessRoleArn", "ClientRequestToken") if key in request}
                self.platform.records.create(
                    scope_of(ctx), kind, name, body, arn=arn, status="IN_SERVICE", tags=tags, tx=tx
                )
        except RecordExists as error:
            there = find(self.platform, ctx, arn, kind)
            token = request.get("ClientRequestToken")
            if token is None or there.body.get("ClientRequestToken") != token:
                raise ServiceError("ResourceInUseException", f"The endpoint {name} exists already.") from error
        return {"EndpointArn": arn, "ModelArn": model.arn}

    def describe_endpoint(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """How an endpoint stands."""
        return {"EndpointProperties": _described(find(self.platform, ctx, request["EndpointArn"], *ENDPOINTS))}

    def list_endpoints(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The endpoints that fit the filter: those of classifiers first, each kind the newest first."""
        wanted = request.get("Filter", {})

        def keep(record: Record, described: dict[str, Any]) -> bool:
            return (
                wanted.get("ModelArn") in (None, described["ModelArn"])
                and wanted.get("Status") in (None, described["Status"])
                and within(record.created, wanted.get("CreationTimeBefore"), wanted.get("CreationTimeAfter"))
            )

        # A token says which kind it goes on with.
        at, _, after = request.get("NextToken", "0.").partition(".")
        if at not in ("0", "1"):
            raise invalid("The NextToken is not one that this operation gave.")
        limit = request.get("MaxResults", 100)
        found: list[dict[str, Any]] = []
        for number in range(int(at), len(ENDPOINTS)):
            if len(found) == limit:
                return {"EndpointPropertiesList": found, "NextToken": f"{number}."}
            asked = {"MaxResults": limit - len(found)} | ({"NextToken": after} if after else {})
            more_found, more = listed(self.platform, ctx, ENDPOINTS[number], asked, _described, keep)
            found += more_found
            if more:
                return {"EndpointPropertiesList": found, "NextToken": f"{number}.{more['NextToken']}"}
            after = ""
        return {"EndpointPropertiesList": found}

    def update_endpoint(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Put another model or a flywheel behind the name, or change its units; the next call is answered so.

        With DesiredModelArn alone an endpoint leaves its flywheel and stays with that model.
        """
        changes: dict[str, Any] = {}
        if "DesiredInferenceUnits" in request:
            units = request["DesiredInferenceUnits"]
            changes |= {"DesiredInferenceUnits": units, "CurrentInferenceUnits": units}
        if "DesiredDataAccessRoleArn" in request:
            check_role(self.platform, ctx, request["DesiredDataAccessRoleArn"])
            changes["DataAccessRoleArn"] = request["DesiredDataAccessRoleArn"]
        with self.platform.database.transaction() as tx:
            record = find(self.platform, ctx, request["EndpointArn"], *ENDPOINTS)
            attached, model_arn = self._served(request, "DesiredModelArn", ctx)
            if model_arn is not None:
                model = _ready_model(self.platform, ctx, model_arn)
                if _ENDPOINT_OF[model.kind] != record.kind:
                    raise invalid(f"{model.arn} is not a model that {record.arn} can serve.")
                changes |= {"ModelArn": model.arn, "FlywheelArn": attached.get("FlywheelArn")}
            if not changes:
                raise invalid("Nothing is to be changed: give DesiredModelArn, FlywheelArn or DesiredInferenceUnits.")
            self.platform.records.modify(
                record.scope, record.kind, record.name, lambda found: {**found.body, **changes}, tx=tx
            )
        return {"DesiredModelArn": changes["ModelArn"]} if "ModelArn" in changes else {}

    def _served(self, request: dict[str, Any], member: str, ctx: Context) -> tuple[dict[str, str], str | None]:
        """What the endpoint keeps of the flywheel that a request names, and the model that is to answer."""
        asked: str | None = request.get(member)
        if "FlywheelArn" not in request:
            return {}, asked
        flywheel = find(self.platform, ctx, request["FlywheelArn"], FLYWHEEL)
        active: str | None = flywheel.body.get("ActiveModelArn")
        if active is None:
            raise ServiceError(
                "ResourceUnavailableException",
                "The flywheel has no active model yet: run an iteration, and UpdateFlywheel with the ARN of the version "
                "that it trained.",
            )
        if asked not in (None, active):
            raise invalid(f"{member} is not the active model of the flywheel, which is {active}; leave it out.")
        return {"FlywheelArn": flywheel.arn}, active

    def delete_endpoint(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Delete an endpoint; its model stays."""
        record = find(self.platform, ctx, request["EndpointArn"], *ENDPOINTS)
        try:
            self.platform.records.delete(record.scope, record.kind, record.name)
        except RecordMissing:
            pass  # somebody else has just deleted it
        return {}


def of_model(platform: Platform, ctx: Context, model_arn: str) -> list[Record]:
    """The endpoints that a model serves."""
    return [
        record
        for kind in ENDPOINTS
        for record in every(platform, scope_of(ctx), kind)
        if record.body["ModelArn"] == model_arn
    ]


def of_flywheel(platform: Platform, flywheel: Record, *, tx: Connection | None = None) -> list[Record]:
    """The endpoints on a flywheel."""
    return [
        record
        for kind in ENDPOINTS
        for record in every(platform, flywheel.scope, kind, tx=tx)
        if record.body.get("FlywheelArn") == flywheel.arn
    ]


def follow(platform: Platform, flywheel: Record, model_arn: str, tx: Connection) -> None:
    """Let the endpoints on a flywheel serve its new active model."""
    for record in of_flywheel(platform, flywheel, tx=tx):
        platform.records.update(record, body={**record.body, "ModelArn": model_arn}, tx=tx)


def _ready_model(platform: Platform, ctx: Context, arn: str) -> Record:
    record = find(platform, ctx, arn, *_ENDPOINT_OF)
    if record.status not in _READY:
        raise ServiceError(
            "ResourceUnavailableException",
            f"The model {arn} is {record.status}; an endpoint needs one that is TRAINED.",
        )
    return record


def _described(record: Record) -> dict[str, Any]:
    body = record.body
    described = {
        "EndpointArn": record.arn,
        "Status": record.status,
        "ModelArn": body["ModelArn"],
        "DesiredModelArn": body["ModelArn"],
        "DesiredInferenceUnits": body["DesiredInferenceUnits"],
        "CurrentInferenceUnits": body["CurrentInferenceUnits"],
        "CreationTime": record.created,
        "LastModifiedTime": record.updated,
    }
    if body.get("FlywheelArn"):
        described["FlywheelArn"] = body["FlywheelArn"]
    if "DataAccessRoleArn" in body:
        described["DataAccessRoleArn"] = described["DesiredDataAccessRoleArn"] = body["DataAccessRoleArn"]
    return described
