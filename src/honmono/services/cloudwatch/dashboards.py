"""Dashboards: stored and returned. They belong to the account, whatever the region."""

from __future__ import annotations

import json

from honmono.services.cloudwatch.part import Answer, CloudWatchPart, Request
from honmono.store.errors import BadPageToken, RecordExists, RecordMissing
from honmono.store.records import Scope
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_KIND = "dashboard"
_PAGE = 1000


class Dashboards(CloudWatchPart):
    """PutDashboard and what goes with it."""

    def put_dashboard(self, request: Request, ctx: Context) -> Answer:
        """Store a dashboard, in place of the one of its name."""
        name, text = request["DashboardName"], request["DashboardBody"]
        try:
            body = json.loads(text)
        except ValueError as error:
            raise _refused(f"The field DashboardBody must be a valid JSON object: {error}") from error
        if not isinstance(body, dict) or not isinstance(body.get("widgets", []), list):
            raise _refused("The field DashboardBody must be a JSON object with a list of widgets")
        tags = {tag["Key"]: tag["Value"] for tag in request.get("Tags", [])}
        arn = f"arn:aws:cloudwatch::{ctx.account}:dashboard/{name}"
        with self.database.transaction() as tx:
            try:
                self.records.create(_scope(ctx), _KIND, name, {"body": text}, arn=arn, tags=tags, tx=tx)
            except RecordExists:
                self.records.modify(_scope(ctx), _KIND, name, lambda _: {"body": text}, tx=tx)
        return {"DashboardValidationMessages": []}

    def get_dashboard(self, request: Request, ctx: Context) -> Answer:
        """A dashboard as it was stored."""
        try:
            record = self.records.get(_scope(ctx), _KIND, request["DashboardName"])
        except RecordMissing as error:
            raise _missing([request["DashboardName"]]) from error
        return {"DashboardArn": record.arn, "DashboardName": record.name, "DashboardBody": record.body["body"]}

    def list_dashboards(self, request: Request, ctx: Context) -> Answer:
        """Dashboards by name."""
        try:
            page = self.records.list(
                _scope(ctx),
                _KIND,
                after=request.get("NextToken"),
                limit=_PAGE,
                prefix=request.get("DashboardNamePrefix", ""),
            )
        except BadPageToken as error:
            raise ServiceError("InvalidParameterValue", str(error)) from error
        entries = [
            {
                "DashboardName": record.name,
                "DashboardArn": record.arn,
                "LastModified": record.updated,
                "Size": len(record.body["body"].encode()),
            }
            for record in page.items
        ]
        return {"DashboardEntries": entries, **({"NextToken": page.next} if page.next is not None else {})}

    def delete_dashboards(self, request: Request, ctx: Context) -> Answer:
        """Delete dashboards: all that are named, or none where one is missing."""
        if not request["DashboardNames"]:
            raise ServiceError("InvalidParameterValue", "DashboardNames must name at least one dashboard.")
        missing: list[str] = []
        with self.database.transaction() as tx:
            for name in request["DashboardNames"]:
                try:
                    self.records.get(_scope(ctx), _KIND, name, tx=tx)
                except RecordMissing:
                    missing.append(name)
            if missing:
                raise _missing(missing)
            for name in set(request["DashboardNames"]):
                self.records.delete(_scope(ctx), _KIND, name, tx=tx)
        return {}


def _scope(ctx: Context) -> Scope:
    return Scope(ctx.account, "", "cloudwatch")


def _missing(names: list[str]) -> ServiceError:
    if len(names) == 1:
        return ServiceError("ResourceNotFound", f"Dashboard {names[0]} does not exist")
    return ServiceError("ResourceNotFound", f"The specified dashboard does not exist. [{', '.join(names)}]")


def _refused(message: str) -> ServiceError:
    return ServiceError("InvalidParameterInput", message)
