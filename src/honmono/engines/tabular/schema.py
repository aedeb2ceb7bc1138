"""What the columns of a table are: names, types, the target, the row's id.

Source of the format: "Creating a Data Schema for Amazon ML" (Amazon Machine Learning developer guide); the API reference
names the same members `fieldName`, `fieldType`, `targetFieldName` and `excludedVariableNames`, and both are read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from honmono.engines.tabular.errors import SchemaInvalid

MOST_ATTRIBUTES = 1000
"""Amazon ML's limit of variables in a schema."""
_UNSUPPORTED = ("WEIGHTED_INT_SEQUENCE", "WEIGHTED_STRING_SEQUENCE")


class Type(StrEnum):
    """What the values of an attribute are."""

    BINARY = "BINARY"
    CATEGORICAL = "CATEGORICAL"
    NUMERIC = "NUMERIC"
    TEXT = "TEXT"


class Kind(StrEnum):
    """What a model predicts: a number, yes or no, or one of several classes."""

    REGRESSION = "REGRESSION"
    BINARY = "BINARY"
    MULTICLASS = "MULTICLASS"


_WANTED = {Kind.BINARY: Type.BINARY, Kind.MULTICLASS: Type.CATEGORICAL, Kind.REGRESSION: Type.NUMERIC}


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column: its name and the type of its values."""

    name: str
    type: Type


@dataclass(frozen=True)
class Schema:
    """The columns of a table in their order, and what some of them are for.

    Attributes:
        target: the attribute to predict; None for data that is only to be predicted.
        row_id: the attribute that tells rows apart; nothing is learned from it.
        excluded: attributes that nothing is learned from.
        has_header: the first line of each file holds names.
    """

    attributes: tuple[Attribute, ...]
    target: str | None = None
    row_id: str | None = None
    excluded: frozenset[str] = frozenset()
    has_header: bool = False

    def __post_init__(self) -> None:
        if not self.attributes:
            raise SchemaInvalid("The schema has no attributes.")
        if len(self.attributes) > MOST_ATTRIBUTES:
            raise SchemaInvalid(f"The schema has {len(self.attributes)} attributes; {MOST_ATTRIBUTES} are allowed.")
        names = [attribute.name for attribute in self.attributes]
        twice = next((name for place, name in enumerate(names) if name in names[:place]), None)
        if twice is not None:
            raise SchemaInvalid(f"The schema has the attribute '{twice}' twice.")
        known = set(names)
        for what, name in (("targetAttributeName", self.target), ("rowId", self.row_id)):
            if name is not None and name not in known:
                raise SchemaInvalid(f"{what} '{name}' is not among the schema's attributes.")
        if strange := sorted(self.excluded - known):
            raise SchemaInvalid(f"excludedAttributeNames has '{strange[0]}', which is not among the attributes.")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Of all columns, in the order of the file."""
        return tuple(attribute.name for attribute in self.attributes)

    @cached_property
    def types(self) -> Mapping[str, Type]:
        """The type of each attribute."""
        return {attribute.name: attribute.type for attribute in self.attributes}

    @cached_property
    def inputs(self) -> tuple[Attribute, ...]:
        """What can be learned from: all but the target, the row's id and what is excluded."""
        left_out = {self.target, self.row_id, *self.excluded}
        return tuple(attribute for attribute in self.attributes if attribute.name not in left_out)

    @classmethod
    def parse(cls, text: str) -> Schema:
        """Read a schema's JSON.

        Raises:
            SchemaInvalid: it is none; the message names the place.
        """
        try:
            read = json.loads(text.removeprefix("\ufeff"))
        except json.JSONDecodeError as error:
            raise SchemaInvalid(
                f"The schema is not valid JSON: line {error.lineno}, column {error.colno}: {error.msg}"
            ) from error
        except RecursionError as error:
            raise SchemaInvalid("The schema is nested too deeply to be one.") from error
        if not isinstance(read, dict):
            raise SchemaInvalid("The schema is not a JSON object.")
        return cls._of(read)

    @classmethod
    def _of(cls, read: Mapping[str, Any]) -> Schema:
        version = read.get("version")
        if version not in (None, "1.0", 1, 1.0):
            raise SchemaInvalid(f"The schema's version is {version!r}; 1.0 is the one that there is.")
        data_format = read.get("dataFormat", "CSV")
        if data_format != "CSV":
            raise SchemaInvalid(f"The schema's dataFormat is {data_format!r}; only CSV is supported.")
        if _name(read, "rowWeight", "recordWeightFieldName") is not None:
            raise SchemaInvalid("Row weights (rowWeight) are not supported; leave the member out.")
        listed = read.get("attributes")
        if not isinstance(listed, list):
            raise SchemaInvalid("The schema has no list of attributes.")
        return cls(
            tuple(_attribute(each, place) for place, each in enumerate(listed, 1)),
            _name(read, "targetAttributeName", "targetFieldName"),
            _name(read, "rowId", "recordAnnotationFieldName"),
            frozenset(_excluded(read)),
            _flag(read.get("dataFileContainsHeader", False)),
        )

    def to_json(self) -> str:
        """The schema as the developer guide writes it."""
        return json.dumps(
            {
                "version": "1.0",
                "rowId": self.row_id,
                "rowWeight": None,
                "targetAttributeName": self.target,
                "dataFormat": "CSV",
                "dataFileContainsHeader": self.has_header,
                "attributes": [
                    {"attributeName": each.name, "attributeType": each.type.value} for each in self.attributes
                ],
                "excludedAttributeNames": sorted(self.excluded),
            },
            ensure_ascii=False,
        )


def check_target(schema: Schema, kind: Kind) -> str:
    """The name of the target, where it fits the kind of model.

    Raises:
        SchemaInvalid: there is none, or it is of another type.
    """
    if schema.target is None:
        raise SchemaInvalid("The schema names no target: set targetAttributeName to the attribute to predict.")
    found = schema.types[schema.target]
    if found is not _WANTED[kind]:
        raise SchemaInvalid(f"A {kind} model needs a {_WANTED[kind]} target; '{schema.target}' is {found}.")
    return schema.target


def _attribute(read: Any, place: int) -> Attribute:
    if not isinstance(read, dict):
        raise SchemaInvalid(f"Attribute {place} of the schema is not a JSON object.")
    name = _name(read, "attributeName", "fieldName")
    kind = _name(read, "attributeType", "fieldType")
    if name is None or kind is None:
        raise SchemaInvalid(f"Attribute {place} of the schema needs an attributeName and an attributeType.")
    if kind in _UNSUPPORTED:
        raise SchemaInvalid(f"Attribute '{name}' is a {kind}, which is not supported; use CATEGORICAL or TEXT.")
    try:
        return Attribute(name, Type(kind))
    except ValueError as error:
        raise SchemaInvalid(f"Attribute '{name}' has the type {kind!r}; the types are {', '.join(Type)}.") from error


def _name(read: Mapping[str, Any], *members: str) -> str | None:
    for member in members:
        value = read.get(member)
        if value is None:
            continue
        if not isinstance(value, str) or not value:
            raise SchemaInvalid(f"The schema's {member} is not a name: {str(value)[:60]!r}")
        return value
    return None


def _excluded(read: Mapping[str, Any]) -> Sequence[str]:
    for member in ("excludedAttributeNames", "excludedVariableNames"):
        value = read.get(member)
        if value is None:
            continue
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise SchemaInvalid(f"The schema's {member} is not a list of names.")
        return value
    return ()


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise SchemaInvalid(f"The schema's dataFileContainsHeader is {str(value)[:60]!r}, neither true nor false.")
