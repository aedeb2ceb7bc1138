"""Bucket policies: read, checked, and held against a request.

Source: "IAM JSON policy elements reference" (IAM user guide); the conditions are those that do without knowledge of
the caller's session.
"""

from __future__ import annotations

import fnmatch
import ipaddress
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from honmono.services.s3.errors import error
from honmono.services.s3.tags import tags_of_header
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

OWNERS_LAST_RESORT = frozenset({"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"})
"""What a bucket's owner may do whatever the policy says, lest it lock everybody out."""

MAX_BYTES = 20 * 1024


def check(text: str, bucket: str) -> None:
    """Refuse what is no policy for that bucket.

    Raises ServiceError MalformedPolicy.
    """
    if len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise _malformed("Policies must not exceed 20480 bytes")
    try:
        document = json.loads(text)
    except ValueError as failure:
        raise _malformed("Policies must be valid JSON and the first byte must be '{'") from failure
    if not isinstance(document, dict) or not document:
        raise _malformed("Policies must be valid JSON and the first byte must be '{'")
    if document.get("Version", "2008-10-17") not in ("2012-10-17", "2008-10-17"):
        raise _malformed("The policy must contain a valid version string")
    statements = document.get("Statement")
    if not statements:
        raise _malformed("Missing required field Statement")
    for statement in _listed(statements):
        _check_statement(statement, bucket)


def _check_statement(statement: Any, bucket: str) -> None:
    if not isinstance(statement, dict):
        raise _malformed("Statement must be a JSON object")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise _malformed(
            f"Invalid effect: {statement.get('Effect')}" if "Effect" in statement else "Missing required field Effect"
        )
    if ("Principal" in statement) is ("NotPrincipal" in statement):
        raise _malformed("Missing required field Principal")
    if "NotPrincipal" in statement and statement["Effect"] == "Allow":
        raise _malformed("Allow with NotPrincipal is not supported")
    for name in ("Action", "Resource"):
        if (name in statement) is (f"Not{name}" in statement):
            raise _malformed(f"Missing required field {name}")
    for resource in _listed(statement.get("Resource", statement.get("NotResource"))):
        own = f"arn:aws:s3:::{bucket}"
        if not isinstance(resource, str) or not (resource.startswith("arn:aws:s3:::") or resource == "*"):
            raise _malformed("Policy has invalid resource")
        if not _matches(own, resource.partition("/")[0]) and resource != "*":
            raise _malformed("Policy has invalid resource")
    for action in _listed(statement.get("Action", statement.get("NotAction"))):
        if not isinstance(action, str) or not (action == "*" or action.lower().startswith("s3:")):
            raise _malformed("Policy has invalid action")
    for operator in statement.get("Condition") or {}:
        if _operator(operator) is None:
            raise _malformed(f"Invalid Condition type : {operator}")


def _malformed(message: str) -> ServiceError:
    return error("MalformedPolicy", message)


@lru_cache(maxsize=256)
def _statements(text: str) -> list[dict[str, Any]]:
    return [statement for statement in _listed(json.loads(text)["Statement"]) if isinstance(statement, dict)]


def is_public(text: str) -> bool:
    """Whether the policy lets everybody in, without a condition."""
    return any(
        statement["Effect"] == "Allow" and _is_everybody(statement.get("Principal")) and not statement.get("Condition")
        for statement in _statements(text)
    )


def _is_everybody(principal: Any) -> bool:
    return principal == "*" or (isinstance(principal, dict) and "*" in _listed(principal.get("AWS", ())))


def decide(text: str, action: str, resource: str, ctx: Context, tags: Mapping[str, str] | None = None) -> bool | None:
    """True where the policy allows the request, False where it denies it, None where it says nothing.

    ``tags`` are those of the object at hand, where there is one.
    """
    allowed: bool | None = None
    for statement in _statements(text):
        if _applies(statement, action, resource, ctx, tags or {}):
            if statement["Effect"] == "Deny":
                return False
            allowed = True
    return allowed


def _applies(statement: Mapping[str, Any], action: str, resource: str, ctx: Context, tags: Mapping[str, str]) -> bool:
    if "Principal" in statement:
        if not _is_principal(statement["Principal"], ctx):
            return False
    elif _is_principal(statement.get("NotPrincipal"), ctx):
        return False
    if "Action" in statement:
        if not any(_matches(action.lower(), str(name).lower()) for name in _listed(statement["Action"])):
            return False
    elif any(_matches(action.lower(), str(name).lower()) for name in _listed(statement.get("NotAction", ()))):
        return False
    if "Resource" in statement:
        if not any(_matches(resource, str(name)) for name in _listed(statement["Resource"])):
            return False
    elif any(_matches(resource, str(name)) for name in _listed(statement.get("NotResource", ()))):
        return False
    return all(
        _holds(operator, key, _listed(wanted), ctx, tags)
        for operator, keys in (statement.get("Condition") or {}).items()
        for key, wanted in keys.items()
    )


