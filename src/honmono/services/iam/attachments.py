"""Policies of users, groups and roles: attached managed ones and inline ones. The three kinds work alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from honmono.services.iam import aws_managed
from honmono.services.iam.grammar import check_identity_policy
from honmono.services.iam.part import IamPart, paged, write_document
from honmono.store.errors import RecordMissing
from honmono.store.records import Record, Records
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]

_NAMES = {"user": "UserName", "group": "GroupName", "role": "RoleName"}
_ATTACHED_LIMIT = 10


class Attachments(IamPart):
    """Attach, detach, put and delete for the three kinds of identity."""

    def attach_user_policy(self, request: Request, ctx: Context) -> Answer:
        """Attach a managed policy to a user."""
        return self._attach("user", request, ctx)

    def attach_group_policy(self, request: Request, ctx: Context) -> Answer:
        """Attach a managed policy to a group."""
        return self._attach("group", request, ctx)

    def attach_role_policy(self, request: Request, ctx: Context) -> Answer:
        """Attach a managed policy to a role."""
        return self._attach("role", request, ctx)

    def detach_user_policy(self, request: Request, ctx: Context) -> Answer:
        """Detach a managed policy from a user."""
        return self._detach("user", request, ctx)

    def detach_group_policy(self, request: Request, ctx: Context) -> Answer:
        """Detach a managed policy from a group."""
        return self._detach("group", request, ctx)

    def detach_role_policy(self, request: Request, ctx: Context) -> Answer:
        """Detach a managed policy from a role."""
        return self._detach("role", request, ctx)

    def list_attached_user_policies(self, request: Request, ctx: Context) -> Answer:
        """The managed policies attached to a user."""
        return self._list_attached("user", request, ctx)

    def list_attached_group_policies(self, request: Request, ctx: Context) -> Answer:
        """The managed policies attached to a group."""
        return self._list_attached("group", request, ctx)

    def list_attached_role_policies(self, request: Request, ctx: Context) -> Answer:
        """The managed policies attached to a role."""
        return self._list_attached("role", request, ctx)

    def put_user_policy(self, request: Request, ctx: Context) -> Answer:
        """Add or replace an inline policy of a user."""
        return self._put("user", request, ctx)

    def put_group_policy(self, request: Request, ctx: Context) -> Answer:
        """Add or replace an inline policy of a group."""
        return self._put("group", request, ctx)

    def put_role_policy(self, request: Request, ctx: Context) -> Answer:
        """Add or replace an inline policy of a role."""
        return self._put("role", request, ctx)

    def get_user_policy(self, request: Request, ctx: Context) -> Answer:
        """An inline policy of a user."""
        return self._get("user", request, ctx)

    def get_group_policy(self, request: Request, ctx: Context) -> Answer:
        """An inline policy of a group."""
        return self._get("group", request, ctx)

    def get_role_policy(self, request: Request, ctx: Context) -> Answer:
        """An inline policy of a role."""
        return self._get("role", request, ctx)

    def delete_user_policy(self, request: Request, ctx: Context) -> Answer:
        """Delete an inline policy of a user."""
        return self._delete("user", request, ctx)

    def delete_group_policy(self, request: Request, ctx: Context) -> Answer:
        """Delete an inline policy of a group."""
        return self._delete("group", request, ctx)

    def delete_role_policy(self, request: Request, ctx: Context) -> Answer:
        """Delete an inline policy of a role."""
        return self._delete("role", request, ctx)

    def list_user_policies(self, request: Request, ctx: Context) -> Answer:
        """The names of a user's inline policies."""
        return self._list_inline("user", request, ctx)

    def list_group_policies(self, request: Request, ctx: Context) -> Answer:
        """The names of a group's inline policies."""
        return self._list_inline("group", request, ctx)

    def list_role_policies(self, request: Request, ctx: Context) -> Answer:
        """The names of a role's inline policies."""
        return self._list_inline("role", request, ctx)

    def _attach(self, kind: str, request: Request, ctx: Context) -> Answer:
        arn = request["PolicyArn"]

        def add(body: dict[str, Any]) -> None:
            if arn in body["attached"]:
                return
            if len(body["attached"]) >= _ATTACHED_LIMIT:
                quota = f"PoliciesPer{kind.title()}"
                raise ServiceError("LimitExceeded", f"Cannot exceed quota for {quota}: {_ATTACHED_LIMIT}")
            body["attached"].append(arn)

        with self.database.transaction() as tx:
            if find_policy(self.records, ctx.account, arn, tx=tx) is None:
                raise ServiceError("NoSuchEntity", f"Policy {arn} does not exist or is not attachable.")
            self._change(ctx, kind, request[_NAMES[kind]], add, tx=tx)
        return {}

    def _detach(self, kind: str, request: Request, ctx: Context) -> Answer:
        arn = request["PolicyArn"]

        def remove(body: dict[str, Any]) -> None:
            if arn not in body["attached"]:
                raise ServiceError("NoSuchEntity", f"Policy {arn} was not found.")
            body["attached"].remove(arn)

        self._change(ctx, kind, request[_NAMES[kind]], remove)
        return {}

    def _list_attached(self, kind: str, request: Request, ctx: Context) -> Answer:
        record = self._find(ctx, kind, request[_NAMES[kind]])
        prefix = request.get("PathPrefix", "/")
        arns = [arn for arn in record.body["attached"] if _path(arn).startswith(prefix)]
        return paged("AttachedPolicies", arns, request, policy_name, attached_policy)

    def _put(self, kind: str, request: Request, ctx: Context) -> Answer:
        name, document = request["PolicyName"], request["PolicyDocument"]
        check_identity_policy(document)
        self._change(ctx, kind, request[_NAMES[kind]], lambda body: body["inline"].update({name: document}))
        return {}

    def _get(self, kind: str, request: Request, ctx: Context) -> Answer:
        record = self._find(ctx, kind, request[_NAMES[kind]])
        document = record.body["inline"].get(request["PolicyName"])
        if document is None:
            raise _no_inline(kind, request)
        return {
            _NAMES[kind]: record.name,
            "PolicyName": request["PolicyName"],
            "PolicyDocument": write_document(document),
        }

    def _delete(self, kind: str, request: Request, ctx: Context) -> Answer:
        def remove(body: dict[str, Any]) -> None:
            if body["inline"].pop(request["PolicyName"], None) is None:
                raise _no_inline(kind, request)

        self._change(ctx, kind, request[_NAMES[kind]], remove)
        return {}

    def _list_inline(self, kind: str, request: Request, ctx: Context) -> Answer:
        record = self._find(ctx, kind, request[_NAMES[kind]])
        return paged("PolicyNames", list(record.body["inline"]), request, str, str)


