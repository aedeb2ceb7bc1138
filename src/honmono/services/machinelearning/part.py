"""What every part of Amazon Machine Learning stands on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from honmono.services.own_buckets import OwnBucket
from honmono.services.platform import Platform
from honmono.store.errors import RecordMissing
from honmono.store.records import Record, Scope
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

if TYPE_CHECKING:
    from honmono.engines.host import EngineHost

Request = dict[str, Any]
Answer = dict[str, Any]

SERVICE = "machinelearning"
DATA_SOURCE, MODEL, EVALUATION, BATCH = "datasource", "mlmodel", "evaluation", "batchprediction"
"""Kinds of records, as their ARNs have them."""
CALLED = {DATA_SOURCE: "DataSource", MODEL: "MLModel", EVALUATION: "Evaluation", BATCH: "BatchPrediction"}
"""AWS's names of the kinds, in messages and members."""
DELETED = "DELETED"
_USER = re.compile(r"arn:aws:iam::[0-9]+:(user/.+|root)")


class Part:
    """A part of the service's operations; the service is made of all of them."""

    platform: Platform
    logs: OwnBucket
    """Of what jobs wrote, for LogUri."""

    @property
    def engines(self) -> EngineHost:
        """The engines by field."""
        return self.platform.engines


def scope_of(ctx: Context) -> Scope:
    """The caller's account and region."""
    return Scope(ctx.account, ctx.region, SERVICE)


def arn_of(scope: Scope, kind: str, name: str) -> str:
    """The ARN of a resource."""
    return f"arn:aws:machinelearning:{scope.region}:{scope.account}:{kind}/{name}"


def invalid(message: str) -> ServiceError:
    """A request that fits its shape and makes no sense."""
    return ServiceError("InvalidInputException", message)


def not_found(kind: str, name: str) -> ServiceError:
    """There is no such resource."""
    return ServiceError("ResourceNotFoundException", f"No {CALLED[kind]} with id {name} exists")


def find(platform: Platform, scope: Scope, kind: str, name: str, *, tx: Connection | None = None) -> Record:
    """The resource of that id, a deleted one too.

    Raises ServiceError ResourceNotFoundException.
    """
    try:
        return platform.records.get(scope, kind, name, tx=tx)
    except RecordMissing as error:
        raise not_found(kind, name) from error


def user_of(ctx: Context) -> str:
    """Who is told as CreatedByIamUser: the user, or the account's root for whoever is none."""
    return ctx.principal if _USER.fullmatch(ctx.principal) else f"arn:aws:iam::{ctx.account}:root"
