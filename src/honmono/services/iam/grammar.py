"""Policy documents held against the grammar of IAM, in AWS's wording of MalformedPolicyDocument.

Source: "Grammar of the IAM JSON policy language", IAM user guide; the messages and their order of precedence are
those that IAM is seen to send.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from honmono.services.iam.conditions import OPERATORS, read_date
from honmono.wire.errors import ServiceError

_VERSIONS = ("2008-10-17", "2012-10-17")
_TOP = frozenset({"Version", "Id", "Statement"})
_STATEMENT = frozenset(
    {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Principal", "NotPrincipal", "Condition"}
)
_VENDOR = re.compile(r"[a-zA-Z0-9.\-]+|\*")
_PARTITIONS = frozenset({"aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "*"})
_IAM_PATHS = (
    "user/", "federated-user/", "role/", "group/", "instance-profile/", "mfa/", "server-certificate/", "policy/",
    "sms-mfa/", "saml-provider/", "oidc-provider/", "report/", "access-report/",
)  # fmt: skip
_TRUST_ACTIONS = frozenset(
    {
        "sts:assumerole",
        "sts:assumerolewithsaml",
        "sts:assumerolewithwebidentity",
        "sts:tagsession",
        "sts:setsourceidentity",
        "sts:setcontext",
        "sts:*",
        "*",
    }
)
_PRINCIPAL_KINDS = frozenset({"AWS", "Service", "Federated", "CanonicalUser"})


def check_identity_policy(text: str) -> None:
    """Check a policy that is attached to a user, group or role.

    Raises:
        ServiceError: MalformedPolicyDocument.
    """
    document, statements = _parse(text)
    if document.get("Version") != "2012-10-17":
        raise _malformed("Policy document must be version 2012-10-17 or greater.")
    for statement in statements:
        if "Principal" in statement or "NotPrincipal" in statement:
            raise _malformed("Policy document should not specify a principal.")
    _check_legacy(statements)
    _check_sids(statements)
    for statement in statements:
        for resource in _texts(statement, "Resource", "NotResource"):
            _check_arn(resource)
    for statement in statements:
        actions = _texts(statement, "Action", "NotAction")
        if not actions:
            raise _malformed("Policy statement must contain actions.")
        for action in actions:
            _check_action(action)
        resources = _texts(statement, "Resource", "NotResource")
        if not resources:
            raise _malformed("Policy statement must contain resources.")
        for resource in resources:
            _check_resource(resource)


def check_trust_policy(text: str) -> None:
    """Check the policy that says who may assume a role.

    Raises:
        ServiceError: MalformedPolicyDocument.
    """
    _, statements = _parse(text)
    for statement in statements:
        if "Resource" in statement or "NotResource" in statement:
            raise _malformed("Has prohibited field Resource.")
        if "Principal" not in statement and "NotPrincipal" not in statement:
            raise _malformed("Missing required field Principal")
        _check_principal(statement.get("Principal", statement.get("NotPrincipal")))
    _check_legacy(statements)
    _check_sids(statements)
    for statement in statements:
        actions = _texts(statement, "Action", "NotAction")
        if not actions:
            raise _malformed("Missing required field Action")
        for action in actions:
            _check_action(action)
            if action.lower() not in _TRUST_ACTIONS:
                raise _malformed(
                    "Trust Policy statement actions can only be sts:AssumeRole, sts:AssumeRoleWithSAML,  and "
                    "sts:AssumeRoleWithWebIdentity"
                )


def check_resource_policy(text: str) -> None:
    """Check the form of a policy that stands at a resource: it may name principals, and need not name resources.

    Raises:
        ServiceError: MalformedPolicyDocument.
    """
    _, statements = _parse(text)
    for statement in statements:
        _check_principal(statement.get("Principal", statement.get("NotPrincipal", "*")))
    _check_legacy(statements)


def _malformed(message: str) -> ServiceError:
    return ServiceError("MalformedPolicyDocument", message)


def _syntax_error() -> ServiceError:
    return _malformed("Syntax errors in policy.")


def _parse(text: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _syntax_error() from error
    if not isinstance(document, dict) or not document.keys() <= _TOP:
        raise _syntax_error()
    if document.get("Version", "2012-10-17") not in _VERSIONS or not isinstance(document.get("Id", ""), str):
        raise _syntax_error()
    statements = document.get("Statement")
    if isinstance(statements, dict):
        statements = [statements]
    if not isinstance(statements, list) or not statements:
        raise _syntax_error()
    for statement in statements:
        _check_statement(statement)
    return document, statements


def _check_statement(statement: Any) -> None:
    if not isinstance(statement, dict) or not statement.keys() <= _STATEMENT:
        raise _syntax_error()
    if str(statement.get("Effect")).lower() not in ("allow", "deny") or not isinstance(statement.get("Sid", ""), str):
        raise _syntax_error()
    for name, opposite in (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal")):
        if name in statement and opposite in statement:
            raise _syntax_error()
    for name in ("Action", "NotAction", "Resource", "NotResource"):
        value = statement.get(name, [])
        if not isinstance(value, (str, list)) or not all(isinstance(item, str) for item in value):
            raise _syntax_error()
    condition = statement.get("Condition", {})
    if not isinstance(condition, dict):
        raise _syntax_error()
    for operator, keys in condition.items():
        if not isinstance(keys, dict) or (keys and not _is_operator(operator)):
            raise _syntax_error()
        for value in keys.values():
            values = value if isinstance(value, list) else [value]
            if not all(isinstance(item, (str, bool, int, float)) for item in values):
                raise _syntax_error()


def _is_operator(text: str) -> bool:
    name = re.sub(r"^(ForAllValues|ForAnyValue):", "", text, flags=re.IGNORECASE)
    name = re.sub(r"IfExists$", "", name, flags=re.IGNORECASE)
    return name.lower() in OPERATORS


def _texts(statement: Mapping[str, Any], *names: str) -> list[str]:
    found: list[str] = []
    for name in names:
        value = statement.get(name, [])
        found += [value] if isinstance(value, str) else value
    return found


def _check_legacy(statements: Iterable[Mapping[str, Any]]) -> None:
    """What IAM's older parser refuses, which it asks before it looks at the meaning."""
    for statement in statements:
        dates = (
            value
            for operator, keys in statement.get("Condition", {}).items()
            if "date" in operator.lower()
            for values in keys.values()
            for value in (values if isinstance(values, list) else [values])
        )
        if statement["Effect"] not in ("Allow", "Deny") or not all(map(_is_date, dates)):
            raise _malformed("The policy failed legacy parsing")
        for resource in _texts(statement, "Resource", "NotResource"):
            parts = resource.split(":", 5)
            short = 3 < len(parts) < 6 or (len(parts) == 6 and not parts[2])
            if short and parts[0] == "arn" and parts[1] in _PARTITIONS:
                raise _malformed("The policy failed legacy parsing")