def _is_principal(principal: Any, ctx: Context) -> bool:
    if _is_everybody(principal):
        return True
    if not isinstance(principal, dict) or ctx.account == "anonymous":
        return False
    names = {ctx.account, ctx.principal, f"arn:aws:iam::{ctx.account}:root"}
    from honmono.services.s3.access import canonical_id

    return any(name in names for name in _listed(principal.get("AWS", ()))) or canonical_id(ctx.account) in _listed(
        principal.get("CanonicalUser", ())
    )


def _holds(operator: str, key: str, wanted: list[Any], ctx: Context, tags: Mapping[str, str]) -> bool:
    test = _operator(operator)
    value = _value(key, ctx, tags)
    base = operator.partition(":")[2] or operator
    if base.removesuffix("IfExists") == "Null":
        return any((str(want).lower() == "true") is (value is None) for want in wanted)
    if value is None:
        return base.endswith("IfExists") or "Not" in base
    if test is None:
        return False
    if "Not" in base:
        return all(test(value, str(want)) for want in wanted)
    return any(test(value, str(want)) for want in wanted)


def _value(name: str, ctx: Context, tags: Mapping[str, str]) -> str | None:
    prefix, _, rest = name.partition("/")
    key = name.lower()
    if prefix.lower() == "s3:existingobjecttag":
        return tags.get(rest)
    if prefix.lower() == "s3:requestobjecttag":
        return tags_of_header(ctx.headers.get("x-amz-tagging")).get(rest)
    headers = ctx.headers
    query = ctx.http.query if ctx.http is not None else {}
    if key == "aws:securetransport":
        return "true" if ctx.http is not None and ctx.http.secure else "false"
    if key == "aws:useragent":
        return headers.get("user-agent")
    if key == "aws:referer":
        return headers.get("referer")
    if key == "aws:principalarn":
        return ctx.principal
    if key == "aws:principalaccount":
        return ctx.account
    if key.startswith("s3:x-amz-"):
        return headers.get(key[3:])
    if key in ("s3:prefix", "s3:delimiter", "s3:max-keys", "s3:versionid"):
        name = "versionId" if key == "s3:versionid" else key[3:]
        return query[name][0] if name in query else None
    return None


_Test = Callable[[str, str], bool]
_TESTS: dict[str, _Test] = {
    "StringEquals": lambda value, want: value == want,
    "StringNotEquals": lambda value, want: value != want,
    "StringEqualsIgnoreCase": lambda value, want: value.lower() == want.lower(),
    "StringNotEqualsIgnoreCase": lambda value, want: value.lower() != want.lower(),
    "StringLike": lambda value, want: _matches(value, want),
    "StringNotLike": lambda value, want: not _matches(value, want),
    "ArnEquals": lambda value, want: _matches(value, want),
    "ArnLike": lambda value, want: _matches(value, want),
    "ArnNotEquals": lambda value, want: not _matches(value, want),
    "ArnNotLike": lambda value, want: not _matches(value, want),
    "Bool": lambda value, want: value.lower() == want.lower(),
    "NumericEquals": lambda value, want: _number(value) == _number(want),
    "NumericLessThan": lambda value, want: _number(value) < _number(want),
    "NumericLessThanEquals": lambda value, want: _number(value) <= _number(want),
    "NumericGreaterThan": lambda value, want: _number(value) > _number(want),
    "NumericGreaterThanEquals": lambda value, want: _number(value) >= _number(want),
    "IpAddress": lambda value, want: ipaddress.ip_address(value) in ipaddress.ip_network(want, strict=False),
    "NotIpAddress": lambda value, want: ipaddress.ip_address(value) not in ipaddress.ip_network(want, strict=False),
    "Null": lambda value, want: False,
}


def _operator(name: str) -> _Test | None:
    base = name.partition(":")[2] if name.startswith(("ForAnyValue:", "ForAllValues:")) else name
    return _TESTS.get(base.removesuffix("IfExists"))


def _number(text: str) -> float:
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else float("nan")


@lru_cache(maxsize=1024)
def _pattern(pattern: str) -> re.Pattern[str]:
    # Only * and ? are wild in a policy; a bracket stands for itself.
    return re.compile(fnmatch.translate(pattern.replace("[", "[[]")))


def _matches(value: str, pattern: str) -> bool:
    return _pattern(pattern).match(value) is not None


def _listed(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return list(value) if isinstance(value, Iterable) and not isinstance(value, (str, dict)) else [value]
