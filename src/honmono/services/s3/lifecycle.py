"""Lifecycle rules: checked as S3 checks them, kept, and told.

Source: "Lifecycle configuration elements" (Amazon S3 user guide).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from honmono.services.s3.errors import error, invalid_argument, invalid_request, malformed_xml

DEFAULT_MINIMUM_SIZE = "all_storage_classes_128K"
MAX_RULES = 1000

_ACTIONS = (
    "Expiration",
    "Transitions",
    "NoncurrentVersionTransitions",
    "NoncurrentVersionExpiration",
    "AbortIncompleteMultipartUpload",
)
_FILTERS = ("Prefix", "Tag", "ObjectSizeGreaterThan", "ObjectSizeLessThan", "And")


def checked(rules: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    """The rules, each with an id.

    Raises ServiceError MalformedXML, InvalidRequest or InvalidArgument.
    """
    if not rules or len(rules) > MAX_RULES:
        raise malformed_xml()
    seen: set[str] = set()
    for rule in rules:
        _check_rule(rule)
        name = rule.setdefault("ID", uuid4().hex)
        if len(name) > 255:
            raise invalid_argument("ID length should not exceed allowed limit of 255", "ID", name)
        if name in seen:
            raise invalid_argument("Rule ID must be unique. Found same ID for more than one rule", "ID", name)
        seen.add(name)
    return rules


def _check_rule(rule: dict[str, Any]) -> None:
    if rule.get("Status") not in ("Enabled", "Disabled"):
        raise malformed_xml()
    if ("Filter" in rule) is ("Prefix" in rule):
        raise malformed_xml()
    _check_filter(rule.get("Filter") or {})
    if not any(rule.get(action) for action in _ACTIONS):
        raise invalid_request("At least one action needs to be specified in a rule.")
    if "Expiration" in rule:
        _check_expiration(rule["Expiration"])
    for transition in rule.get("Transitions", ()):
        if ("Days" in transition) is ("Date" in transition) or "StorageClass" not in transition:
            raise malformed_xml()
        if transition.get("Days", 0) < 0:
            raise invalid_argument("'Days' in Transition action must be nonnegative")
    for transition in rule.get("NoncurrentVersionTransitions", ()):
        if "NoncurrentDays" not in transition or "StorageClass" not in transition:
            raise malformed_xml()
    noncurrent = rule.get("NoncurrentVersionExpiration")
    if noncurrent is not None:
        if "NoncurrentDays" not in noncurrent:
            raise malformed_xml()
        if noncurrent["NoncurrentDays"] <= 0:
            raise invalid_argument("'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer")
    abort = rule.get("AbortIncompleteMultipartUpload")
    if abort is not None:
        if "DaysAfterInitiation" not in abort:
            raise malformed_xml()
        if abort["DaysAfterInitiation"] <= 0:
            raise invalid_argument(
                "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive integer"
            )


def _check_filter(wanted: Mapping[str, Any]) -> None:
    if sum(name in wanted for name in _FILTERS) > 1:
        raise malformed_xml()
    both = wanted.get("And")
    if both is not None:
        parts = sum(name in both for name in _FILTERS if name != "And") + len(both.get("Tags", ()))
        if parts < 2:
            raise malformed_xml()
    for tag in (*([wanted["Tag"]] if "Tag" in wanted else ()), *((both or {}).get("Tags", ()))):
        if "Key" not in tag or "Value" not in tag:
            raise malformed_xml()


def _check_expiration(expiration: Mapping[str, Any]) -> None:
    if len([name for name in ("Days", "Date", "ExpiredObjectDeleteMarker") if name in expiration]) != 1:
        raise malformed_xml()
    if expiration.get("Days", 1) <= 0:
        raise invalid_argument("'Days' for Expiration action must be a positive integer")
    date: datetime | None = expiration.get("Date")
    if date is not None and (date.hour, date.minute, date.second) != (0, 0, 0):
        raise error("InvalidArgument", "'Date' must be at midnight GMT")


def shown(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The rule as it was given: its dates are dates again."""
    told = dict(rule)
    if "Date" in rule.get("Expiration", {}):
        told["Expiration"] = {**rule["Expiration"], "Date": datetime.fromisoformat(rule["Expiration"]["Date"])}
    if "Transitions" in rule:
        told["Transitions"] = [
            {**transition, "Date": datetime.fromisoformat(transition["Date"])} if "Date" in transition else transition
            for transition in rule["Transitions"]
        ]
    return told
