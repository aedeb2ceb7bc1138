"""What policies allow: the evaluation of IAM's policy language, free of any store or server.

Source: "Policy evaluation logic", IAM user guide. An explicit deny wins over every allow; what nothing allows is
denied. A permissions boundary and session policies only narrow.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from honmono.services.iam import conditions
from honmono.services.iam.conditions import Context, arn_like, like


class Decision(Enum):
    """The outcome, in the words of the simulator."""

    ALLOWED = "allowed"
    EXPLICIT_DENY = "explicitDeny"
    IMPLICIT_DENY = "implicitDeny"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. The negated forms (NotAction …) are the same lists with their flag set."""

    allows: bool
    actions: tuple[str, ...]
    not_actions: bool
    resources: tuple[str, ...]
    not_resources: bool
    principals: Mapping[str, tuple[str, ...]]
    not_principals: bool
    conditions: tuple[tuple[str, str, tuple[Any, ...]], ...]
    """(operator, key, values)"""


@dataclass(frozen=True, slots=True)
class Policy:
    """A parsed policy. ``name`` and ``kind`` say where it came from, for the simulator's answer."""

    statements: tuple[Statement, ...]
    name: str = ""
    kind: str = "none"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision, the policies whose statements made it, and the condition keys that it had to do without."""

    decision: Decision
    matched: tuple[Policy, ...] = ()
    missing: frozenset[str] = field(default=frozenset())

    @property
    def allowed(self) -> bool:
        """Whether the request may go on."""
        return self.decision is Decision.ALLOWED


def parse(document: str | Mapping[str, Any], *, name: str = "", kind: str = "none") -> Policy:
    """Read a document that ``grammar`` has found good."""
    source: Mapping[str, Any] = json.loads(document) if isinstance(document, str) else document
    statements = source["Statement"]
    return Policy(
        tuple(_statement(item) for item in (statements if isinstance(statements, list) else [statements])), name, kind
    )


def allows(policies: Sequence[Policy], action: str, resource: str, context: Context | None = None) -> bool:
    """Whether a principal that has these policies may do ``action`` (``s3:GetObject``) on ``resource`` (an ARN)."""
    return evaluate(policies, action, resource, context).allowed


def evaluate(
    policies: Sequence[Policy],
    action: str,
    resource: str,
    context: Context | None = None,
    *,
    boundaries: Sequence[Sequence[Policy]] = (),
) -> Verdict:
    """Decide on a request.

    Args:
        policies: the identity's, of its groups too, and the resource's.
        action: vendor:Name.
        resource: an ARN, or ``*``.
        context: condition keys in lower case and their values.
        boundaries: sets of policies each of which must allow the request too: a permissions boundary, the policies
            of a session.
    """
    known = context or {}
    verdict = _decide(policies, action, resource, known)
    for boundary in boundaries:
        if verdict.decision is Decision.EXPLICIT_DENY:
            break
        limit = _decide(boundary, action, resource, known)
        if limit.decision is Decision.EXPLICIT_DENY or (verdict.allowed and not limit.allowed):
            verdict = Verdict(limit.decision, limit.matched, verdict.missing | limit.missing)
    return verdict


def _decide(policies: Sequence[Policy], action: str, resource: str, context: Context) -> Verdict:
    allowing: list[Policy] = []
    denying: list[Policy] = []
    missing: set[str] = set()
    for policy in policies:
        for statement in policy.statements:
            if not covers(statement, action, resource, context):
                continue
            missing.update(key for _, key, _ in statement.conditions if key.lower() not in context)
            if conditions_hold(statement, context):
                (allowing if statement.allows else denying).append(policy)
    if denying:
        return Verdict(Decision.EXPLICIT_DENY, tuple(denying), frozenset(missing))
    if allowing:
        return Verdict(Decision.ALLOWED, tuple(allowing), frozenset(missing))
    return Verdict(Decision.IMPLICIT_DENY, (), frozenset(missing))


def covers(statement: Statement, action: str, resource: str, context: Context) -> bool:
    """Whether a statement speaks of the action and the resource, its conditions aside."""
    named = any(like(action.lower(), wanted.lower()) for wanted in statement.actions)
    if named == statement.not_actions:
        return False
    if not statement.resources:  # a trust policy has none: the role itself is meant
        return True
    wanted_resources = [text for raw in statement.resources if (text := _with_variables(raw, context)) is not None]
    return any(_is_resource(resource, wanted) for wanted in wanted_resources) != statement.not_resources


def conditions_hold(statement: Statement, context: Context) -> bool:
    """Whether every condition of a statement holds."""
    for operator, key, values in statement.conditions:
        known = [text for value in values if (text := _with_variables(value, context)) is not None]
        if not conditions.holds(operator, known, context.get(key.lower())):
            return False
    return True


def trusts(
    policy: Policy, principal: str, kind: str, account: str, action: str, context: Context | None = None
) -> bool:
    """Whether a role's trust policy lets a principal assume it.

    Args:
        policy: the trust policy.
        principal: an ARN (kind AWS), a service's name (Service) or an identity provider's (Federated).
        kind: AWS, Service or Federated.
        account: the principal's account; naming an account means everyone in it whom their own policies allow.
        action: sts:AssumeRole, say.
        context: condition keys.
    """
    known = context or {}
    trusted = False
    for statement in policy.statements:
        if not covers(statement, action, "*", known) or not conditions_hold(statement, known):
            continue
        if names_principal(statement, principal, kind, account):
            if not statement.allows:
                return False
            trusted = True
    return trusted


def names_principal(statement: Statement, principal: str, kind: str, account: str) -> bool:
    """Whether a statement's Principal means this one."""
    named = False
    for given_kind, values in statement.principals.items():
        for value in values:
            if value == "*" and given_kind in ("*", kind):
                named = True
            elif given_kind == kind:
                named |= value == principal or (kind == "AWS" and _means_account(value, principal, account))
    return named != statement.not_principals