def _no_inline(kind: str, request: Request) -> ServiceError:
    return ServiceError("NoSuchEntity", f"The {kind} policy with name {request['PolicyName']} cannot be found.")


def find_policy(records: Records, account: str, arn: str, *, tx: Connection | None = None) -> Record | None:
    """A managed policy that an account may attach: its own or one of AWS's. None where there is no such."""
    if arn.startswith(aws_managed.PREFIX):
        return aws_managed.record(arn)
    try:
        found = records.by_arn(arn, tx=tx)
    except RecordMissing:
        return None
    return found if found.kind == "policy" and found.scope.account == account else None


def check_boundary(records: Records, account: str, arn: str) -> str:
    """The ARN of a policy that shall bound permissions.

    Raises:
        ServiceError: InvalidInput or NoSuchEntity.
    """
    if ":policy/" not in arn:
        raise ServiceError(
            "ValidationError", f"Value ({arn}) for parameter PermissionsBoundary is invalid.", status=400
        )
    if find_policy(records, account, arn) is None:
        raise ServiceError("NoSuchEntity", f"Scope ARN: {arn} does not exist or is not attachable.")
    return arn


def policy_name(arn: str) -> str:
    """The name at the end of a policy's ARN."""
    return arn.rpartition("/")[2]


def attached_policy(arn: str) -> Answer:
    """A policy as the lists of attached ones show it."""
    return {"PolicyName": policy_name(arn), "PolicyArn": arn}


def _path(arn: str) -> str:
    return arn.split(":policy", 1)[1].rpartition("/")[0] + "/"
