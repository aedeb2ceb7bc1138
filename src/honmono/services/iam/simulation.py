"""The policy simulator: what would be allowed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from honmono.services.iam import policy
from honmono.services.iam.grammar import check_identity_policy, check_resource_policy
from honmono.services.iam.part import IamPart, paged
from honmono.services.iam.permissions import Permissions, holder_of, permissions_of
from honmono.services.iam.policy import Decision, Policy, Verdict
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

Request = dict[str, Any]
Answer = dict[str, Any]

_QUESTIONS = 10_000
_SOURCE_KINDS = frozenset({"user", "group", "role", "aws-managed", "user-managed", "resource", "none"})


class Simulation(IamPart):
    """SimulatePrincipalPolicy and what goes with it."""

    def simulate_principal_policy(self, request: Request, ctx: Context) -> Answer:
        """Whether a user, group or role may do these actions on these resources."""
        holder = holder_of(self.records, request["PolicySourceArn"])
        if holder is None or holder.scope.account != ctx.account:
            raise ServiceError("NoSuchEntity", f"The entity {request['PolicySourceArn']} cannot be found.")
        return _simulate(request, permissions_of(self.records, holder))

    def simulate_custom_policy(self, request: Request, ctx: Context) -> Answer:
        """Whether the given policies allow these actions on these resources."""
        return _simulate(request, Permissions(()))

    def get_context_keys_for_custom_policy(self, request: Request, ctx: Context) -> Answer:
        """The condition keys and variables that policies speak of."""
        return {"ContextKeyNames": _context_keys(request["PolicyInputList"])}

    def get_context_keys_for_principal_policy(self, request: Request, ctx: Context) -> Answer:
        """The condition keys and variables that a principal's policies speak of."""
        holder = holder_of(self.records, request["PolicySourceArn"])
        if holder is None or holder.scope.account != ctx.account:
            raise ServiceError("NoSuchEntity", f"The entity {request['PolicySourceArn']} cannot be found.")
        found = set(_context_keys(request.get("PolicyInputList", [])))
        for own in permissions_of(self.records, holder).policies:
            for statement in own.statements:
                found.update(key for _, key, _ in statement.conditions)
                found.update(_variables(" ".join(statement.resources)))
        return {"ContextKeyNames": sorted(found)}


def _simulate(request: Request, permissions: Permissions) -> Answer:
    given = [
        _read(text, f"PolicyInputList.{number}") for number, text in enumerate(request.get("PolicyInputList", []), 1)
    ]
    boundaries = list(permissions.boundaries)
    if "PermissionsBoundaryPolicyInputList" in request:
        texts = request["PermissionsBoundaryPolicyInputList"]
        boundaries = [tuple(_read(text, f"PermissionsBoundaryPolicyInputList.{n}") for n, text in enumerate(texts, 1))]
    policies = (*permissions.policies, *given)
    if "ResourcePolicy" in request:
        policies = (*policies, _read(request["ResourcePolicy"], "ResourcePolicy", kind="resource"))
    context = {
        entry["ContextKeyName"].lower(): entry.get("ContextKeyValues", [])
        for entry in request.get("ContextEntries", [])
        if "ContextKeyName" in entry
    }
    resource_count = len(request.get("ResourceArns") or ["*"])
    if len(request["ActionNames"]) * resource_count > _QUESTIONS:
        raise ServiceError("InvalidInput", f"At most {_QUESTIONS} pairs of an action and a resource are simulated.")
    questions = [
        (f"{number:08}", action, resource)
        for number, (action, resource) in enumerate(
            (action, resource) for action in request["ActionNames"] for resource in request.get("ResourceArns") or ["*"]
        )
    ]

    def answer(question: tuple[str, str, str]) -> Answer:
        _, action, resource = question
        verdict = policy.evaluate(policies, action, resource, context, boundaries=boundaries)
        limited = all(
            policy.evaluate(limit, action, resource, context).decision is Decision.ALLOWED for limit in boundaries
        )
        detail = {"PermissionsBoundaryDecisionDetail": {"AllowedByPermissionsBoundary": limited}} if boundaries else {}
        return {**_result(action, resource, verdict), **detail}

    return paged("EvaluationResults", questions, request, lambda question: question[0], answer)


def _read(text: str, where: str, *, kind: str = "none") -> Policy:
    try:
        check_resource_policy(text) if kind == "resource" else check_identity_policy(text)
    except ServiceError as error:
        raise ServiceError("InvalidInput", f"The policy {where} is refused: {error.message}") from error
    return policy.parse(text, name=where, kind=kind)


def _result(action: str, resource: str, verdict: Verdict) -> Answer:
    return {
        "EvalActionName": action,
        "EvalResourceName": resource,
        "EvalDecision": verdict.decision.value,
        "MatchedStatements": [
            {
                "SourcePolicyId": matched.name,
                "SourcePolicyType": matched.kind if matched.kind in _SOURCE_KINDS else "none",
            }
            for matched in verdict.matched
        ],
        "MissingContextValues": sorted(verdict.missing),
    }


def _context_keys(texts: list[str]) -> list[str]:
    found: set[str] = set()
    for number, text in enumerate(texts, 1):
        _read(text, f"PolicyInputList.{number}")
        found.update(_variables(text))
        found.update(_condition_keys(json.loads(text)))
    return sorted(found)


def _condition_keys(document: Mapping[str, Any]) -> Iterator[str]:
    statements = document["Statement"]
    for statement in statements if isinstance(statements, list) else [statements]:
        for keys in statement.get("Condition", {}).values():
            yield from keys


def _variables(text: str) -> set[str]:
    return {name for name in re.findall(r"\$\{\s*([^},\s]+)", text) if name not in ("*", "?", "$")}