def _means_account(value: str, principal: str, account: str) -> bool:
    if value in (account, f"arn:aws:iam::{account}:root"):
        return True
    # A role's sessions are meant by the role's own ARN, which has the path that the session's lacks.
    session = re.fullmatch(r"arn:(.+):sts::(\d+):assumed-role/([^/]+)/.+", principal)
    return (
        session is not None
        and re.fullmatch(rf"arn:{session[1]}:iam::{session[2]}:role/(.*/)?{re.escape(session[3])}", value) is not None
    )


def _is_resource(resource: str, wanted: str) -> bool:
    return wanted == "*" or resource == wanted or arn_like(resource, wanted)


_VARIABLE = re.compile(r"\$\{\s*([^},]+?)\s*(?:,\s*'([^']*)'\s*)?\}")
_LITERALS = {"*": "*", "?": "?", "$": "$"}


def _with_variables(value: Any, context: Context) -> Any:
    """A value with ``${aws:username}`` replaced; None where the request has no value for it."""
    if not isinstance(value, str) or "${" not in value:
        return value
    unknown = False

    def replace(found: re.Match[str]) -> str:
        nonlocal unknown
        name, default = found[1], found[2]
        if name in _LITERALS:
            return _LITERALS[name]
        values = context.get(name.lower())
        if values and len(values) == 1:
            return values[0]
        if default is None:
            unknown = True
        return default or ""

    text = _VARIABLE.sub(replace, value)
    return None if unknown else text


def _statement(source: Mapping[str, Any]) -> Statement:
    principal = source.get("Principal", source.get("NotPrincipal", {}))
    principals = {"*": "*"} if principal == "*" else principal
    return Statement(
        source["Effect"] == "Allow",
        _texts(source.get("Action", source.get("NotAction", []))),
        "NotAction" in source,
        _texts(source.get("Resource", source.get("NotResource", []))),
        "NotResource" in source,
        {kind: _texts(values) for kind, values in principals.items()},
        "NotPrincipal" in source,
        tuple(
            (operator, key, tuple(values) if isinstance(values, list) else (values,))
            for operator, keys in source.get("Condition", {}).items()
            for key, values in keys.items()
        ),
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (value,)
