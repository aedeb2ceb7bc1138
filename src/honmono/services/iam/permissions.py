"""The policies that apply to a principal, and the check that guards handing a role to a service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from honmono.services.iam import policy
from honmono.services.iam.attachments import find_policy, policy_name
from honmono.services.iam.conditions import Context
from honmono.services.iam.part import find
from honmono.services.iam.policy import Policy
from honmono.services.platform import Platform
from honmono.store.errors import RecordMissing
from honmono.store.records import Record, Records
from honmono.wire.errors import ServiceError


@dataclass(frozen=True, slots=True)
class Permissions:
    """A principal's own policies, its groups' among them, and the boundary that they must stay within."""

    policies: tuple[Policy, ...]
    boundaries: tuple[tuple[Policy, ...], ...] = ()

    def allow(self, action: str, resource: str, context: Context | None = None) -> bool:
        """Whether the principal may do ``action`` on ``resource``."""
        return policy.evaluate(self.policies, action, resource, context, boundaries=self.boundaries).allowed


def permissions_of(records: Records, holder: Record) -> Permissions:
    """The permissions of a user, a group or a role."""
    account = holder.scope.account
    found = _policies(records, holder)
    for name in holder.body.get("groups", ()):
        found += _policies(records, find(records, account, "group", name))
    arn = holder.body.get("boundary")
    return Permissions(tuple(found), (tuple(_managed(records, account, arn)),) if arn else ())


def _policies(records: Records, holder: Record) -> list[Policy]:
    found = [
        policy.parse(document, name=f"{holder.kind}_{holder.name}_{name}", kind=holder.kind)
        for name, document in holder.body["inline"].items()
    ]
    for arn in holder.body["attached"]:
        found += _managed(records, holder.scope.account, arn)
    return found


def _managed(records: Records, account: str, arn: str) -> list[Policy]:
    record = find_policy(records, account, arn)
    if record is None:
        return []
    document = record.body["versions"][record.body["default"]]["document"]
    kind = "aws-managed" if record.scope.account == "aws" else "user-managed"
    return [policy.parse(document, name=policy_name(arn), kind=kind)]


def holder_of(records: Records, principal: str) -> Record | None:
    """The user, group or role that a principal's ARN means; a role's session means the role.

    None for a root, a federated user and what there is not.
    """
    parts = principal.split(":", 5)
    if len(parts) != 6:
        return None
    account, resource = parts[4], parts[5]
    kind, _, rest = resource.partition("/")
    try:
        if kind == "assumed-role":
            return find(records, account, "role", rest.partition("/")[0])
        record = records.by_arn(principal)
    except (RecordMissing, ServiceError):
        return None
    return record if record.kind in ("user", "group", "role") else None


def is_root(principal: str) -> bool:
    """Whether a principal is an account's root, which may do everything."""
    return principal.startswith("arn:") and principal.endswith(":root")


def pass_role(platform: Platform, principal: str, role_arn: str, service: str) -> Record:
    """Check that a caller may hand a role to a service, and that the service may assume it.

    Args:
        platform: the stores.
        principal: the caller's ARN; ``ctx.principal``.
        role_arn: the role.
        service: the service's principal, ``sagemaker.amazonaws.com``.

    Returns:
        The role.

    Raises:
        ServiceError: ValidationException: there is no such role, or it does not trust the service;
            AccessDeniedException: the caller may not pass it.
    """
    role = holder_of(platform.records, role_arn) if ":role/" in role_arn else None
    if role is None or not policy.trusts(policy.parse(role.body["trust"]), service, "Service", "", "sts:AssumeRole"):
        raise ServiceError(
            "ValidationException",
            f"Could not assume role {role_arn}. Please ensure that the role exists and allows principal '{service}' "
            "to assume the role.",
            status=400,
        )
    if is_root(principal) and principal.split(":")[4] == role.scope.account:
        return role
    holder = holder_of(platform.records, principal)
    context: dict[str, Sequence[str]] = {"iam:passedtoservice": [service]}
    if (
        holder is None
        or holder.scope.account != role.scope.account
        or not permissions_of(platform.records, holder).allow("iam:PassRole", role_arn, context)
    ):
        raise ServiceError(
            "AccessDeniedException",
            f"User: {principal} is not authorized to perform: iam:PassRole on resource: {role_arn} because no "
            "identity-based policy allows the iam:PassRole action",
            status=400,
        )
    return role


def shares_with(document: str, principal: str, action: str, resource: str) -> bool:
    """Whether a resource's own policy lets a principal of another account do something; an explicit deny wins.

    Args:
        document: the policy, JSON. One that is no policy shares nothing.
        principal: the caller's ARN.
        action: vendor:Name.
        resource: the resource's ARN.
    """
    try:
        parsed = policy.parse(document)
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    account = principal.split(":")[4] if principal.count(":") >= 4 else ""
    context: Context = {"aws:principalarn": [principal], "aws:principalaccount": [account]}
    meant = [
        statement
        for statement in parsed.statements
        if policy.names_principal(statement, principal, "AWS", account)
        and policy.covers(statement, action, resource, context)
        and policy.conditions_hold(statement, context)
    ]
    return bool(meant) and all(statement.allows for statement in meant)
