"""Resource policies: who else may write into an account's groups. Stored; no request is refused by them."""

from __future__ import annotations

import json

from honmono.services.logs.part import Answer, LogsPart, Request, invalid, next_token, scope
from honmono.store.errors import BadPageToken, RecordExists, RecordMissing
from honmono.store.records import Record
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_KIND = "resource-policy"
_LIMIT = 10


class ResourcePolicies(LogsPart):
    """PutResourcePolicy and what goes with it."""

    def put_resource_policy(self, request: Request, ctx: Context) -> Answer:
        """Store a policy, in place of the one of its name."""
        name, document = request.get("policyName"), request.get("policyDocument")
        if name is None or document is None:
            raise invalid("Both policyName and policyDocument must be specified")
        try:
            json.loads(document)
        except ValueError as error:
            raise invalid(f"The policy document is not valid JSON: {error}") from error
        where, body = scope(ctx), {"document": document}
        with self.database.transaction() as tx:
            try:
                held = self.records.list(where, _KIND, limit=_LIMIT, tx=tx).items
                if len(held) >= _LIMIT and name not in {record.name for record in held}:
                    message = "Resource limit exceeded."
                    raise ServiceError("LimitExceededException", message)
                record = self.records.create(where, _KIND, name, body, arn="", tx=tx)
            except RecordExists:
                record = self.records.modify(where, _KIND, name, lambda _: body, tx=tx)
        return {"resourcePolicy": _policy(record)}

    def describe_resource_policies(self, request: Request, ctx: Context) -> Answer:
        """The account's policies, by name."""
        try:
            page = self.records.list(scope(ctx), _KIND, after=request.get("nextToken"), limit=request.get("limit", 50))
        except BadPageToken as error:
            raise invalid(f"The specified nextToken is invalid. {error}") from error
        return {"resourcePolicies": [_policy(record) for record in page.items], **next_token(page)}

    def delete_resource_policy(self, request: Request, ctx: Context) -> Answer:
        """Delete a policy."""
        name = request.get("policyName", "")
        try:
            self.records.delete(scope(ctx), _KIND, name)
        except RecordMissing as error:
            message = f"Policy with name [{name}] does not exist"
            raise ServiceError("ResourceNotFoundException", message) from error
        return {}


def _policy(record: Record) -> Answer:
    return {
        "policyName": record.name,
        "policyDocument": record.body["document"],
        "lastUpdatedTime": int(record.updated.timestamp() * 1000),
    }
