"""A face collection as its record has it, and how it is changed: one writer at a time, each with a version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from honmono.services.rekognition.part import arn_of, not_found, scope_of
from honmono.store.errors import RecordExists, RecordMissing
from honmono.wire.errors import ServiceError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from honmono.engines.base import EngineInfo
    from honmono.store.records import Record, Records, Scope
    from honmono.wire.service import Context

KIND: Final = "collection"
FACES_FIELD: Final = "faces"
"""The engines that embed faces."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection as it was when it was read.

    Attributes:
        key: what its rows are known by; a collection made under the same name later has another.
        version: counts the changes; rows bear the version that wrote them.
        faces, users: how many there are.
        faces_removed, users_removed: how many times some were removed; what is in memory is held against it.
        model: the engine that embedded its faces, as `EngineInfo.identity` has it; no other's vectors fit.
        model_version: the version in it, as FaceModelVersion is written.
    """

    scope: Scope
    name: str
    arn: str
    created: datetime
    key: str
    version: int
    faces: int
    users: int
    faces_removed: int
    users_removed: int
    model: str
    model_version: str

    @classmethod
    def of(cls, record: Record) -> Collection:
        """The collection that a record describes."""
        return cls(record.scope, record.name, record.arn, record.created, **record.body)


def create(records: Records, ctx: Context, name: str, engine: EngineInfo, tags: Mapping[str, str]) -> Collection:
    """Store a new collection without faces.

    Raises ServiceError ResourceAlreadyExistsException.
    """
    body = {
        "key": uuid4().hex,
        "version": 0,
        "faces": 0,
        "users": 0,
        "faces_removed": 0,
        "users_removed": 0,
        **_model(engine),
    }
    try:
        made = records.create(scope_of(ctx), KIND, name, body, arn=arn_of(ctx, f"collection/{name}"), tags=tags)
    except RecordExists as error:
        raise ServiceError("ResourceAlreadyExistsException", f"The collection id: {name} already exists") from error
    return Collection.of(made)


def find(records: Records, ctx: Context, name: str) -> Collection:
    """A collection of the caller's.

    Raises ServiceError ResourceNotFoundException.
    """
    try:
        return Collection.of(records.get(scope_of(ctx), KIND, name))
    except RecordMissing as error:
        raise missing(name) from error


def changing(records: Records, found: Collection, tx: Connection) -> Collection:
    """Begin to change a collection: the answer has a version of its own, and other writers wait until `tx` ends.

    Raises ServiceError ResourceNotFoundException: it was deleted since it was found.
    """
    try:
        record = records.modify(
            found.scope, KIND, found.name, lambda old: {**old.body, "version": old.body["version"] + 1}, tx=tx
        )
    except RecordMissing as error:
        raise missing(found.name) from error
    now = Collection.of(record)
    if now.key != found.key:
        raise missing(found.name)
    return now


def settle(
    records: Records,
    collection: Collection,
    tx: Connection,
    *,
    faces: int = 0,
    users: int = 0,
    engine: EngineInfo | None = None,
) -> Collection:
    """Write down what the change did: so many faces and users more, or fewer; the answer is the collection after it.

    Args:
        engine: that embedded the faces; the first faces decide whose others the collection takes.
    """

    def changed(old: Record) -> dict[str, Any]:
        body = {**old.body}
        if engine is not None and not body["faces"]:
            body |= _model(engine)
        for name, more in (("faces", faces), ("users", users)):
            body[name] += more
            body[f"{name}_removed"] += more < 0
        return body

    return Collection.of(records.modify(collection.scope, KIND, collection.name, changed, tx=tx))


def check_model(collection: Collection, engine: EngineInfo) -> None:
    """Refuse to hold vectors of one engine against those of another.

    Raises ServiceError InvalidParameterException.
    """
    if collection.faces and collection.model != engine.identity:
        raise ServiceError(
            "InvalidParameterException",
            f"The faces of collection {collection.name} were embedded by {collection.model}, and [engines.{FACES_FIELD}] "
            f"is now {engine.identity}, whose numbers cannot be compared with those. Choose that engine again, or index "
            "the faces into a new collection.",
        )


def check_dimensions(collection: Collection, theirs: int, ours: int) -> None:
    """Refuse to hold vectors against each other that have not as many dimensions: a brought model was exchanged.

    Raises ServiceError InvalidParameterException.
    """
    if theirs and theirs != ours:
        raise ServiceError(
            "InvalidParameterException",
            f"The faces of collection {collection.name} have {theirs} numbers each, and [engines.{FACES_FIELD}] now gives "
            f"{ours}: its model was exchanged. Index the faces into a new collection.",
        )


def missing(name: str) -> ServiceError:
    """ResourceNotFoundException for a collection."""
    return not_found(f"The collection id: {name} does not exist")


def _model(engine: EngineInfo) -> dict[str, str]:
    return {"model": engine.identity, "model_version": re.sub(r"[^0-9.]", "", engine.version) or "1.0"}
