"""What a request says about data: their schema, and which share of them is meant."""

from __future__ import annotations

import json
from typing import Any

from honmono.engines.tabular.errors import SchemaInvalid
from honmono.engines.tabular.schema import Schema
from honmono.services.machinelearning.part import invalid
from honmono.services.stored_files import FilesMissing, split_uri
from honmono.wire.errors import ServiceError
from honmono.wire.service import Context

_SCHEMA_BYTES = 131_071
_STRATEGIES = ("sequential", "random")
_KNOWN = {"percentBegin", "percentEnd", "complement", "strategy", "strategyParams", "randomSeed"}


def schema_of(ctx: Context, text: str | None, uri: str | None, member: str) -> Schema:
    """The schema that a request gives as a text or by its place in S3.

    `member`: that names the place, for messages. Raises ServiceError InvalidInputException.
    """
    if (text is None) is (uri is None):
        raise invalid(f"Give either DataSchema or {member}, and not both.")
    try:
        return Schema.parse(text if text is not None else read_text(ctx, uri or "", member, _SCHEMA_BYTES))
    except SchemaInvalid as error:
        raise invalid(str(error)) from error


def read_text(ctx: Context, uri: str, member: str, most: int) -> str:
    """A small text from S3, with the caller's rights.

    Raises ServiceError InvalidInputException.
    """
    try:
        bucket, key = split_uri(uri)
        found = ctx.client("s3").get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{most}")
        data = b"".join(_pieces(found["Body"]))
    except FilesMissing as error:
        raise invalid(f"{member}: {error}") from error
    except ServiceError as error:
        raise invalid(f"{member}: {uri} cannot be read: {error.message}") from error
    if len(data) > most:
        raise invalid(f"{member}: {uri} is larger than {most} bytes.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise invalid(f"{member}: {uri} is not UTF-8: byte {error.start + 1}") from error


def check_readable(ctx: Context, uri: str, member: str) -> None:
    """Refuse data that the caller may not list.

    Raises ServiceError InvalidInputException.
    """
    try:
        bucket, prefix = split_uri(uri)
        ctx.client("s3").list_objects_v2(Bucket=bucket, Prefix=prefix, MaxKeys=1)
    except FilesMissing as error:
        raise invalid(f"{member}: {error}") from error
    except ServiceError as error:
        raise invalid(f"{member}: {uri} cannot be read: {error.message}") from error


def check_writable(ctx: Context, uri: str, member: str) -> None:
    """Refuse a place whose bucket the caller cannot reach.

    Raises ServiceError InvalidInputException.
    """
    try:
        bucket, _ = split_uri(uri)
        ctx.client("s3").head_bucket(Bucket=bucket)
    except FilesMissing as error:
        raise invalid(f"{member}: {error}") from error
    except ServiceError as error:
        raise invalid(f"{member}: the bucket of {uri} cannot be written to: {error.message}") from error


def selection_of(text: str | None) -> dict[str, Any]:
    """A DataRearrangement as the keyword arguments of `Selection`.

    Source: "Splitting Your Data" (Amazon Machine Learning developer guide). Raises ServiceError InvalidInputException.
    """
    if not text:
        return {}
    try:
        read = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise invalid(f"DataRearrangement is not valid JSON: {error}") from error
    splitting = read.get("splitting") if isinstance(read, dict) else None
    if not isinstance(splitting, dict) or set(read) != {"splitting"}:
        raise invalid('DataRearrangement has one member, "splitting", which is an object.')
    if strange := sorted(set(splitting) - _KNOWN):
        raise invalid(f"DataRearrangement: '{strange[0]}' is not known; there are {', '.join(sorted(_KNOWN))}.")
    begin, end = _percent(splitting, "percentBegin", 0.0), _percent(splitting, "percentEnd", 100.0)
    if begin >= end:
        raise invalid(f"DataRearrangement: percentBegin {begin:g} must be less than percentEnd {end:g}.")
    strategy = splitting.get("strategy", "sequential")
    if strategy not in _STRATEGIES:
        raise invalid(f"DataRearrangement: strategy is sequential or random, not {str(strategy)[:60]!r}.")
    found: dict[str, Any] = {"begin": begin, "end": end, "complement": _flag(splitting.get("complement", False))}
    if strategy == "random":
        # The guide nests the seed, the API reference does not.
        nested = splitting.get("strategyParams", {})
        seed = splitting.get("randomSeed", nested.get("randomSeed", "") if isinstance(nested, dict) else "")
        found["seed"] = str(seed)
    return found


def _percent(splitting: dict[str, Any], name: str, otherwise: float) -> float:
    value = splitting.get(name, otherwise)
    try:
        number = float(value)
    except (TypeError, ValueError) as error:
        raise invalid(f"DataRearrangement: {name} is {str(value)[:60]!r}, not a number.") from error
    if isinstance(value, bool) or not 0 <= number <= 100:
        raise invalid(f"DataRearrangement: {name} is {value}, not a number from 0 to 100.")
    return number


def _flag(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    raise invalid(f"DataRearrangement: complement is {str(value)[:60]!r}, neither true nor false.")


def _pieces(body: Any) -> Any:
    """The bytes of an object's body as another service hands it over."""
    return [body] if isinstance(body, bytes) else body
