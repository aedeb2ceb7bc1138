"""JSON as the database holds it."""

from typing import Any

import orjson

from honmono.store.errors import NotStorable

# Dates and dataclasses would come back as text and dicts; the caller must say so itself.
_STRICT = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS


def dump(value: Any, what: str) -> str:
    """Write a JSON value as text.

    NaN and infinities become null, which is all that JSON has for them.

    Raises:
        NotStorable: it holds something that JSON cannot; `what` says what it was in the message.
    """
    try:
        return orjson.dumps(value, option=_STRICT).decode()
    except TypeError as error:
        raise NotStorable(
            f"{what} cannot be stored as JSON: {error}{_where(value)}. Turn it into text, numbers, lists "
            "and dicts with text keys first."
        ) from error


def load(text: str) -> Any:
    """Read back what `dump` wrote."""
    return orjson.loads(text)


def _where(value: Any, path: str = "$") -> str:
    """Where in the value the first thing lies that is not JSON: ` at $.a[2]`."""
    match value:
        case dict():
            for key, item in value.items():
                if type(key) is not str:
                    return f" at the key {key!r} of {path}"
                if found := _where(item, f"{path}.{key}"):
                    return found
        case list() | tuple():
            for index, item in enumerate(value):
                if found := _where(item, f"{path}[{index}]"):
                    return found
        case str() | bool() | int() | float() | None:
            if type(value) is not int or -(2**63) <= value < 2**64:
                return ""
            return f" at {path} (over 64 bits)"
        case _:
            return f" at {path}"
    return ""
