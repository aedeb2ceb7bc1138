"""Resource policies of custom models: who of another account may copy one; ImportModel asks them."""

from __future__ import annotations

import json
import secrets
import time
from typing import Any

from honmono.services.comprehend.part import Part
from honmono.services.comprehend.resources import find, invalid, not_found
from honmono.store.records import Record
from honmono.wire.service import Context
from honmono.wire.timestamps import from_epoch

_MODELS = ("document-classifier", "entity-recognizer")


class Policies(Part):
    """PutResourcePolicy, DescribeResourcePolicy and DeleteResourcePolicy, each revision under an id."""

    def put_resource_policy(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Attach a policy to a model, in place of the one it has."""
        check_policy(request["ResourcePolicy"])
        record = find(self.platform, ctx, request["ResourceArn"], *_MODELS)
        wanted = request.get("PolicyRevisionId")

        def change(found: Record) -> dict[str, Any]:
            before = found.body.get("Policy")
            if wanted is not None:
                _check_revision(before, wanted)
            kept = policy_of(request["ResourcePolicy"])
            if before is not None:
                kept["Created"] = before["Created"]
            return {**found.body, "Policy": kept}

        changed = self.platform.records.modify(record.scope, record.kind, record.name, change)
        return {"PolicyRevisionId": changed.body["Policy"]["Revision"]}

    def describe_resource_policy(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """The policy of a model."""
        kept = _policy(find(self.platform, ctx, request["ResourceArn"], *_MODELS))
        return {
            "ResourcePolicy": kept["Text"],
            "CreationTime": from_epoch(kept["Created"]),
            "LastModifiedTime": from_epoch(kept["Modified"]),
            "PolicyRevisionId": kept["Revision"],
        }

    def delete_resource_policy(self, request: dict[str, Any], ctx: Context) -> dict[str, Any]:
        """Take a model's policy away."""
        record = find(self.platform, ctx, request["ResourceArn"], *_MODELS)

        def change(found: Record) -> dict[str, Any]:
            kept = _policy(found)
            if request.get("PolicyRevisionId") is not None:
                _check_revision(kept, request["PolicyRevisionId"])
            return {key: value for key, value in found.body.items() if key != "Policy"}

        self.platform.records.modify(record.scope, record.kind, record.name, change)
        return {}


def policy_of(text: str) -> dict[str, Any]:
    """A policy as a record keeps it, under a new revision."""
    now = time.time()
    return {"Text": text, "Revision": secrets.token_hex(16), "Created": now, "Modified": now}


def check_policy(text: str) -> None:
    """Refuse what is no policy.

    Raises ServiceError InvalidRequestException.
    """
    try:
        document = json.loads(text)
    except ValueError as error:
        raise invalid(f"The resource policy is not JSON: {error}") from error
    statements = document.get("Statement") if isinstance(document, dict) else None
    if not isinstance(statements, (list, dict)) or not statements:
        raise invalid("The resource policy has no Statement.")
    for statement in statements if isinstance(statements, list) else [statements]:
        if not isinstance(statement, dict) or statement.get("Effect") not in ("Allow", "Deny"):
            raise invalid("Each Statement of the resource policy has an Effect: Allow or Deny.")
        principal = statement.get("Principal", statement.get("NotPrincipal", "*"))
        if principal != "*" and not isinstance(principal, dict):
            raise invalid('The Principal of a Statement of the resource policy is "*" or an object.')


def _policy(record: Record) -> dict[str, Any]:
    kept: dict[str, Any] | None = record.body.get("Policy")
    if kept is None:
        raise not_found()
    return kept


def _check_revision(kept: dict[str, Any] | None, wanted: str) -> None:
    if kept is None or kept["Revision"] != wanted:
        raise invalid(
            f"The PolicyRevisionId {wanted} is not that of the policy there is; DescribeResourcePolicy tells it."
        )