def _is_date(value: Any) -> bool:
    return read_date(str(value)) is not None or "${" in str(value)


def _check_sids(statements: Iterable[Mapping[str, Any]]) -> None:
    seen: set[str] = set()
    for sid in (statement.get("Sid") for statement in statements):
        if sid and sid in seen:
            raise _malformed("Statement IDs (SID) in a single policy must be unique.")
        if sid:
            seen.add(sid)


def _check_arn(resource: str) -> None:
    if resource == "*":
        return
    parts = resource.split(":", 5)
    if len(parts) == 1:
        raise _malformed(f'Resource {resource} must be in ARN format or "*".')
    if parts[1] not in _PARTITIONS:
        whole = ":".join(["arn", *parts[1:], *["*"] * (6 - len(parts))])
        raise _malformed(f'Partition "{parts[1]}" is not valid for resource "{whole}".')
    if len(parts) == 2:
        raise _malformed("Resource vendor must be fully qualified and cannot contain regexes.")


def _check_action(action: str) -> None:
    if action == "*":
        return
    vendor, colon, name = action.partition(":")
    if not colon:
        raise _malformed("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.")
    if ":" in name:
        raise _malformed("Actions/Condition can contain only one colon.")
    if not _VENDOR.fullmatch(vendor):
        raise _malformed(f"Vendor {vendor} is not valid")


def _check_resource(resource: str) -> None:
    if resource == "*":
        return
    parts = resource.split(":", 5)
    if len(parts) < 6:
        return
    _, _, vendor, region, account, rest = parts
    if vendor == "iam":
        if region:
            raise _malformed(f"IAM resource {resource} cannot contain region information.")
        if not rest.startswith((*_IAM_PATHS, "*")) and rest != "root":
            raise _malformed(f'IAM resource path must either be "*" or start with {", ".join(_IAM_PATHS)}.')
    if vendor == "s3" and region and not account:
        raise _malformed(f"Resource {resource} can not contain region information.")


def _check_principal(principal: Any) -> None:
    if principal == "*":
        return
    if not isinstance(principal, dict) or not principal:
        raise _syntax_error()
    for kind, values in principal.items():
        if kind not in _PRINCIPAL_KINDS:
            raise _syntax_error()
        for value in values if isinstance(values, list) else [values]:
            if not isinstance(value, str) or not value:
                raise _malformed(f'Invalid principal in policy: "{kind}":"{value}"')
            if kind == "AWS" and not re.fullmatch(r"\*|\d{12}|arn:[^:]+:(iam|sts)::\d{12}:.+|A[A-Z0-9]{15,}", value):
                raise _malformed(f'Invalid principal in policy: "{kind}":"{value}"')
