"""The condition operators of policies.

Source: "IAM JSON policy elements: Condition operators" and "Multivalued context keys", IAM user guide.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from honmono.services.wildcards import wildcards

Context = Mapping[str, Sequence[str]]
"""What is known of a request: the condition key in lower case → its values."""

Compare = Callable[[str, str], bool]
"""Takes the request's value and the policy's."""


def like(value: str, wanted: str) -> bool:
    """Whether a value fits a text with wildcards; case counts."""
    return wildcards(wanted)(value)


def arn_like(value: str, wanted: str) -> bool:
    """Whether an ARN fits another, whose wildcards reach no further than the six parts they stand in."""
    parts, wanted_parts = value.split(":", 5), wanted.split(":", 5)
    if len(wanted_parts) != 6 or len(parts) != 6:
        return like(value, wanted)
    return all(map(like, parts, wanted_parts))


def read_date(text: str) -> float | None:
    """Seconds since 1970 of an ISO 8601 date or of a number; None for anything else."""
    if re.fullmatch(r"\d+", text) and len(text) != 4:
        return float(text) if int(text) < 2**63 else None
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, zone = found.groups()
    if not 1 <= int(year) <= 9999:
        return math.copysign(math.inf, int(year))
    date = f"{int(year):04}-{month or '01'}-{day or '01'}"
    clock = f"{int(hour or 0):02}:{minute or '00'}:{second or '00'}"
    offset = "+00:00" if zone is None or zone in "Zz" else zone if ":" in zone else f"{zone}:00"
    try:
        return datetime.fromisoformat(f"{date}T{clock}{offset}").timestamp()
    except ValueError:
        return None


_DATE = re.compile(
    r"([-+]?\d{1,9})(?:-(\d\d)(?:-(\d\d))?)?"
    r"(?:T(?:(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d(?::\d\d)?)?)?)?",
    re.IGNORECASE,
)


def _numbers(compare: Callable[[float, float], bool]) -> Compare:
    def run(value: str, wanted: str) -> bool:
        try:
            return compare(float(value), float(wanted))
        except ValueError:
            return False

    return run


def _dates(compare: Callable[[float, float], bool]) -> Compare:
    def run(value: str, wanted: str) -> bool:
        left, right = read_date(value), read_date(wanted)
        return left is not None and right is not None and compare(left, right)

    return run


def _same_bytes(value: str, wanted: str) -> bool:
    try:
        return base64.b64decode(value, validate=True) == base64.b64decode(wanted, validate=True)
    except binascii.Error:
        return False


def _in_network(value: str, wanted: str) -> bool:
    try:
        return ipaddress.ip_address(value) in ipaddress.ip_network(wanted, strict=False)
    except ValueError:
        return False


_POSITIVE: Mapping[str, Compare] = {
    "stringequals": lambda value, wanted: value == wanted,
    "stringequalsignorecase": lambda value, wanted: value.lower() == wanted.lower(),
    "stringlike": like,
    "numericequals": _numbers(lambda a, b: a == b),
    "numericlessthan": _numbers(lambda a, b: a < b),
    "numericlessthanequals": _numbers(lambda a, b: a <= b),
    "numericgreaterthan": _numbers(lambda a, b: a > b),
    "numericgreaterthanequals": _numbers(lambda a, b: a >= b),
    "dateequals": _dates(lambda a, b: a == b),
    "datelessthan": _dates(lambda a, b: a < b),
    "datelessthanequals": _dates(lambda a, b: a <= b),
    "dategreaterthan": _dates(lambda a, b: a > b),
    "dategreaterthanequals": _dates(lambda a, b: a >= b),
    "bool": lambda value, wanted: value.lower() == wanted.lower(),
    "binaryequals": _same_bytes,
    "ipaddress": _in_network,
    "arnequals": arn_like,
    "arnlike": arn_like,
}

_NEGATIVE: Mapping[str, str] = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}

OPERATORS = frozenset(_POSITIVE) | frozenset(_NEGATIVE) | {"null"}
"""Every operator in lower case, without ForAllValues:, ForAnyValue: and IfExists."""


def holds(operator: str, wanted: Sequence[Any], given: Sequence[str] | None) -> bool:
    """Whether one condition holds.

    Args:
        operator: as the policy writes it, ``ForAnyValue:StringLikeIfExists``.
        wanted: the policy's values; one of them is enough.
        given: the request's values; None where the request has no such key.
    """
    name = operator.lower()
    quantifier, _, rest = name.rpartition(":")
    rest, if_exists = (rest.removesuffix("ifexists"), True) if rest.endswith("ifexists") else (rest, False)
    texts = [_text(value) for value in wanted]
    if rest == "null":
        return any((given is None) == (text.lower() == "true") for text in texts)
    negative = rest in _NEGATIVE
    compare = _POSITIVE[_NEGATIVE.get(rest, rest)]
    if given is None or not given:
        return if_exists or quantifier == "forallvalues" or (negative and quantifier != "foranyvalue")

    def fits(value: str) -> bool:
        return any(compare(value, text) for text in texts) != negative

    if quantifier == "foranyvalue":
        return any(map(fits, given))
    # Without a quantifier a key has one value; where it has several, all must fit.
    return all(map(fits, given))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
